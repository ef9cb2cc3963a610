"""A batch at work over HTTP: paused, continued, skipped, finished early; and one that grows."""

import asyncio
from pathlib import Path

import httpx

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, visit
from tests.faulty_engine import HangWhileSampling, Hold, Moment
from tests.studio import TIMEOUT_OF_THE_TEST, until


async def told(visitor: Visitor, batch_id: str, wish: str) -> JsonObject:
    answer = await visitor.post(f"/batches/{batch_id}/{wish}")
    assert answer.status_code == 200, answer.text
    progress: JsonObject = answer.json()
    return progress


def refused(answer: httpx.Response) -> str:
    assert answer.status_code == 409
    return str(answer.json()["error"]["message"])


async def test_a_batch_is_paused_continued_and_finished_early(tmp_path: Path) -> None:
    holds = [Hold(prompt=number, moment=Moment.SAMPLING) for number in (1, 3)]
    async with visit(tmp_path, *holds) as (here, visitor):
        batch_id, behind = await visitor.start(batchCount=5), await visitor.start()
        batch = await here.app.batch_service.batch(batch_id)
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await holds[0].reached.wait()
        paused = await told(visitor, batch_id, "pause")
        assert (paused["paused"], paused["status"], paused["currentImage"]) == (
            True,
            "generating",
            1,
        )
        assert refused(await visitor.post(f"/batches/{behind}/pause"))
        holds[0].released.set()
        await until(lambda: batch.current_image is None)
        shown = (await visitor.look(batch_id))["progress"]
        assert (shown["paused"], shown["completedImages"], shown["currentImage"]) == (True, 1, None)
        assert refused(await visitor.post(f"/batches/{batch_id}/skip"))
        assert not (await told(visitor, batch_id, "continue"))["paused"]
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await holds[1].reached.wait()
        await until(lambda: batch.current_step == 1)
        finishing = await told(visitor, batch_id, "finish")
        assert finishing["finishing"]
        holds[1].released.set()
        ended = await visitor.end(batch_id)
        assert ended["progress"]["status"] == "cancelled"
        assert ended["progress"]["endedBecause"] == "Finished early through the API"
        assert ended["progress"]["completedImages"] == finishing["currentImage"]
        for wish in ("pause", "continue", "skip", "finish"):
            assert refused(await visitor.post(f"/batches/{batch_id}/{wish}"))
        assert (await visitor.end(behind))["progress"]["status"] == "complete"


async def test_a_skipped_image_can_be_made_later(tmp_path: Path) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=1)) as (here, visitor):
        batch_id = await visitor.start()
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.current_step == 1)
        skipped = await told(visitor, batch_id, "skip")
        assert skipped["currentImage"] != 1
        assert skipped["failedImages"] == []
        ended = await visitor.end(batch_id)
        assert (ended["progress"]["status"], ended["progress"]["completedImages"]) == (
            "complete",
            2,
        )
        assert (await visitor.post(f"/batches/{batch_id}/resume")).status_code == 201
        assert (await visitor.end(batch_id))["progress"]["completedImages"] == 3


async def test_a_picture_that_is_rejected_while_it_runs_gives_its_place_away(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with visit(tmp_path, hold) as (here, visitor):
        batch_id = await visitor.start(batchCount=2, keep=2, seedMode="incremental", baseSeed=7)
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.completed_images == 1)
        await visitor.patch(f"/images/{batch_id}-001", json={"rejected": True})
        await until(lambda: batch.total_images == 3)
        assert (await visitor.look(batch_id))["progress"]["seeds"] == [7, 8, 9]
        hold.released.set()
        ended = await visitor.end(batch_id)
        assert ended["progress"]["totalImages"] == len(ended["images"]) == 3
        assert ended["batch"]["request"]["keep"] == 2
        assert "image_added" in await visitor.events(batch_id)
        again = await visitor.post(f"/batches/{batch_id}/regenerate")
        assert again.status_code == 201
        seeds = (await visitor.end(again.json()["batchId"]))["progress"]["seeds"]
        assert seeds == [10, 11]
