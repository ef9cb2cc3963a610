"""Every text of the gallery."""

from datetime import date

from batchgen_app.core.batch import BatchStatus, CompletedBatch
from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.services.values import ImageOrder, Order
from batchgen_app.ui.gallery.view import View
from batchgen_app.ui.parts.collection_words import COLLECTIONS
from batchgen_app.ui.words import amount, day, failed_count, images, made_of

GALLERY = lazy("Gallery")
SUGGESTIONS = lazy("What the search may go on with")
KINDS = {
    "field": lazy("field"),
    "value": lazy("value"),
    "tag": lazy("tag"),
    "word": lazy("word"),
}
"""What a suggestion is."""
SEARCH = lazy("Search")
FILTERS = lazy("Filters")
MODEL_FILTER = lazy("Model")
ALL_MODELS = lazy("All models")
FIRST_DAY = lazy("From")
LAST_DAY = lazy("To")
FAVOURITES = lazy("Favourites")
CLEAR_FILTERS = lazy("Clear filters")
DATES_BACKWARDS = lazy("End date must be after start date")
NOTHING_FOUND = lazy("No images match your filters. Try adjusting your criteria.")
NOTHING_YET = lazy("No pictures yet")
NOTHING_YET_HINT = lazy("Every batch that you make is kept here, with its prompt and its seeds.")
FIRST_BATCH = lazy("Make the first batch")
SHOW_ALL = lazy("Show all pictures")
SHOW_LESS = lazy("Show as a pile")
BEST_RATING = lazy("The best rating in it")
ORDER = lazy("Order")
ORDERS = {
    Order.NEWEST: lazy("Newest first"),
    Order.OLDEST: lazy("Oldest first"),
    Order.MOST_IMAGES: lazy("Most images"),
    Order.MODEL: lazy("Model"),
    Order.PROMPT: lazy("Prompt"),
    Order.STEPS: lazy("Most steps first"),
    Order.SIZE: lazy("Largest first"),
    Order.SAMPLER: lazy("Sampler"),
    Order.WORKFLOW: lazy("Workflow"),
}
STORAGE = lazy("Storage")
IMAGE_ORDERS = {
    ImageOrder.NEWEST: lazy("Newest first"),
    ImageOrder.OLDEST: lazy("Oldest first"),
    ImageOrder.RATING: lazy("Best first"),
    ImageOrder.PROMPT: lazy("Prompt"),
    ImageOrder.MODEL: lazy("Model"),
    ImageOrder.SEED: lazy("Seed"),
    ImageOrder.STEPS: lazy("Most steps first"),
    ImageOrder.SIZE: lazy("Largest first"),
    ImageOrder.SAMPLER: lazy("Sampler"),
    ImageOrder.WORKFLOW: lazy("Workflow"),
}
VIEW = lazy("View")
VIEWS = {
    View.BATCHES: lazy("Batches"),
    View.IMAGES: lazy("All images"),
    View.COLLECTIONS: COLLECTIONS,
}
TRASH = lazy("Trash")
TRASH_NOTHING = lazy("The trash is empty")
TRASH_NOTHING_HINT = lazy(
    "What you delete comes here and can be had back until you empty the trash."
)
TO_GALLERY = lazy("Back to the gallery")
MORE_IN_TRASH = lazy(
    "More is in the trash than is shown here. Restore or empty it to see the rest."
)
RESTORE = lazy("Restore")
RESTORED = lazy("Back in the gallery.")
EMPTY_TRASH = lazy("Empty trash")
EMPTY_QUESTION = lazy("Empty the trash?")
KEEP_TRASH = lazy("Keep it")
TRASH_EMPTIED = lazy("What was in it is gone for good.")
DELETE_BATCH = lazy("Move to the trash")
BATCH_DELETED = lazy("Moved to the trash.")
PILE_STATUS = {"queued": lazy("waiting"), "failed": lazy("failed"), "cancelled": lazy("stopped")}
INTERRUPTED = lazy("interrupted")


def gallery_stats(found: int, all_images: int, all_bytes: int, *, filtered: bool) -> str:
    """Above the gallery."""
    if filtered:
        return made_of(found, all_images)
    return stats(all_images, all_bytes)


def days(first: date | None, last: date | None) -> str:
    """A span of days, open at one end or not."""
    if first and last:
        return day(first) if first == last else f"{day(first)} – {day(last)}"
    if first:
        return _("from {day}", day=day(first))
    return _("until {day}", day=day(last)) if last else ""


def pile_count(batch: CompletedBatch) -> str:
    """How many pictures a batch has, and how it ended if not well."""
    made, planned = len(batch.images), len(batch.seeds)
    if batch.status is BatchStatus.GENERATING:
        return _("{made} of {planned} made", made=made, planned=planned)
    status = INTERRUPTED if batch.interrupted else PILE_STATUS.get(batch.status)
    failed = failed_count(len(batch.failed_images)) if batch.failed_images else ""
    return " · ".join(filter(None, [images(made), str(status) if status else failed]))


def stats(count: int, size_in_bytes: int) -> str:
    """How much there is."""
    return f"{images(count)}, {amount(size_in_bytes)}"


def in_trash(count: int, total: int, size_in_bytes: int, *, is_whole: bool) -> str:
    """What lies in the trash of one batch."""
    what = _("Batch of {images}", images=images(count)) if is_whole else made_of(count, total)
    return f"{what if count else batches(1)} · {amount(size_in_bytes)}"


def batches(count: int) -> str:
    """What lies in the trash where there is not one picture."""
    return ngettext("{count} batch", "{count} batches", count)


def trash_stats(count: int, size_in_bytes: int, *, entries: int) -> str:
    """Above the trash."""
    if count or not entries:
        return stats(count, size_in_bytes)
    return f"{batches(entries)}, {amount(size_in_bytes)}"


def empty_consequence(count: int, size_in_bytes: int, *, entries: int) -> str:
    """Before the trash is emptied."""
    if entries and not count:
        return ngettext(
            "{count} batch ({amount}) is gone for good. This cannot be undone.",
            "{count} batches ({amount}) are gone for good. This cannot be undone.",
            entries,
            amount=amount(size_in_bytes),
        )
    return ngettext(
        "{count} image ({amount}) is gone for good. This cannot be undone.",
        "{count} images ({amount}) are gone for good. This cannot be undone.",
        count,
        amount=amount(size_in_bytes),
    )


def open_batch(prompt: str, count: int) -> str:
    """What a pile's link leads to."""
    return _("Open batch: {prompt}, {images}", prompt=prompt, images=images(count))


def open_image(index: int, seed: int) -> str:
    """What the link of one picture leads to."""
    return _("Open batch at image {index}, seed {seed}", index=index, seed=seed)


def reject_of(index: int) -> str:
    """The cross of one image."""
    return _("Reject image {index}", index=index)


def favourite_of(index: int) -> str:
    """The heart of one image."""
    return _("Favourite image {index}", index=index)


def remove_filter(filter_text: str) -> str:
    """The cross on a filter."""
    return _("Remove filter: {filter}", filter=filter_text)
