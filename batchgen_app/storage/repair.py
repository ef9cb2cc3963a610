"""A damaged database is put aside, and the batch folders bring its content back.

The new one is made beside the old one and takes its place only when it is whole, so a process that
dies in between has lost nothing.
"""

import asyncio
import logging
import shutil
import struct
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.language.said import later
from batchgen_app.storage import files
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.lock import Locks
from batchgen_app.storage.lockout import Lockout
from batchgen_app.storage.reindex import ReindexReport, reindex

logger = logging.getLogger(__name__)

PARTS = ("-wal", "-shm", "")
"""What SQLite may write beside a database; the database itself last."""
WAL_MAGIC = 0x377F0682
"""First word of a write-ahead log; its lowest bit is the order of bytes (sqlite.org,
"WAL-mode File Format").
"""


@dataclass(frozen=True)
class Repair:
    """Where the damaged database lies now, and what came back."""

    kept: Path
    report: ReindexReport

    def __str__(self) -> str:
        report = self.report
        return later(
            "The database was damaged. It is kept as {name}, and the batch folders brought back "
            "{batches} batches with {images} images.",
            name=self.kept.name,
            batches=report.batches,
            images=report.images,
        )


async def open_or_repair(
    path: Path, store: ImageStore, locks: Locks, lockout: Lockout
) -> tuple[Database, Repair | None]:
    """The database at ``path``, and how it was repaired if it had to be; where another program has
    locked it, that is waited for. Raises StorageError.
    """
    with in_words(path):
        await asyncio.to_thread(_end_move, path)
        try:
            await asyncio.to_thread(_check_wal, path)
            return await open_database(path, lockout), None
        except DatabaseDamaged as damage:
            logger.warning("%s", damage)
            await _check_alone(path, locks)
            repair = await _repair(path, store, locks)
    return await open_database(path, lockout), repair


async def _check_alone(path: Path, locks: Locks) -> None:
    if await locks.others_are_here():
        raise StorageError(
            f"{path} is damaged, and another BatchGen is using it. Close that one, then start "
            "again."
        )


async def _repair(path: Path, store: ImageStore, locks: Locks) -> Repair:
    async with await _new(path) as database:
        report = await reindex(EventLog(database), GalleryIndex(database), store, locks)
    logger.warning("Brought back %d batches; problems: %d", report.batches, len(report.problems))
    kept = path.with_name(f"{path.name}.broken-{datetime.now():%Y%m%d-%H%M%S}")  # noqa: DTZ005
    await asyncio.to_thread(_move, path, kept)
    await asyncio.to_thread(_end_move, path)
    return Repair(kept, report)


async def _new(path: Path) -> Database:
    """What the damaged file still holds for sure, else an empty one."""
    new = _new_path(path)
    await asyncio.to_thread(_remove, new)
    with suppress(FileNotFoundError, DatabaseDamaged):
        await asyncio.to_thread(shutil.copyfile, path, new)
        return await open_database(new)
    await asyncio.to_thread(_remove, new)
    return await open_database(new)


def _new_path(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _end_move(path: Path) -> None:
    """Give a new database its place, where the old one has left it."""
    if not path.exists():
        _move(_new_path(path), path)


def _move(source: Path, target: Path) -> None:
    for part in PARTS:
        files.move(source.with_name(source.name + part), target.with_name(target.name + part))


def _remove(path: Path) -> None:
    for part in PARTS:
        path.with_name(path.name + part).unlink(missing_ok=True)


def _check_wal(path: Path) -> None:
    """Raises DatabaseDamaged for a write-ahead log that SQLite would silently pass over."""
    wal = path.with_name(path.name + "-wal")
    with suppress(FileNotFoundError), wal.open("rb") as file:
        header = file.read(32)
        if header and not _is_wal_header(header):
            raise DatabaseDamaged(f"{wal} is damaged.")


def _is_wal_header(header: bytes) -> bool:
    if len(header) < 32:
        return False
    magic, *told = struct.unpack(">I20x2I", header)
    order = ">" if magic & 1 else "<"
    first = second = 0
    for one, other in struct.iter_unpack(f"{order}2I", header[:24]):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return magic & ~1 == WAL_MAGIC and told == [first, second]
