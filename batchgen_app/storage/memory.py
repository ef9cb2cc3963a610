"""Memory: all that the app remembers, opened together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.lock import Locks
from batchgen_app.storage.repair import open_or_repair

DATABASE_NAME = "batchgen.db"


@dataclass(frozen=True)
class Memory:
    """The log, the gallery that is made from it, the pictures, and who works on what. ``notices``
    are what a person should know about how they were found.
    """

    log: EventLog
    gallery: GalleryIndex
    store: ImageStore
    locks: Locks
    notices: tuple[str, ...] = ()


@asynccontextmanager
async def open_memory(
    data_dir: Path, output_dir: Path, locks: Locks | None = None
) -> AsyncIterator[Memory]:
    """With the gallery brought up to date, and a damaged database repaired. Raises StorageError.
    ``locks`` are those that this process may hold already.
    """
    store, locks = ImageStore(output_dir), locks or Locks(data_dir)
    async with locks:
        database, repair = await open_or_repair(data_dir / DATABASE_NAME, store, locks)
        async with database:
            log, gallery = EventLog(database), GalleryIndex(database)
            await gallery.catch_up(log)
            yield Memory(log, gallery, store, locks, (str(repair),) if repair else ())
