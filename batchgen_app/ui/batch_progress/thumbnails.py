"""The row of thumbnails: a place for every image of a batch from the start."""

from nicegui import binding, ui
from nicegui.binding import BindableProperty

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import event_translated
from batchgen_app.ui import words as common
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.batch_progress.marks_by_key import MarksByKey
from batchgen_app.ui.comparison.image_detail import open_image_detail
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import Rating, icon_button, marked, picture, ratio
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.parts.verdicts import REJECT_ICON

SHOWN = {
    ImageStatus.COMPLETED: "completed",
    ImageStatus.FAILED: "failed",
    ImageStatus.CANCELLED: "cancelled",
    ImageStatus.DELETED: "cancelled",
}


def thumbnail_row(context: PageContext, batch: BatchState, marks: MarksByKey) -> None:
    """Scrolls inside itself; reasons of failures are shown below it."""
    with ui.element("div").classes("bg-row-room"):
        ThumbnailRow(context, batch, marks)


class ThumbnailRow(ui.element):
    """Grows with its batch."""

    planned = BindableProperty(on_change=lambda row, _: row.grow())

    def __init__(self, context: PageContext, batch: BatchState, marks: MarksByKey) -> None:
        super().__init__("div")
        self._context = context
        self._marks = marks
        self._batch = batch
        self._slots = 0
        marked(self, "thumbnail-row").classes("bg-row").props["role"] = "group"
        self.props["aria-label"] = str(words.THUMBNAILS)
        self.style(f"--ratio: {ratio(batch)}")
        self.planned = len(batch.images)
        self.grow()
        binding.bind_from(self, "planned", batch, "images", len)

    def grow(self) -> None:
        """Have a place for every image."""
        while self._slots < len(self._batch.images):
            self._slots += 1
            with self:
                self._slot(self._slots)

    def _slot(self, index: int) -> None:
        """Marked by keys; where rejected pictures are replaced, there is a button, too."""
        with ui.element("div").classes("bg-slot").props(f"data-tile data-marked={index}"):
            ImageSlot(self._context, self._batch, index).props("data-focus")
            if self._batch.request.keep is not None:
                RejectButton(self._marks, self._batch, index)


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
                self._heart = marked(Text("span", "♥"), "heart").classes("bg-rating")
                self._rating = Rating(short=True)
            self._reason = ui.label().classes("bg-reason")
        self.seen = self._look()
        self.show()
        for field in ("images", "current_image"):
            binding.bind_from(self, "seen", batch, field, lambda _: self._look())

    def show(self) -> None:
        """Be as the image is."""
        status, message, made = self.seen
        reason = event_translated(message or "")
        is_rejected = bool(made and made.rejected)
        how = words.REJECTED if is_rejected else words.THUMBNAIL_STATUS[status]
        described = words.thumbnail(self._index, str(how), reason)
        self.props["data-status"] = status
        self.props["data-rejected"] = str(is_rejected).lower()
        self.props["aria-label"] = described
        self._reason.text = reason
        self._rating.stars = made.rating if made else 0
        self._heart.visible = bool(made and made.favourite)
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


class RejectButton(ui.element):
    """On a finished picture: says that nobody wants it, or somebody does after all."""

    seen = BindableProperty(on_change=lambda place, _: place.show())

    def __init__(self, marks: MarksByKey, batch: BatchState, index: int) -> None:
        super().__init__("span")
        self._marks = marks
        self._batch = batch
        self._index = index
        with self.classes("bg-slot-reject"):
            self._button = marked(icon_button(REJECT_ICON, "", self._reject, key="x"), "reject")
        self.seen = self._look()
        self.show()
        binding.bind_from(self, "seen", batch, "images", lambda _: self._look())

    def show(self) -> None:
        """Be as the image is."""
        is_rejected = self.seen
        self.visible = is_rejected is not None
        name = words.reject(self._index, is_rejected=bool(is_rejected))
        self._button.props["aria-label"] = name
        self._button.props["title"] = common.with_key(name, "x")
        self._button.props["aria-pressed"] = str(bool(is_rejected)).lower()

    def _look(self) -> bool | None:
        picture = self._batch.image(self._index).picture
        return picture.rejected if picture else None

    async def _reject(self) -> None:
        await self._marks.reject(self._index)
