"""The folders bring everything back: ids, seeds, favourites, ratings; and nothing is lost."""

import hashlib
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.batch_file import document
from batchgen_app.core.events import (
    BatchDeleted,
    BatchInterrupted,
    Event,
    ImageCancelled,
    ImageCompleted,
    ImageDeleted,
    ImageFavourited,
    ImageRated,
)
from batchgen_app.core.state import BatchState
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.gallery_query import GalleryPage, GalleryQuery
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.reindex import ReindexReport, reindex
from tests.core.stories import (
    BATCH_ID,
    all_done,
    cancelled,
    completed,
    failed,
    happened,
    queued,
    resumed,
    started,
    submitted,
)
from tests.storage import making

OTHER_ID = "20261122-150000-000000-0001"


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
        report = await reindex(self.log, self.gallery, self.store)
        end, files, page = await self.log.end(), self.files(), await self.page()
        again = await reindex(self.log, self.gallery, self.store)
        assert (await self.log.end(), self.files(), await self.page()) == (end, files, page)
        assert (again.restored_batches, again.restored_images) == (0, 0)
        assert again.problems == report.problems
        return report

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


@pytest.fixture
async def before(tmp_path: Path) -> AsyncIterator[Rooms]:
    """With the database that is going to be lost."""
    async for rooms in opened(tmp_path, "before.db"):
        yield rooms


@pytest.fixture
async def after(tmp_path: Path) -> AsyncIterator[Rooms]:
    """With the same folders and a new database."""
    async for rooms in opened(tmp_path, "after.db"):
        yield rooms


A_LIFE: list[Event] = [
    queued(),
    started(),
    submitted(1),
    completed(1),
    happened(ImageFavourited, index=1, favourite=True),
    submitted(2),
    failed(2, "Out of memory"),
    submitted(3),
    completed(3, seconds=None),
    all_done(),
    happened(ImageRated, index=3, rating=5),
]


async def test_everything_comes_back_without_the_database(before: Rooms, after: Rooms) -> None:
    batch = await before.live(*A_LIFE)
    other = await before.live(
        queued(), happened(ImageCancelled, index=1), cancelled(), batch_id=OTHER_ID
    )
    await before.gallery.catch_up(before.log)
    report = await after.reindex()
    assert await after.page() == await before.page()
    assert await after.gallery.images(BATCH_ID) == await before.gallery.images(BATCH_ID)
    assert [document(await after.batch(b.batch_id)) for b in (batch, other)] == [
        document(b) for b in (batch, other)
    ]
    assert report == ReindexReport(batches=2, images=2, restored_batches=2, restored_images=2)


async def test_checksums_come_back_from_the_files(before: Rooms, after: Rooms) -> None:
    await before.live(*A_LIFE)
    await after.reindex()
    for entry in await after.log.read():
        if isinstance(entry.event, ImageCompleted):
            file = after.store.picture_path(BATCH_ID, entry.event.filename).read_bytes()
            assert entry.event.sha256 == hashlib.sha256(file).hexdigest()


async def test_where_log_and_folders_agree_nothing_changes(before: Rooms) -> None:
    await before.live(*A_LIFE)
    await before.live(queued(), started(), submitted(1), batch_id=OTHER_ID)
    files, end = before.files(), await before.log.end()
    report = await before.reindex()
    assert (before.files(), await before.log.end()) == (files, end)
    assert report == ReindexReport(batches=2, images=2)


async def test_a_batch_file_that_is_behind_the_log_does_not_turn_it_back(before: Rooms) -> None:
    await before.live(queued(), started(), completed(1), cancelled())
    stale = await before.store.document(BATCH_ID)
    assert stale
    batch = await before.live(
        resumed(2, 3),
        started(),
        completed(2),
        happened(ImageFavourited, index=1, favourite=True),
        happened(BatchInterrupted, because="power cut"),
    )
    await before.store.write_batch(BATCH_ID, stale)
    await before.reindex()
    assert await before.batch() == batch


