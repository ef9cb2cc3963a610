"""The lists that wildcards in a prompt stand for: files of the person's own, below one folder."""

import codecs
import os
import stat
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path

from dynamicprompts.utils import is_empty_line
from dynamicprompts.wildcards.collection import WildcardCollection

from batchgen_app.core.dynamic_prompt.lists import Lists
from batchgen_app.core.dynamic_prompt.refusal import Refusal
from batchgen_app.core.wire import storable
from batchgen_app.language.message import later
from batchgen_app.storage.wildcard_lists import JSON, lists_in, unreadable

TEXT = ".txt"
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    codecs.BOM_UTF8: "utf-8-sig",
}
"""By which a file says how it is written. The first two of four bytes are another mark, too."""
MOST_FILES = 10_000
MOST_BYTES = {TEXT: 3_000_000, ".yaml": 1_000_000, ".yml": 1_000_000, JSON: 1_000_000}
"""Of one file, by its ending: what takes a few tenths of a second to read."""
REMEMBERED = 256
"""Files that are not parsed again as long as they do not change."""
TOO_LARGE = later("The wildcard file {path} is too large: {most} MB are the most. Split it.")
NOT_UTF8 = later("it is not written in UTF-8. Save it as UTF-8.")


def read(folder: Path) -> Lists:
    """What lies there now; nothing, if the folder is not there. Blocks; raises nothing: a file that
    cannot be used says so when its list is wanted.
    """
    lists: dict[str, WildcardCollection] = {}
    for path in islice(_files(folder), MOST_FILES):
        within = path.relative_to(folder).with_suffix("").as_posix()
        if _ending(path) == TEXT:
            lists[within] = _TextFile(path)
        elif _ending(path) in MOST_BYTES:
            lists.update(_structured(path, within))
    return Lists(lists, storable(str(folder)))


def _ending(path: Path) -> str:
    return path.suffix.lower()


def _files(folder: Path) -> Iterator[Path]:
    """Of all folders, through links, too, each once and in a fixed order; without those
    whose names are no text.
    """
    seen: set[str] = set()
    for here, inner, names in os.walk(folder, followlinks=True):
        place = os.path.realpath(here)
        visible = [name for name in inner if not name.startswith(".") and _is_text(name)]
        inner[:] = sorted(visible) if place not in seen else []
        if place not in seen:
            seen.add(place)
            yield from (Path(here, name) for name in sorted(filter(_is_text, names)))


def _is_text(name: str) -> bool:
    return storable(name) == name


class _TextFile(WildcardCollection):
    """One option a line."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_values(self) -> list[str]:
        try:
            _look_at(self._path)
            lines = _text(self._path).splitlines()
        except OSError as error:
            raise unreadable(self._path, error.strerror or str(error)) from error
        return [line.strip() for line in lines if not is_empty_line(line)]


class _Unusable(WildcardCollection):
    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    def get_values(self) -> list[str]:
        raise self._refusal


def _structured(path: Path, within: str) -> Mapping[str, WildcardCollection]:
    """All lists of a file; where it cannot be used, one by its own name that says so."""
    above = within.removesuffix(path.stem)
    try:
        status = _look_at(path)
        found = _parsed(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        return {within: _Unusable(unreadable(path, error.strerror or str(error)))}
    except ValueError as error:
        return {within: _Unusable(unreadable(path, str(error).splitlines()[0]))}
    except Refusal as refusal:
        return {within: _Unusable(refusal)}
    return {f"{above}{name}": options for name, options in found.items()}


@lru_cache(REMEMBERED)
def _parsed(path: Path, _changed: int, _size: int) -> Mapping[str, WildcardCollection]:
    return lists_in(path, _text(path))


def _text(path: Path) -> str:
    """Raises OSError, and Refusal where letters would be lost."""
    content = path.read_bytes()
    encoding = next((MARKS[mark] for mark in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise unreadable(path, NOT_UTF8) from error
    if "\0" in text:  # UTF-16 without its mark
        raise unreadable(path, NOT_UTF8)
    return text


def _look_at(path: Path) -> os.stat_result:
    """Raises OSError, and Refusal for what is no file or too large a one."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise unreadable(path, later("it is no file"))
    if status.st_size > (most := MOST_BYTES[_ending(path)]):
        values = {"path": storable(str(path)), "most": most // 1_000_000}
        raise Refusal("wildcard_too_large", later(TOO_LARGE, **values))
    return status
