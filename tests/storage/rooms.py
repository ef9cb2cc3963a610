"""Log, gallery and batch folders, and an app that lives in them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batchgen_app.core.batch_file import document
from batchgen_app.core.events import Event, ImageCompleted
from batchgen_app.core.state import BatchState
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.gallery_query import GalleryPage, GalleryQuery
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.progress import ReindexReport
from batchgen_app.storage.recover.reindex import reindex
from tests.core.stories import BATCH_ID
from tests.storage import making


@dataclass
class Rooms:
    """Log, gallery and pictures, and what a running app does with them."""

    folder: Path
    log: EventLog
    gallery: GalleryIndex
    store: ImageStore

    async def live(self, *events: Event, batch_id: str = BATCH_ID) -> BatchState:
        """Let these events happen to a batch: with pictures, the log and its batch file."""
        for event in events:
            mine = event.model_copy(update={"batch_id": batch_id})
            if isinstance(mine, ImageCompleted):
                mine = await self.make(mine)
            await self.log.append(mine)
        batch = await self.batch(batch_id)
        await self.store.write_batch(batch_id, document(batch))
        return batch

    async def make(self, event: ImageCompleted) -> ImageCompleted:
        """The event, true of a picture that is really there."""
        stored = await self.draw(event.index, event.batch_id)
        facts = {name: getattr(stored, name) for name in ("filename", "bytes", "sha256")}
        return event.model_copy(update={**facts, "width": 32, "height": 32})

    async def draw(self, index: int, batch_id: str = BATCH_ID) -> Any:
        """A picture in its place, which nobody knows of."""
        return await self.store.save(batch_id, index, 100 + index, making.png(), "a fox")

    async def batch(self, batch_id: str = BATCH_ID) -> BatchState:
        batch = await self.log.state(batch_id)
        assert batch
        return batch

    async def reindex(self) -> ReindexReport:
        """Twice, because a second run must change nothing."""
        report = await self.reindex_once()
        end, files, page = await self.log.end(), self.files(), await self.page()
        again = await self.reindex_once()
        assert (await self.log.end(), self.files(), await self.page()) == (end, files, page)
        assert (again.restored_batches, again.restored_images) == (0, 0)
        assert again.problems == report.problems
        return report

    async def reindex_once(self) -> ReindexReport:
        """A first run, which may mend what a second one then finds whole."""
        return await reindex(self.log, self.gallery, self.store, Locks(self.folder))

    async def page(self) -> GalleryPage:
        return await self.gallery.batches(GalleryQuery())

    def files(self) -> dict[str, bytes]:
        root = self.folder / "images"
        return {
            str(path.relative_to(root)): path.read_bytes()
            for path in root.rglob("*")
            if path.is_file()
        }


async def opened(folder: Path, database: str) -> AsyncIterator[Rooms]:
    async with await open_database(folder / database) as db:
        yield Rooms(folder, EventLog(db), GalleryIndex(db), ImageStore(folder / "images"))
