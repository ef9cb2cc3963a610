"""A batch of eight while something is wrong with the server, at every moment of an image's life."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image
from websockets.asyncio.client import connect

from batchgen_app.batches.prompt_tracker import PromptTracker
from batchgen_app.batches.retry import Retry
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.comfy.prompt_status import copies_in_queue
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from tests.faulty_engine import (
    AnswerSlowly,
    BreakAnswers,
    BreakSubmit,
    FailView,
    Fault,
    HangWhileSampling,
    Hold,
    LosePrompt,
    Moment,
    RefuseSockets,
    ViewFailure,
)
from tests.studio import QUICK, TIMEOUT_OF_THE_TEST, Studio, studio, until

COUNT = 8
RELAXED = replace(QUICK, retry=3600.0, retry_at_most=3600.0)
WITHOUT_WEBSOCKET = replace(QUICK, websocket=0.1)

Strike = Callable[[Studio, BatchState], Awaitable[None]]


@asynccontextmanager
async def eight(
    folder: Path, *faults: Fault, timeouts: Timeouts = QUICK
) -> AsyncIterator[tuple[Studio, BatchState]]:
    """A batch of eight under way."""
    kept = folder / "server"
    async with studio(folder, *faults, output_dir=kept, timeouts=timeouts) as here:
        yield here, await here.start(batchCount=COUNT)


async def comes_through(here: Studio, batch: BatchState) -> None:
    """It ends well: every picture is there, whole and once, and the log has no gap."""
    await here.end(batch)
    assert (batch.status, batch.failed_images) == (BatchStatus.COMPLETE, ())
    assert batch.server_trouble is None
    names = {f"{index:03d}_{seed}.png" for index, seed in enumerate(batch.seeds, 1)}
    assert {name for name in here.files(batch) if name.endswith(".png")} == names
    for name in names:
        with Image.open(here.app.storage.store.folder(batch.batch_id) / name) as picture:
            picture.load()
    logged = await here.app.storage.log.read()
    assert [entry.seq for entry in logged] == list(range(1, len(logged) + 1))
    assert (await here.events(batch)).count("image_completed") == COUNT


async def submitted(here: Studio, batch: BatchState) -> list[int]:
    """The images that were submitted, as often as they were."""
    logged = await here.app.storage.log.of_batch(batch.batch_id)
    return [entry.event.index for entry in logged if entry.event.type == "image_submitted"]


def made_on_server(here: Studio) -> int:
    """Pictures that the server has made, whoever got them."""
    return len(list((here.folder / "server").rglob("*.png")))


async def left_on_server(here: Studio, batch: BatchState, most: int) -> None:
    """No more copies of the third prompt than that run or wait there."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST), httpx.AsyncClient() as http:
        while True:
            queue = (await http.get(f"{here.engine.url}/queue")).json()
            if copies_in_queue(queue, batch.image(3).prompt_id or "") <= most:
                return


def watch_of(here: Studio, batch: BatchState, index: int) -> PromptTracker:
    """What is known about an image that is on the server."""
    return here.app.server.router._followed[batch.image(index).prompt_id or ""]


def asking_of(here: Studio) -> Retry:
    """Who asks on behalf of the batch that runs."""
    assert here.app.queue._running
    return here.app.queue._running[0].runner._prompts.retry


async def reached(hold: Hold) -> None:
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        await hold.reached.wait()


async def told(batch: BatchState) -> None:
    """The page says what is waited for."""
    await until(lambda: "trying again" in (batch.server_trouble or ""))


async def drop_sockets(here: Studio, _: BatchState) -> None:
    here.engine.drop_sockets()


async def orphan_socket(here: Studio, _: BatchState) -> None:
    """PROTOCOL.md, section 1: the socket stays open and never hears anything again."""
    address = here.engine.url.replace("http", "ws", 1)
    if client_id := here.app.server.listener.client_id:
        async with connect(f"{address}/ws?clientId={client_id}") as rival:
            await rival.recv()


async def block_sockets(here: Studio, _: BatchState) -> None:
    here.faults.add(RefuseSockets())
    here.engine.drop_sockets()


async def cut_line(here: Studio, batch: BatchState) -> None:
    await here.engine.hide()
    await told(batch)
    await here.engine.show()


async def slow_down(here: Studio, _: BatchState) -> None:
    here.faults.add(AnswerSlowly(seconds=0.1))


async def break_answers(here: Studio, batch: BatchState) -> None:
    here.faults.add(BreakAnswers())
    here.faults.release()
    await told(batch)
    assert "status 500" in (batch.server_trouble or "")
    here.faults.clear()


