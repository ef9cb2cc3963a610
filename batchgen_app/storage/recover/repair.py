"""A damaged database is put aside. What can still be read of its log stands in a new one, and the
batch folders bring back the rest.

The new one is made beside the old one and takes its place only when it is whole, so a process that
dies in between has lost nothing.
"""

import asyncio
import logging
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from batchgen_app.core.batch_file import BatchFile
from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.core.event_repair import EventRepair, is_possible
from batchgen_app.core.events import Event, Logged
from batchgen_app.language.message import english, later
from batchgen_app.storage import atomic_files
from batchgen_app.storage.checkup import PARTS, check_rows
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.locks import Lockout, Locks
from batchgen_app.storage.progress import ProgressCallback, ReindexReport, each, how_many
from batchgen_app.storage.recover.folder_state import leads_to
from batchgen_app.storage.recover.reindex import Restorer, reindex
from batchgen_app.storage.recover.salvage import Salvage, salvage

logger = logging.getLogger(__name__)

REPAIRING = "repair"
"""The name of the lock of whoever repairs."""
STRIDE = 1000
"""Events that are written in one transaction."""
MENDING = "The database was damaged and is mended"


@dataclass(frozen=True)
class Repair:
    """Where the damaged database lies now, what came back, and what did not: ``lost`` entries of
    the log, marks of the batches ``marked``.
    """

    kept: Path
    report: ReindexReport
    lost: int = 0
    marked: frozenset[str] = field(default_factory=frozenset)

    @property
    def sentences(self) -> tuple[str, ...]:
        """For a person."""
        report = self.report
        told = later(
            "The database was damaged. It is kept as {name}, and the batch folders brought back "
            "{found}.",
            name=self.kept.name,
            found=how_many(report.batches, report.images),
        )
        return tuple(
            filter(None, (told, report.rebuilt_in_words, self._lost_entries(), self._lost_marks()))
        )

    def _lost_entries(self) -> str:
        if not self.lost:
            return ""
        return later(
            "Entries of the log that could not be read: {count}. What only they knew is lost, such "
            "as why an earlier attempt failed; no picture is.",
            count=self.lost,
        )

    def _lost_marks(self) -> str:
        if not self.marked:
            return ""
        return later(
            "Favourites and ratings may be missing in: {batches}. Look through them.",
            batches=", ".join(sorted(self.marked)),
        )


@dataclass(frozen=True)
class Opened:
    """A database, sentences about its damage if there was any, and what a repair came to."""

    database: Database
    sentences: tuple[str, ...] = ()
    report: ReindexReport = field(default_factory=ReindexReport)


async def open_or_repair(
    path: Path, store: ImageStore, locks: Locks, lockout: Lockout, progress: ProgressCallback
) -> Opened:
    """The database at ``path``, repaired if that had to be; where another program has locked it,
    that is waited for. Raises StorageError.
    """
    with in_words(path):
        await asyncio.to_thread(_end_move, path)
        try:
            return Opened(await _open_whole(path, lockout, progress))
        except DatabaseDamaged as damage:
            logger.warning("%s", damage)
            async with _alone(path, locks) as is_alone:
                if not is_alone:
                    return await _as_it_is(path, lockout)
                repair = await _repair_if_needed(path, store, locks, lockout, progress)
    database = await open_database(path, lockout)
    return Opened(database, repair.sentences, repair.report) if repair else Opened(database)


async def _open_whole(path: Path, lockout: Lockout, progress: ProgressCallback) -> Database:
    """Raises DatabaseDamaged where any row is not as it was written."""
    database = await open_database(path, lockout)
    try:
        if await asyncio.to_thread(check_rows, path, progress):
            await database.seal()
    except BaseException:
        await database.close()
        raise
    return database


@asynccontextmanager
async def _alone(path: Path, locks: Locks) -> AsyncIterator[bool]:
    """Whether no other process is at work; then none repairs meanwhile."""
    if await locks.others_are_here() or not await locks.take(REPAIRING):
        yield False
        return
    try:
        yield True
    finally:
        await locks.let_go(REPAIRING)


async def _as_it_is(path: Path, lockout: Lockout) -> Opened:
    """While others use it, what cannot be read is passed over, if that is all."""
    try:
        database = await open_database(path, lockout)
    except DatabaseDamaged as damage:
        raise StorageError(
            english(
                f"{path} is damaged, and another BatchGen is using it. Close that one, then start "
                "again."
            )
        ) from damage
    told = later(
        "The database is damaged, and another BatchGen is using it. Close that one and start it "
        "again: it is mended then. What cannot be read is left out meanwhile."
    )
    return Opened(database, (told,))


