"""The app is killed at every moment of an image's life, while a batch of eight is made. The server
goes on.
"""

from pathlib import Path

import pytest

from tests.faults.dying import MOMENTS
from tests.faults.scene import IMAGES, assert_nothing_lost_or_double, scene

KILLED = -9


@pytest.mark.parametrize("moment", MOMENTS)
async def test_the_app_is_killed_and_no_picture_is_lost_or_made_twice(
    tmp_path: Path, moment: str
) -> None:
    async with scene(tmp_path) as here:
        app = await here.start_dying_app(moment)
        batch_id = await app.start_batch()
        assert await app.process.ended() == KILLED
        finished = here.types().count("image_completed")
        app = await here.start_app()
        batch = await app.ended(batch_id)
        # A busy machine is slow to die: the server may have had all of them by then.
        assert batch["interrupted"] or len(batch["images"]) == IMAGES
        assert len(batch["images"]) >= finished
        await assert_nothing_lost_or_double(here, await app.complete(batch_id))
        assert set((await here.seeds_run()).values()) == {1}
        assert len(await here.seeds_run()) == IMAGES


async def test_killed_before_the_batch_s_last_word_it_is_complete_all_the_same(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as here:
        app = await here.start_dying_app("event", image=IMAGES)
        batch_id = await app.start_batch()
        assert await app.process.ended() == KILLED
        app = await here.start_app()
        batch = await app.ended(batch_id)
        await assert_nothing_lost_or_double(here, batch)
        assert (await app.resume(batch_id)).status_code == 409
