"""Memory: all that the app remembers, opened together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.lock import Locks

DATABASE_NAME = "batchgen.db"


@dataclass(frozen=True)
class Memory:
    """The log, the gallery that is made from it, the pictures, and who works on what."""

    log: EventLog
    gallery: GalleryIndex
    store: ImageStore
    locks: Locks


@asynccontextmanager
async def open_memory(
    data_dir: Path, output_dir: Path, locks: Locks | None = None
) -> AsyncIterator[Memory]:
    """With the gallery brought up to date; raises StorageError. ``locks`` are those that this
    process may hold already.
    """
    locks = locks or Locks(data_dir)
    async with locks, await open_database(data_dir / DATABASE_NAME) as database:
        memory = Memory(EventLog(database), GalleryIndex(database), ImageStore(output_dir), locks)
        await memory.gallery.catch_up(memory.log)
        yield memory