async def test_a_log_that_is_an_older_copy_catches_up_with_the_folder(
    before: Rooms, after: Rooms
) -> None:
    batch = await before.live(*A_LIFE)
    await after.log.append_all([entry.event for entry in await before.log.read(limit=3)])
    report = await after.reindex()
    assert document(await after.batch()) == document(batch)
    assert (report.restored_batches, report.restored_images) == (0, 2)


async def test_a_picture_that_was_saved_just_before_the_app_died_is_adopted(
    before: Rooms,
) -> None:
    await before.live(queued(), started(), submitted(1), completed(1), submitted(2))
    stored = await before.draw(2)
    report = await before.reindex()
    picture = (await before.batch()).image(2).picture
    assert picture
    assert (picture.filename, picture.seed, picture.bytes) == ("002_102.png", 102, stored.bytes)
    assert picture.created_at == stored.written_at
    assert [image.index for image in (await before.batch()).unfinished] == [3]
    assert (report.restored_images, report.problems) == (1, [])


async def test_the_last_picture_of_a_batch_that_died_completes_it(before: Rooms) -> None:
    await before.live(queued(), started(), completed(1), failed(2), submitted(3))
    await before.draw(3)
    await before.reindex()
    assert (await before.batch()).status == "complete"
    assert await before.log.unended() == []


async def test_a_picture_of_a_batch_that_had_ended_joins_it(before: Rooms) -> None:
    ended = cancelled("Cancelled by the user")
    await before.live(queued(), started(), completed(1), happened(ImageCancelled, index=3), ended)
    await before.draw(3)
    await before.reindex()
    batch = await before.batch()
    assert [picture.index for picture in batch.pictures] == [1, 3]
    assert (batch.status, batch.completed_at) == ("cancelled", ended.at)
    assert batch.ended_because == "Cancelled by the user"
    assert [image.index for image in batch.missing] == [2]


async def test_an_adopted_picture_is_known_to_the_folder_too(before: Rooms, after: Rooms) -> None:
    await before.live(queued(), started(), completed(1), cancelled())
    await before.draw(2)
    await before.reindex()
    await after.reindex()
    assert document(await after.batch()) == document(await before.batch())
    assert len((await after.batch()).pictures) == 2


@pytest.mark.parametrize(
    "name", ["002_999.png", "004_104.png", "002_102.gif", "copy of 002_102.png"]
)
async def test_a_file_that_was_not_planned_is_left_alone(before: Rooms, name: str) -> None:
    batch = await before.live(queued(), started(), completed(1), cancelled())
    (before.store.folder(BATCH_ID) / name).write_bytes(making.png())
    await before.reindex()
    assert await before.batch() == batch


async def test_a_broken_picture_is_not_adopted(before: Rooms) -> None:
    batch = await before.live(queued(), started(), completed(1), cancelled())
    (before.store.folder(BATCH_ID) / "002_102.png").write_bytes(making.png()[:-20])
    await before.reindex()
    assert await before.batch() == batch


async def test_what_was_deleted_stays_deleted(before: Rooms, after: Rooms) -> None:
    await before.live(*A_LIFE, happened(ImageDeleted, index=1))
    await before.live(
        queued(), started(), completed(1), cancelled(), happened(BatchDeleted), batch_id=OTHER_ID
    )
    for rooms in (before, after):
        await rooms.reindex()
        (batch,) = (await rooms.page()).batches
        assert (batch.batch_id, batch.images) == (BATCH_ID, [f"{BATCH_ID}-003"])


async def test_a_missing_picture_is_reported_and_stays_in_the_log(before: Rooms) -> None:
    batch = await before.live(*A_LIFE)
    before.store.picture_path(BATCH_ID, "003_103.png").unlink()
    report = await before.reindex()
    assert report.problems == [f"Batch {BATCH_ID}: the picture 003_103.png is missing."]
    assert await before.batch() == batch


