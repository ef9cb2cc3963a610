"""Every text of a batch that has ended, and of its pictures; ``summary_words`` has how it went."""

from collections.abc import Sequence

from batchgen_app.core.batch import GeneratedImage, Imported
from batchgen_app.core.image_source import PROGRAMS
from batchgen_app.core.state import BatchState
from batchgen_app.language.texts import _, event_translated, lazy, ngettext
from batchgen_app.ui.comparison.seen import Place
from batchgen_app.ui.words import (
    CFG,
    DENOISE,
    GUIDANCE,
    LORAS,
    MODEL,
    NEGATIVE,
    REFINER,
    REJECT,
    REJECTED,
    SAMPLER,
    SCHEDULER,
    SIZE,
    STEPS,
    TEXT_ENCODERS,
    VAE,
    amount,
    size,
    stars,
    when,
)
from batchgen_app.workflows.listing import ListedInput, ListedNode

SELECT_ALL = lazy("Select all")
SIDE_BY_SIDE = lazy("Side by side")
SIDE_BY_SIDE_HINT = lazy("Select two to nine images to see them side by side")
DOWNLOAD_SELECTED = lazy("Download selected")
DOWNLOAD_KIND = lazy("What is downloaded")
DOWNLOAD_KINDS = {
    "pictures": lazy("Pictures"),
    "pack": lazy("Delivery pack: contact sheet, light table, checksums"),
}
SIZE_LESS = lazy("Smaller pictures")
SIZE_MORE = lazy("Larger pictures")
REGENERATE = lazy("Regenerate")
REGENERATE_HINT = lazy("The same again with new seeds")
NEW_BATCH = lazy("New batch with these settings")
RETRY_ONE = lazy("Retry this image")
FAVOURITE = lazy("Favourite")
DELETE = lazy("Move to the trash")
FILTERS = lazy("Which pictures are shown")
LEAST_STARS = lazy("Stars at least")
FAVOURITES = lazy("Favourites")
UNRATED = lazy("Unrated")
HIDE_REJECTED = lazy("Hide rejected")
BY_NUMBER = lazy("By number")
BY_RATING = lazy("By rating")
NOTHING_SHOWN = lazy("No picture is as you want to see them.")
SHOW_ALL = lazy("Show all pictures")
SELECTION = lazy("The selected pictures")
SELECT_NONE = lazy("Select none")
ADVANCE = lazy("Auto-advance")
ADVANCE_HINT = lazy("After a mark by key, the next picture follows; with Shift it always does")
COPY_PROMPT = lazy("Copy prompt")
COPY_SEED = lazy("Copy seed")
COPY_EVERYTHING = lazy("Copy everything")
USE_SETTINGS = lazy("Use these settings")
SEED = lazy("Seed")
TEMPLATE = lazy("Template")
MADE = lazy("Made")
FILE = lazy("File")
NOTE = lazy("Note")
PROGRAM = lazy("Made with")
ORIGINAL_NAME = lazy("Was called")
"""The file that was imported."""
EXTRAS = lazy("Made together with it")
MORE_LIKE_THIS = lazy("More like this")
MORE_LIKE_THIS_HINT = lazy("A new batch with all that made this picture, and new random seeds")
GRAPH = lazy("The graph, node by node")
EMPTY = lazy("(empty)")
OTHERS_DIFFER = lazy("Other images of this batch have another one")
DETAILS = lazy("The image and what is known about it")
OPEN_BATCH = lazy("Open the batch")
PREVIOUS = lazy("Previous image")
NEXT = lazy("Next image")
VIEWER = {
    "tools": lazy("View"),
    "in": lazy("Larger (+)"),
    "out": lazy("Smaller (-)"),
    "whole": lazy("100 % at the pointer, or all of it (Z)"),
    "close": lazy("Close (Esc)"),
}
"""For the browser's large views."""

LARGE_VIEW = {
    **VIEWER,
    "previous": PREVIOUS,
    "next": NEXT,
    "strip": lazy("All pictures of this batch"),
    "first": lazy("First image (Home)"),
    "last": lazy("Last image (End)"),
    "keep": lazy("Keep"),
    "reject": REJECT,
}
"""Likewise, for one picture of many; the last two say what a swipe would do."""


FOUND_VIEW = {**LARGE_VIEW, "strip": lazy("Pictures that were found")}
"""The same for pictures of many batches."""


def caption(index: int, seed: int) -> str:
    """Under a picture."""
    return _("Image {index} · seed {seed}", index=index, seed=seed)


def seed(number: int) -> str:
    """Under a picture; a click copies the number."""
    return _("Seed {number}", number=number)


def failed_image(index: int) -> str:
    """In the place of a picture."""
    return _("Image {index} failed", index=index)


def image_of(index: int, place: int, total: int) -> str:
    """Which one of how many; after a deletion, its number is not always its place among them."""
    if index == place:
        return _("Image {index} of {total}", index=index, total=total)
    return _("Image {index} · {place} of {total}", index=index, place=place, total=total)


