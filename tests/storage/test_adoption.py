"""Reindex: whole pictures that lie in a batch folder, and that nothing speaks of, are adopted."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from batchgen_app.core.batch_file import document
from batchgen_app.core.events import ImageCancelled
from tests.core.stories import (
    BATCH_ID,
    all_done,
    cancelled,
    completed,
    failed,
    happened,
    queued,
    started,
    submitted,
)
from tests.storage import making
from tests.storage.rooms import Rooms
from tests.studio import studio


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
    assert await before.store.document(BATCH_ID) == document(await before.batch())
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


def cut_short(data: bytes) -> bytes:
    return data[:-20]


def overwritten(data: bytes) -> bytes:
    """As long as it was: what a disk that lost its power may leave."""
    return data[:-40] + bytes(40)


@pytest.mark.parametrize("harm", [cut_short, overwritten])
async def test_a_damaged_picture_is_a_damaged_one_when_only_the_folders_are_left(
    before: Rooms, after: Rooms, harm: Callable[[bytes], bytes]
) -> None:
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    path = before.store.picture_path(BATCH_ID, "002_102.png")
    path.write_bytes(harm(path.read_bytes()))
    report = await after.reindex_once()
    batch = await after.batch()
    assert [picture.index for picture in batch.pictures] == [1, 3]
    assert (batch.status, batch.failed_images) == ("complete", (2,))
    words = "The file 002_102.png is damaged, and kept under another name."
    assert batch.image(2).message == words
    assert report.problems == [f"Batch {BATCH_ID}: {words}"]
    assert not path.exists()
    assert path.with_suffix(".damaged").exists()
    assert (await after.reindex()).problems == []
    assert await after.store.document(BATCH_ID) == document(batch)


async def test_a_start_that_died_behind_putting_it_aside_still_calls_it_damaged(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    path = before.store.picture_path(BATCH_ID, "002_102.png")
    path.write_bytes(path.read_bytes()[:-20])
    await before.store.set_aside(BATCH_ID, path.name)
    await after.reindex_once()
    assert (await after.batch()).failed_images == (2,)


async def test_of_a_batch_of_which_all_pictures_are_damaged_none_was_made(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    for path in before.store.folder(BATCH_ID).glob("*.png"):
        path.write_bytes(b"")
    await after.reindex_once()
    assert (await after.batch()).status == "failed"
    assert len((await after.batch()).missing) == 3


async def test_of_a_batch_in_full_swing_a_damaged_picture_is_still_to_come(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), submitted(1), completed(1), submitted(2), completed(2))
    path = before.store.picture_path(BATCH_ID, "002_102.png")
    path.write_bytes(path.read_bytes()[:-20])
    await after.reindex_once()
    assert [image.index for image in (await after.batch()).unfinished] == [2, 3]


async def test_a_picture_that_somebody_has_worked_on_stays(before: Rooms, after: Rooms) -> None:
    batch = await before.live(queued(), started(), completed(1), cancelled())
    before.store.picture_path(BATCH_ID, "001_101.png").write_bytes(making.png())
    assert (await after.reindex()).problems == []
    assert document(await after.batch()) == document(batch)


async def test_a_damaged_picture_is_told_while_the_database_is_there_too(before: Rooms) -> None:
    batch = await before.live(queued(), started(), completed(1), cancelled())
    path = before.store.picture_path(BATCH_ID, "001_101.png")
    path.write_bytes(path.read_bytes()[:-20])
    report = await before.reindex()
    assert report.problems == [f"Batch {BATCH_ID}: the picture 001_101.png is damaged."]
    assert await before.batch() == batch


async def test_a_damaged_picture_that_only_the_folder_knew_can_be_made_again(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        made = await here.make()
    shutil.rmtree(tmp_path / "data")
    path = here.app.storage.store.picture_path(made.batch_id, made.pictures[1].filename)
    path.write_bytes(path.read_bytes()[:-20])
    async with studio(tmp_path) as here:
        assert any(f"{path.name} is damaged" in notice for notice in here.app.notices)
        found = await here.app.batch_service.batch(made.batch_id)
        await here.end((await here.app.batch_service.resume(made.batch_id)).batch)
        assert [picture.index for picture in found.pictures] == [1, 2, 3]
        assert making.opened(path.read_bytes()).size == (64, 64)
