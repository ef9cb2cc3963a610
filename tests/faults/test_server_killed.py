"""The server is killed at every moment of an image's life and started again: what it had in memory
is gone. The app goes on by itself.
"""

from pathlib import Path

import pytest

from tests.faults.dying import MOMENTS
from tests.faults.scene import assert_nothing_lost_or_double, scene


@pytest.mark.parametrize("moment", [moment for moment in MOMENTS if moment != "batch queued"])
async def test_the_server_is_killed_and_the_batch_completes_by_itself(
    tmp_path: Path, moment: str
) -> None:
    async with scene(tmp_path) as here:
        app = await here.start_dying_app(moment, pid=here.engine.process.pid)
        batch_id = await app.start_batch()
        await here.restart_engine()
        await assert_nothing_lost_or_double(here, await app.ended(batch_id))
