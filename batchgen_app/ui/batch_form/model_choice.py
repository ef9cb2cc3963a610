"""The model: what the server offers, in groups; the last choice is remembered by the browser."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import cast

from nicegui import ui
from nicegui.events import ValueChangeEventArguments

from batchgen_app.core.errors import ServerError
from batchgen_app.core.request import Family
from batchgen_app.language.texts import translated
from batchgen_app.services import ServerQueries
from batchgen_app.services.values import Model
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_actions import FormActions
from batchgen_app.ui.parts.controls import icon_button, marked
from batchgen_app.ui.parts.fields import Choice, Select, Text
from batchgen_app.ui.parts.toast import toast
from batchgen_app.workflows.families import FAMILIES

MEMORY = "batchgen.model"
"""Where the browser keeps the last choice."""
ANSWER_SECONDS = 2.0


class ModelChoice(Choice):
    """The field for the model. ``load`` fills it; until then it is empty."""

    def __init__(self, server: ServerQueries, actions: FormActions) -> None:
        self._models: Sequence[Model] = ()
        self._wanted: str | None = None
        self._preferred: str | None = None
        self._is_fresh = True
        self._has_workflow = False
        super().__init__("model", str(common.MODEL), "model")
        self._server = server
        self._actions = actions
        self.on_known: Callable[[], None] = lambda: None
        """Called when it is known how pictures are made with the chosen model."""
        with self.head:
            refresh = icon_button(
                "refresh", str(words.REFRESH_MODELS), lambda: self.load(refresh=True)
            )
            self._refresh = marked(refresh, "refresh-models")
        with self.box:
            self._name = marked(ui.input(), "model-name").on("keydown.enter", self._take_name, [])
            self._name.classes("bg-model-name")
            self._name.props("outlined dense spellcheck=false autocapitalize=off dir=auto")
            self._name.props["placeholder"] = str(words.MODEL_NAME)
            self._name.props["aria-label"] = str(words.MODEL_NAME)
            self._name.on("blur", self._take_name, [])
            self._name.visible = False
            self._hint = ui.label().classes("bg-hint").props("role=status")
            with ui.element("div").classes("bg-family") as self._known:
                self._family = ui.label().classes("bg-hint")
                change = icon_button("edit", str(words.FAMILY_CHANGE), self._ask_again)
                marked(change, "change-family")
            with ui.element("div") as self._question:
                self._asks = Text("span", str(words.FAMILY)).classes("bg-hint")
                self._families = Select("family")
        self._families.set_options(dict(FAMILIES), value=None)
        self._families.props["aria-label"] = str(words.FAMILY)
        self._families.on_value_change(self._answer)
        self.control.on_value_change(self._ask)
        self._ask()
        self.control.on("update:model-value", self._remember)

    @property
    def chosen(self) -> Model | None:
        """The model that is chosen, as the server told of it."""
        return next((m for m in self._models if m.name == self.given and m.makes_pictures), None)

    def prefer(self, family: str) -> None:
        """Choose the first model of a family as soon as the server has told of any."""
        self._preferred = family

    @property
    def listed(self) -> Sequence[Model]:
        """All that the server has, also what only goes along."""
        return self._models

    @property
    def loras(self) -> dict[str, str]:
        """The LoRAs that the server has, and how they are shown."""
        return {m.name: m.display_name for m in self._models if m.is_lora}

    @property
    def family(self) -> Family | None:
        """The answer that stands at the question where that is open: to ask for a batch with it in
        view is to give it.
        """
        return self._families.value if self._is_asking else None

    @property
    def _is_asking(self) -> bool:
        return bool(self.chosen and self.chosen.family is None and not self._has_workflow)

    def _ask(self) -> None:
        """Where only a person knows how pictures are made with it; else say what is known."""
        model, is_asking = self.chosen, self._is_asking
        guess = model.family_guess if model else None
        self._question.visible = is_asking
        self._asks.text = words.family_question(guess)
        self._families.value = guess
        self._known.visible = bool(model and not is_asking and not self._has_workflow)
        self._family.text = words.family(model) if model else ""

    def _ask_again(self) -> None:
        """What is known may be wrong."""
        self._known.visible, self._question.visible = False, True
        self._families.run_method("focus")

    async def _answer(self, event: ValueChangeEventArguments[Family | None]) -> None:
        model = self.chosen
        if model and event.value not in {None, model.family_guess}:
            await self._actions.say_family(model.name, event.value)
            await self.load()

    def show(self, value: object) -> None:
        super().show(value)
        if self.given:
            self._wanted = None

    def miss(self, name: str) -> None:
        self._wanted = name
        self._hint.text = words.model_gone(name)

    async def _take_name(self) -> None:
        """Of a model that the server does not tell of."""
        if name := self._name.value.strip():
            self._name.value = ""
            await self._server.named(name)
            await self.load()
            self.put(name)
            self._remember()
            self.on_known()

    async def load(self, *, refresh: bool = False, anew: bool = False) -> None:
        """Ask the server. Where it does not answer, the field says so and stays as it is. With
        ``anew``, a model is chosen as at the start where none is.
        """
        self._is_fresh |= anew
        with suppress(ServerError):
            await self.require(refresh=refresh)
        self.on_known()

    async def require(self, *, refresh: bool = False) -> None:
        """Ask the server; raises ServerError if it does not answer in time. A chosen model that
        has vanished is no longer chosen, and no other in its place.
        """
        with self._waiting():
            self._models = await self._server.models(refresh=refresh)
        self._ask()
        self._show()
        self._take_preferred()
        if self._is_fresh and not self.given:
            await self._choose()

    def _take_preferred(self) -> None:
        family, self._preferred = self._preferred, None
        if family is None:
            return
        for model in self._models:
            if model.makes_pictures and model.family == family:
                self.put(model.name)
                return
        toast(words.no_model_of(FAMILIES.get(cast("Family", family), family)))

    async def serve(self, model: str | None, *, workflow: bool) -> None:
        """Offer a workflow's own model; or, without one, the usual choice."""
        self._has_workflow = workflow
        self._ask()
        self.offer(model or None)
        self._show()
        await self._choose()

    def _show(self) -> None:
        """List what can be used: any model that makes pictures, if there is a workflow to load it;
        else checkpoints.
        """
        usable = [model for model in self._models if model.makes_pictures]
        names = {model.name: model.display_name for model in usable}
        if not self._has_workflow and self._offered not in names:
            self._offered = None
        is_told = usable or self._has_workflow
        self._hint.text = "" if is_told else translated(self._server.no_models())
        self._name.visible = not (self._server.tells_models or self._has_workflow)
        self.list(names, _headers(usable))
        if self._wanted and not self.given:
            self.show(self._wanted)

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        self._refresh.props("loading")
        if not self._models:
            self._hint.classes("bg-asking").text = str(words.MODELS_ASKED)
        try:
            yield
        except ServerError:
            self._hint.text = str(words.MODELS_UNKNOWN)
            raise
        finally:
            self._hint.classes(remove="bg-asking")
            self._refresh.props(remove="loading")

    async def _choose(self) -> None:
        """The workflow's own, or the last choice, or the first model; what was asked for comes
        before them, and none of them in its place.
        """
        if not self._has_workflow:
            recalled = await _recall()
            if recalled not in {None, *self._listed} and not self._server.tells_models:
                await self._server.named(str(recalled))
                self._models = await self._server.models()
                self._show()
            likely = (recalled, *self._listed)
            if not self.given and not self._wanted:
                self.offer(next((name for name in likely if name in self._listed), None))
        self._is_fresh = not self.given

    def _remember(self) -> None:
        self._wanted = None
        self._hint.text = ""
        ui.run_javascript(f"localStorage.setItem({json.dumps(MEMORY)}, {json.dumps(self.given)})")


async def _recall() -> str | None:
    try:
        kept = await ui.run_javascript(
            f"localStorage.getItem({json.dumps(MEMORY)})", timeout=ANSWER_SECONDS
        )
    except TimeoutError:
        return None
    return kept if isinstance(kept, str) else None


def _headers(models: Sequence[Model]) -> dict[str, str]:
    """By the name of the first model of each group: what stands above it."""
    groups = ((category, list(group)) for category, group in groupby(models, _group))
    return {group[0].name: words.group_header(category, len(group)) for category, group in groups}


def _group(model: Model) -> str:
    return "merged" if model.is_merged else model.category
