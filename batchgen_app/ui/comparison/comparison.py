"""Choose: the stage of a batch that has ended, with everything that came out of it."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.core.advice import missing_at, smaller
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.services.values import Accepted
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.image_actions import Attempts, ImageActions
from batchgen_app.ui.comparison.image_detail import open_image_detail, open_side_by_side
from batchgen_app.ui.comparison.summary import all_deleted, is_bare, nothing_made, summary
from batchgen_app.ui.comparison.tile import Selection, Tiles
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import (
    Following,
    Keys,
    bind_prop,
    busy,
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
        self._selection = Selection(batch)
        self._is_leaving = False
        headline(batch.request.prompt)
        with ui.element("div").classes("bg-choose-head"):
            Following(batch, ("images",), self._outcome, lambda _: self._summary())
            if self._may_make and not is_bare(batch):
                self._go_on()
        self._attempts = Attempts()
        self._actions = ImageActions(context, batch, self._attempts)
        with ui.element("div").classes("bg-choose-tools").props("role=toolbar") as tools:
            self._select_all()
            self._use_selected()
        tools.bind_visibility_from(batch, "completed_images", bool)
        if is_bare(batch):
            nothing_made(batch, self._resume if self._may_make else None, self._go_on)
        else:
            self._grid()
            all_deleted(batch)

    def _outcome(self) -> tuple[object, ...]:
        """What the summary follows: which images are there, and which are missing."""
        return self._selection.everything, tuple(image.index for image in self._batch.missing)

    def _summary(self) -> None:
        resume, lighter = (self._resume, self._lighter) if self._may_make else (None, None)
        summary(self._batch, resume, lighter)

    def _select_all(self) -> None:
        selection = self._selection
        with Text("label").classes("bg-tick"):
            tick = Tick("select-all")
            for source, field in ((selection, "chosen"), (self._batch, "images")):
                tick.bind_value_from(source, field, lambda _: selection.is_everything)
            tick.on_value_change(lambda event: selection.choose_everything(on=event.value))
            Text("span", str(words.SELECT_ALL))

    def _use_selected(self) -> None:
        selection = self._selection
        compare = button(str(words.SIDE_BY_SIDE), self._compare, icon="compare", key="c")
        compare.props["title"] = str(words.SIDE_BY_SIDE_HINT)
        compare.bind_enabled_from(selection, "chosen", lambda chosen: len(chosen) == 2)
        marked(compare, "side-by-side")
        download = button(str(words.DOWNLOAD_SELECTED), icon="download", key="d").props("download")
        download.bind_enabled_from(selection, "chosen", bool)
        download.bind_text_from(selection, "chosen", lambda _: self._download_text())
        bind_prop(download, "href", selection, ("chosen",), self._archive)
        marked(download, "download-selected")
        folder_button(self._batch.batch_id)

    def _go_on(self) -> None:
        with ui.element("div").classes("bg-buttons"):
            self._again = button(str(words.REGENERATE), self._regenerate, icon="refresh", key="r")
            self._again.props["title"] = common.with_key(str(words.REGENERATE_HINT), "r")
            marked(self._again, "regenerate")
            marked(button(str(words.NEW_BATCH), self._new_batch, icon="tune"), "new-batch")

    def _grid(self) -> None:
        batch, selection = self._batch, self._selection
        grid = marked(ui.element("div"), "comparison-grid").classes("bg-grid")
        grid.style(f"--ratio: {ratio(batch)}")
        bind_prop(grid, "data-columns", batch, ("images",), lambda: str(columns(_count(batch))))
        tiles = Tiles(batch, selection, self._actions)
        with grid:
            for image in batch.images:
                self._tile(tiles, image)
        Following(
            batch, ("images",), lambda: selection.everything, lambda _: selection.forget_missing()
        )

    def _tile(self, tiles: Tiles, image: PlannedImage) -> None:
        index = image.index
        if shown := image.picture or image.in_trash:
            tiles.finished(shown, lambda: open_image_detail(self._context, self._batch, index))
        elif image.status is ImageStatus.FAILED:
            retry = (lambda: self._resume(only=[index])) if self._may_make else None
            tiles.failed(image, retry)

    def _compare(self) -> None:
        chosen = self._selection.chosen
        open_side_by_side(self._batch, chosen, self._actions)

    def _download_text(self) -> str:
        pictures = self._selection.pictures
        return words.download(len(pictures), sum(picture.all_bytes for picture in pictures))

    def _archive(self) -> str:
        images = ",".join(str(index) for index in self._selection.chosen)
        return f"/api/batches/{self._batch.batch_id}/archive?images={images}"

    async def _regenerate(self) -> None:
        with busy(self._again):
            await self._leave_for(self._start_again)

    async def _start_again(self) -> Accepted:
        return await self._commands.regenerate(self._context.caller, self._batch.batch_id)

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
