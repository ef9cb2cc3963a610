"""Every text of a batch while it runs or waits."""

QUEUE = "Up next"
QUEUE_UP = "Move up"
QUEUE_DOWN = "Move down"
QUEUE_REMOVE = "Remove from the queue"
QUEUE_REMOVED = "Removed from the queue."
BECAUSE_REMOVED = "removed from the queue"
PROGRESS = {
    "image": "Image {n} of {m}",
    "step": "Step {n} of {m}",
    "queued": "Waiting for its turn",
    "ahead": "Waiting behind {n} other prompts",
    "oneAhead": "Waiting behind 1 other prompt",
    "left": "{time} left · done at {clock}",
    "hours": "{h} h {m} min",
    "minutes": "{m} min {s} s",
    "seconds": "{s} s",
    "finished": "Image {n} of {m} finished",
    "failed": "Image {n} of {m} failed",
    "batchBar": "The whole batch",
    "stepBar": "This image",
    "lost": "BatchGen does not answer. Your images are safe. Start it again if it was closed; "
    "this page goes on by itself.",
}
"""For the browser's poller, which fills in what stands in braces."""
PREVIEW = "The image that is being made"
THUMBNAILS = "Images of this batch"
THUMBNAIL_STATUS = {
    "pending": "not begun",
    "generating": "being made",
    "completed": "finished, open it",
    "failed": "failed",
    "cancelled": "not made",
}
CANCEL = "Cancel"
STOPPING = "Stopping…"
STOP_QUESTION = "Stop this batch?"
GO_ON = "Keep going"
STOP_IT = "Stop the batch"
BECAUSE_CANCELLED = "cancelled by hand"
BATCH_IN_TRASH = "This batch is in the trash. It can be brought back from the gallery."
NO_SUCH_BATCH = "Batches are in the gallery; this one may have been deleted."
TO_GALLERY = "Open the gallery"


def thumbnail(index: int, status: str, reason: str | None) -> str:
    """For screen readers."""
    return f"Image {index}, {status}: {reason}" if reason else f"Image {index}, {status}"


def waiting_for_picture(status: str) -> str:
    """In the middle of the stage as long as there is nothing to show."""
    if status == "queued":
        return "Other batches come first. This one starts by itself."
    return "The first picture appears here."


def stop_consequence(finished: int) -> str:
    """What becomes of the pictures."""
    kept = {0: "Nothing is finished yet.", 1: "The finished image stays."}
    later = "The missing ones can be made later."
    return f"{kept.get(finished, f'The {finished} finished images stay.')} {later}"


def waiting_for_server(address: str, finished: int) -> str:
    """After "Cannot connect to server", over the picture."""
    kept = {0: "Nothing is lost.", 1: "Your finished image is safe."}
    safe = kept.get(finished, f"Your {finished} finished images are safe.")
    return (
        f"{safe} Start ComfyUI at {address}, then Retry; or cancel and change the address in the "
        "settings."
    )