STRIKES = [drop_sockets, orphan_socket, block_sockets, cut_line, slow_down, break_answers]


@pytest.mark.parametrize("strike", STRIKES, ids=lambda strike: strike.__name__)
async def test_a_fault_that_strikes_at_every_moment_costs_nothing(
    tmp_path: Path, strike: Strike
) -> None:
    async with eight(tmp_path) as (here, batch):
        for moment in Moment:
            hold = Hold(moment=moment)
            here.faults.add(hold)
            await reached(hold)
            await strike(here, batch)
            hold.released.set()
        await comes_through(here, batch)
        assert made_on_server(here) == len(await submitted(here, batch)) == COUNT


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.name)
async def test_after_a_restart_what_was_lost_is_made_and_what_was_finished_is_not_made_again(
    tmp_path: Path, moment: Moment
) -> None:
    hold = Hold(prompt=3, moment=moment)
    async with eight(tmp_path, hold) as (here, batch):
        await reached(hold)
        if moment is Moment.SUCCEEDED:
            await until(lambda: watch_of(here, batch, 3).heard_result is not None)
        made = [picture.index for picture in batch.pictures]
        await here.engine.stop()
        await told(batch)
        await here.engine.start()
        await comes_through(here, batch)
        sent = await submitted(here, batch)
        was_lost = moment is Moment.SAMPLING  # before that, its first submission still goes on
        assert sent.count(3) == (2 if was_lost else 1)
        assert all(sent.count(index) == 1 for index in made)


async def test_a_websocket_that_never_comes_is_done_without(tmp_path: Path) -> None:
    async with eight(tmp_path, RefuseSockets(), timeouts=WITHOUT_WEBSOCKET) as (here, batch):
        await comes_through(here, batch)
        assert made_on_server(here) == len(await submitted(here, batch)) == COUNT


async def test_a_restart_is_noticed_without_any_websocket(tmp_path: Path) -> None:
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    async with eight(tmp_path, RefuseSockets(), hold, timeouts=WITHOUT_WEBSOCKET) as (here, batch):
        await reached(hold)
        await here.engine.stop()
        await told(batch)
        await here.engine.start()
        await comes_through(here, batch)


async def test_an_image_may_take_its_time_while_nothing_can_be_heard_of_it(tmp_path: Path) -> None:
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    hasty = replace(WITHOUT_WEBSOCKET, stall=WITHOUT_WEBSOCKET.look_without_websocket / 2)
    async with eight(tmp_path, RefuseSockets(), hold, timeouts=hasty) as (here, batch):
        await reached(hold)
        await until(lambda: watch_of(here, batch, 3).has_begun)
        too_late = time.monotonic() + 10 * hasty.stall
        await until(lambda: time.monotonic() > too_late)
        hold.released.set()
        await comes_through(here, batch)


@pytest.mark.parametrize("moment", [Moment.ARRIVED, Moment.ACCEPTED], ids=lambda m: m.name)
async def test_a_prompt_whose_answer_comes_too_late_is_not_made_twice(
    tmp_path: Path, moment: Moment
) -> None:
    hold = Hold(prompt=3, moment=moment)
    hasty = replace(QUICK, answer=0.3, retry=1.0)
    async with eight(tmp_path, hold, timeouts=hasty) as (here, batch):
        await reached(hold)
        await told(batch)
        hold.released.set()
        await comes_through(here, batch)
        assert made_on_server(here) == len(await submitted(here, batch)) == COUNT


@pytest.mark.parametrize("has_ended", [False, True])
async def test_a_prompt_that_is_taken_in_after_it_was_sent_again_does_not_run_twice(
    tmp_path: Path, *, has_ended: bool
) -> None:
    late, accepted, ran = (
        Hold(prompt=3, moment=m) for m in (Moment.ARRIVED, Moment.ACCEPTED, Moment.SAMPLING)
    )
    busy = Hold(prompt=5 if has_ended else 4, moment=Moment.SAMPLING)
    hasty = replace(QUICK, answer=0.3)
    async with eight(tmp_path, late, accepted, ran, busy, timeouts=hasty) as (here, batch):
        await reached(busy)
        await until(lambda: batch.completed_images == (3 if has_ended else 2))
        late.released.set()
        await reached(accepted)
        await left_on_server(here, batch, 0 if has_ended else 1)
        busy.released.set()
        await comes_through(here, batch)
        assert made_on_server(here) == len(await submitted(here, batch)) == COUNT
        assert not ran.reached.is_set()


