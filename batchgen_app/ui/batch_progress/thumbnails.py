"""The row of thumbnails: a place for every image of a batch from the start."""

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import told_of_event
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.comparison.image_detail import open_image_detail
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import Rating, marked, picture, ratio

SHOWN = {
    ImageStatus.COMPLETED: "completed",
    ImageStatus.FAILED: "failed",
    ImageStatus.CANCELLED: "cancelled",
    ImageStatus.DELETED: "cancelled",
}


def thumbnail_row(context: PageContext, batch: BatchState) -> None:
    """Scrolls inside itself; reasons of failures are shown below it."""
    with ui.element("div").classes("bg-row-room"):
        row = marked(ui.element("div"), "thumbnail-row").classes("bg-row")
        row.props["role"] = "group"
        row.props["aria-label"] = str(words.THUMBNAILS)
        row.style(f"--ratio: {ratio(batch)}")
        with row:
            for image in batch.images:
                ImageSlot(context, batch, image.index)


class ImageSlot(ui.element):
    """Where one image stands, or will stand."""

    seen = BindableProperty(on_change=lambda place, _: place.show())

    def __init__(self, context: PageContext, batch: BatchState, index: int) -> None:
        super().__init__("button")
        self._batch = batch
        self._index = index
        marked(self, "thumbnail").classes("bg-thumb").props("type=button")
        self.props["data-index"] = self.props["data-place"] = str(index)
        # [] here and elsewhere: nothing of the browser's event is sent along.
        self.on("click", lambda: open_image_detail(context, batch, index), [])
        with self:
            ui.label(str(index)).classes("bg-number").props("aria-hidden=true")
            ui.element("span").classes("bg-ring")
            self._picture = ui.element("div").classes("bg-thumb-picture")
            with ui.element("span").classes("bg-marks"):
                self._rating = Rating(short=True)
            self._reason = ui.label().classes("bg-reason")
        self.seen = self._look()
        self.show()
        for field in ("images", "current_image"):
            binding.bind_from(self, "seen", batch, field, lambda _: self._look())

    def show(self) -> None:
        """Be as the image is."""
        status, message, made = self.seen
        reason = told_of_event(message or "")
        described = words.thumbnail(self._index, str(words.THUMBNAIL_STATUS[status]), reason)
        self.props["data-status"] = status
        self.props["aria-label"] = described
        self._reason.text = reason
        self._rating.stars = made.rating if made else 0
        self._show_picture(made)

    def _show_picture(self, shown: GeneratedImage | None) -> None:
        # Only when it comes or goes: made anew with each mark, it would be loaded again.
        if bool(shown) is not bool(self._picture.default_slot.children):
            self._picture.clear()
            if shown:
                with self._picture:
                    picture(shown, self._batch.request.prompt, sizes="96px")

    def _look(self) -> tuple[str, str | None, GeneratedImage | None]:
        image = self._batch.image(self._index)
        waits = "generating" if self._batch.current_image == self._index else "pending"
        return SHOWN.get(image.status, waits), image.message, image.picture
