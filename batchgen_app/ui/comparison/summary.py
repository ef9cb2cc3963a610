"""How a batch went, in one line, and how to get what is missing; and what stands in the place of
the pictures where a batch has none.
"""

from nicegui import ui

from batchgen_app.core.advice import is_out_of_memory, smaller
from batchgen_app.core.batch import BatchStatus, Imported
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import event_translated
from batchgen_app.ui.comparison import summary_words as words
from batchgen_app.ui.parts.controls import Click, Following, button, marked


def summary(batch: BatchState, resume: Click | None, lighter: Click | None) -> None:
    """For a batch that has ended, whichever way. For those who may, ``resume`` makes what is
    missing, and ``lighter`` makes it with less memory.
    """
    with marked(ui.element("div"), "completion-summary").classes("bg-summary") as box:
        box.props("role=status")
        with ui.element("div").classes("bg-summary-line"):
            ui.label(_counts(batch)).classes("bg-summary-text")
            if extras := sum(len(picture.extras) for picture in batch.pictures):
                ui.label(words.extras(extras)).classes("bg-muted")
            for remark in dict.fromkeys(picture.remark for picture in batch.pictures):
                if remark:
                    ui.label(event_translated(remark)).classes("bg-muted")
            if batch.imported:
                _origin(batch, batch.imported)
            if batch.status is BatchStatus.CANCELLED:
                because = words.stopped(batch.ended_because, interrupted=batch.interrupted)
                ui.label(because).classes("bg-muted")
            if batch.missing and resume and not is_bare(batch):
                button(_way_out(batch), resume, icon="replay")
        if batch.failed_images:
            _failure(batch, lighter)


def _origin(batch: BatchState, imported: Imported) -> None:
    """That it was not made here, and what of its settings there is no field for."""
    made = marked(ui.label(words.imported(imported)).classes("bg-muted"), "imported")
    made.props["title"] = words.imported_files(imported)
    if batch.understood and (unread := batch.understood.remarks):
        marked(ui.label(words.not_taken_over(unread)).classes("bg-muted"), "not-taken-over")


def _counts(batch: BatchState) -> str:
    return words.summary(
        len(batch.pictures),
        batch.total_images,
        failed=len(batch.failed_images),
        deleted=sum(image.status is ImageStatus.DELETED for image in batch.images),
        seconds=None if batch.imported else _seconds(batch),
    )


def _failure(batch: BatchState, lighter: Click | None) -> None:
    """Each reason once, however many images it hit, and what to do."""
    with ui.element("div").classes("bg-summary-failure").props("role=alert"):
        if batch.status is BatchStatus.FAILED:
            ui.label(str(words.BATCH_FAILED)).classes("bg-trouble-what")
        reasons = _reasons(batch)
        for message, indexes in reasons.items():
            is_all = len(indexes) == batch.total_images
            ui.label(event_translated(message) if is_all else words.reason(indexes, message))
        if any(map(is_out_of_memory, reasons)):
            _less_memory(batch, lighter)
        elif batch.status is BatchStatus.FAILED:
            ui.label(words.all_failed(batch.total_images))


def _reasons(batch: BatchState) -> dict[str, list[int]]:
    reasons: dict[str, list[int]] = {}
    for image in batch.images:
        if image.status is ImageStatus.FAILED:
            reasons.setdefault(image.message or "", []).append(image.index)
    return reasons


def _less_memory(batch: BatchState, lighter: Click | None) -> None:
    ui.label(str(words.OUT_OF_MEMORY)).classes("bg-advice")
    if lighter and (size := smaller(batch.parameters)):
        text = words.missing_at(len(batch.missing), *size)
        made = marked(button(text, lighter, icon="photo_size_select_large"), "try-smaller")
        hint = ui.label(str(words.AS_A_NEW_BATCH))
        made.props["aria-describedby"] = hint.classes("bg-hint").html_id


def _way_out(batch: BatchState) -> str:
    only_failed = len(batch.missing) == len(batch.failed_images)
    return str(words.RETRY_FAILED) if only_failed else words.missing(len(batch.missing))


def _seconds(batch: BatchState) -> float:
    """How long the server worked on it; without its word, how long BatchGen did."""
    if measured := [image.seconds for image in batch.images if image.seconds is not None]:
        return sum(measured)
    return batch.working.seconds


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