def place_of(place: Place) -> str:
    """Which one is seen in large, of how many."""
    if place.batch_id:
        return _(
            "{place} of {total} · image {index} of its batch",
            place=place.number,
            total=place.total,
            index=place.index,
        )
    return image_of(place.index, place.number, place.total)


def select_image(index: int) -> str:
    """Beside a picture, for screen readers."""
    return _("Select image {index}", index=index)


def deleted(indexes: Sequence[int]) -> str:
    """After images went to the trash."""
    if len(indexes) == 1:
        return _("Image {index} is in the trash.", index=indexes[0])
    return ngettext(
        "{count} image is in the trash.", "{count} images are in the trash.", len(indexes)
    )


def at_least(stars: int, count: int) -> str:
    """On a chip: "≥ 3 ★ · 12"."""
    return f"≥ {stars} ★ · {count}"


def select_rated(stars: int, count: int) -> str:
    """On the button that selects the good ones among those that are shown."""
    return _("Select ≥ {stars} ★ ({count})", stars=stars, count=count)


def throw_rejected_away(count: int) -> str:
    """On the button that puts them into the trash."""
    return ngettext("Move {count} rejected to trash", "Move {count} rejected to trash", count)


def selected(count: int) -> str:
    """How many pictures are chosen."""
    return ngettext("{count} selected", "{count} selected", count)


def with_marks(shown: GeneratedImage) -> str:
    """A small picture, with what somebody thinks of it."""
    marks = [str(FAVOURITE)] if shown.favourite else []
    marks += [stars(shown.rating)] if shown.rating else []
    marks += [str(REJECTED)] if shown.rejected else []
    return " · ".join([caption(shown.index, shown.seed), *marks])


def kept(index: int) -> str:
    """After a swipe up."""
    return _("Image {index} is a favourite.", index=index)


def rejected(index: int) -> str:
    """After a swipe down."""
    return _("Image {index} is rejected.", index=index)


def download(count: int, size_in_bytes: int) -> str:
    """On the button that gives the ZIP."""
    if not count:
        return str(DOWNLOAD_SELECTED)
    return _("Download {count} ({amount})", count=count, amount=amount(size_in_bytes))


def download_pack(count: int, size_in_bytes: int) -> str:
    """The same for a delivery pack."""
    if not count:
        return str(DOWNLOAD_SELECTED)
    return _("Pack of {count} ({amount})", count=count, amount=amount(size_in_bytes))


def original_name(batch: Imported, index: int) -> str:
    """What the file of an image was called before it was taken in; empty where nobody knows."""
    known = dict(enumerate(batch.filenames, start=1))
    return known.get(index, "")


def extra_picture(index: int, number: int) -> str:
    """Under a further picture of an image."""
    return _("Image {index}, picture {number}", index=index, number=number)


def nodes(count: int) -> str:
    """Above the list of them."""
    if not count:
        return _("The graph of this picture is not known.")
    return ngettext("{count} node", "{count} nodes", count)


def node(listed: ListedNode) -> str:
    """Like "Load Checkpoint · CheckpointLoaderSimple · 4"."""
    names = dict.fromkeys([listed.title, listed.class_type, listed.id])
    return " · ".join(names)


def comes_from(given: ListedInput) -> str:
    """In the place of a value that another node gives."""
    return _("from {node} ({id})", node=given.source, id=given.source_id)


def other_before(value: str) -> str:
    """Beside what is another one than in the batch that this one came from."""
    return _("Before: {value}", value=value) if value else _("New here")


def _size(shown: GeneratedImage) -> str:
    known = [size(shown.width, shown.height)] if shown.width and shown.height else []
    return ", ".join([*known, amount(shown.bytes)])


def facts(batch: BatchState, shown: GeneratedImage) -> list[tuple[str, str]]:
    """What is known about a picture, name by name."""
    parameters, imported = batch.parameters, batch.imported
    known = {
        str(MODEL): parameters.model,
        str(SEED): shown.seed,
        str(STEPS): parameters.steps,
        str(CFG): parameters.cfg,
        str(SAMPLER): parameters.sampler_name,
        str(SCHEDULER): parameters.scheduler,
        str(REFINER): parameters.refiner,
        str(GUIDANCE): parameters.guidance,
        str(DENOISE): parameters.denoise,
        str(VAE): parameters.vae,
        str(TEXT_ENCODERS): ", ".join(parameters.text_encoders or ()),
        str(LORAS): ", ".join(
            f"{lora.name} ({lora.strength:g})" for lora in parameters.loras or ()
        ),
        str(NEGATIVE): batch.words(shown.index).negative_prompt,
        str(TEMPLATE): batch.request.prompt if shown.prompt else None,
        str(SIZE): _size(shown),
        str(MADE): when(shown.created_at),
        str(FILE): shown.filename,
        str(NOTE): event_translated(shown.remark or ""),
        str(PROGRAM): PROGRAMS.get(imported.source) if imported else None,
        str(ORIGINAL_NAME): original_name(imported, shown.index) if imported else None,
    }
    return [(name, str(value)) for name, value in known.items() if value not in {None, ""}]
