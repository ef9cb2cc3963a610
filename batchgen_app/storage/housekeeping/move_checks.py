"""Whether pictures can move from one folder to another. Blocks."""

import os
from contextlib import suppress
from pathlib import Path

from batchgen_app.core.errors import StorageError
from batchgen_app.language.message import Message, later
from batchgen_app.storage.atomic_files import PARTIAL
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folders import check_writable, free_bytes

MARKER = ".batchgen-move"
"""Lies in the new folder until that is used, and says from where its pictures are copied."""
SPARE_BYTES = 200_000_000
"""That should be left on a disk."""
NOT_WHOLE = later("Write the whole path of the folder, from the top of the disk.")
SAME = later("The pictures are in {target} already. Choose another folder.")
INSIDE = later(
    "{target} lies inside of {source}, or the other way round. Choose a folder beside it, or on "
    "another disk."
)
NOT_EMPTY = later("{target} is not empty. Choose an empty folder, so that nothing is mixed up.")
NO_ROOM = later("{target} has too little room: {needed} MB are needed, {free} MB are free.")
NO_FOLDER = later("{target} is no folder, or a link that leads nowhere. Choose another one.")


def check_places(source: Path, target: Path) -> None:
    """Raises StorageError where pictures cannot go from the one to the other, whatever they are
    called: by a link, or in other capitals where a disk takes them for the same.
    """
    if not target.is_absolute():
        raise StorageError(NOT_WHOLE)
    if os.path.lexists(target) and not target.is_dir():
        raise StorageError(_about(NO_FOLDER, source, target))
    with in_words(target):
        real_source, real_target = source.resolve(), _resolved(source, target)
        if _is_same(real_source, real_target):
            raise StorageError(_about(SAME, source, target))
        inner = (
            *(_is_same(above, real_source) for above in real_target.parents),
            *(_is_same(above, real_target) for above in real_source.parents),
        )
    if any(inner):
        raise StorageError(_about(INSIDE, source, target))
    check_writable(target)


def check_empty(source: Path, target: Path) -> None:
    """Raises StorageError where something lies in the new folder that was not copied there."""
    with in_words(target):
        is_used = target.is_dir() and set(target.iterdir()) - set(half_marked(target))
    if is_used and not is_marked(source, target):
        raise StorageError(_about(NOT_EMPTY, source, target))


def check_room(source: Path, target: Path, needed: int) -> None:
    """Raises StorageError where so many bytes more have no room there."""
    free = free_bytes(target)
    if needed and needed + SPARE_BYTES > free:
        about = {"needed": (needed + SPARE_BYTES) // 10**6, "free": free // 10**6}
        raise StorageError(later(NO_ROOM, source=source, target=target, **about))


def half_marked(target: Path) -> list[Path]:
    """What a process that was killed while it marked the folder has left there."""
    return list(target.glob(f".{MARKER}.*{PARTIAL}"))


def is_marked(source: Path, target: Path) -> bool:
    """Whether pictures from there were copied here: else it is another disk, or an empty place
    where one was unplugged.
    """
    with suppress(OSError, ValueError):
        return (target / MARKER).read_text(encoding="utf-8") == str(source)
    return False


def _resolved(source: Path, target: Path) -> Path:
    try:
        return target.resolve()
    except RuntimeError as error:  # a link that leads in a circle, until Python 3.13
        raise StorageError(_about(NO_FOLDER, source, target)) from error


def _is_same(one: Path, other: Path) -> bool:
    if one == other:
        return True
    try:
        return one.samefile(other)
    except OSError:  # one of them is still to be made
        return False


def _about(words: Message, source: Path, target: Path) -> Message:
    return later(words, source=source, target=target)
