"""What of a batch's folder belongs to it. What does not is named with its size, and never opened:
it may be anything, a link to a disk of somebody else's or a device that never ends.
"""

import os
import re
import time
from collections.abc import Iterator, Set
from contextlib import suppress
from enum import StrEnum

from batchgen_app.core import media
from batchgen_app.core.wire import Wire
from batchgen_app.storage.atomic_files import LEFT_OVER, LEFT_OVER_SECONDS
from batchgen_app.storage.batch_folder import DEEPEST
from batchgen_app.storage.open_folder import OpenFolder, is_file, is_folder

_OF_IMAGE = re.compile(
    rf"(?:extra/)?(?P<stem>[0-9]{{3}}_[0-9]{{1,16}})(?:_[1-9][0-9]*)?\d*"
    rf"\.(?:{media.ENDING}|txt|damaged)|(?:extra/)?thumbnails/(?P<index>[0-9]{{3}})(?:_[1-9][0-9]*)?\.webp"
)
_OF_BATCH = re.compile(r"batch\.json|batch\d*(?:\.\d+)?\.damaged")


class Kind(StrEnum):
    """What something is that belongs to nothing."""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    """A device, a pipe, a socket."""


class Foreign(Wire):
    """Something that belongs to no batch: where it lies, from the folder of all pictures, and how
    many bytes it has.
    """

    path: str
    kind: Kind
    bytes: int = 0


def kind_of(status: os.stat_result) -> Kind:
    """By what the system says of the name itself: nothing is followed."""
    if is_file(status):
        return Kind.FILE
    if is_folder(status):
        return Kind.FOLDER
    is_link = os.path.stat.S_ISLNK(status.st_mode)  # type: ignore[attr-defined]
    return Kind.LINK if is_link else Kind.OTHER


def foreign(path: str, status: os.stat_result) -> Foreign:
    """The record of something that belongs to nothing."""
    kind = kind_of(status)
    readable = os.fsencode(path).decode(errors="backslashreplace")  # a name may be any bytes
    return Foreign(path=readable, kind=kind, bytes=status.st_size if kind is Kind.FILE else 0)


def walk(folder: OpenFolder, deepest: int = DEEPEST) -> Iterator[tuple[str, os.stat_result]]:
    """All in it that is no folder, and folders that are too deep or cannot be opened, by their
    names from there.
    """
    for name, status in list(folder.entries()):
        if not is_folder(status):
            yield name, status
            continue
        inner = None
        with suppress(OSError):
            inner = folder.inner(name) if deepest else None
        if inner is None:
            yield name, status
            continue
        with inner:
            for more, its in walk(inner, deepest - 1):
                yield f"{name}/{more}", its


def _is_being_written(name: str, status: os.stat_result) -> bool:
    """As long as nobody can tell whether its writer has died."""
    last = name.rpartition("/")[2]
    return bool(LEFT_OVER.fullmatch(last)) and time.time() - status.st_mtime < LEFT_OVER_SECONDS


def belongs(name: str, status: os.stat_result, stems: Set[str]) -> bool:
    """Whether a file of that name is one of a batch whose images have these ``stems``."""
    if not is_file(status):
        return False
    if _OF_BATCH.fullmatch(name) or _is_being_written(name, status):
        return True
    found = _OF_IMAGE.fullmatch(name)
    if found is None:
        return False
    return found["stem"] in stems if found["stem"] else found["index"] in {s[:3] for s in stems}
