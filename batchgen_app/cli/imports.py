"""How pictures were made: told file by file; on request they come into the gallery."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from batchgen_app.batches.picture_reader import PictureReader
from batchgen_app.cli.exits import Exit
from batchgen_app.cli.generate import opened, without_waiting
from batchgen_app.cli.server_here import server_here
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.image_source import PROGRAMS
from batchgen_app.core.programs.asked import Reading
from batchgen_app.core.wire import JsonObject, json_line
from batchgen_app.language.message import english
from batchgen_app.services import HERE, Services
from batchgen_app.services.values import GivenPicture, Taken
from batchgen_app.settings import Settings

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".webp"})
"""Of files in a folder that are looked at; what is named by itself may be called anything."""
AT_ONCE = 20
"""Files that are held in memory, and may become one batch."""
MOST_BYTES = 100_000_000
"""Of one file; a picture may have no more in the gallery either. So many are held at once, too."""
NOT_TWICE = (
    "Run it again for the rest: what is in the gallery already is told, and not taken twice."
)
LONGEST_PROMPT = 100
"""Characters that are shown."""


async def run(
    settings: Settings, files: Sequence[Path], console: Console, *, keep: bool, as_json: bool
) -> Exit:
    """Tell of each file, in order; one that cannot be read keeps no other from it. Raises
    StorageError.
    """
    found = await asyncio.to_thread(lambda: list(_all(files)))
    told = _Told()
    async with _taking(settings, console, keep=keep) as take:
        with _bar(console, len(found)) as bar:
            task = bar.add_task("", total=len(found))
            try:
                for some in _in_parts(found):
                    for path, taken in await _taken(some, take):
                        told.add(taken)
                        _tell(path, taken, as_json=as_json)
                        bar.advance(task)
            except asyncio.CancelledError:
                _say(console, told.when_stopped(len(found), keep=keep))
                raise
    if not as_json:
        _say(console, told.summary(keep=keep))
    return Exit.BAD_INPUT if told.faults or not told.count else Exit.DONE


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, soft_wrap=True)


@dataclass
class _Told:
    """How many files were told of, and of these: how many cannot be used, were in the gallery
    before, have no settings.
    """

    count: int = 0
    faults: int = 0
    known: int = 0
    bare: int = 0

    def add(self, taken: Taken) -> None:
        """One more."""
        self.count += 1
        self.faults += bool(taken.fault)
        self.known += taken.is_known
        if taken.reading and taken.reading.source == "unknown":
            self.bare += 1

    def summary(self, *, keep: bool) -> str:
        """What came of all of them: "12 imported, 2 known already, 1 without settings"."""
        if not self.count:
            return "There is no picture among these files."
        good = self.count - self.faults - self.known
        parts = [f"{good} {'imported' if keep else 'read'}"]
        parts += [f"{self.known} known already"] if self.known else []
        parts += [f"{self.bare} without settings"] if self.bare else []
        parts += [f"{self.faults} not usable"] if self.faults else []
        return ", ".join(parts)

    def when_stopped(self, total: int, *, keep: bool) -> str:
        """The same of those before somebody stopped it, and how many of all are left."""
        so_far = f"{self.summary(keep=keep)}, " if self.count else ""
        rest = f"Stopped: {so_far}{total - self.count} left."
        return f"{rest} {NOT_TWICE}" if keep else rest


@dataclass(frozen=True)
class _Take:
    """What is done with files that could be read from the disk."""

    reader: PictureReader | None
    app: Services | None
    limit: int

    async def __call__(self, given: Sequence[GivenPicture]) -> list[Taken]:
        if self.app:
            return await self.app.commands.import_pictures(HERE, given)
        return [await self._read(one) for one in given]

    async def _read(self, given: GivenPicture) -> Taken:
        assert self.reader
        try:
            return Taken(given.name, await self.reader.read(given.content, self.limit))
        except InvalidRequest as error:
            return Taken(given.name, fault=error.message)


@asynccontextmanager
async def _taking(settings: Settings, console: Console, *, keep: bool) -> AsyncIterator[_Take]:
    """The whole app where something is kept; without, nothing is made in any folder."""
    if keep:
        async with opened(settings, console) as app:
            yield _Take(None, app, settings.prompt_limit)
        return
    async with server_here(settings) as server:
        yield _Take(PictureReader(server), None, settings.prompt_limit)


async def _taken(paths: Sequence[Path], take: _Take) -> list[tuple[Path, Taken]]:
    read = [await asyncio.to_thread(_read, path) for path in paths]
    taken = iter(await take([one for one in read if isinstance(one, GivenPicture)]))
    return [
        (path, next(taken) if isinstance(one, GivenPicture) else one)
        for path, one in zip(paths, read, strict=True)
    ]


def _all(files: Iterable[Path]) -> Iterator[Path]:
    """Those that are named, and the pictures in folders that are: links in these, and whatever is
    no ordinary file, are passed over. What cannot be looked at is among them, to be told.
    """
    for path in files:
        if os.path.isdir(path):  # noqa: PTH112 - that of a Path raises where it may not look
            yield from _inside(path)
        else:
            yield path


def _inside(folder: Path) -> Iterator[Path]:
    closed: list[Path] = []

    def note(error: OSError) -> None:
        closed.append(Path(error.filename))

    for place, folders, names in os.walk(folder, onerror=note):
        folders.sort()
        yield from filter(_may_be_picture, (Path(place, name) for name in sorted(names)))
    yield from closed


def _may_be_picture(path: Path) -> bool:
    if path.suffix.lower() not in ENDINGS:
        return False
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return True


def _in_parts(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    """As many as are held at once; those of one folder together."""
    part: list[Path] = []
    held = 0
    for path in paths:
        size = _size(path)
        is_full = len(part) == AT_ONCE or held + size > MOST_BYTES
        if part and (is_full or part[-1].parent != path.parent):
            yield part
            part, held = [], 0
        part.append(path)
        held += size
    if part:
        yield part


def _size(path: Path) -> int:
    """Bytes that reading it takes; what cannot be looked at takes none."""
    try:
        return min(path.stat().st_size, MOST_BYTES)
    except OSError:
        return 0


def _read(path: Path) -> GivenPicture | Taken:
    try:
        with open(path, "rb", opener=without_waiting) as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                return _fault(path, "it is no ordinary file")
            content = file.read(MOST_BYTES + 1)
            if _as_written(os.fstat(file.fileno())) != _as_written(status):
                return _fault(path, "it was written meanwhile; import it again")
    except OSError as error:
        return _fault(path, error.strerror or str(error))
    return GivenPicture(path.name, content, datetime.fromtimestamp(status.st_mtime, UTC))


def _as_written(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _fault(path: Path, why: str) -> Taken:
    return Taken(path.name, fault=english(f"It cannot be read: {why}"))


def _tell(path: Path, taken: Taken, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json_line(_as_json(path, taken)))
        return
    typer.echo(f"{_printable(path)}: {'; '.join(_words(taken))}")
    for text in taken.reading.unread if taken.reading else ():
        typer.echo(f"  not taken: {text}")


def _printable(path: Path) -> str:
    """On one line, and without what a terminal obeys, or what turns the writing round."""
    return "".join(s if s.isprintable() else ascii(s)[1:-1] for s in str(path))


def _as_json(path: Path, taken: Taken) -> JsonObject:
    told: JsonObject = {"file": str(path)}
    if taken.fault or taken.reading is None:
        return {**told, "error": str(taken.fault)}
    reading = taken.reading
    told |= {"source": reading.source, "request": reading.request}
    told |= {"unread": [*map(str, reading.unread)]}
    if taken.image_id:
        told |= {"imageId": taken.image_id, "known": taken.is_known}
    return told


def _words(taken: Taken) -> Iterator[str]:
    if taken.fault or taken.reading is None:
        yield str(taken.fault)
        return
    yield PROGRAMS.get(taken.reading.source, "unknown")
    yield from _settings(taken.reading)
    if taken.image_id:
        yield f"{'known already as' if taken.is_known else 'kept as'} {taken.image_id}"


def _settings(reading: Reading) -> Iterator[str]:
    request = reading.request
    base = request.get("baseParameters", {})
    if prompt := " ".join(str(request.get("prompt", "")).split()):
        cut = prompt if len(prompt) <= LONGEST_PROMPT else f"{prompt[:LONGEST_PROMPT]} …"
        yield f'"{cut}"'
    if "baseSeed" in request:
        yield f"seed {request['baseSeed']}"
    if "model" in request:
        yield str(request["model"])
    yield from (f"{name} {value}" for name, value in base.items())


def _bar(console: Console, count: int) -> Progress:
    """On a terminal, and where it takes a while."""
    columns = (TextColumn("Pictures"), BarColumn(), MofNCompleteColumn())
    is_seen = console.is_terminal and count > 1
    return Progress(*columns, console=console, transient=True, disable=not is_seen)
