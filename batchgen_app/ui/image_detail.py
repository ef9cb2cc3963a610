"""One picture, as large as the window, with all that is known about it."""

from dataclasses import dataclass

from nicegui import binding, ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.state import BatchState
from batchgen_app.ui import words
from batchgen_app.ui.controls import CopyButton, headline, icon_button
from batchgen_app.ui.curating import Curating
from batchgen_app.ui.following import Following, bind_prop
from batchgen_app.ui.house import House
from batchgen_app.ui.notices import Notices
from batchgen_app.ui.viewer import Viewer, full_screen, viewed


@binding.bindable_dataclass
class Place:
    """The image that is shown; ``at`` is its index, 0 when there is none left."""

    at: int


def open_image_detail(house: House, batch: BatchState, index: int) -> None:
    """Show a finished image in the whole window; what is not finished cannot be shown."""
    if batch.image(index).picture:
        with full_screen("image-detail") as dialog:
            Detail(house, batch, Place(index), dialog).build()


@dataclass
class Detail:
    """The open view: one picture of a batch, and the way to its neighbours."""

    house: House
    batch: BatchState
    place: Place
    dialog: ui.dialog

    def build(self) -> None:
        """Picture on the left or above, what is known about it on the right or below."""
        with ui.element("div").classes("bg-detail"):
            with ui.element("div").classes("bg-detail-picture"):
                viewer = Viewer().on("close", self.dialog.close)
                bind_prop(viewer, "pictures", self.place, ("at",), self._viewed)
                self._arrow("chevron_left", words.PREVIOUS, "ArrowLeft", -1)
                self._arrow("chevron_right", words.NEXT, "ArrowRight", 1)
            with ui.element("aside").classes("bg-panel").props(f'aria-label="{words.DETAILS}"'):
                notices = Notices()
                self._curating = Curating(self.house, self.batch, notices)
                Following(self.place, ("at",), lambda: self.place.at, self._panel)
        Following(self.batch, ("images",), self._gone, lambda gone: gone and self._leave())
