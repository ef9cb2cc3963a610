"""Every text of a batch while it runs or waits."""

from batchgen_app.language.said import later
from batchgen_app.language.texts import _, ngettext

QUEUE = _("Up next")
QUEUE_UP = _("Move up")
QUEUE_DOWN = _("Move down")
QUEUE_REMOVE = _("Remove from the queue")
QUEUE_REMOVED = _("Removed from the queue.")
BECAUSE_REMOVED = later("removed from the queue")
PROGRESS = {
    "image": _("Image {n} of {m}"),
    "step": _("Step {n} of {m}"),
    "queued": _("Waiting for its turn"),
    "loading": _("Loading the model · {node}"),
    "encoding": _("Reading the prompt · {node}"),
    "sampling": _("Getting ready for the first step · {node}"),
    "decoding": _("Turning it into a picture · {node}"),
    "saving": _("Saving · {node}"),
    "working": _("At work · {node}"),
    "ahead": _("Waiting behind {n} other prompts"),
    "oneAhead": _("Waiting behind 1 other prompt"),
    "left": _("{time} left · done at {clock}"),
    "likely": _("about {time} left, by what earlier ones took"),
    "hours": _("{h} h {m} min"),
    "wholeHours": _("{h} h"),
    "minutes": _("{m} min {s} s"),
    "wholeMinutes": _("{m} min"),
    "seconds": _("{s} s"),
    "finished": _("Image {n} of {m} finished"),
    "failed": _("Image {n} of {m} failed"),
    "batchBar": _("The whole batch"),
    "stepBar": _("This image"),
    "lost": _(
        "BatchGen does not answer. Your images are safe. Start it again if it was closed; "
        "this page goes on by itself."
    ),
}
"""For the browser's poller, which fills in what stands in braces."""
PREVIEW = _("The image that is being made")
THUMBNAILS = _("Images of this batch")
THUMBNAIL_STATUS = {
    "pending": _("not begun"),
    "generating": _("being made"),
    "completed": _("finished, open it"),
    "failed": _("failed"),
    "cancelled": _("not made"),
}
CANCEL = _("Cancel")
STOPPING = _("Stopping…")
STOP_QUESTION = _("Stop this batch?")
GO_ON = _("Keep going")
STOP_IT = _("Stop the batch")
BECAUSE_CANCELLED = later("cancelled by hand")
BATCH_IN_TRASH = _("This batch is in the trash. It can be brought back from the gallery.")
NO_SUCH_BATCH = _("Batches are in the gallery; this one may have been deleted.")
TO_GALLERY = _("Open the gallery")


def thumbnail(index: int, status: str, reason: str) -> str:
    """For screen readers."""
    if reason:
        return _("Image {index}, {status}: {reason}", index=index, status=status, reason=reason)
    return _("Image {index}, {status}", index=index, status=status)


def waiting_for_picture(status: str) -> str:
    """In the middle of the stage as long as there is nothing to show."""
    if status == "queued":
        return _("Other batches come first. This one starts by itself.")
    return _("The first picture appears here.")


def stop_consequence(finished: int) -> str:
    """What becomes of the pictures."""
    kept = _("Nothing is finished yet.")
    if finished:
        kept = ngettext("The finished image stays.", "The {count} finished images stay.", finished)
    way_on = _("The missing ones can be made later.")
    return f"{kept} {way_on}"


def waiting_for_server(address: str, finished: int) -> str:
    """After "Cannot connect to server", over the picture."""
    safe = _("Nothing is lost.")
    if finished:
        safe = ngettext(
            "Your finished image is safe.", "Your {count} finished images are safe.", finished
        )
    what_to_do = _(
        "Start ComfyUI at {address}, then Retry; or cancel and change the address in the settings.",
        address=address,
    )
    return f"{safe} {what_to_do}"
