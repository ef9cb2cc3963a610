"""The window is closed while several servers are at work."""

import asyncio
from pathlib import Path

from batchgen_app.core.batch import BatchStatus
from batchgen_app.services import Services
from batchgen_app.window.window_controller import stop_after_image
from tests.faulty_engine import Hold, Moment
from tests.several import several
from tests.studio import TIMEOUT_OF_THE_TEST, until


async def test_each_batch_ends_with_the_image_that_is_being_made(tmp_path: Path) -> None:
    one, other = (Hold(prompt=1, moment=Moment.SAMPLING) for _ in range(2))
    async with several(tmp_path, (one,), (other,)) as here:
        running, waiting = [await here.start(), await here.start()], await here.start()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await one.reached.wait()
            await other.reached.wait()
        stopping = asyncio.create_task(stop_after_image(Services(here.app)))
        await until(lambda: all(batch.finishing for batch in running) and waiting.ended)
        one.released.set()
        other.released.set()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await stopping
            await here.app.queue.idle()
        assert [batch.completed_images for batch in running] == [1, 1]
        assert {batch.status for batch in (*running, waiting)} == {BatchStatus.CANCELLED}
