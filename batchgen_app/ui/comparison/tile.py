"""Tiles of the comparison: a picture with what can be done with it, or why there is none."""

from dataclasses import dataclass

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.image_actions import ImageActions
from batchgen_app.ui.comparison.selection import Selection
from batchgen_app.ui.comparison.shown import Shown
from batchgen_app.ui.parts.controls import (
    Click,
    CopyButton,
    button,
    download_button,
    marked,
    picture,
)
from batchgen_app.ui.parts.fields import Text, Tick
from batchgen_app.ui.parts.quiet import Apart, bind_quietly

SIZES = "(max-width: 599px) 100vw, 50vw"
"""How large a picture of the grid is drawn at most."""


@dataclass(frozen=True)
class Tiles:
    """Makes the tiles of one open comparison."""

    batch: BatchState
    shown: Shown
    selection: Selection
    actions: ImageActions

    def finished(self, shown: GeneratedImage, open_large: Click) -> None:
        """A picture. Its tile stays in the page, hidden, while it is not shown, or in the trash."""
        index = shown.index
        tile = self._tile(index, ImageStatus.COMPLETED).props("data-tile")
        self.shown.follow(tile, index)
        bind_quietly(tile, "data-chosen", self.selection, ("chosen",), lambda: self._chosen(index))
        bind_quietly(tile, "data-rejected", self.batch, ("images",), lambda: self._rejected(index))
        with tile:
            self._picture(shown, open_large)
            with ui.element("div").classes("bg-tile-foot"):
                self._foot(shown)

    def failed(self, image: PlannedImage, retry: Click | None) -> None:
        """That there is no picture, and another try for those who may; why, the summary says."""
        tile = self._tile(image.index, image.status).classes("bg-tile-failed")
        self.shown.follow(tile, image.index, is_picture=False)
        with tile, ui.element("div").classes("bg-tile-picture"):
            ui.icon("broken_image").props("aria-hidden=true")
            ui.label(words.failed_image(image.index)).classes("bg-tile-why")
            if retry:
                button(str(words.RETRY_ONE), retry, icon="replay")

    def _tile(self, index: int, status: ImageStatus) -> ui.element:
        tile = marked(Apart("article"), "comparison-tile").classes("bg-tile")
        return tile.props(f"data-index={index} data-status={status}")

    def _picture(self, shown: GeneratedImage, open_large: Click) -> None:
        large = ui.element("button").classes("bg-tile-picture")
        large.props("type=button data-focus data-opens")
        large.props["data-place"] = str(shown.index)
        if shown.prompt:
            large.props["title"] = shown.prompt
        large.on("click", open_large, [])
        with large:
            picture(shown, self.batch.request.prompt, SIZES)
            with ui.element("span").classes("bg-marks"):
                self.actions.given(shown.index)

    def _foot(self, shown: GeneratedImage) -> None:
        with Text("label").classes("bg-tick"):
            self._select(shown.index)
            Text("span", str(shown.index)).classes("bg-tile-number")
        with ui.element("div").classes("bg-tile-verdict"):
            self.actions.cross(shown.index)
            self.actions.heart(shown.index)
        with ui.element("div").classes("bg-tile-strip"):
            CopyButton(str(shown.seed), words.seed(shown.seed))
            with ui.element("div").classes("bg-tile-actions"):
                self.actions.back(shown)
                self.actions.stars(shown.index)
                self.actions.collection(shown.index)
                self.actions.use(shown)
                download_button(shown, self.actions.file_name(shown))
                self.actions.bin(shown.index)

    def _select(self, index: int) -> None:
        selection = self.selection
        tick = Tick("select-image").bind_value_from(
            selection, "chosen", lambda chosen: index in chosen
        )
        tick.on_value_change(lambda event: selection.choose(index, on=event.value))
        tick.props.update({"aria-label": words.select_image(index), "data-key": "Space"})
        tick.props("data-chooses")

    def _rejected(self, index: int) -> str:
        return str(self.actions.is_rejected(index)).lower()

    def _chosen(self, index: int) -> str:
        return str(index in self.selection.chosen).lower()
