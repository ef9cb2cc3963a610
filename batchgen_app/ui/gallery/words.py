"""Every text of the gallery."""

from datetime import date, datetime

from batchgen_app.core.batch import BatchStatus, CompletedBatch
from batchgen_app.storage.gallery_order import Order
from batchgen_app.ui.words import amount, images

GALLERY = "Gallery"
SEARCH = "Search in prompts"
FILTERS = "Filters"
MODEL_FILTER = "Model"
ALL_MODELS = "All models"
FIRST_DAY = "From"
LAST_DAY = "To"
FAVOURITES = "Favourites"
CLEAR_FILTERS = "Clear filters"
DATES_BACKWARDS = "End date must be after start date"
NOTHING_FOUND = "No images match your filters. Try adjusting your criteria."
NOTHING_YET = "No pictures yet"
NOTHING_YET_HINT = "Every batch that you make is kept here, with its prompt and its seeds."
FIRST_BATCH = "Make the first batch"
SHOW_ALL = "Show all pictures"
SHOW_LESS = "Show as a pile"
ORDER = "Order"
ORDERS = {
    Order.NEWEST: "Newest first",
    Order.OLDEST: "Oldest first",
    Order.MOST_IMAGES: "Most images",
    Order.MODEL: "Model",
    Order.PROMPT: "Prompt",
}
TRASH = "Trash"
TRASH_NOTHING = "The trash is empty"
TRASH_NOTHING_HINT = "What you delete comes here and can be had back until you empty the trash."
TO_GALLERY = "Back to the gallery"
MORE_IN_TRASH = "More is in the trash than is shown here. Restore or empty it to see the rest."
RESTORE = "Restore"
RESTORED = "Back in the gallery."
EMPTY_TRASH = "Empty trash"
EMPTY_QUESTION = "Empty the trash?"
KEEP_TRASH = "Keep it"
TRASH_EMPTIED = "What was in it is gone for good."
DELETE_BATCH = "Move to the trash"
BATCH_DELETED = "Moved to the trash."
PILE_STATUS = {"queued": "waiting", "failed": "failed", "cancelled": "cancelled"}


def gallery_stats(found: int, all_images: int, all_bytes: int, *, filtered: bool) -> str:
    """Above the gallery."""
    if filtered:
        return f"{found} of {images(all_images)}"
    return stats(all_images, all_bytes)


def days(first: date | None, last: date | None) -> str:
    """A span of days, open at one end or not."""
    if first and last:
        return day(first) if first == last else f"{day(first)} – {day(last)}"
    return f"from {day(first)}" if first else f"until {day(last)}" if last else ""


def day(shown: date) -> str:
    """A day of the calendar."""
    return f"{shown.day} {shown:%b %Y}"


def when(moment: datetime, now: datetime) -> str:
    """A moment, as people say it: "Today 14:15"."""
    local = moment.astimezone(now.tzinfo)
    ago = (now.date() - local.date()).days
    name = {0: "Today", 1: "Yesterday"}.get(ago, day(local.date()))
    return f"{name} {local:%H:%M}"


def pile_count(batch: CompletedBatch) -> str:
    """How many pictures a batch has, and how it ended if not well."""
    made, planned = len(batch.images), len(batch.seeds)
    if batch.status is BatchStatus.GENERATING:
        return f"{made} of {planned} made"
    status = PILE_STATUS.get(batch.status)
    failed = f"{len(batch.failed_images)} failed" if batch.failed_images else None
    return " · ".join(filter(None, [images(made), status or failed]))


def stats(count: int, size_in_bytes: int) -> str:
    """How much there is."""
    return f"{images(count)}, {amount(size_in_bytes)}"


def in_trash(count: int, total: int, size_in_bytes: int, *, is_whole: bool) -> str:
    """What lies in the trash of one batch."""
    what = f"Batch of {images(count)}" if is_whole else f"{count} of {images(total)}"
    return f"{what} · {amount(size_in_bytes)}"


def empty_consequence(count: int, size_in_bytes: int) -> str:
    """Before the trash is emptied."""
    gone = "is gone" if count == 1 else "are gone"
    return f"{images(count)} ({amount(size_in_bytes)}) {gone} for good. This cannot be undone."


def open_batch(prompt: str, count: int) -> str:
    """What a pile's link leads to."""
    return f"Open batch: {prompt}, {images(count)}"


def open_image(index: int, seed: int) -> str:
    """What the link of one picture leads to."""
    return f"Open batch at image {index}, seed {seed}"


def favourite_of(index: int) -> str:
    """The heart of one image."""
    return f"Favourite image {index}"


def remove_filter(filter_text: str) -> str:
    """The cross on a filter."""
    return f"Remove filter: {filter_text}"
