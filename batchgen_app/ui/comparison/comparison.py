"""Choose: the stage of a batch that has ended, with everything that came out of it."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.advice import missing_at, smaller
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.services.values import Accepted
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.downloading import Downloading
from batchgen_app.ui.comparison.filters import Chips, nothing_shown
from batchgen_app.ui.comparison.fitting_grid import FittingGrid, size_buttons
from batchgen_app.ui.comparison.image_actions import Action, Attempts, ImageActions
from batchgen_app.ui.comparison.image_detail import open_image_detail
from batchgen_app.ui.comparison.light_table.light_table import FEWEST, MOST, open_side_by_side
from batchgen_app.ui.comparison.old_and_new import OldAndNew
from batchgen_app.ui.comparison.proof import proof_said
from batchgen_app.ui.comparison.regenerate import Regenerating
from batchgen_app.ui.comparison.remote import remote_button
from batchgen_app.ui.comparison.selection import Selecting, Selection, selection_bar
from batchgen_app.ui.comparison.shown import Shown
from batchgen_app.ui.comparison.summary import all_deleted, is_bare, nothing_made, summary
from batchgen_app.ui.comparison.tile import Tiles
from batchgen_app.ui.comparison.try_a_change import try_button
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    Following,
    Keys,
    bind_prop,
    button,
    folder_button,
    headline,
    marked,
    ratio,
)
from batchgen_app.ui.parts.fields import Text, Tick


def comparison(context: PageContext, batch: BatchState) -> None:
    """Summary, what can be done with the pictures, and the pictures."""
    with marked(Keys(), "comparison-view").classes("bg-choose"):
        Choosing(context, batch)


def columns(count: int) -> int:
    """Of the grid on a wide screen, for so many tiles."""
    if count <= 4:
        return 2
    return 3 if count <= 9 else 4


class Choosing:
    """One open comparison: what is chosen in it, and what its buttons do."""

    def __init__(self, context: PageContext, batch: BatchState) -> None:
        self._context = context
        self._may_make = context.may(Verb.MAKE)
        self._commands = context.commands
        self._batch = batch
        self._shown = Shown()
        Following(batch, ("images",), lambda: batch.pictures, self._shown.take)
        self._selection = Selection(self._shown)
        self._is_leaving = False
        with ui.element("div").classes("bg-choose-bar"), ui.element("div"):
            self._bar()
        self._attempts = Attempts()
        self._actions = ImageActions(context, batch, self._attempts)
        proof_said(batch)
        if is_bare(batch):
            nothing_made(batch, self._resume if self._may_make else None, self._go_on)
        else:
            OldAndNew(context, batch, lambda index: open_image_detail(context, batch, index))
            Chips(self._shown, self._selection.choose_only, self._actions)
            self._grid()
            nothing_shown(self._shown)
            all_deleted(batch)
            Selecting(self._selection)
            selection_bar(self._selection, self._actions, self._ways)

    def _bar(self) -> None:
        batch = self._batch
        with ui.element("div").classes("bg-choose-what"):
            headline(batch.request.prompt)
            Following(batch, ("images",), self._outcome, lambda _: self._summary())
        with ui.element("div").classes("bg-choose-row"):
            with ui.element("div").classes("bg-choose-tools").props("role=toolbar") as tools:
                self._select_all()
                self._use_selected()
                size_buttons()
            tools.bind_visibility_from(batch, "completed_images", bool)
            if self._may_make and not is_bare(batch):
                self._go_on()

    def _outcome(self) -> tuple[object, ...]:
        """What the summary follows: which images are there, and which are missing."""
        made, missing = self._batch.pictures, self._batch.missing
        return tuple(p.index for p in made), tuple(image.index for image in missing)

    def _summary(self) -> None:
        resume, lighter = (self._resume, self._lighter) if self._may_make else (None, None)
        summary(self._batch, resume, lighter)

    def _select_all(self) -> None:
        selection = self._selection
        with Text("label").classes("bg-tick"):
            tick = Tick("select-all").props("data-chooses")
            for source, field in ((selection, "chosen"), (self._shown, "indexes")):
                tick.bind_value_from(source, field, lambda _: selection.is_everything)
            tick.on_value_change(lambda event: selection.choose_everything(on=event.value))
            Text("span", str(words.SELECT_ALL))

    def _use_selected(self) -> None:
        selection = self._selection
        compare = button(str(words.SIDE_BY_SIDE), self._compare, icon="compare", key="c")
        compare.props["title"] = str(words.SIDE_BY_SIDE_HINT)
        compare.bind_enabled_from(selection, "chosen", lambda chosen: FEWEST <= len(chosen) <= MOST)
        marked(compare, "side-by-side").props("data-opens")
        download = Downloading(self._batch, selection).button()
        folder_button(self._batch.batch_id)
        self._ways = {words.SIDE_BY_SIDE: compare, words.DOWNLOAD_SELECTED: download}

    def _go_on(self) -> None:
        with ui.element("div").classes("bg-buttons"):
            Regenerating(self._context, self._batch, self._attempt).button()
            changed = button(str(words.NEW_BATCH), self._new_batch, icon="tune")
            changed.props["title"] = str(words.NEW_BATCH)
            marked(changed, "new-batch")
            try_button(self._context, self._batch, lambda: self._selection.chosen)
            if not is_bare(self._batch):
                remote_button(self._context, self._batch.batch_id)

    def _grid(self) -> None:
        batch = self._batch
        grid = FittingGrid(ratio(batch))
        bind_prop(grid, "data-columns", batch, ("images",), lambda: str(columns(_count(batch))))
        tiles = Tiles(batch, self._shown, self._selection, self._actions)
        with grid:
            for image in batch.images:
                self._tile(tiles, image)

    def _tile(self, tiles: Tiles, image: PlannedImage) -> None:
        index = image.index
        if shown := image.picture or image.in_trash:
            tiles.finished(shown, lambda: self._open_large(index))
        elif image.status is ImageStatus.FAILED:
            retry = (lambda: self._resume(only=[index])) if self._may_make else None
            tiles.failed(image, retry)

    def _open_large(self, index: int) -> None:
        open_image_detail(self._context, self._batch, index, self._shown.wanted)

    def _compare(self) -> None:
        open_side_by_side(self._context, self._batch, self._selection.chosen)

    async def _attempt(self, action: Action) -> bool:
        return await self._attempts.attempt(action)

    async def _leave_for(self, start: Callable[[], Awaitable[Accepted]]) -> None:
        """Go to the batch that is made next, if it can be. One press makes one."""

        async def go() -> None:
            ui.navigate.to(f"/batch/{(await start()).batch.batch_id}")

        if not self._is_leaving:
            self._is_leaving = True
            self._is_leaving = await self._attempts.attempt(go)

    async def _resume(self, only: Sequence[int] | None = None) -> None:
        caller, batch_id = self._context.caller, self._batch.batch_id
        await self._attempts.attempt(lambda: self._commands.resume(caller, batch_id, only))

    def _new_batch(self) -> None:
        ui.navigate.to(f"/?like={self._batch.batch_id}")

    async def _lighter(self) -> None:
        if size := smaller(self._batch.parameters):
            caller = self._context.caller
            await self._leave_for(
                lambda: self._commands.start(caller, missing_at(self._batch, *size))
            )


def _count(batch: BatchState) -> int:
    return len(batch.pictures) + len(batch.failed_images)
