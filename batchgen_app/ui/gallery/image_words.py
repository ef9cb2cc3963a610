"""Every text of the grid of all pictures."""

from batchgen_app.language.texts import _, each, lazy, ngettext
from batchgen_app.ui import words as common
from batchgen_app.ui.comparison import words as comparison
from batchgen_app.ui.parts import collection_words

GRID = {
    "grid": lazy("All images"),
    "size": lazy("Size of the pictures (+ −)"),
    "rail": lazy("Months"),
    "waiting": lazy("Picture is being loaded"),
    "noAnswer": lazy(
        "BatchGen does not answer, so pictures that are not shown yet are still to come. "
        "They are asked for again every few seconds; nothing is lost."
    ),
    "image": lazy("{prompt} (image {index}, seed {seed})"),
    "isFavourite": lazy("favourite"),
    "isRejected": common.REJECTED,
    "noStars": common.NO_STARS,
    "selection": comparison.SELECTION,
    "oneSelected": lazy("1 selected"),
    "selected": lazy("{count} selected"),
    "compare": comparison.SIDE_BY_SIDE,
    "compareHint": lazy("Two to nine side by side (C)"),
    "download": common.DOWNLOAD,
    "downloadHint": lazy("Download as a ZIP (D)"),
    "packHint": lazy("Download as a delivery pack (D)"),
    "downloadKind": comparison.DOWNLOAD_KIND,
    "favourite": comparison.FAVOURITE,
    "favouriteHint": lazy("Favourite (F)"),
    "reject": common.REJECT,
    "rejectHint": lazy("Reject (X)"),
    "rating": common.RATING,
    "collect": collection_words.ADD_TO,
    "collectHint": lazy("Add to a collection… (T)"),
    "delete": comparison.DELETE,
    "deleteHint": lazy("Move to the trash (Delete)"),
    "selectNone": lazy("Select none (Esc)"),
}
"""For the browser."""

NOTHING_TO_TAKE = lazy(
    "None of the chosen pictures is there to be downloaded any more. "
    "Choose them anew in the gallery."
)
IS_PACKING = lazy("A delivery pack is being made. Wait for it, or cancel it, before the next one.")

NOT_THERE = lazy("The picture that this address leads to is not there any more.")


def grid() -> dict[str, object]:
    """Those for the browser, for whoever reads."""
    stars = [common.stars(count) for count in range(1, 6)]
    return {**each(GRID), "stars": stars, "downloadKinds": each(comparison.DOWNLOAD_KINDS)}


def deleted(count: int) -> str:
    """That pictures lie in the trash."""
    return ngettext(
        "{count} image moved to the trash.", "{count} images moved to the trash.", count
    )


def packing(count: int) -> str:
    """That a delivery pack of so many is on its way."""
    return ngettext(
        "Packing {count} picture for the download …",
        "Packing {count} pictures for the download …",
        count,
    )


def first_of_chosen(count: int, chosen: int) -> str:
    """That not all of them are on the light table."""
    return _("The first {count} of {chosen} selected.", count=count, chosen=chosen)


def from_batch(prompt: str, most: int = 24) -> str:
    """What a picture is told from those of other batches by: the beginning of its prompt."""
    text = " ".join(prompt.split())
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
