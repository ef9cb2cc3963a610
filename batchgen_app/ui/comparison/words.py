"""Every text of a batch that has ended, and of its pictures."""

from collections.abc import Sequence

from batchgen_app.core.batch import GeneratedImage, Parameters
from batchgen_app.language.texts import _, lazy, ngettext, told_of_event
from batchgen_app.ui.words import (
    CFG,
    MODEL,
    NEGATIVE,
    SAMPLER,
    SCHEDULER,
    SIZE,
    STEPS,
    amount,
    duration,
    failed_count,
    made_of,
    size,
    when,
)

SELECT_ALL = lazy("Select all")
SIDE_BY_SIDE = lazy("Side by side")
SIDE_BY_SIDE_HINT = lazy("Select exactly two images to see them side by side")
DOWNLOAD_SELECTED = lazy("Download selected")
REGENERATE = lazy("Regenerate")
REGENERATE_HINT = lazy("The same again with new seeds")
NEW_BATCH = lazy("New batch with these settings")
RETRY_FAILED = lazy("Retry failed")
RETRY_ONE = lazy("Retry this image")
BATCH_FAILED = lazy("Batch generation failed")
OUT_OF_MEMORY = lazy(
    "The server had too little memory for such an image. Choose a smaller size, or, where the "
    "workflow makes several pictures at once, fewer of them."
)
NOTHING_MADE = lazy("No picture was made")
STOPPED_EARLY = lazy("The batch was stopped before its first image was finished. Nothing is lost.")
DIED_EARLY = lazy("BatchGen ended before the first image was finished. Nothing is lost.")
MAKE_AFTER_ALL = lazy(
    "Make the images after all, with the seeds that were planned; the same again with new seeds; "
    "or change the settings first."
)
ALL_DELETED = lazy("All pictures of this batch are in the trash.")
TO_TRASH = lazy("Open the trash")
FAVOURITE = lazy("Favourite")
RATING = lazy("Rating")
NO_STARS = lazy("No rating")
DELETE = lazy("Move to the trash")
SEED = lazy("Seed")
MADE = lazy("Made")
FILE = lazy("File")
NOTE = lazy("Note")
EXTRAS = lazy("Made together with it")
DETAILS = lazy("The image and what is known about it")
PREVIOUS = lazy("Previous image")
NEXT = lazy("Next image")
VIEWER = {
    "tools": lazy("View"),
    "in": lazy("Larger (+)"),
    "out": lazy("Smaller (-)"),
    "whole": lazy("100 % at the pointer, or all of it (Z)"),
    "mode": lazy("Beside each other or under a slider (M)"),
    "slider": lazy("Slider"),
    "swap": lazy("Swap"),
    "swapHint": lazy("Swap left and right (S)"),
    "wipe": lazy("Where one picture ends and the other begins"),
    "favourite": FAVOURITE,
    "close": lazy("Close (Esc)"),
}
"""For the browser's viewer."""


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


def select_image(index: int) -> str:
    """Beside a picture, for screen readers."""
    return _("Select image {index}", index=index)


def deleted(index: int) -> str:
    """After an image went to the trash."""
    return _("Image {index} is in the trash.", index=index)


def missing(count: int) -> str:
    """On the button that makes what a stopped batch lacks."""
    return ngettext("Make the missing image", "Make the missing {count}", count)


def download(count: int, size_in_bytes: int) -> str:
    """On the button that gives the ZIP."""
    if not count:
        return str(DOWNLOAD_SELECTED)
    return _("Download {count} ({amount})", count=count, amount=amount(size_in_bytes))


def summary(made: int, total: int, *, failed: int, deleted: int, seconds: float | None) -> str:
    """How a batch went: "6 of 8 images · 1 failed · 1 deleted · 2 min 4 s"."""
    parts = [made_of(made, total)]
    parts += [failed_count(failed)] if failed else []
    parts += [_("{count} deleted", count=deleted)] if deleted else []
    parts += [duration(seconds)] if seconds else []
    return " · ".join(parts)


def extras(count: int) -> str:
    """Beside the summary: what the workflow made beyond one picture for each image."""
    return ngettext(
        "{count} further picture is kept beside its image: open the image to see it.",
        "{count} further pictures are kept beside their images: open an image to see them.",
        count,
    )


def extra_picture(index: int, number: int) -> str:
    """Under a further picture of an image."""
    return _("Image {index}, picture {number}", index=index, number=number)


def stopped(because: str | None, *, interrupted: bool) -> str:
    """Why a batch is not whole."""
    what = _("Interrupted") if interrupted else _("Stopped")
    return f"{what}: {told_of_event(because)}" if because else what


def reason(indexes: Sequence[int], message: str) -> str:
    """Why some images of a batch failed, once for all of them."""
    numbers = ", ".join(map(str, indexes))
    one, many = _("Image {numbers}: {reason}"), _("Images {numbers}: {reason}")
    return (one if len(indexes) == 1 else many).format(
        numbers=numbers, reason=told_of_event(message)
    )


def missing_at(count: int, width: int, height: int) -> str:
    """On the button that makes what is missing with fewer pixels, as a new batch."""
    return _("{what} at {size}", what=missing(count), size=size(width, height))


def as_a_new_batch(*, keeps_seeds: bool) -> str:
    """Under the button that makes what is missing with fewer pixels."""
    if keeps_seeds:
        return _("As a new batch, with the planned seeds: all images of one have the same size.")
    return _("As a new batch, with new seeds: all images of one have the same size.")


def all_failed(count: int) -> str:
    """After "Batch generation failed"."""
    return _(
        "None of the {count} images could be made. Mend what is named here, then retry.",
        count=count,
    )


def _size(shown: GeneratedImage) -> str:
    known = [size(shown.width, shown.height)] if shown.width and shown.height else []
    return ", ".join([*known, amount(shown.bytes)])


def facts(parameters: Parameters, shown: GeneratedImage) -> list[tuple[str, str]]:
    """What is known about a picture, name by name."""
    known = {
        str(MODEL): parameters.model,
        str(SEED): shown.seed,
        str(STEPS): parameters.steps,
        str(CFG): parameters.cfg,
        str(SAMPLER): parameters.sampler_name,
        str(SCHEDULER): parameters.scheduler,
        str(NEGATIVE): parameters.negative_prompt,
        str(SIZE): _size(shown),
        str(MADE): when(shown.created_at),
        str(FILE): shown.filename,
        str(NOTE): told_of_event(shown.remark or ""),
    }
    return [(name, str(value)) for name, value in known.items() if value not in {None, ""}]
