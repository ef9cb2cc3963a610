"""Say it: the form. It gathers what a request holds and hands it in; what is wrong with it, the
request says.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from nicegui import background_tasks, events, ui

from batchgen_app.core.errors import BatchGenError, InvalidRequest, ServerUnreachable
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import Lazy
from batchgen_app.services.values import Accepted
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.drop_anywhere import DropAnywhere
from batchgen_app.ui.batch_form.earlier_prompts import EarlierPrompts
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.batch_form.given_files import GivenFiles
from batchgen_app.ui.batch_form.request_fields import RequestFields
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import button, into_view, marked, shortcut
from batchgen_app.ui.parts.draft import Draft
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.parts.trouble import Trouble

PRESS = """(event) => {
    const [button, form] = [event.currentTarget, event.currentTarget.closest(".bg-form")];
    const filled = [...form.querySelectorAll("input, textarea")].map((e) => [e.value, e.checked]);
    const now = { at: event.timeStamp, filled: JSON.stringify(filled) };
    const before = button.pressed;
    button.pressed = now;
    const again = before && now.at - before.at < TWICE_MS && now.filled === before.filled;
    if (!again) emit(Number(button.dataset.answers));
}"""
"""The second press of a double click is none, nor is one that follows with nothing changed sooner
than a person decides. What is left says how many answers to a press the page has seen: on a slow
line, or with a slow server, that tells a press out of impatience from one for another batch.
"""
TWICE_MS = 700
PLAIN_ADDRESS = 'history.replaceState(null, "", location.pathname)'
"""A page that is loaded anew does not do once more what its address said."""


class BatchForm:
    """The form; ``on_start`` is called with each batch that it started. What was typed earlier
    comes back at once, or if it ``waits``, with ``bring_draft``.
    """

    def __init__(
        self,
        context: PageContext,
        on_start: Callable[[BatchState], None],
        *,
        waits: bool = False,
        takes_focus: bool = True,
    ) -> None:
        self._context = context
        self._on_start = on_start
        self._started_with: object = None
        self._image_seconds: float | None = None
        self._answers = 0
        with ui.element("div").classes("bg-form"):
            with Draft(waits=waits).classes("bg-form-fields") as self._draft:
                usual, actions = context.preferences.saved.defaults, FormActions(context)
                self._fields = RequestFields(
                    context.queries,
                    actions,
                    usual=usual,
                    draft=self._draft,
                    on_edit=self._forecast,
                )
                if not takes_focus:
                    self._fields.prompt.control.props(remove="autofocus")
                self._given = GivenFiles(context.queries.server, actions, self._fields)
                DropAnywhere(self._given.take)
            EarlierPrompts(context.queries, self._fields.prompt, self._recall)
            with ui.element("div").classes("bg-form-foot") as self._foot:
                self._trouble = Trouble(self.submit)
                self._button = marked(button(str(words.GENERATE), main=True), "generate")
        pressed = PRESS.replace("TWICE_MS", str(TWICE_MS))
        self._button.on("click", self._press, js_handler=pressed).props["data-answers"] = "0"
        shortcut(self._button, "Ctrl+Enter").classes("bg-generate-button")
        self._draft.on("replaced", self._offer_draft)
        # Once the page is there: it does not wait for a server that may take seconds to answer.
        ui.timer(0, self._load, once=True)
        context.news.server_changed.subscribe(self._load)
        context.news.queue_changed.subscribe(self._forecast)
        context.news.styles_changed.subscribe(self._fields.load_styles)
        context.news.preferences_changed.subscribe(self._follow_preferences)

    @property
    def is_typing(self) -> bool:
        """Whether the prompt is another one than that of the last start."""
        return self._fields.prompt.given not in {None, self._started_with}

    @property
    def is_untouched(self) -> bool:
        """Whether nothing in it is anybody's own."""
        return not (self.is_typing or self._fields.is_changed)

    async def fill(self, request: AnyRequest, batch_id: str) -> None:
        """Show the request of a batch, to make another one like it."""
        await self._fields.fill(request, batch_id)
        self._started_with = self._fields.prompt.given

    def start_from(self, picture_id: str) -> None:
        """Start from this picture, once what was typed earlier has come back."""

        async def start() -> None:
            self._fields.on_restored = None
            ui.run_javascript(PLAIN_ADDRESS)
            await self._given.start_from(picture_id)

        self._fields.on_restored = start

    async def use(self, workflow_id: str) -> None:
        """Begin with one of the workflows that can be chosen."""
        await self._fields.use(workflow_id)
        ui.run_javascript(PLAIN_ADDRESS)

    def describe(self, prompt: str) -> None:
        """Put an example into the form; what was typed there can be had back."""
        self._replace_prompt(prompt, words.EXAMPLE_USED)

    def _recall(self, prompt: str) -> None:
        """It has its styles' words in it: those that are chosen would come on top of them."""
        styles = self._fields.styles
        if chosen := styles.given:
            styles.choose(())
        told = words.EARLIER_USED_AND_STYLES if chosen else words.EARLIER_USED
        self._replace_prompt(prompt, told, chosen)

    def _replace_prompt(self, prompt: str, told: Lazy, styles: Sequence[str] = ()) -> None:
        field = self._fields.prompt
        before = field.given
        field.put(prompt)

        async def take_back() -> None:
            field.put(before)
            if styles:
                self._fields.styles.choose(styles)

        if styles or before not in {None, prompt, self._started_with}:
            toast(str(told), undo=take_back)

    def bring_draft(self) -> None:
        """What was typed earlier and not sent."""
        self._draft.bring()

    def _offer_draft(self) -> None:
        async def take_back() -> None:
            self._draft.take_back()

        toast(str(words.DRAFT_REPLACED), undo=take_back)

    async def _press(self, event: events.GenericEventArguments) -> None:
        if event.args in {None, self._answers}:
            await self.submit()

    async def submit(self) -> None:
        """Hand the request in; what is wrong stands at its field, or above the button."""
        # Retry in the box above comes here, too, also while a request is on its way.
        if "loading" in self._button.props:
            return
        with self._foot, self._working():  # the foot outlives the button for a retry
            try:
                request = await self._request()
                accepted = await self._context.commands.start(self._context.caller, request)
            except InvalidRequest as error:
                await self._refuse(error)
            except ServerUnreachable as error:
                said = words.submit_lost(error.address)
                self._trouble.tell(str(common.SUBMIT_LOST), said, error=error)
            except BatchGenError as error:
                self._trouble.tell(str(error), error=error)
            else:
                self._started(accepted)
                if request.family:
                    await self._fields.model.load()  # what it was asked is known from now on

    @contextmanager
    def _working(self) -> Iterator[None]:
        self._button.props("loading")
        try:
            yield
        finally:
            self._answers += 1
            self._button.props["data-answers"] = str(self._answers)
            self._button.props(remove="loading")

    async def _request(self) -> AnyRequest:
        """Raises InvalidRequest. If only the model is missing, the server may not have been there
        to list any: raises ServerError if that is still so.
        """
        try:
            return await self._fields.request()
        except InvalidRequest as error:
            if {problem.field for problem in error.problems} != {"model"}:
                raise
        await self._fields.model.require()
        return await self._fields.request()

    async def _refuse(self, error: InvalidRequest) -> None:
        self._trouble.clear()
        if any(problem.code == "unknown_model" for problem in error.problems):
            await self._fields.model.load()
        for problem in self._fields.tell(error.problems):
            toast(problem.message)
        into_view(self._draft, ".bg-field-error")

    def _started(self, accepted: Accepted) -> None:
        self._trouble.clear()
        self._fields.tell([])
        self._fields.sent()
        self._started_with = self._fields.prompt.given
        if accepted.remark:
            toast(accepted.remark)
        self._on_start(accepted.batch)

    async def _load(self) -> None:
        """The server may be another one by now, or be there again."""
        await self._fields.load()
        self._forecast()

    def _follow_preferences(self) -> None:
        self._fields.prompt.allow(self._context.preferences.saved.prompt_limit)

    def _forecast(self) -> None:
        """At once by what is known, and again when it is known better."""
        self._say_how_long()
        # One at a time for each page; of those that come meanwhile, only the last is done.
        background_tasks.create_lazy(self._estimate(), name=f"forecast {self._button.client.id}")

    async def _estimate(self) -> None:
        self._image_seconds = (await self._context.queries.estimate(self._fields.kind)).known
        self._say_how_long()

    def _say_how_long(self) -> None:
        """What the button will do, by what is filled in at this moment."""
        count, seconds = self._fields.count, self._image_seconds
        with self._button:  # in its page's language, whoever's batch has changed the queue
            if count:
                self._button.text = words.generate(count, seconds and seconds * count)
            else:
                self._button.text = str(words.GENERATE)
