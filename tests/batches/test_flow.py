"""A batch at work is paused, continued, finished early; an image of it is skipped."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from batchgen_app.batches.flow_service import ENDED, ENDS, NOTHING_MADE, WAITS
from batchgen_app.core.batch import BatchStatus, Marks
from batchgen_app.core.errors import Conflict, NotFound
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from tests.faulty_engine import BreakSubmit, HangWhileSampling, Hold, Moment
from tests.studio import QUICK, TIMEOUT_OF_THE_TEST, Studio, studio, until

MADE, GIVEN_UP = ImageStatus.COMPLETED, ImageStatus.CANCELLED


def statuses(batch: BatchState) -> list[ImageStatus]:
    return [image.status for image in batch.images]


async def until_reached(hold: Hold) -> None:
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        await hold.reached.wait()


async def until_ahead(here: Studio, batch: BatchState, index: int) -> None:
    """Wait until image ``index`` waits on the server behind the one that is made."""
    await until(lambda: batch.image(index).prompt_id is not None)
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while await here.app.server.client.queue_remaining() < 2:
            pass


async def test_a_pause_finishes_the_image_takes_back_the_next_and_goes_on(tmp_path: Path) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch, behind = await here.start(batchCount=4), await here.start()
        await until_reached(hold)
        await until(lambda: batch.completed_images == 1)
        await until_ahead(here, batch, 3)
        await here.app.flow.pause(batch.batch_id)
        await here.app.flow.pause(batch.batch_id)
        assert batch.paused
        assert batch.current_image == 2
        await until(lambda: batch.image(3).status is ImageStatus.PENDING)
        assert await here.app.server.client.queue_remaining() == 1
        hold.released.set()
        await until(lambda: batch.current_image is None)
        assert statuses(batch) == [MADE, MADE, ImageStatus.PENDING, ImageStatus.PENDING]
        assert batch.status is BatchStatus.GENERATING
        assert here.app.queue.running is batch
        assert here.app.queue.waiting == (behind,)
        assert await here.app.server.client.queue_remaining() == 0
        with pytest.raises(Conflict, match=NOTHING_MADE):
            await here.app.flow.skip(batch.batch_id, "dull")
        await here.app.flow.go_on(batch.batch_id)
        await here.end(batch)
        assert statuses(batch) == [MADE] * 4
        told = await here.events(batch)
        assert told.count("batch_paused") == told.count("batch_continued") == 1
        assert told.count("image_completed") == 4
        assert (await here.app.storage.log.state(batch.batch_id)) == batch
        await here.end(behind)


async def test_a_server_that_goes_while_a_prompt_is_taken_back_costs_no_image(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(batchCount=4)
        await until_reached(hold)
        await until(lambda: batch.image(3).status is ImageStatus.SUBMITTED)
        hold.released.set()
        await here.engine.stop()
        await here.app.flow.pause(batch.batch_id)
        assert batch.paused
        await here.engine.start()
        await here.app.flow.go_on(batch.batch_id)
        await here.end(batch)
        assert batch.status is BatchStatus.COMPLETE
        assert statuses(batch) == [MADE] * 4


async def test_what_the_server_has_begun_is_finished_before_the_pause(tmp_path: Path) -> None:
    """The first picture is still being fetched when the second one is begun."""
    fetching = Hold(prompt=1, moment=Moment.VIEWED)
    painting = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, fetching, painting) as here:
        batch = await here.start(batchCount=4)
        await until_reached(fetching)
        await until_reached(painting)
        await here.app.flow.pause(batch.batch_id)
        fetching.released.set()
        painting.released.set()
        await until(lambda: batch.current_image is None)
        assert statuses(batch)[:2] == [MADE, MADE]
        assert ImageStatus.SUBMITTED not in statuses(batch)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert statuses(batch) == [MADE, MADE, GIVEN_UP, GIVEN_UP]


async def test_an_image_that_is_on_its_way_to_the_server_is_made_and_no_other(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=1, moment=Moment.ARRIVED)
    async with studio(tmp_path, hold) as here:
        batch = await here.start()
        await until_reached(hold)
        await here.app.flow.pause(batch.batch_id)
        hold.released.set()
        await until(lambda: batch.current_image is None)
        assert statuses(batch) == [MADE, ImageStatus.PENDING, ImageStatus.PENDING]
        assert (await here.events(batch)).count("image_submitted") == 1
        await here.app.flow.go_on(batch.batch_id)
        await here.end(batch)
        assert batch.completed_images == 3


async def test_what_a_server_in_trouble_did_not_take_in_is_not_sent_during_a_pause(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    patient = replace(QUICK, retry=3600.0, retry_at_most=3600.0)
    async with studio(tmp_path, hold, BreakSubmit(prompt=2), timeouts=patient) as here:
        batch = await here.start()
        await until(lambda: "trying again" in (batch.server_trouble or ""))
        await here.app.flow.pause(batch.batch_id)
        hold.released.set()
        await until(lambda: batch.completed_images == 1)
        here.app.queue.ask_again()
        await until(lambda: batch.current_image is None)
        assert statuses(batch) == [MADE, ImageStatus.PENDING, ImageStatus.PENDING]
        await here.app.flow.go_on(batch.batch_id)
        await here.end(batch)
        assert statuses(batch) == [MADE] * 3
        told = await here.events(batch)
        assert (told.count("image_withdrawn"), told.count("image_completed")) == (1, 3)
        assert (await here.app.storage.log.state(batch.batch_id)) == batch


async def test_a_paused_batch_is_interrupted_with_the_app_and_can_be_resumed(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start()
        await until_reached(hold)
        await here.app.flow.pause(batch.batch_id)
        hold.released.set()
        await until(lambda: batch.current_image is None)
    assert (batch.status, batch.interrupted, batch.paused) == (BatchStatus.CANCELLED, True, False)
    async with studio(tmp_path) as here:
        again = (await here.app.batch_service.resume(batch.batch_id)).batch
        await here.end(again)
        assert statuses(again) == [MADE] * 3


async def test_a_skip_stops_only_our_prompt_and_the_batch_goes_on(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        batch = await here.start(batchCount=4)
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        await here.app.flow.skip(batch.batch_id, "skipped by hand", index=1)
        assert batch.current_image == 2
        await here.app.flow.skip(batch.batch_id, "skipped by hand", index=2)
        assert batch.image(2).status is GIVEN_UP
        await here.end(batch)
        assert batch.status is BatchStatus.COMPLETE
        assert statuses(batch) == [MADE, GIVEN_UP, MADE, MADE]
        assert batch.failed_images == ()
        assert (await here.app.storage.log.state(batch.batch_id)) == batch
        here.faults.clear()
        again = (await here.app.batch_service.resume(batch.batch_id)).batch
        await here.end(again)
        assert statuses(again) == [MADE] * 4


async def test_one_that_is_just_going_to_be_sent_is_skipped_once(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(batchCount=2)
        await until_reached(hold)
        flow, batch_id = here.app.flow, batch.batch_id
        await flow.pause(batch_id)
        hold.released.set()
        await until(lambda: batch.current_image is None)
        await flow.go_on(batch_id)
        await asyncio.gather(*(flow.skip(batch_id, "dull", index=2) for _ in range(3)))
        await here.end(batch)
        assert (batch.status, batch.ended_because) == (BatchStatus.COMPLETE, None)
        assert statuses(batch) == [MADE, GIVEN_UP]
        told = await here.events(batch)
        assert told.count("image_skipped") == 1
        assert (await here.app.storage.log.state(batch_id)) == batch


async def test_when_every_image_is_skipped_the_batch_was_cancelled(tmp_path: Path) -> None:
    hangs = [HangWhileSampling(prompt=number) for number in (1, 2)]
    async with studio(tmp_path, *hangs) as here:
        batch = await here.start(batchCount=2)
        for index in (1, 2):
            await until(lambda index=index: (batch.current_image, batch.current_step) == (index, 1))  # type: ignore[misc]
            await here.app.flow.skip(batch.batch_id, "dull")
        await here.end(batch)
        assert batch.status is BatchStatus.CANCELLED
        assert batch.ended_because == "Every image was skipped."


async def test_a_finish_makes_the_image_and_no_other_and_the_next_batch_begins(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch, behind = await here.start(batchCount=4), await here.start(batchCount=2)
        await until_reached(hold)
        await until(lambda: batch.completed_images == 1)
        await until_ahead(here, batch, 3)
        await here.app.flow.finish(batch.batch_id, "enough")
        await here.app.flow.finish(batch.batch_id, "enough")
        with pytest.raises(Conflict, match=ENDS):
            await here.app.flow.pause(batch.batch_id)
        await until(lambda: batch.image(3).status is ImageStatus.PENDING)
        hold.released.set()
        await here.end(batch)
        assert statuses(batch) == [MADE, MADE, GIVEN_UP, GIVEN_UP]
        assert (batch.status, batch.ended_because) == (BatchStatus.CANCELLED, "enough")
        assert (await here.app.storage.log.state(batch.batch_id)) == batch
        await here.end(behind)
        assert behind.status is BatchStatus.COMPLETE
        assert await here.client.history(batch.image(3).prompt_id or "") is None


async def test_a_finish_ends_a_paused_batch_at_once(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start()
        await until_reached(hold)
        await here.app.flow.pause(batch.batch_id)
        hold.released.set()
        await until(lambda: batch.current_image is None)
        await here.app.flow.finish(batch.batch_id, "enough")
        await here.end(batch)
        assert statuses(batch) == [MADE, GIVEN_UP, GIVEN_UP]


async def test_of_wishes_that_come_together_the_one_to_end_counts(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start()
        await until_reached(hold)
        flow, batch_id = here.app.flow, batch.batch_id
        await asyncio.gather(flow.pause(batch_id), flow.pause(batch_id))
        await asyncio.gather(
            flow.finish(batch_id, "enough"), flow.go_on(batch_id), return_exceptions=True
        )
        hold.released.set()
        await here.end(batch)
        assert statuses(batch) == [MADE, GIVEN_UP, GIVEN_UP]
        told = await here.events(batch)
        assert told.count("batch_paused") == told.count("batch_finish_requested") == 1


async def test_only_the_batch_at_work_can_be_held(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        first, second = await here.start(), await here.start()
        await until_reached(hold)
        flow = here.app.flow
        for ask in (flow.pause, flow.go_on, lambda id_: flow.skip(id_, "")):
            with pytest.raises(Conflict, match=WAITS):
                await ask(second.batch_id)
            with pytest.raises(NotFound):
                await ask("20200101-000000-000000-ffff")
        hold.released.set()
        await here.end(second)
        with pytest.raises(Conflict, match=ENDED):
            await flow.finish(first.batch_id, "")


@pytest.mark.parametrize("mode", ["random", "incremental"])
async def test_a_rejected_picture_gives_its_place_to_the_next_seed(
    tmp_path: Path, mode: str
) -> None:
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(
            batchCount=3, keep=2, seedMode=mode, prompt="a {red|blue} fox", dynamicPrompt=True
        )
        await until_reached(hold)
        await until(lambda: batch.completed_images == 2)
        first, second = (picture.id for picture in batch.pictures)
        await here.app.image_service.mark(Marks(rejected=True), first)
        await here.app.image_service.mark(Marks(rejected=True), second)
        await until(lambda: batch.total_images == 4)
        hold.released.set()
        await here.end(batch)
        assert batch.status is BatchStatus.COMPLETE
        assert statuses(batch) == [MADE] * 4
        assert len(set(batch.seeds)) == len(batch.prompts) == 4
        if mode == "incremental":
            assert batch.seeds == tuple(range(batch.seeds[0], batch.seeds[0] + 4))
        assert (await here.app.storage.log.state(batch.batch_id)) == batch
        assert here.batch_file(batch)["seeds"] == list(batch.seeds)
        assert (await here.events(batch)).count("image_added") == 1
