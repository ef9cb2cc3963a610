"""The queue, for whoever waits for it."""

import asyncio
from pathlib import Path

from batchgen_app.core.batch import BatchStatus
from tests.faulty_engine import Hold, Moment
from tests.studio import TIMEOUT_OF_THE_TEST, studio, until


async def test_who_gives_up_waiting_for_the_queue_leaves_nothing_behind(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, hold) as here:
        batch = await here.start()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await hold.reached.wait()
        changed = here.app.queue.changed
        before = len(changed)
        waiting = asyncio.create_task(here.app.queue.idle())
        await until(lambda: len(changed) > before)
        waiting.cancel()
        await asyncio.wait({waiting})
        assert len(changed) == before
        hold.released.set()
        await here.end(batch)


async def test_a_batch_that_rests_lets_others_go_ahead_and_can_be_taken_back(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        service, first = here.app.batch_service, await here.make()
        resting = (await service.regenerate(first.batch_id, rest=2 * TIMEOUT_OF_THE_TEST)).batch
        soon = (await service.regenerate(first.batch_id, rest=0.05)).batch
        await here.end(soon)
        await here.make()
        assert resting.status is BatchStatus.QUEUED
        assert here.app.queue.waiting == (resting,)
        await service.cancel(resting.batch_id, "taken back")
        assert (resting.status, resting.completed_images) == (BatchStatus.CANCELLED, 0)
        assert "image_submitted" not in await here.events(resting)
