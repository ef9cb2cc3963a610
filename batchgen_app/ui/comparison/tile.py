"""Tiles of the comparison: a picture with what can be done with it, or why there is none; and which
of them are chosen.
"""

from dataclasses import dataclass

from nicegui import binding, ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import words
from batchgen_app.ui.comparison.image_actions import ImageActions
from batchgen_app.ui.parts.controls import (
    Click,
    CopyButton,
    bind_prop,
    button,
    download_button,
    marked,
    picture,
)
from batchgen_app.ui.parts.fields import Text, Tick


class Selection:
    """``chosen`` are the indexes of images, in order; widgets bind to it."""

    chosen = binding.BindableProperty()

    def __init__(self, batch: BatchState) -> None:
        self._batch = batch
        self.chosen = ()

    @property
    def everything(self) -> tuple[int, ...]:
        """The indexes of all finished images."""
        return tuple(picture.index for picture in self._batch.pictures)

    @property
    def pictures(self) -> list[GeneratedImage]:
        """The chosen images that are there."""
        return [picture for picture in self._batch.pictures if picture.index in self.chosen]

    @property
    def is_everything(self) -> bool:
        """Whether all of them are chosen."""
        return bool(self.chosen) and self.chosen == self.everything

    def choose(self, index: int, *, on: bool) -> None:
        """Take an image in, or out."""
        others = set(self.chosen) - {index}
        self.chosen = tuple(sorted(others | {index} if on else others))

    def choose_everything(self, *, on: bool) -> None:
        """Follow the checkbox for all of them, which itself follows what is chosen: it goes out,
        too, when one of them is no longer chosen.
        """
        if on:
            self.chosen = self.everything
        elif self.is_everything:
            self.chosen = ()

    def forget_missing(self) -> None:
        """What is not there any more is not chosen."""
        self.chosen = tuple(picture.index for picture in self.pictures)


SIZES = "(max-width: 599px) 100vw, 50vw"
"""How large a picture of the grid is drawn at most."""


@dataclass(frozen=True)
class Tiles:
    """Makes the tiles of one open comparison."""

    batch: BatchState
    selection: Selection
    actions: ImageActions

    def finished(self, shown: GeneratedImage, open_large: Click) -> None:
        """A picture. Its tile stays in the page, hidden, while the picture is in the trash."""
        index = shown.index
        tile = self._tile(index, ImageStatus.COMPLETED).props("data-tile")
        tile.bind_visibility_from(
            self.batch, "images", lambda _: self.batch.image(index).picture is not None
        )
        bind_prop(tile, "data-chosen", self.selection, ("chosen",), lambda: self._chosen(index))
        with tile:
            self._picture(shown, open_large)
            with ui.element("div").classes("bg-tile-foot"):
                self._foot(shown)

    def failed(self, image: PlannedImage, retry: Click | None) -> None:
        """That there is no picture, and another try for those who may; why, the summary says."""
        tile = self._tile(image.index, image.status).classes("bg-tile-failed")
        with tile, ui.element("div").classes("bg-tile-picture"):
            ui.icon("broken_image").props("aria-hidden=true")
            ui.label(words.failed_image(image.index)).classes("bg-tile-why")
            if retry:
                button(str(words.RETRY_ONE), retry, icon="replay")

    def _tile(self, index: int, status: ImageStatus) -> ui.element:
        tile = marked(ui.element("article"), "comparison-tile").classes("bg-tile")
        return tile.props(f"data-index={index} data-status={status}")

    def _picture(self, shown: GeneratedImage, open_large: Click) -> None:
        large = ui.element("button").classes("bg-tile-picture").props("type=button data-focus")
        large.props["data-place"] = str(shown.index)
        large.on("click", open_large, [])
        with large:
            picture(shown, self.batch.request.prompt, SIZES)
            with ui.element("span").classes("bg-marks"):
                self.actions.given(shown.index)

    def _foot(self, shown: GeneratedImage) -> None:
        with Text("label").classes("bg-tick"):
            self._select(shown.index)
            Text("span", str(shown.index)).classes("bg-tile-number")
        CopyButton(str(shown.seed), words.seed(shown.seed))
        with ui.element("div").classes("bg-tile-actions"):
            self.actions.stars(shown.index)
            download_button(shown)
            self.actions.bin(shown.index)
        self.actions.heart(shown.index)

    def _select(self, index: int) -> None:
        selection = self.selection
        tick = Tick("select-image").bind_value_from(
            selection, "chosen", lambda chosen: index in chosen
        )
        tick.on_value_change(lambda event: selection.choose(index, on=event.value))
        tick.props.update({"aria-label": words.select_image(index), "data-key": "Space"})

    def _chosen(self, index: int) -> str:
        return str(index in self.selection.chosen).lower()
