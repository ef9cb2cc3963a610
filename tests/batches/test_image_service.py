"""Marks, the trash and the way back, also when the app dies in the middle of a move."""

import asyncio
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from batchgen_app.batches.image_service import ImageService
from batchgen_app.core.batch import Marks
from batchgen_app.core.errors import Conflict, NotFound, StorageError
from batchgen_app.core.events import BatchDeleted, BatchRestored, ImageDeleted
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.storage.progress import ReindexReport
from batchgen_app.storage.recover.reindex import reindex
from batchgen_app.storage.storage import open_storage
from tests.faulty_engine import HangWhileSampling
from tests.studio import Studio, studio, until


def image_service(here: Studio) -> ImageService:
    return here.app.image_service


def trash(here: Studio) -> Path:
    return here.folder / "images" / "trash"


def thrown_away(here: Studio) -> set[str]:
    """Every file in the trash."""
    files = (path for path in trash(here).rglob("*") if path.is_file())
    return {str(path.relative_to(trash(here))) for path in files}


def files_of(batch: BatchState, index: int) -> set[str]:
    stem = f"{index:03d}_{batch.seeds[index - 1]}"
    return {f"{stem}.png", f"{stem}.txt", f"thumbnails/{index:03d}.webp"}


async def reindexed(folder: Path, *, without_database: bool = False) -> ReindexReport:
    if without_database:
        shutil.rmtree(folder / "data")
    async with open_storage(folder / "data", folder / "images") as storage:
        return await reindex(storage.log, storage.gallery, storage.store, storage.locks)


