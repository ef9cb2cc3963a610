"""Every text of a batch while it runs or waits."""

from batchgen_app.language.message import later
from batchgen_app.language.texts import _, lazy, ngettext

QUEUE = lazy("Up next")
QUEUE_OF_SEVERAL = lazy("At work and up next")
MOVE = lazy("Have another server make it")
QUEUE_UP = lazy("Move up")
QUEUE_DOWN = lazy("Move down")
QUEUE_REMOVE = lazy("Remove from the queue")
QUEUE_REMOVED = lazy("Removed from the queue.")
BECAUSE_REMOVED = later("removed from the queue")
PROGRESS = {
    "image": lazy("Image {n} of {m}"),
    "step": lazy("Step {n} of {m}"),
    "queued": lazy("Waiting for its turn"),
    "sending": lazy("Sending it to the server"),
    "loading": lazy("Loading the model · {node}"),
    "encoding": lazy("Reading the prompt · {node}"),
    "sampling": lazy("Getting ready for the first step · {node}"),
    "decoding": lazy("Turning it into a picture · {node}"),
    "saving": lazy("Saving · {node}"),
    "working": lazy("At work · {node}"),
    "ahead": lazy("Waiting behind {n} other prompts"),
    "oneAhead": lazy("Waiting behind 1 other prompt"),
    "paused": lazy("Paused after image {n} of {m}"),
    "pausedFirst": lazy("Paused before the first image"),
    "pausing": lazy("Pauses after this image"),
    "finishing": lazy("Ends after this image"),
    "skipped": lazy("Image {n} of {m} skipped"),
    "left": lazy("{time} left · done at {clock}"),
    "likely": lazy("about {time} left, like earlier ones"),
    "hours": lazy("{h} h {m} min"),
    "wholeHours": lazy("{h} h"),
    "minutes": lazy("{m} min {s} s"),
    "wholeMinutes": lazy("{m} min"),
    "seconds": lazy("{s} s"),
    "finished": lazy("Image {n} of {m} finished"),
    "failed": lazy("Image {n} of {m} failed"),
    "batchBar": lazy("The whole batch"),
    "stepBar": lazy("This image"),
    "lost": lazy(
        "BatchGen does not answer. Your images are safe. Start it again if it was closed; "
        "this page goes on by itself."
    ),
}
"""For the browser's poller, which fills in what stands in braces."""
PREVIEW = lazy("The image that is being made")
THUMBNAILS = lazy("Images of this batch")
THUMBNAIL_STATUS = {
    "pending": lazy("not begun"),
    "generating": lazy("being made"),
    "completed": lazy("finished, open it"),
    "failed": lazy("failed"),
    "cancelled": lazy("not made"),
}
REJECTED = lazy("rejected, open it")
CANCEL = lazy("Cancel")
FLOW = lazy("This batch")
PAUSE = lazy("Pause after this image")
PAUSING = lazy("Pauses after this image; press again to resume")
CONTINUE = lazy("Resume with the next image")
SKIP = lazy("Skip this image and go on with the next one")
FINISH = lazy("Last one: finish this image, then end the batch")
FINISHING = lazy("Last one: ends after this image")
PAUSE_SHORT = lazy("Pause")
CONTINUE_SHORT = lazy("Resume")
SKIP_SHORT = lazy("Skip")
FINISH_SHORT = lazy("Last one")
"""What stands on the buttons; all that they do is their name, which begins likewise."""
BECAUSE_SKIPPED = later("skipped by hand")
BECAUSE_FINISHED = later("ended early by hand")
STOPPING = lazy("Stopping…")
STOP_QUESTION = lazy("Stop this batch?")
GO_ON = lazy("Keep going")
STOP_IT = lazy("Stop the batch")
BECAUSE_CANCELLED = later("cancelled by hand")
BATCH_IN_TRASH = lazy("This batch is in the trash. It can be brought back from the gallery.")
NO_SUCH_BATCH = lazy("Batches are in the gallery; this one may have been deleted.")
TO_GALLERY = lazy("Open the gallery")


def thumbnail(index: int, status: str, reason: str) -> str:
    """For screen readers."""
    if reason:
        return _("Image {index}, {status}: {reason}", index=index, status=status, reason=reason)
    return _("Image {index}, {status}", index=index, status=status)


def reject(index: int, *, is_rejected: bool) -> str:
    """What the button on a finished picture does."""
    if is_rejected:
        return _("Keep image {index} after all", index=index)
    return _("Reject image {index}", index=index)


def pause(*, paused: bool, making: int | None) -> str:
    """What the button does, or is about to do."""
    if not paused:
        return str(PAUSE)
    return str(PAUSING if making else CONTINUE)


def skip(making: int | None, *, is_going: bool) -> str:
    """Likewise; the image is named as soon as it is on its way out."""
    return _("Skipping image {index}…", index=making) if making and is_going else str(SKIP)


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


def at_work(server: str, finished: int, total: int) -> str:
    """Below the prompt of a batch that one of several servers makes, which may not be known yet."""
    if not server:
        return _("{n} of {m} images", n=finished, m=total)
    return _("On {server} · {n} of {m} images", server=server, n=finished, m=total)


def made_on(server: str) -> str:
    """Beside the numbers of a batch, where there are several servers."""
    return _("On {server}", server=server) if server else ""


def waiting_for_server(address: str, finished: int, *, is_only: bool) -> str:
    """After "Cannot connect to server", over the picture; ``is_only``: there is no other one."""
    safe = _("Nothing is lost.")
    if finished:
        safe = ngettext(
            "Your finished image is safe.", "Your {count} finished images are safe.", finished
        )
    what_to_do = _(
        "Start ComfyUI at {address}, then Retry; or cancel and change the address in the settings.",
        address=address,
    )
    if not is_only:
        what_to_do = _(
            "Start ComfyUI at {address}, then Retry; or have another server make it.",
            address=address,
        )
    return f"{safe} {what_to_do}"
