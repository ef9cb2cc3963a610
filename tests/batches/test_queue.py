"""The queue, for whoever waits for it."""

import asyncio
from pathlib import Path

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
