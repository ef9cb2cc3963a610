"""Every text of the page about the room that the pictures take, and about their files."""

from collections import Counter
from collections.abc import Sequence

from batchgen_app.core.ids import time_of
from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.services.values import Findings, Kind
from batchgen_app.ui import words as common
from batchgen_app.ui.words import amount, images, unbroken, when

STORAGE = lazy("Storage")
TO_GALLERY = lazy("Back to the gallery")
NOTHING_YET = lazy("No pictures yet")
NOTHING_YET_HINT = lazy("How much room they take is shown here.")
BY_MONTH = lazy("By month")
BY_MODEL = lazy("By model")
MONTH = lazy("Month")
MODEL = lazy("Model")
NO_MODEL = lazy("Not known")
IMAGES = lazy("Images")
ROOM = lazy("Room")
TRASH = lazy("Trash")
TRASH_EMPTY = lazy("Nothing is in it.")
OPEN_TRASH = lazy("Open the trash")
FILES = lazy("Files")
FILES_HINT = lazy(
    "Looks whether every picture is there and whole, and for pictures that you have twice. Nothing "
    "is changed; you can go on working meanwhile."
)
LOOK = lazy("Look through the files")
CHECK = lazy("Check every file")
CHECK_HINT = lazy(
    "The check reads every file whole and finds wrong pixels, too. It takes long; stopped, it goes "
    "on where it was the next time."
)
LOOK_AGAIN = lazy("Look again")
STOP_LOOKING = lazy("Stop looking")
BEGINNING = lazy("Beginning…")
ALL_WELL = lazy("Every picture is there and whole, and none is there twice.")
FAULTY = lazy("Missing and damaged")
FAULTY_HINT = lazy(
    "The gallery has them, the folder does not. If you moved them, put them back and look again; "
    "else they can be made again from their batch, with the same seeds."
)
MAKE_AGAIN = lazy("Open the batch")
UNKNOWN = lazy("Folders that no batch knows")
UNKNOWN_HINT = lazy("From another computer or an older copy. Brought in, they are in the gallery.")
BRING_IN = lazy("Bring in")
BROUGHT_IN = lazy("It is in the gallery now.")
FOREIGN = lazy("Files that belong to nothing")
FOREIGN_HINT = lazy("They lie among the pictures, and BatchGen leaves them alone.")
SAME = lazy("The same picture more than once")
ALIKE = lazy("Pictures that look alike")
ALIKE_HINT = lazy("As far as their thumbnails tell: look at them before you decide.")
BEST = lazy("Best")
UNREAD = lazy("What could not be looked at")
KINDS = {
    Kind.FOLDER: lazy("a folder"),
    Kind.LINK: lazy("a link, not followed"),
    Kind.OTHER: lazy("no ordinary file"),
}


def stats(count: int, used: int, free: int | None) -> str:
    """Above all."""
    told = [images(count), amount(used)]
    if free is not None:
        told.append(_("{amount} free on the disk", amount=amount(free)))
    return " · ".join(told)


def month(year: int, number: int) -> str:
    """One of a year."""
    return _("{month} {year}", month=str(common.MONTHS).split()[number - 1], year=year)


def share(used: int, total: int) -> str:
    """Of the room, in percent."""
    percent = round(100 * used / max(total, 1))
    return unbroken(_("{percent} %", percent=percent if percent or not used else "<1"))


def in_trash(size_in_bytes: int) -> str:
    """What would be free if it were emptied."""
    return _(
        "{amount} lie in the trash, and are free once it is emptied.", amount=amount(size_in_bytes)
    )


def step(what: str, done: int, total: int) -> str:
    """How far a look has come."""
    return _("{what}: {done} of {total}", what=what, done=done, total=total)


def looked(findings: Findings) -> str:
    """When the last look was, and at how much."""
    return _(
        "Last look: {when}. {images} ({amount}) are whole.",
        when=when(findings.ended_at),
        images=images(findings.images),
        amount=amount(findings.bytes),
    )


def faulty(missing: int, damaged: int) -> str:
    """Of one batch."""
    told = []
    if missing:
        told.append(ngettext("{count} is missing", "{count} are missing", missing))
    if damaged:
        told.append(ngettext("{count} is damaged", "{count} are damaged", damaged))
    return ", ".join(told)


def names_of(batch_ids: Sequence[str]) -> dict[str, str]:
    """Each of these batches by when it was asked for: by the minute, or as exactly as it takes to
    tell it from the others.
    """
    minutes = {batch_id: _batch_of(batch_id) for batch_id in batch_ids}
    seconds = {batch_id: _batch_of(batch_id, to_the_second=True) for batch_id in batch_ids}
    often, still_often = Counter(minutes.values()), Counter(seconds.values())
    return {
        batch_id: minutes[batch_id]
        if often[minutes[batch_id]] == 1
        else seconds[batch_id]
        if still_often[seconds[batch_id]] == 1
        else f"{seconds[batch_id]} ({batch_id})"
        for batch_id in batch_ids
    }


def _batch_of(batch_id: str, *, to_the_second: bool = False) -> str:
    made = time_of(batch_id)
    if made is None:
        return batch_id
    return _("Batch of {when}", when=when(made, to_the_second=to_the_second))


def more(count: int) -> str:
    """Behind a list that is cut."""
    return ngettext("and {count} more", "and {count} more", count)


def counted_title(title: str, count: int) -> str:
    """A heading, and how many there are."""
    return f"{title} ({count})"


def could_be_free(size_in_bytes: int) -> str:
    """If of each group one were kept."""
    return _("{amount} could be free.", amount=amount(size_in_bytes))


def keep_best(others: int, size_in_bytes: int) -> str:
    """What the button does."""
    return ngettext(
        "Keep the best, move the other one to the trash ({amount})",
        "Keep the best, move the other {count} to the trash ({amount})",
        others,
        amount=amount(size_in_bytes),
    )


def moved(count: int) -> str:
    """After that."""
    return ngettext(
        "{count} image moved to the trash.", "{count} images moved to the trash.", count
    )


def open_image(index: int, seed: int, *, is_best: bool) -> str:
    """What the link of a picture leads to."""
    if is_best:
        return _("Open the best one, image {index}, seed {seed}", index=index, seed=seed)
    return _("Open image {index}, seed {seed}", index=index, seed=seed)
