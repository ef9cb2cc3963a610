"""Reindex: whole pictures that lie in a batch folder, and that nothing speaks of, are adopted."""

import pytest

from batchgen_app.core.batch_file import document
from batchgen_app.core.events import ImageCancelled
from tests.core.stories import (
    BATCH_ID,
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