@pytest.mark.parametrize(("runs", "sent"), [(False, 2), (True, 1)])
async def test_a_prompt_that_the_server_loses_is_sent_again_unless_it_told_of_its_picture(
    tmp_path: Path, *, runs: bool, sent: int
) -> None:
    """One that was seen to wait and is gone was taken out by somebody, so nobody looks so early."""
    late = replace(QUICK, first_look=2.0, look=2.0)
    lost = LosePrompt(prompt=3, runs=runs)
    async with eight(tmp_path, lost, timeouts=late) as (here, batch):
        await comes_through(here, batch)
        assert (await submitted(here, batch)).count(3) == sent
        assert made_on_server(here) == COUNT


async def test_a_server_that_refuses_every_prompt_with_5xx_is_believed(tmp_path: Path) -> None:
    async with studio(tmp_path, BreakSubmit()) as here:
        batch = await here.make(batchCount=2)
        assert batch.status is BatchStatus.FAILED
        assert "status 500" in (batch.ended_because or "")


async def test_the_batch_goes_on_by_itself_when_the_server_is_back(tmp_path: Path) -> None:
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    async with eight(tmp_path, hold, timeouts=RELAXED) as (here, batch):
        await reached(hold)
        await here.engine.hide()
        await told(batch)
        await until(lambda: "in 3600 s" in (batch.server_trouble or ""))
        await here.engine.show()
        await comes_through(here, batch)


async def test_retry_tries_at_once(tmp_path: Path) -> None:
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    async with eight(tmp_path, hold, timeouts=RELAXED) as (here, batch):
        here.app.server.changed = Signal()  # nobody else tells that it is back
        await reached(hold)
        await here.engine.hide()
        await told(batch)
        await here.engine.show()
        here.app.queue.ask_again()
        await comes_through(here, batch)


async def test_a_picture_is_waited_for_while_the_server_is_away(tmp_path: Path) -> None:
    """Far longer than for one that the server fails to hand over."""
    hold = Hold(prompt=8, moment=Moment.HALF_SENT)
    async with eight(tmp_path, hold) as (here, batch):
        await reached(hold)
        await here.engine.hide()
        await until(lambda: asking_of(here).outages > 2 * COUNT)
        await here.engine.show()
        await comes_through(here, batch)


async def hidden(here: Studio) -> None:
    await here.engine.hide()


async def silent(here: Studio) -> None:
    here.faults.add(AnswerSlowly(seconds=3600.0))


async def senseless(here: Studio) -> None:
    here.faults.add(BreakAnswers(status=418))


@pytest.mark.parametrize("moment", Moment, ids=lambda moment: moment.name)
@pytest.mark.parametrize("trouble", [hidden, silent, senseless], ids=lambda t: t.__name__)
async def test_a_cancel_works_whatever_the_server_does(
    tmp_path: Path, trouble: Callable[[Studio], Awaitable[None]], moment: Moment
) -> None:
    hold = Hold(prompt=3, moment=moment)
    brief = replace(RELAXED, stopping=0.2, letting_go=0.5)
    async with studio(tmp_path, hold, timeouts=brief) as here:
        batch = await here.start(batchCount=COUNT)
        await reached(hold)
        await trouble(here)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert batch.status is BatchStatus.CANCELLED
        hold.released.set()
        here.faults.clear()


async def test_a_prompt_under_way_when_the_cancel_came_does_not_stay_on_the_server(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=3, moment=Moment.ACCEPTED)
    hang = HangWhileSampling(prompt=3)
    async with studio(tmp_path, hold, hang, timeouts=replace(QUICK, stopping=0.2)) as here:
        batch = await here.start(batchCount=COUNT)
        await reached(hold)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert await here.app.server.client.queue_remaining() == 0
        hold.released.set()


async def test_a_prompt_that_is_taken_in_after_the_cancel_is_taken_back(tmp_path: Path) -> None:
    late, accepted = (Hold(prompt=3, moment=m) for m in (Moment.ARRIVED, Moment.ACCEPTED))
    hang = HangWhileSampling(prompt=3)
    brief = replace(QUICK, stopping=0.2)
    async with studio(tmp_path, late, accepted, hang, timeouts=brief) as here:
        batch = await here.start(batchCount=COUNT)
        await reached(late)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        late.released.set()
        await reached(accepted)
        await left_on_server(here, batch, 0)


async def test_one_picture_that_cannot_be_had_is_not_called_trouble_of_the_server(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, FailView(prompt=2, failure=ViewFailure.BROKEN)) as here:
        batch = await here.start()
        seen: list[str | None] = []
        await until(lambda: bool(here.app.queue._running))
        asking_of(here)._on_trouble = seen.append
        await here.end(batch)
        assert set(seen) <= {None}
        assert batch.failed_images == (2,)
