"""How a batch went, in one line, and how to get what is missing."""

from nicegui import ui

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import told
from batchgen_app.ui.comparison import words
from batchgen_app.ui.parts.controls import Click, button, marked


def summary(batch: BatchState, resume: Click | None) -> None:
    """For a batch that has ended, whichever way; ``resume`` makes what is missing, for
    those who may.
    """
    with marked(ui.element("div"), "completion-summary").classes("bg-summary") as box:
        box.props("role=status")
        if batch.status is BatchStatus.FAILED:
            _failure(batch)
        with ui.element("div").classes("bg-summary-line"):
            failed = len(batch.failed_images)
            ui.label(
                words.summary(batch.completed_images, batch.total_images, failed, _seconds(batch))
            ).classes("bg-summary-text")
            if extras := sum(len(picture.extras) for picture in batch.pictures):
                ui.label(words.extras(extras)).classes("bg-muted")
            for remark in dict.fromkeys(picture.remark for picture in batch.pictures):
                if remark:
                    ui.label(told(remark)).classes("bg-muted")
            if batch.status is BatchStatus.CANCELLED:
                because = words.stopped(batch.ended_because, interrupted=batch.interrupted)
                ui.label(because).classes("bg-muted")
            if batch.missing and resume:
                button(_way_out(batch), resume, icon="replay")


def _failure(batch: BatchState) -> None:
    with ui.element("div").classes("bg-summary-failure").props("role=alert"):
        ui.label(words.BATCH_FAILED).classes("bg-trouble-what")
        for reason in dict.fromkeys(image.message for image in batch.images if image.message):
            ui.label(told(reason))
        ui.label(words.all_failed(batch.total_images))


def _way_out(batch: BatchState) -> str:
    only_failed = len(batch.missing) == len(batch.failed_images)
    return words.RETRY_FAILED if only_failed else words.missing(len(batch.missing))


def _seconds(batch: BatchState) -> float | None:
    """How long the server worked on it; without its word, from the request to the end."""
    if measured := [image.seconds for image in batch.images if image.seconds is not None]:
        return sum(measured)
    return (batch.completed_at - batch.created_at).total_seconds() if batch.completed_at else None
