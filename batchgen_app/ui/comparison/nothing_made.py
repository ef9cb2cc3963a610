"""What stands in the place of the pictures where a batch has none, and what to do next."""

from nicegui import ui

from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import words
from batchgen_app.ui.parts.controls import Click, button, marked
from batchgen_app.ui.parts.following import Following


def is_bare(batch: BatchState) -> bool:
    """Whether it ended before there was a picture, or a failure to tell of."""
    shown = (ImageStatus.COMPLETED, ImageStatus.FAILED, ImageStatus.DELETED)
    return not any(image.status in shown for image in batch.images)


def nothing_made(batch: BatchState, resume: Click | None, go_on: Click) -> None:
    """What happened, and for those who may make pictures (``resume``) the ways on."""
    with marked(ui.element("div"), "nothing-made").classes("bg-empty"):
        ui.icon("hide_image").props("aria-hidden=true")
        ui.label(str(words.NOTHING_MADE)).classes("bg-title").props("role=heading aria-level=2")
        ui.label(str(words.DIED_EARLY) if batch.interrupted else str(words.STOPPED_EARLY))
        if resume:
            ui.label(str(words.MAKE_AFTER_ALL))
            button(words.missing(len(batch.missing)), resume, icon="replay", main=True)
            go_on()


def all_deleted(batch: BatchState) -> None:
    """Comes and goes with the last picture."""

    def is_so() -> bool:
        return any(image.in_trash for image in batch.images) and not batch.pictures

    def build(is_it: bool) -> None:  # noqa: FBT001 - what was picked
        if is_it:
            with marked(ui.element("div"), "all-deleted").classes("bg-empty"):
                ui.icon("delete_outline").props("aria-hidden=true")
                ui.label(str(words.ALL_DELETED))
                ui.link(str(words.TO_TRASH), "/trash")

    Following(batch, ("images",), is_so, build)
