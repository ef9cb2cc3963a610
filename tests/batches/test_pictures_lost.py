"""The pictures that a batch starts from, and what may become of them before it is made: the server
goes away or loses them, or they are thrown away here.
"""

from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import InvalidRequest, ServerError, ServerUnreachable
from tests.api.test_uploads import from_photo, photo
from tests.faulty_engine import BreakAnswers, Hold, Moment, RefuseSubmit
from tests.studio import Studio, studio

ALONE: dict[str, Any] = {"model": None, "baseParameters": {}, "batchCount": 2}


async def with_photo(here: Studio) -> dict[str, Any]:
    """What asks for a batch that starts from a picture which a person has given."""
    kept = await here.app.pictures.keep(photo())
    return {"batchCount": 2, "inputImages": {"picture.image": kept.id}}


def lose(here: Studio) -> None:
    """The server has its input folder no more."""
    (lost,) = here.engine.folders.input.rglob("*.png")
    lost.unlink()


async def test_what_the_server_lost_before_the_batch_had_its_turn_is_brought_again(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        before = await here.start(batchCount=2)
        await hold.reached.wait()
        batch = await here.start(**await with_photo(here))
        lose(here)
        hold.released.set()
        await here.end(before)
        await here.end(batch)
    assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 2)


async def test_what_it_loses_in_the_middle_is_brought_again(tmp_path: Path) -> None:
    """One prompt waits there already, which does not find it; another try does."""
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(**{**await with_photo(here), "batchCount": 6})
        await hold.reached.wait()
        lose(here)
        hold.released.set()
        await here.end(batch)
        assert batch.completed_images >= 5
        if batch.missing:
            await here.app.batch_service.resume(batch.batch_id)
            await here.end(batch)
        assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 6)


async def test_where_it_is_gone_here_too_the_server_s_reason_is_told(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        before = await here.start(batchCount=2)
        await hold.reached.wait()
        asked = await with_photo(here)
        batch = await here.start(**asked)
        lose(here)
        (tmp_path / "data" / "uploads" / asked["inputImages"]["picture.image"]).unlink()
        hold.released.set()
        await here.end(before)
        await here.end(batch)
    assert batch.status is BatchStatus.FAILED
    for image in batch.images:
        assert str(image.message).startswith("There is no uploaded picture ")
        assert "Invalid image file" in str(image.message)


async def test_what_is_refused_for_another_reason_is_asked_for_twice_and_told(
    tmp_path: Path,
) -> None:
    refused = {"class_type": "KSampler", "dependent_outputs": [], "errors": [{"message": "No."}]}
    fault = RefuseSubmit(node_errors={"sampler": refused})
    async with studio(tmp_path, fault) as here:
        batch = await here.make(**await with_photo(here))
    assert batch.status is BatchStatus.FAILED
    assert all("No" in str(image.message) for image in batch.images)


@pytest.mark.parametrize(
    ("status", "kind"), [(502, ServerUnreachable), (500, ServerError)], ids=["gone", "in trouble"]
)
async def test_a_server_that_goes_away_before_it_has_the_picture_leaves_nothing_behind(
    tmp_path: Path, status: int, kind: type[Exception]
) -> None:
    async with studio(tmp_path, BreakAnswers(path="/upload", status=status)) as here:
        asked = await with_photo(here)
        with pytest.raises(kind):
            await here.start(**asked)
        assert await here.app.storage.log.batch_ids() == []
        assert not here.app.queue.is_busy
        assert not list((tmp_path / "images").rglob("batch.json"))
    async with studio(tmp_path) as here:
        batch = await here.make(**asked)
    assert batch.completed_images == 2


@pytest.mark.parametrize("is_built_in", [True, False], ids=["built in", "workflow"])
async def test_a_picture_in_the_trash_is_said_with_the_way_back_and_works_again_then(
    tmp_path: Path, *, is_built_in: bool
) -> None:
    async with studio(tmp_path) as here:
        picture = (await here.make(batchCount=2)).pictures[0].id
        slot = "picture.image" if is_built_in else "photo.image"
        asked: dict[str, Any] = {"batchCount": 2, "inputImages": {slot: picture}}
        if not is_built_in:
            asked |= {**ALONE, "workflow": from_photo()}
        await here.app.image_service.delete_images(picture)
        with pytest.raises(InvalidRequest) as refused:
            await here.start(**asked)
        assert "from the trash" in str(refused.value)
        assert [problem.field for problem in refused.value.problems] == ["inputImages"]
        await here.app.image_service.restore_image(picture)
        assert (await here.make(**asked)).completed_images == 2
