"""A database whose batches have no folders here: another library, or a drive that is not connected.
It is said, with what to do; nothing is forgotten, and nothing is written into the empty place.
"""

import re
import shutil
from pathlib import Path

import pytest

from batchgen_app.core.errors import NotFound, StorageError
from batchgen_app.core.serializers import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.storage.recover.reindex import reindex
from batchgen_app.storage.storage import open_storage
from tests.api.visitor import visit
from tests.batches.power_cut import power_cut
from tests.faulty_engine import HangWhileSampling
from tests.studio import Studio, studio, until

NOT_ONE = "not one of the {total} batches that the database knows has its folder there"


def pictures(folder: Path) -> Path:
    return folder / "images" / "batches"


async def other_library(folder: Path) -> BatchState:
    """An app with two batches, whose pictures were replaced by those of another library."""
    async with studio(folder) as here:
        await here.make()
        made = await here.make()
    async with studio(folder / "other") as here:
        await here.make()
    (folder / "images").rename(folder / "away")
    shutil.move(folder / "other" / "images", folder / "images")
    return made


def bring_back(folder: Path) -> None:
    shutil.rmtree(folder / "images")
    (folder / "away").rename(folder / "images")


async def test_a_database_of_another_library_says_so_at_every_start_and_forgets_nothing(
    tmp_path: Path,
) -> None:
    made = await other_library(tmp_path)
    for _ in range(2):
        async with studio(tmp_path) as here:
            notice = here.app.notices[-1]
            assert f"Of 3 batches, 2 have no folder in {tmp_path / 'images'}" in notice
            assert "Nothing is forgotten" in notice
            assert (await here.app.storage.gallery.statistics()).batches == 3
    bring_back(tmp_path)
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(made.batch_id)
        assert [picture.index for picture in found.pictures] == [1, 2, 3]


@pytest.mark.parametrize("is_mount_point_left", [True, False])
async def test_pictures_that_are_all_elsewhere_are_said_to_be(
    tmp_path: Path, is_mount_point_left: bool
) -> None:
    async with studio(tmp_path) as here:
        made = await here.make()
    (tmp_path / "images").rename(tmp_path / "away")
    if is_mount_point_left:
        pictures(tmp_path).mkdir(parents=True)
    async with studio(tmp_path) as here:
        (notice,) = here.app.notices
        assert NOT_ONE.format(total=1) in notice
        assert (await here.app.batch_service.batch(made.batch_id)).pictures == made.pictures
    shutil.rmtree(tmp_path / "images", ignore_errors=True)
    (tmp_path / "away").rename(tmp_path / "images")
    async with studio(tmp_path) as here:
        assert not here.app.notices


async def test_what_is_asked_of_a_batch_without_its_folder_is_answered_in_words(
    tmp_path: Path,
) -> None:
    made = await other_library(tmp_path)
    async with visit(tmp_path) as (here, visitor):
        first = f"/images/{made.batch_id}-001"
        for path in (first, f"{first}/thumbnail", f"/batches/{made.batch_id}/archive"):
            answer = await visitor.get(path)
            assert answer.status_code == 404
            assert f"The folder of batch {made.batch_id} is not in" in answer.text
        assert (await visitor.patch(first, json={"rating": 4})).json()["rating"] == 4
        assert not pictures(tmp_path).joinpath(made.batch_id).exists(), "the place stays empty"
        assert (await visitor.delete(f"/batches/{made.batch_id}")).status_code == 200
        assert (await visitor.post(f"/batches/{made.batch_id}/restore")).status_code == 404
    bring_back(tmp_path)
    async with studio(tmp_path) as here:
        batch = await here.app.image_service.restore_batch(made.batch_id)
        assert batch.pictures[0].rating == 4


async def test_a_batch_that_is_deleted_or_without_pictures_misses_no_folder(
    tmp_path: Path,
) -> None:
    made = await other_library(tmp_path)
    async with studio(tmp_path) as here:
        for batch_id in await here.app.storage.log.batch_ids():
            if not pictures(tmp_path).joinpath(batch_id).exists():
                await here.app.image_service.delete_batch(batch_id)
    async with studio(tmp_path) as here:
        assert not here.app.notices
        with pytest.raises(NotFound):
            await here.app.batch_service.batch(made.batch_id)


async def test_a_reindex_says_it_once_for_each_batch(tmp_path: Path) -> None:
    made = await other_library(tmp_path)
    async with open_storage(tmp_path / "data", tmp_path / "images") as storage:
        report = await reindex(storage.log, storage.gallery, storage.store, storage.locks)
        missing = [text for text in report.problems if "its folder is missing" in text]
        assert len(missing) == len(report.problems) == 2
        assert any(made.batch_id in text for text in missing)
        assert len(await storage.gallery.images(made.batch_id)) == 3


async def died(folder: Path) -> BatchState:
    """An app that was killed in mid-batch; its pictures are on a drive that is not connected."""
    async with studio(folder / "before", HangWhileSampling(prompt=2)) as here:
        batch = await here.start(batchCount=3)
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        power_cut(here, folder)
    (folder / "images").rename(folder / "away")
    pictures(folder).mkdir(parents=True)
    return batch


async def test_a_batch_that_was_broken_off_keeps_its_pictures_while_the_drive_is_away(
    tmp_path: Path,
) -> None:
    batch = await died(tmp_path)
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(batch.batch_id)
        assert [picture.index for picture in found.pictures] == [1]
        assert "image_lost" not in await here.events(found)


async def test_a_resume_waits_for_the_folder_and_then_goes_on_in_it(tmp_path: Path) -> None:
    batch = await died(tmp_path)
    async with studio(tmp_path) as here:
        found = (await here.app.batch_service.resume(batch.batch_id)).batch
        await until(lambda: "Bring the folder or drive back" in trouble(here, found))
        assert not pictures(tmp_path).joinpath(batch.batch_id).exists()
        bring_back(tmp_path)
        await here.end(found)
        assert [picture.index for picture in found.pictures] == [1, 2, 3]


def trouble(_: Studio, batch: BatchState) -> str:
    return progress_of(batch).server_trouble or ""


async def test_something_else_in_place_of_the_folder_of_all_batches_is_told_in_words(
    tmp_path: Path,
) -> None:
    pictures(tmp_path).parent.mkdir()
    pictures(tmp_path).write_text("mine")
    told = f"{pictures(tmp_path)} is something else than BatchGen keeps there. Move it away."
    with pytest.raises(StorageError, match=re.escape(told)):
        await open_storage(tmp_path / "data", tmp_path / "images").__aenter__()