async def test_a_missing_picture_is_reported_without_the_database_too(
    before: Rooms, after: Rooms
) -> None:
    batch = await before.live(*A_LIFE)
    before.store.picture_path(BATCH_ID, "003_103.png").unlink()
    report = await after.reindex()
    assert report.problems == [f"Batch {BATCH_ID}: the picture 003_103.png is missing."]
    assert document(await after.batch()) == document(batch)


async def test_a_batch_file_that_is_missing_or_damaged_is_written_again_from_the_log(
    before: Rooms,
) -> None:
    batch = await before.live(*A_LIFE)
    path = before.store.folder(BATCH_ID) / "batch.json"
    for damage in (b"", b'{"prompt": "a f', b"[]"):
        path.write_bytes(damage)
        report = await reindex(before.log, before.gallery, before.store)
        assert len(report.problems) == 1
        assert await before.store.document(BATCH_ID) == document(batch)
    path.unlink()
    assert (await before.reindex()).problems == []
    assert await before.store.document(BATCH_ID) == document(batch)


async def test_a_folder_that_was_thrown_away_does_not_come_back(before: Rooms) -> None:
    await before.live(*A_LIFE)
    shutil.rmtree(before.store.folder(BATCH_ID))
    report = await before.reindex()
    assert len(report.problems) == 2
    assert before.files() == {}


@pytest.mark.parametrize(
    "change",
    [
        {"status": "asleep"},
        {"batchId": OTHER_ID},
        {"seeds": [1, 2]},
        {"status": "complete", "imageRecords": None},
    ],
)
async def test_a_folder_that_makes_no_sense_is_a_problem_and_the_others_come_back(
    before: Rooms, after: Rooms, change: dict[str, Any]
) -> None:
    await before.live(*A_LIFE)
    await before.live(queued(), started(), completed(1), cancelled(), batch_id=OTHER_ID)
    content = await before.store.document(BATCH_ID)
    assert content
    await before.store.write_batch(BATCH_ID, {**content, **change})
    report = await after.reindex()
    assert [problem.startswith(f"Batch {BATCH_ID}: ") for problem in report.problems] == [True]
    assert [batch.batch_id for batch in (await after.page()).batches] == [OTHER_ID]


async def test_a_folder_whose_story_cannot_have_happened_is_a_problem(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), completed(1), cancelled())
    content = await before.store.document(BATCH_ID)
    await before.store.write_batch(BATCH_ID, {**(content or {}), "status": "complete"})
    report = await after.reindex()
    assert "make no sense" in report.problems[0]
    assert await after.log.end() == 0


async def test_a_folder_of_somebody_else_is_a_problem_and_is_left_alone(after: Rooms) -> None:
    folder = after.store.folder("holiday")
    folder.mkdir(parents=True)
    (folder / "001_42.png").write_bytes(making.png())
    files = after.files()
    report = await after.reindex()
    assert len(report.problems) == 1
    assert after.files() == files


async def test_batches_come_back_in_the_order_they_were_made(before: Rooms, after: Rooms) -> None:
    await before.live(*A_LIFE, batch_id=OTHER_ID)
    await before.live(*A_LIFE)
    await after.reindex()
    assert await after.log.batch_ids() == sorted([OTHER_ID, BATCH_ID])


async def test_times_come_back_to_the_microsecond(before: Rooms, after: Rooms) -> None:
    batch = await before.live(*A_LIFE)
    await after.reindex()
    restored = await after.batch()
    times: list[datetime | None] = [batch.created_at, batch.completed_at]
    assert [restored.created_at, restored.completed_at] == times
    assert [p.created_at for p in restored.pictures] == [p.created_at for p in batch.pictures]


async def test_the_batch_file_says_what_a_person_looks_for(before: Rooms) -> None:
    await before.live(*A_LIFE)
    text = (before.store.folder(BATCH_ID) / "batch.json").read_text(encoding="utf-8")
    content = json.loads(text)
    assert content["prompt"] == "a red fox"
    assert content["seeds"] == [101, 102, 103]
    assert content["versions"] == {"app": "0.1.0", "server": "0.3.64"}
    assert content["workflow"]["1"]["class_type"] == "KSampler"
