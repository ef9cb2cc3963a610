"""Every text of how a batch went, and of how to get what is missing."""

from collections.abc import Sequence

from batchgen_app.core.batch import Imported
from batchgen_app.core.image_source import PROGRAMS
from batchgen_app.language.texts import _, event_translated, lazy, ngettext
from batchgen_app.ui.words import duration, failed_count, made_of, size, when

RETRY_FAILED = lazy("Retry failed")
BATCH_FAILED = lazy("Batch generation failed")
OUT_OF_MEMORY = lazy(
    "The server had too little memory for such an image. Choose a smaller size, or, where the "
    "workflow makes several pictures at once, fewer of them."
)
NOTHING_MADE = lazy("No picture was made")
STOPPED_EARLY = lazy("The batch was stopped before its first image was finished. Nothing is lost.")
DIED_EARLY = lazy("BatchGen ended before the first image was finished. Nothing is lost.")
AS_A_NEW_BATCH = lazy(
    "As a new batch, with the planned seeds: all images of one have the same size."
)
"""Under the button that makes what is missing with fewer pixels."""
MAKE_AFTER_ALL = lazy(
    "Make the images after all, with the seeds that were planned; the same again with new seeds; "
    "or change the settings first."
)
ALL_DELETED = lazy("All pictures of this batch are in the trash.")
TO_TRASH = lazy("Open the trash")


def missing(count: int) -> str:
    """On the button that makes what a stopped batch lacks."""
    return ngettext("Make the missing image", "Make the missing {count}", count)


def summary(made: int, total: int, *, failed: int, deleted: int, seconds: float | None) -> str:
    """How a batch went: "6 of 8 images · 1 failed · 1 deleted · 2 min 4 s"."""
    parts = [made_of(made, total)]
    parts += [failed_count(failed)] if failed else []
    parts += [_("{count} deleted", count=deleted)] if deleted else []
    parts += [duration(seconds)] if seconds else []
    return " · ".join(parts)


def imported(batch: Imported) -> str:
    """Beside the summary of a batch that was not made here."""
    if batch.source in PROGRAMS:
        program = PROGRAMS[batch.source]
        return _("Imported from {program}, {when}", program=program, when=when(batch.at))
    return _("Imported without its settings, {when}", when=when(batch.at))


def imported_files(batch: Imported) -> str:
    """What their files were called."""
    return "\n".join(batch.filenames)


def not_taken_over(unread: Sequence[str]) -> str:
    """What the pictures tell that the batch has no place for."""
    return _("Not taken over: {what}", what=" · ".join(map(event_translated, unread)))


def extras(count: int) -> str:
    """Beside the summary: what the workflow made beyond one picture for each image."""
    return ngettext(
        "{count} further picture is kept beside its image: open the image to see it.",
        "{count} further pictures are kept beside their images: open an image to see them.",
        count,
    )


def stopped(because: str | None, *, interrupted: bool) -> str:
    """Why a batch is not whole."""
    what = _("Interrupted") if interrupted else _("Stopped")
    return f"{what}: {event_translated(because)}" if because else what


def reason(indexes: Sequence[int], message: str) -> str:
    """Why some images of a batch failed, once for all of them."""
    numbers = ", ".join(map(str, indexes))
    one, many = _("Image {numbers}: {reason}"), _("Images {numbers}: {reason}")
    return (one if len(indexes) == 1 else many).format(
        numbers=numbers, reason=event_translated(message)
    )


def missing_at(count: int, width: int, height: int) -> str:
    """On the button that makes what is missing with fewer pixels, as a new batch."""
    return _("{what} at {size}", what=missing(count), size=size(width, height))


def all_failed(count: int) -> str:
    """After "Batch generation failed"."""
    return _(
        "None of the {count} images could be made. Mend what is named here, then retry.",
        count=count,
    )