async def _repair_if_needed(
    path: Path, store: ImageStore, locks: Locks, lockout: Lockout, progress: ProgressCallback
) -> Repair | None:
    """Another process may just have done it."""
    try:
        await (await _open_whole(path, lockout, progress)).close()
    except DatabaseDamaged:
        return await _repair(path, store, locks, progress)
    return None


async def _repair(
    path: Path, store: ImageStore, locks: Locks, progress: ProgressCallback
) -> Repair:
    found = await asyncio.to_thread(_salvaged, path)
    await asyncio.to_thread(_remove, _new_path(path))
    async with await open_database(_new_path(path)) as database:
        log, restorer = EventLog(database), Restorer(EventLog(database), store, locks)
        told = await _mended(found.events, restorer, progress)
        for start in range(0, len(told), STRIDE):
            await log.append_all(told[start : start + STRIDE])
        marked = {batch_id for batch_id in found.marked if not await restorer.file(batch_id)}
        report = await reindex(log, GalleryIndex(database), store, locks, progress)
    report.was_damaged = True
    logger.warning("Brought back %d batches; problems: %s", report.batches, report.problems)
    kept = await asyncio.to_thread(_free_name, path)
    await asyncio.to_thread(_move, path, kept)
    await asyncio.to_thread(_end_move, path)
    return Repair(kept, report, found.lost, frozenset(marked))


def _salvaged(path: Path) -> Salvage:
    """Read from a copy, for what is put aside stays as it is. A write-ahead log that makes no sense
    is none.
    """
    copy = path.with_name(path.name + ".copy")
    _remove(copy)
    try:
        for part in ("", "-wal"):
            if _part(path, part).is_file():
                shutil.copyfile(_part(path, part), _part(copy, part))
        return salvage(copy)
    finally:
        _remove(copy)


async def _mended(
    entries: tuple[Logged, ...], restorer: Restorer, progress: ProgressCallback
) -> list[Event]:
    """The events in their order, so that every batch can have happened."""
    batches: dict[str, list[Logged]] = {}
    for entry in entries:
        batches.setdefault(entry.event.batch_id, []).append(entry)
    told: list[tuple[int, Event]] = []
    for batch_id, its_own in each(batches.items(), progress, MENDING):
        told += await _possible(batch_id, its_own, restorer)
    return [event for _, event in sorted(told, key=lambda one: one[0])]


async def _possible(
    batch_id: str, entries: list[Logged], restorer: Restorer
) -> list[tuple[int, Event]]:
    """The events of one batch with their places, those that were lost perhaps among them: as many
    as the folder's story can go on from.
    """
    file = await restorer.file(batch_id)
    return await asyncio.to_thread(_repaired, entries, file)


def _repaired(entries: list[Logged], file: BatchFile | None) -> list[tuple[int, Event]]:
    told = [(entry.seq, entry.event) for entry in entries]
    if not is_possible(event for _, event in told):
        repair = EventRepair(file)
        told = [(seq, each_one) for seq, event in told for each_one in repair.tell(event)]
    while told and not leads_to(file, [event for _, event in told]):
        # From the end, until what the folder knows can follow.
        told.pop()
    return told


def _free_name(path: Path) -> Path:
    """Where the damaged one is put; nothing that was put aside before is in the way."""
    stem = path.with_name(f"{path.name}.broken-{datetime.now():%Y%m%d-%H%M%S}")  # noqa: DTZ005
    names = (stem, *(stem.with_name(f"{stem.name}-{number}") for number in range(2, 100)))
    return next(name for name in names if not os.path.lexists(name))


def _new_path(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _end_move(path: Path) -> None:
    """Give a new database its place, where the old one has left it."""
    if not os.path.lexists(path):
        _move(_new_path(path), path)


def _move(source: Path, target: Path) -> None:
    # The database last: while it is not in its place, the next start ends the move (_end_move).
    for part in PARTS:
        atomic_files.move(_part(source, part), _part(target, part))


def _remove(path: Path) -> None:
    for part in PARTS:
        _clear(_part(path, part))


def _clear(path: Path) -> None:
    """A folder is nothing that a repair has left: it is put aside."""
    if path.is_dir() and not path.is_symlink():
        atomic_files.move(path, _free_name(path))
    else:
        path.unlink(missing_ok=True)


def _part(path: Path, part: str) -> Path:
    return path.with_name(path.name + part)
