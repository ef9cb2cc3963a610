"""Try a change: a small form with what a batch was made with, for the same seeds once more."""

from collections.abc import Callable, Sequence

from nicegui import ui

from batchgen_app.core.changes import BASE, with_changes
from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerError
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.texts import translated
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import change_words as words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import busy, button, marked, shortcut
from batchgen_app.ui.parts.fields import Choice, Field, as_number, as_text, number, prompt_text
from batchgen_app.ui.parts.parameter_fields import ParameterFields, offer


def try_button(
    context: PageContext, batch: BatchState, chosen: Callable[[], Sequence[int]]
) -> None:
    """Opens the form for the seeds of the images that are ``chosen``, or of all where none is."""

    def press() -> None:
        wanted = chosen()
        seeds = [p.seed for p in batch.pictures if not wanted or p.index in wanted]
        if seeds:
            open_try_a_change(context, batch, seeds)

    made = marked(button(str(words.TRY), press, icon="compare_arrows"), "try-a-change")
    made.props["title"] = str(words.TRY_HINT)
    made.bind_visibility_from(batch, "completed_images", bool)


def open_try_a_change(context: PageContext, batch: BatchState, seeds: Sequence[int]) -> None:
    """Ask what to change; the new batch, with these seeds, is gone to as soon as it is queued."""
    with (
        ui.context.client.layout,
        ui.dialog() as dialog,
        ui.card().classes("bg-dialog bg-change").props("flat"),
    ):
        dialog.props["aria-label"] = str(words.TRY)
        marked(dialog, "try-a-change-dialog")
        _Asking(context, batch, seeds, dialog)
    dialog.on("hide", dialog.delete)  # not sooner: first it gives the focus back
    dialog.open()


class _Asking:
    def __init__(
        self, context: PageContext, batch: BatchState, seeds: Sequence[int], dialog: ui.dialog
    ) -> None:
        self._context = context
        self._batch = batch
        self._seeds = seeds
        ui.label(str(words.TRY)).classes("bg-dialog-title").props("role=heading aria-level=2")
        ui.label(words.about(len(seeds))).classes("bg-muted")
        with ui.element("div").classes("bg-change-fields"):
            self._fields = _fields(batch)
        self._fault = ui.label().classes("bg-field-error").props("role=alert")
        self._fault.visible = False
        with ui.element("div").classes("bg-buttons"):
            self._start = button(words.start(len(seeds)), self._submit, main=True)
            shortcut(marked(self._start, "start-change"), "Ctrl+Enter")
            button(str(common.CANCEL), dialog.close)
        # Once the dialog is there: it does not wait for a server that may take seconds to answer.
        ui.timer(0, self._load, once=True)

    async def _load(self) -> None:
        """The server's lists; where it does not answer, the fields keep what the batch has."""
        server = self._context.queries.server
        try:
            models = [model for model in await server.models() if model.makes_pictures]
            listed = {model.name: model.display_name for model in models}
            _choice(self._fields, "model").list(listed)
            samplers, schedulers = await server.samplers(), await server.schedulers()
        except ServerError:
            return
        _choice(self._fields, f"{BASE}.samplerName").list({name: name for name in samplers})
        _choice(self._fields, f"{BASE}.scheduler").list({name: name for name in schedulers})

    async def _submit(self) -> None:
        if "loading" in self._start.props:
            return
        with busy(self._start):
            try:
                await self._try_it()
            except InvalidRequest as error:
                self._refuse(error)
            except BatchGenError as error:
                self._tell(translated(str(error)))

    async def _try_it(self) -> None:
        for field in self._fields:
            field.tell(None)
        changes = self._changes()
        if not changes:
            self._tell(str(words.NOTHING_CHANGED))
            return
        request = with_changes(self._batch, self._seeds, changes)
        accepted = await self._context.commands.start(self._context.caller, request)
        ui.navigate.to(f"/batch/{accepted.batch.batch_id}")

    def _changes(self) -> JsonObject:
        changed = [field for field in self._fields if field.is_changed]
        changes = {field.name: field.given for field in changed if not _lora(field)}
        strengths = {_lora(field): field.given for field in changed if _lora(field)}
        if strengths:
            changes["loras"] = [
                {"name": lora.name, "strength": strengths.get(lora.name, lora.strength)}
                for lora in self._batch.request.loras or ()
            ]
        return changes

    def _refuse(self, error: InvalidRequest) -> None:
        """At each field what is wrong with it, and above the button what belongs to none."""
        messages = {problem.field: problem.message for problem in error.problems}
        for field in self._fields:
            field.tell(messages.pop(field.name, None))
        self._tell(" ".join(translated(message) for message in messages.values()))

    def _tell(self, text: str) -> None:
        self._fault.text, self._fault.visible = text, bool(text)


LORA = "loras."


def _lora(field: Field) -> str:
    """The name of the LoRA whose strength it is; empty for any other field."""
    return field.name.removeprefix(LORA) if field.name.startswith(LORA) else ""


def _choice(fields: Sequence[Field], name: str) -> Choice:
    return next(field for field in fields if field.name == name and isinstance(field, Choice))


def _fields(batch: BatchState) -> Sequence[Field]:
    """With what the batch was made with."""
    request = batch.request
    prompt = Field("prompt", str(words.PROMPT), prompt_text("prompt"), as_text)
    model = Choice("model", str(common.MODEL), "model")
    parameters = ParameterFields()
    offer((model, *parameters.all), batch.parameters)
    prompt.offer(request.prompt)
    prompt.control.props("autofocus")
    return prompt, model, *parameters.all, *_strengths(batch)


def _strengths(batch: BatchState) -> Sequence[Field]:
    """Numbers that a request has only where they matter: of its LoRAs, and how much changes."""
    request = batch.request
    found: list[Field] = []
    for name, label, value in (
        ("denoise", words.DENOISE, request.denoise),
        ("guidance", words.GUIDANCE, request.guidance),
    ):
        if value is not None or (name == "denoise" and request.input_images):
            found.append(_number(name, str(label), name, value))
    for lora in request.loras or ():
        name = f"{LORA}{lora.name}"
        found.append(_number(name, words.lora(lora.name), "lora-strength", lora.strength))
    return found


def _number(name: str, label: str, mark: str, value: float | None) -> Field:
    made = Field(name, label, number(mark, "0.05"), as_number)
    made.offer(value)
    return made
