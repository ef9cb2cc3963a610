"""The app dies while a batch is held, or has just grown: nothing is lost or made twice."""

from pathlib import Path

import pytest

from batchgen_app.batches.flow_service import FlowService
from batchgen_app.core.batch import BatchStatus, Marks
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from tests.batches.power_cut import power_cut, seeds_run, started_again, the_batch
from tests.faulty_engine import Hold, Moment
from tests.studio import Studio, studio, until


async def pause(flow: FlowService, batch: BatchState) -> None:
    await flow.pause(batch.batch_id)
    await until(lambda: batch.image(3).status is ImageStatus.PENDING)


async def finish(flow: FlowService, batch: BatchState) -> None:
    await flow.finish(batch.batch_id, "enough")
    await until(lambda: batch.image(3).status is ImageStatus.PENDING)


async def skip(flow: FlowService, batch: BatchState) -> None:
    await flow.skip(batch.batch_id, "dull")


async def at_second_image(here: Studio) -> BatchState:
    batch = await here.start(batchCount=4, keep=4)
    await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
    await until(lambda: batch.image(3).status is ImageStatus.SUBMITTED)
    await until(lambda: len(here.batch_file(batch)["images"]) == 1)
    return batch


@pytest.mark.parametrize("wish", [pause, finish, skip])
async def test_a_batch_that_was_held_is_brought_home_and_made_whole(
    tmp_path: Path, wish: object
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        before = await at_second_image(here)
        assert callable(wish)
        await wish(here.app.flow, before)
        cut = power_cut(here)
        hold.released.set()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            # Behind a skipped image, the server had all that was left.
            assert batch.interrupted == (wish is not skip)
            assert (batch.paused, batch.finishing) == (False, False)
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 4)
            run = await seeds_run(here.engine)
            assert run.count(batch.seeds[0]) == 1


async def test_a_further_image_is_there_after_the_next_start(tmp_path: Path) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        before = await at_second_image(here)
        await here.app.image_service.mark(Marks(rejected=True), before.pictures[0].id)
        await until(lambda: before.total_images == 5)
        cut = power_cut(here)
        hold.released.set()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            assert batch.seeds == before.seeds
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 5)


async def test_killed_in_its_rest_a_regenerated_batch_was_not_heard_of_and_can_be_made(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        first = await here.make(batchCount=2)
        resting = (await here.app.batch_service.regenerate(first.batch_id, rest=3600)).batch
        cut = power_cut(here)
        async with started_again(cut, here.engine) as again:
            batch = await again.app.batch_service.batch(resting.batch_id)
            await again.end(batch)
            assert batch.interrupted
            assert batch.completed_images == 0
            assert await seeds_run(here.engine) == [*first.seeds]
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            assert (batch.status, batch.seeds) == (BatchStatus.COMPLETE, resting.seeds)
            assert sorted(await seeds_run(here.engine)) == sorted([*first.seeds, *batch.seeds])