async def test_a_mark_is_in_the_state_the_log_the_gallery_and_the_file(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        image = batch.pictures[1]
        (marked,) = await image_service(here).mark(Marks(favourite=True), image.id)
        (marked,) = await image_service(here).mark(Marks(rating=4), image.id)
        assert (marked.favourite, marked.rating) == (True, 4)
        assert batch.pictures[1] == marked
        assert await here.app.storage.gallery.image(image.id) == marked
        record = here.batch_file(batch)["imageRecords"][1]["picture"]
        assert (record["favourite"], record["rating"]) == (True, 4)
        assert (await here.events(batch))[-2:] == ["image_favourited", "image_rated"]


async def test_marks_of_many_images_are_logged_next_to_each_other_or_not_at_all(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        one, two = await here.make(), await here.make()
        ids = [one.pictures[0].id, two.pictures[2].id, one.pictures[1].id]
        before = await here.app.storage.log.end()
        await image_service(here).mark(Marks(rejected=True, rating=2), *ids)
        logged = await here.app.storage.log.read(after=before)
        assert [(e.event.batch_id, e.event.type) for e in logged] == [
            (batch.batch_id, kind)
            for batch in (one, two, one)
            for kind in ("image_rated", "image_rejected")
        ]
        assert [picture.rejected for picture in one.pictures] == [True, True, False]
        assert [picture.rejected for picture in two.pictures] == [False, False, True]
        await image_service(here).mark(Marks(rejected=True), *ids)
        assert await here.app.storage.log.end() == logged[-1].seq, "nothing of it was new"
        for image_id in ids:
            shown = await here.app.storage.gallery.image(image_id)
            assert shown
            assert (shown.rejected, shown.rating) == (True, 2)


async def test_a_deleted_image_lies_in_the_trash_with_all_its_files(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        image, before = batch.pictures[1], here.files(batch)
        await image_service(here).delete_images(image.id)
        assert before - here.files(batch) == files_of(batch, 2)
        assert thrown_away(here) == {
            f"{batch.batch_id}/images/{name}" for name in files_of(batch, 2)
        }
        assert [picture.index for picture in batch.pictures] == [1, 3]
        assert await here.app.storage.gallery.image(image.id) is None
        assert here.batch_file(batch)["imageRecords"][1]["status"] == "deleted"
        assert await image_service(here).restore_image(image.id) == image
        assert here.files(batch) == before
        assert batch.pictures[1] == image
        assert await here.app.storage.gallery.image(image.id) == image
        assert (await here.events(batch))[-2:] == ["image_deleted", "image_restored"]
        assert not list(trash(here).iterdir())


async def test_a_deleted_batch_lies_in_the_trash_as_a_whole(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        await image_service(here).delete_images(batch.pictures[0].id)
        before = here.files(batch)
        await image_service(here).delete_batch(batch.batch_id)
        assert here.files(batch) == set()
        assert {f"{batch.batch_id}/batch/{name}" for name in before} < thrown_away(here)
        assert await here.app.storage.gallery.batch(batch.batch_id) is None
        with pytest.raises(NotFound):
            await here.app.batch_service.batch(batch.batch_id)
        with pytest.raises(NotFound):
            await image_service(here).restore_image(f"{batch.batch_id}-001")
        assert await image_service(here).restore_batch(batch.batch_id) is batch
        assert here.files(batch) == before
        assert here.batch_file(batch)["deleted"] is False
        await image_service(here).restore_image(f"{batch.batch_id}-001")
        assert len(batch.pictures) == 3


async def test_what_is_in_its_place_can_be_restored_without_harm(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        events = await here.events(batch)
        assert await image_service(here).restore_batch(batch.batch_id) is batch
        assert await image_service(here).restore_image(batch.pictures[0].id) == batch.pictures[0]
        assert await here.events(batch) == events


@pytest.mark.parametrize("image", ["nobody", "nobody-001", "{}-000", "{}-004", "{}-1", "{}"])
async def test_what_is_not_there_cannot_be_edited(tmp_path: Path, image: str) -> None:
    async with studio(tmp_path) as here:
        image_id = image.format((await here.make()).batch_id)
        what = "batch nobody" if image == "nobody-001" else f"image {re.escape(image_id)}"
        with pytest.raises(NotFound, match=f"There is no {what}"):
            await image_service(here).mark(Marks(favourite=True), image_id)
        with pytest.raises(NotFound):
            await image_service(here).delete_images(image_id)
        with pytest.raises(NotFound):
            await image_service(here).restore_image(image_id)


async def test_nothing_is_deleted_while_its_batch_runs(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        batch = await here.start()
        await until(lambda: batch.completed_images == 1)
        with pytest.raises(Conflict, match="still running"):
            await image_service(here).delete_images(batch.pictures[0].id)
        with pytest.raises(Conflict, match="still running"):
            await image_service(here).delete_batch(batch.batch_id)
        (marked,) = await image_service(here).mark(Marks(rating=5), batch.pictures[0].id)
        assert marked.rating == 5


async def test_a_batch_is_either_resumed_or_deleted(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        batch = await here.start()
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        calls = (
            here.app.batch_service.resume(batch.batch_id),
            image_service(here).delete_batch(batch.batch_id),
        )
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
        refused = [outcome for outcome in outcomes if isinstance(outcome, NotFound | Conflict)]
        assert len(refused) == 1
        assert batch.deleted == batch.ended


async def test_what_somebody_took_out_of_the_trash_by_hand_is_told(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        image = batch.pictures[0]
        await image_service(here).delete_images(image.id)
        shutil.rmtree(trash(here))
        with pytest.raises(NotFound, match=r"gone from the trash"):
            await image_service(here).restore_image(image.id)
        assert batch.image(1).status is ImageStatus.DELETED


async def test_nothing_is_overwritten_on_the_way_back(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        await image_service(here).delete_batch(batch.batch_id)
        in_the_way = here.app.storage.store.folder(batch.batch_id) / "notes.txt"
        in_the_way.parent.mkdir()
        in_the_way.write_text("mine")
        with pytest.raises(StorageError, match="already there"):
            await image_service(here).restore_batch(batch.batch_id)
        assert in_the_way.read_text() == "mine"
        assert batch.deleted


async def test_an_app_that_died_before_the_move_left_a_hidden_file_that_reindex_moves(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch, other = await here.make(), await here.make()
        log, now = here.app.storage.log, datetime.now(UTC)
        await log.append(ImageDeleted(at=now, batch_id=batch.batch_id, index=1))
        await log.append(BatchDeleted(at=now, batch_id=other.batch_id))
        store = here.app.storage.store
    report = await reindexed(tmp_path)
    assert report.problems == []
    assert files_of(batch, 1).isdisjoint(here.files(batch))
    assert not store.folder(other.batch_id).exists()
    async with studio(tmp_path) as here:
        restored = await image_service(here).restore_image(f"{batch.batch_id}-001")
        assert restored == batch.pictures[0]
        assert len((await image_service(here).restore_batch(other.batch_id)).pictures) == 3


async def test_an_app_that_died_after_the_way_back_left_what_can_still_be_restored(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        image = batch.pictures[0]
        await image_service(here).delete_images(image.id)
        await here.app.storage.store.bring_back_picture(batch.batch_id, image.filename)
        assert await here.app.storage.gallery.image(image.id) is None
        assert await image_service(here).restore_image(image.id) == image


async def test_an_older_log_than_the_folders_gets_its_files_back(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        before = here.files(batch)
        await image_service(here).delete_batch(batch.batch_id)
        event = BatchRestored(at=datetime.now(UTC), batch_id=batch.batch_id)
        await here.app.storage.log.append(event)
    assert (await reindexed(tmp_path)).problems == []
    assert here.files(batch) == before


async def test_what_was_deleted_is_still_known_when_the_database_is_lost(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        one, two = await here.make(), await here.make()
        await image_service(here).mark(Marks(favourite=True), one.pictures[0].id)
        await image_service(here).delete_images(one.pictures[0].id)
        await image_service(here).delete_batch(two.batch_id)
    report = await reindexed(tmp_path, without_database=True)
    assert (report.batches, report.problems) == (2, [])
    async with studio(tmp_path) as here:
        assert (await here.app.storage.gallery.statistics()).batches == 1
        assert (await image_service(here).restore_image(f"{one.batch_id}-001")).favourite
        back = await image_service(here).restore_batch(two.batch_id)
        assert [picture.id for picture in back.pictures] == [p.id for p in two.pictures]
        assert await here.app.storage.store.has(two.batch_id, two.pictures[0].filename)
