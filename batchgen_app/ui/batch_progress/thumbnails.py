"""The row of thumbnails: a place for every image of a batch from the start."""

from nicegui import ui

from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from batchgen_app.ui.comparison.image_detail import open_image_detail
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.controls import marked, picture, ratio
from batchgen_app.ui.parts.following import Following, bind_prop

PLACES = ("images", "current_image")
"""Fields that say what is to be seen in the row."""
SHOWN = {
    ImageStatus.COMPLETED: "completed",
    ImageStatus.FAILED: "failed",
    ImageStatus.CANCELLED: "cancelled",
    ImageStatus.DELETED: "cancelled",
}


def thumbnail_row(house: House, batch: BatchState) -> None:
    """Scrolls inside itself; reasons of failures are shown below it."""
    with ui.element("div").classes("bg-row-room"):
        row = marked(ui.element("div"), "thumbnail-row").classes("bg-row")
        row.props["role"] = "group"
        row.props["aria-label"] = words.THUMBNAILS
        row.style(f"--ratio: {ratio(batch)}")
        with row:
            for image in batch.images:
                _thumbnail(house, batch, image.index)


def _thumbnail(house: House, batch: BatchState, index: int) -> None:
    place = marked(ui.element("button"), "thumbnail").classes("bg-thumb").props("type=button")
    place.props["data-index"] = str(index)
    bind_prop(place, "data-status", batch, PLACES, lambda: _status(batch, index))
    bind_prop(place, "aria-label", batch, PLACES, lambda: _described(batch, index))
    place.on("click", lambda: open_image_detail(house, batch, index), [])
    with place:
        ui.label(str(index)).classes("bg-number").props("aria-hidden=true")
        ui.element("span").classes("bg-ring")
        Following(
            batch,
            ("images",),
            lambda: batch.image(index).picture is not None,
            lambda made: _picture(batch, index) if made else None,
        ).classes("bg-thumb-picture")
        reason = ui.label().classes("bg-reason")
        reason.bind_text_from(batch, "images", lambda _: batch.image(index).message or "")


def _picture(batch: BatchState, index: int) -> None:
    if shown := batch.image(index).picture:
        picture(shown, batch.request.prompt, sizes="96px")


def _status(batch: BatchState, index: int) -> str:
    waits = "generating" if batch.current_image == index else "pending"
    return SHOWN.get(batch.image(index).status, waits)


def _described(batch: BatchState, index: int) -> str:
    status = words.THUMBNAIL_STATUS[_status(batch, index)]
    return words.thumbnail(index, status, batch.image(index).message)
