"""A cancel is heard at once, here and on the server, whatever the server is busy with."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.comfy.client import Outcome
from batchgen_app.comfy.stats import ServerStats
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.events import Logged
from batchgen_app.core.state import BatchState
from tests.batches.test_server_trouble import reached, watch_of
from tests.batches.test_shared_server import ended, others
from tests.faulty_engine import (
    AnswerSlowly,
    DripView,
    Fault,
    HangWhileSampling,
    Hold,
    Moment,
    StopWhateverRuns,
    SwellQueue,
)
from tests.studio import QUICK, TIMEOUT_OF_THE_TEST, Studio, studio, until

AT_ONCE = 3.0
"""Seconds; a program that waits for the server takes ten at least."""
TOO_LARGE = 100_000
"""Bytes of a queue; in the stories, less is done with."""
OLD = "0.3.50"
HANG = HangWhileSampling(prompt=2)


async def cancelled(here: Studio, batch: BatchState) -> None:
    """Cancel it, and see that it ends at once."""
    began = time.monotonic()
    await here.app.batch_service.cancel(batch.batch_id, because="enough")
    await here.end(batch)
    assert time.monotonic() - began < AT_ONCE
    assert batch.status is BatchStatus.CANCELLED


async def hangs(here: Studio, batch: BatchState) -> str:
    """The prompt of its second image, once the server stands still over it."""
    await until(lambda: (batch.current_image, batch.current_step) == (2, 1))
    return batch.image(2).prompt_id or ""


async def interrupted(here: Studio, prompt_id: str) -> bool:
    """Whether the server has stopped it in the middle."""
    return (await ended(here, prompt_id)).outcome is Outcome.INTERRUPTED


@pytest.mark.parametrize(
    "trouble",
    [AnswerSlowly(path="/queue", seconds=3600.0), SwellQueue(bytes=2 * TOO_LARGE)],
    ids=["does not answer", "is too large to read"],
)
async def test_the_running_prompt_is_interrupted_though_the_queue_cannot_be_had(
    tmp_path: Path, trouble: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("batchgen_app.comfy.client.QUEUE_LIMIT", TOO_LARGE)
    async with studio(tmp_path, HANG, timeouts=Timeouts()) as here:
        batch = await here.start()
        prompt_id = await hangs(here, batch)
        here.faults.add(trouble)
        await cancelled(here, batch)
        assert await interrupted(here, prompt_id)


async def test_a_picture_that_drips_does_not_keep_the_batch_nor_the_server(tmp_path: Path) -> None:
    dripping = Hold(prompt=1, moment=Moment.HALF_SENT)
    async with studio(tmp_path, dripping, HANG, timeouts=Timeouts()) as here:
        batch = await here.start(batchCount=2)
        await reached(dripping)
        await until(lambda: bool(batch.image(2).prompt_id))
        await until(lambda: watch_of(here, batch, 2).has_begun)
        prompt_id = batch.image(2).prompt_id or ""
        await cancelled(here, batch)
        assert await interrupted(here, prompt_id)
        assert batch.completed_images == 0
        dripping.released.set()
        here.faults.clear()
        await here.app.batch_service.resume(batch.batch_id)
        await here.end(batch)
        assert batch.completed_images == 2


async def test_a_picture_that_comes_too_slowly_is_not_waited_for(tmp_path: Path) -> None:
    """However much time a picture on its way has: at its pace it would take minutes."""
    timeouts = Timeouts(letting_go=60.0)
    async with studio(tmp_path, DripView(prompt=1), HANG, timeouts=timeouts) as here:
        batch = await here.start(batchCount=2)
        await until(lambda: bool(batch.image(2).prompt_id))
        await until(lambda: watch_of(here, batch, 2).has_begun)
        await cancelled(here, batch)
        assert await interrupted(here, batch.image(2).prompt_id or "")
        assert batch.completed_images == 0


async def test_a_server_that_ends_its_step_first_is_not_waited_for(tmp_path: Path) -> None:
    """And a resume meanwhile takes nothing amiss that the cancel had asked for."""
    step = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, step, timeouts=replace(QUICK, letting_go=0.5)) as here:
        batch = await here.start()
        await reached(step)
        await cancelled(here, batch)
        await here.app.batch_service.resume(batch.batch_id)
        await until(lambda: not batch.ended)
        step.released.set()
        await here.end(batch)
        assert (batch.status, batch.failed_images) == (BatchStatus.COMPLETE, ())


async def test_what_the_server_heeds_later_is_taken_back_behind_the_end(tmp_path: Path) -> None:
    hang = HangWhileSampling(prompt=1)
    async with studio(tmp_path, hang, timeouts=replace(QUICK, letting_go=0.5)) as here:
        batch = await here.start()
        await until(lambda: batch.current_step == 1)
        here.faults.add(AnswerSlowly(seconds=3600.0))
        await cancelled(here, batch)
        here.faults.clear()
        here.faults.release()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            while await here.app.server.client.queue_remaining():
                pass


async def test_on_an_older_server_the_prompt_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    held = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, held, StopWhateverRuns(), comfyui_version=OLD) as here:
        (theirs,) = await others(here, 1)
        batch = await here.start()
        await until(lambda: batch.prompts_ahead == 1)
        await cancelled(here, batch)
        held.released.set()
        assert (await ended(here, theirs)).outcome is Outcome.SUCCEEDED


async def test_on_an_older_server_our_own_prompt_is_interrupted(tmp_path: Path) -> None:
    async with studio(tmp_path, HANG, StopWhateverRuns(), comfyui_version=OLD) as here:
        batch = await here.start()
        prompt_id = await hangs(here, batch)
        await cancelled(here, batch)
        assert await interrupted(here, prompt_id)


@pytest.mark.parametrize(
    ("version", "stops_by_id"),
    [
        ("0.3.64", True), ("v0.3.65", True), ("0.33.0", True), ("1.0.0-rc1", True),
        ("0.3.63", False), ("0.2.9", False), ("", False), (None, False), ("unknown", False),
    ],
)  # fmt: skip
def test_the_version_tells_whether_a_server_stops_by_id(
    version: str | None, *, stops_by_id: bool
) -> None:
    stats = ServerStats.parse({"system": {"comfyui_version": version}})
    assert stats.stops_by_id is stops_by_id


@pytest.mark.parametrize("resumed", [False, True])
async def test_a_batch_is_stopped_though_it_is_only_about_to_be_lined_up(
    tmp_path: Path, *, resumed: bool
) -> None:
    async with studio(tmp_path, HANG, HangWhileSampling(prompt=3)) as here:
        service = here.app.batch_service
        cancels: list[asyncio.Task[BatchState]] = []

        async def at_once(batch: BatchState, logged: Logged) -> None:
            if logged.event.type == ("batch_resumed" if resumed else "batch_queued"):
                cancels.append(asyncio.create_task(service.cancel(batch.batch_id, "enough")))
                await asyncio.sleep(0)

        service._recorder._recorded.subscribe(at_once)
        batch = await here.start()
        if resumed:
            await hangs(here, batch)
            await cancelled(here, batch)
            await service.resume(batch.batch_id)
        await asyncio.gather(*cancels)
        await here.end(batch)
        assert (batch.ended_because, len(cancels)) == ("enough", 1)
        assert batch.completed_images == int(resumed)
