"""The folders bring everything back: ids, seeds, favourites, ratings; and nothing is lost."""

import hashlib
import json
import shutil
from datetime import datetime
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
    ImageRejected,
    ImageTagged,
)
from batchgen_app.storage import atomic_files
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.progress import ReindexReport
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
from tests.storage.rooms import Rooms

OTHER_ID = "20261122-150000-000000-0001"


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
    happened(ImageRejected, index=1, rejected=True),
    happened(ImageTagged, index=1, tags=("for the wall", "Nacht")),
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


async def test_of_a_lost_batch_in_full_swing_the_folder_knows_more_than_its_pictures(
    before: Rooms, after: Rooms
) -> None:
    batch = await before.live(
        queued(),
        started(),
        completed(1),
        happened(ImageRated, index=1, rating=4),
        failed(2, "Out of memory"),
        submitted(3),
    )
    await after.log.append_all([entry.event for entry in await before.log.read(limit=2)])
    await after.reindex()
    assert document(await after.batch()) == document(batch)
    assert await after.log.unended() == [BATCH_ID]


async def test_an_end_that_the_log_has_lost_comes_back(before: Rooms, after: Rooms) -> None:
    batch = await before.live(queued(), started(), completed(1), failed(2), failed(3), all_done())
    await after.log.append_all([entry.event for entry in await before.log.read(limit=5)])
    await after.reindex()
    assert document(await after.batch()) == document(batch)


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
        report = await before.reindex_once()
        assert len(report.problems) == 1
        assert await before.store.document(BATCH_ID) == document(batch)
    path.unlink()
    assert (await before.reindex()).problems == []
    assert await before.store.document(BATCH_ID) == document(batch)


async def test_a_folder_that_was_thrown_away_does_not_come_back(before: Rooms) -> None:
    await before.live(*A_LIFE)
    shutil.rmtree(before.store.folder(BATCH_ID))
    report = await before.reindex()
    missing = f"Batch {BATCH_ID}: its folder is missing, and its pictures with it."
    assert report.problems == [missing]
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
async def test_a_batch_json_that_makes_no_sense_is_a_problem_and_all_pictures_come_back(
    before: Rooms, after: Rooms, change: dict[str, Any]
) -> None:
    await before.live(*A_LIFE)
    await before.live(queued(), started(), completed(1), cancelled(), batch_id=OTHER_ID)
    content = await before.store.document(BATCH_ID)
    assert content
    await before.store.write_batch(BATCH_ID, {**content, **change})
    report = await after.reindex_once()
    assert [problem.startswith(f"Batch {BATCH_ID}: ") for problem in report.problems] == [True]
    assert report.rebuilt == [BATCH_ID]
    shown = {batch.batch_id: len(batch.images) for batch in (await after.page()).batches}
    assert shown == {OTHER_ID: 1, BATCH_ID: 2}
    assert (await after.reindex()).problems == []


async def test_a_batch_json_whose_story_cannot_have_happened_is_a_problem_and_is_kept(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), completed(1), cancelled())
    content = await before.store.document(BATCH_ID)
    await before.store.write_batch(BATCH_ID, {**(content or {}), "status": "complete"})
    (problem,) = (await after.reindex_once()).problems
    assert "makes no sense" in problem
    assert "It is kept as batch.damaged." in problem
    assert [picture.index for picture in (await after.batch()).pictures] == [1]


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


async def test_a_batch_that_another_process_works_on_is_left_alone(before: Rooms) -> None:
    await before.live(queued(), started(), completed(1))
    await before.draw(2)
    partial = before.store.folder(BATCH_ID) / f".003_103.png.{atomic_files.PARTIAL}"
    partial.touch()
    async with Locks(before.folder) as theirs:
        assert await theirs.take(BATCH_ID)
        (problem,) = (await before.reindex()).problems
        assert "another BatchGen works on it" in problem
        assert partial.exists()
    await before.reindex()
    assert [picture.index for picture in (await before.batch()).pictures] == [1, 2]
    assert not partial.exists()


async def test_a_lone_surrogate_in_one_folder_does_not_end_the_whole(
    before: Rooms, after: Rooms
) -> None:
    await before.live(*A_LIFE)
    await before.live(queued(), started(), completed(1), cancelled(), batch_id=OTHER_ID)
    content = await before.store.document(BATCH_ID)
    assert content
    path = before.store.folder(BATCH_ID) / "batch.json"
    path.write_text(json.dumps({**content, "endedBecause": "\ud800"}), encoding="utf-8")
    report = await after.reindex_once()
    assert "characters that do not exist" in report.problems[0]
    assert {batch.batch_id for batch in (await after.page()).batches} == {OTHER_ID, BATCH_ID}
