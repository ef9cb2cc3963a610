"""The styles that people keep: one readable file, to be copied to another machine."""

import asyncio
import csv
import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound
from batchgen_app.core.signal import Signal
from batchgen_app.core.styles import Style, StyleChanges, clean
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage.atomic_files import write_over
from batchgen_app.storage.faults import in_words

logger = logging.getLogger(__name__)

FILE = "styles.json"
"""In the data folder."""
MOST_BYTES = 4_000_000
"""That come in a file, or that the app lets its own grow to; what a person has put there counts."""
MOST_OF_NAME = 490
"""Before its number."""
COLUMNS = {
    "name": "name",
    "prompt": "prompt",
    "text": "prompt",
    "negative_prompt": "negativePrompt",
}
"""Of a ``styles.csv`` of the AUTOMATIC1111 web UI, whose older versions called the prompt text."""
NO_STYLES = later(
    "There are no styles in this file. Choose a styles.json of BatchGen or a styles.csv of the "
    "AUTOMATIC1111 web UI."
)
TOO_MANY = later(
    "No more than {most} MB of styles can be kept in {name}: nothing was changed. Delete some of "
    "them first."
)
T = TypeVar("T")


class StyleBook:
    """The file is read anew each time: a person may write into it, too. Where it makes no sense it
    is kept aside, and ``fault`` says so.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._turn = asyncio.Lock()
        self.fault = ""
        """What a person should know about how the file was found; mostly empty."""
        self.changed = Signal[[]]()

    async def all(self) -> list[Style]:
        """Sorted as people read them. Raises StorageError."""
        async with self._turn:
            return await asyncio.to_thread(self._read)

    async def add(self, style: Style) -> Style:
        """Keep another one. Raises Conflict where the name is taken or the file would grow too
        large, StorageError.
        """

        def add(kept: list[Style]) -> Style:
            _require_free(style.name, kept)
            kept.append(style)
            return style

        return await self._change(add)

    async def edit(self, name: str, changes: StyleChanges) -> Style:
        """Other words, or another name. Raises NotFound, Conflict, StorageError."""

        def edit(kept: list[Style]) -> Style:
            before = _taken_out(name, kept)
            given = changes.model_dump(exclude_none=True)
            edited = before.model_copy(update=given)
            _require_free(edited.name, kept)
            kept.append(edited)
            return edited

        return await self._change(edit)

    async def delete(self, name: str) -> Style:
        """Keep it no longer; gives what it was. Raises NotFound, StorageError."""
        return await self._change(lambda kept: _taken_out(name, kept))

    async def bring(self, content: bytes) -> list[Style]:
        """Keep those of a file; gives them. One that is here already is passed over, another one of
        the same name gets a number. Raises InvalidRequest where there are none, Conflict where the
        file would grow too large, StorageError.
        """
        found, _ = await asyncio.to_thread(_styles_in, content, _brought)
        if not found:
            raise InvalidRequest.of("file", "no_styles", NO_STYLES)

        def bring(kept: list[Style]) -> list[Style]:
            new = [*_new(found, kept)]
            kept.extend(new)
            return new

        return await self._change(bring)

    async def _change(self, change: Callable[[list[Style]], T]) -> T:
        async with self._turn:
            done = await asyncio.to_thread(self._changed, change)
        self.changed.emit()
        return done

    def _changed(self, change: Callable[[list[Style]], T]) -> T:
        told, kept = self.fault, self._read()
        before = [*kept]
        done = change(kept)
        data = _written(kept)
        if len(data) > MOST_BYTES and len(data) > len(_written(before)):
            raise Conflict(later(TOO_MANY, name=FILE, most=MOST_BYTES // 10**6))
        with in_words(self._path):
            write_over(self._path, data)
        if self.fault == told:
            self.fault = ""  # whoever changes them has seen it
        return done

    def _read(self) -> list[Style]:
        with in_words(self._path):
            if not self._path.exists():
                return []
            content = self._path.read_bytes()
        found, is_whole = _styles_in(content, _kept)
        styles = {style.name: style for style in reversed(found)}  # the first of each name
        if not is_whole or len(styles) < len(found):
            self._put_aside([*styles.values()])
        return sorted(styles.values(), key=_as_read)

    def _put_aside(self, usable: Sequence[Style]) -> None:
        """Nothing that a person wrote is lost. What makes sense goes on."""
        aside = self._path.with_name(f"{FILE}.broken-{datetime.now():%Y%m%d-%H%M%S-%f}")  # noqa: DTZ005
        with in_words(self._path):
            self._path.replace(aside)
            write_over(self._path, _written(usable))
        self.fault = later(
            "Not all of {name} made sense. It is kept as {kept}; {count} of its styles hold.",
            name=FILE,
            kept=aside.name,
            count=len(usable),
        )
        logger.warning("%s", self.fault)


def _styles_in(content: bytes, read: Callable[[str], list[object]]) -> tuple[list[Style], bool]:
    """The styles in a file, and whether that is all there was."""
    try:
        entries = read(content.decode("utf-8-sig"))
    except (ValueError, RecursionError, csv.Error):
        return [], False
    styles = [style for style in map(_style, entries) if style]
    return styles, len(styles) == len(entries)


def _kept(text: str) -> list[object]:
    """Raises ValueError, RecursionError."""
    data = json.loads(text)
    styles = data.get("styles") if isinstance(data, dict) else data
    if not isinstance(styles, list):
        raise ValueError("no styles")  # noqa: TRY004 - bad content, not a wrong call
    return styles


def _brought(text: str) -> list[object]:
    """Raises ValueError, RecursionError, csv.Error."""
    if len(text) > MOST_BYTES:
        raise ValueError("it is too large")
    return _kept(text) if text.lstrip().startswith(("{", "[")) else [*_rows(text)]


def _rows(text: str) -> Iterable[JsonObject]:
    """Of a ``styles.csv``; rows without words only divide it for those who read it."""
    csv.field_size_limit(MOST_BYTES)
    for row in csv.DictReader(io.StringIO(text), strict=True):
        entry = {COLUMNS[name]: row[name] or "" for name in row if name in COLUMNS}
        if entry.get("prompt") or entry.get("negativePrompt"):
            yield entry


def _style(entry: object) -> Style | None:
    if isinstance(entry, dict) and isinstance(name := entry.get("name"), str):
        entry = {**entry, "name": clean(name)}
    try:
        return Style.parse(entry)
    except InvalidRequest:
        return None


def _written(styles: Iterable[Style]) -> bytes:
    entries = [style.to_json() for style in sorted(styles, key=_as_read)]
    return (json.dumps({"styles": entries}, ensure_ascii=False, indent=2) + "\n").encode()


def _as_read(style: Style) -> tuple[str, str]:
    return style.name.casefold(), style.name


def _taken_out(name: str, kept: list[Style]) -> Style:
    for style in kept:
        if style.name == name:
            kept.remove(style)
            return style
    raise NotFound(later('There is no style "{name}".', name=name[:100]))


def _require_free(name: str, kept: Iterable[Style]) -> None:
    if any(style.name == name for style in kept):
        message = later('There is a style "{name}" already. Choose another name.', name=name)
        raise Conflict(message)


def _new(found: Iterable[Style], kept: Iterable[Style]) -> Iterator[Style]:
    """Those that are not kept yet, each with a name that is free."""
    taken = {style.name: style for style in kept}
    counters: dict[str, Iterator[int]] = {}
    for style in found:
        if taken.get(style.name) == style:
            continue
        name, stem = style.name, style.name[:MOST_OF_NAME]
        while name in taken:
            # Each goes on where the last one of its name has ended: they may be thousands.
            name = f"{stem} ({next(counters.setdefault(stem, count(2)))})"
        taken[name] = style.model_copy(update={"name": name})
        yield taken[name]
