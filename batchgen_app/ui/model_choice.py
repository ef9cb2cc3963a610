"""The model: what the server offers, in groups; the last choice is remembered by the browser."""

import json
from collections.abc import Sequence
from itertools import groupby

from nicegui import ui

from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.models import NO_MODELS, Model
from batchgen_app.core.errors import ServerError
from batchgen_app.ui import words
from batchgen_app.ui.fields import Choice

MEMORY = "batchgen.model"
"""Where the browser keeps the last choice."""
ANSWER_SECONDS = 2.0


class ModelChoice(Choice):
    """The field for the model. ``load`` fills it; until then it is empty."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__("model", words.MODEL, "model")
        self._catalog = catalog
        self._models: Sequence[Model] = ()
        self.with_workflow = False
        with self.head:
            self._refresh = ui.button(
                icon="refresh", color=None, on_click=lambda: self.load(refresh=True)
            )
        self._refresh.props(
            f'flat dense round size=sm data-testid=refresh-models aria-label="{words.REFRESH_MODELS}"'
        )
        with self.box:
            self._hint = ui.label().classes("bg-hint").props("role=status")
        self.control.on("update:model-value", self._remember)

    async def load(self, *, refresh: bool = False) -> None:
        """Ask the server. Where it does not answer, the field says so and stays as it is."""
        try:
            await self.require(refresh=refresh)
        except ServerError:
            self._hint.text = words.MODELS_UNKNOWN

    async def require(self, *, refresh: bool = False) -> None:
        """Ask the server; raises ServerError if it does not answer in time."""
        self._wait(is_over=False)
        try:
            self._models = await self._catalog.models(refresh=refresh)
        finally:
            self._wait(is_over=True)
        self.show()
        if not self.given and not self.with_workflow and self._listed:
            await self._choose()

    def show(self) -> None:
        """List what can be used: any model that makes pictures, if there is a workflow to load it;
        else checkpoints.
        """
        usable = [m for m in self._models if m.is_checkpoint or self._goes_with_workflow(m)]
        self.list({model.name: model.display_name for model in usable}, _headers(usable))
        self._hint.text = "" if usable or self.with_workflow else NO_MODELS

    def _goes_with_workflow(self, model: Model) -> bool:
        return self.with_workflow and model.makes_pictures

    def _wait(self, *, is_over: bool) -> None:
        self._refresh.props(remove="loading") if is_over else self._refresh.props("loading")
        self._hint.text = "" if is_over else words.MODELS_LOADING

    async def _choose(self) -> None:
        """The last choice, if it is still there, else the first model."""
        remembered = await _recall()
        if not self.given:
            self.offer(remembered if remembered in self._listed else next(iter(self._listed)))

    def _remember(self) -> None:
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
    groups = ((category, list(group)) for category, group in groupby(models, lambda m: m.category))
    return {group[0].name: words.group_header(category, len(group)) for category, group in groups}
