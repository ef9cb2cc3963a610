"""The app is killed at every moment of an image's life, while a batch of eight is made. The server
goes on.
"""

import json
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from tests.faults.dying import MOMENTS, VERDICTS
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


@pytest.mark.parametrize("moment", VERDICTS)
async def test_killed_around_the_verdict_of_a_proof_it_is_there_after_the_next_start(
    tmp_path: Path, moment: str
) -> None:
    async with scene(tmp_path) as here:
        app = await here.start_dying_app(moment)
        picture = f"{(await app.ended(await app.start_batch(2)))['batchId']}-001"
        with suppress(httpx.TransportError):  # it may die before it can answer
            await app.ask("POST", f"/api/images/{picture}/prove")
        assert await app.process.ended() == KILLED
        proof_id = here.events()[-1]["batchId"]
        app = await here.start_app()
        proof = await app.ended(proof_id)
        assert proof["proof"] == {"image": picture, "identical": True, "differences": []}
        assert (proof["status"], len(proof["images"])) == ("complete", 1)
        assert (here.types().count("batch_proved"), here.types().count("batch_completed")) == (1, 2)
        assert json.loads((here.batch_folder(proof_id) / "batch.json").read_text())["proof"]
        asked = await app.ask("POST", f"/api/images/{picture}/prove")
        assert (await app.ended(asked.json()["batchId"]))["proof"]["identical"] is True
