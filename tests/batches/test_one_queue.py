"""One queue for several servers: each batch goes to the first that is free and can make it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from batchgen_app.comfy.client import ServerStats
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from tests.api.test_uploads import photo
from tests.batches.power_cut import power_cut, seeds_run
from tests.faulty_engine import (
    BreakAnswers,
    DropSockets,
    FailAtNode,
    Fault,
    HangWhileSampling,
    Hold,
    Moment,
    RefuseSubmit,
)
from tests.several import Several, on_engines, several
from tests.studio import MODEL, TIMEOUT_OF_THE_TEST, until

OTHER = "other-dreams-xl.safetensors"


def held(prompt: int | None = 1) -> Hold:
    """A server that stands still in the middle of its first prompt."""
    return Hold(prompt=prompt, moment=Moment.SAMPLING)


async def reached(*holds: Hold) -> None:
    """Wait until they stand still."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        for hold in holds:
            await hold.reached.wait()


async def complete(here: Several, *batches: BatchState) -> None:
    """Each picture is there, once."""
    for batch in batches:
        await here.end(batch)
        assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, batch.total_images)
        assert (await here.events(batch)).count("image_completed") == batch.total_images


async def test_two_servers_make_two_batches_at_once_and_a_third_one_waits(tmp_path: Path) -> None:
    one, other = held(), held()
    async with several(tmp_path, (one,), (other,)) as here:
        first, second = await here.start(), await here.start()
        await reached(one, other)
        assert here.app.queue.all_running == (first, second)
        assert [here.made_on(first), here.made_on(second)] == ["attic", "cellar"]
        third = await here.start()
        await until(lambda: third.waits_because == "Waits for a server that is free.")
        assert (third.status, third.server) == (BatchStatus.QUEUED, None)
        other.released.set()
        await complete(here, second, third)
        assert (here.made_on(third), third.waits_because) == ("cellar", None)
        assert first.status is BatchStatus.GENERATING
        one.released.set()
        await complete(here, first)
        assert [len(await seeds_run(engine)) for engine in here.engines] == [3, 6]


async def test_who_waits_for_a_model_does_not_stand_in_the_way_of_others(tmp_path: Path) -> None:
    hold = held()
    async with several(tmp_path, (hold,), (), models=(None, [OTHER])) as here:
        first = await here.start(model=MODEL)
        await reached(hold)
        waiting = await here.start(model=MODEL)
        await until(lambda: waiting.waits_because is not None)
        assert waiting.waits_because == "Waits for attic, which makes another batch."
        await complete(here, await here.start(model=OTHER))
        assert here.app.queue.waiting == (waiting,)
        hold.released.set()
        await complete(here, first, waiting)
        assert here.made_on(waiting) == "attic"


async def test_who_was_asked_for_is_waited_for_although_another_one_is_free(tmp_path: Path) -> None:
    hold = held()
    async with several(tmp_path, (hold,), ()) as here:
        first = await here.start()
        await reached(hold)
        waiting = await here.start(server=here.servers[0].id)
        await until(lambda: waiting.waits_because is not None)
        assert waiting.waits_because == "Waits for attic, which makes another batch."
        await complete(here, await here.start())
        hold.released.set()
        await complete(here, first, waiting)
        assert here.made_on(waiting) == "attic"


async def test_of_a_server_that_was_asked_for_and_is_away_it_is_said_that_it_is(
    tmp_path: Path,
) -> None:
    hold = held()
    async with several(tmp_path, (hold,), ()) as here:
        await here.start(server=here.servers[0].id)
        await reached(hold)
        waiting = await here.start(server=here.servers[0].id)
        await until(lambda: waiting.waits_because is not None)
        await here.engines[0].stop()
        await until(lambda: waiting.waits_because == "attic does not answer.")


async def test_what_a_server_has_not_begun_goes_to_another_one_with_its_picture(
    tmp_path: Path,
) -> None:
    """It was planned, and brought, where it cannot be made any more."""
    one, other = held(), held()
    async with several(tmp_path, (one,), (other,)) as here:
        kept = await here.app.pictures.keep(photo())
        first, second = await here.start(), await here.start()
        await reached(one, other)
        waiting = await here.start(inputImages={"picture.image": kept.id}, denoise=0.5)
        await here.engines[0].stop()
        other.released.set()
        await complete(here, second, waiting)
        assert here.made_on(waiting) == "cellar"
        await until(lambda: first.server_trouble is not None)
        await here.engines[0].start()
        one.released.set()
        await complete(here, first)
        assert here.made_on(first) == "attic"


async def test_while_nobody_can_make_it_it_waits_and_says_why_of_each(tmp_path: Path) -> None:
    hold = held()
    async with several(tmp_path, (hold,), (), models=(None, [OTHER])) as here:
        first = await here.start()
        await reached(hold)
        waiting = await here.start()
        await here.app.batch_service.cancel(first.batch_id, "enough")
        hold.released.set()
        await here.engines[0].stop()
        await until(lambda: "attic does not answer." in (waiting.waits_because or ""))
        assert f'needs the model "{MODEL}"' in (waiting.waits_because or "")
        assert "cellar:" in (waiting.waits_because or "")
        await here.engines[0].start()
        await complete(here, waiting)
        assert here.made_on(waiting) == "attic"


async def test_where_all_are_switched_off_it_waits_and_can_be_cancelled(tmp_path: Path) -> None:
    async with several(tmp_path, (), (), enabled=(False, False)) as here:
        waiting = await here.start()
        await until(lambda: waiting.waits_because == "All servers are switched off.")
        chosen = await here.start(server=here.servers[1].id)
        await until(lambda: chosen.waits_because == "cellar is switched off.")
        for batch in (waiting, chosen):
            await here.app.batch_service.cancel(batch.batch_id, "enough")
            await here.end(batch)
            assert (batch.status, batch.waits_because) == (BatchStatus.CANCELLED, None)


@pytest.mark.parametrize(
    "fault",
    [
        FailAtNode(prompt=2),
        RefuseSubmit(prompt=2),
        DropSockets(prompt=1),
        HangWhileSampling(prompt=2),
        BreakAnswers(path="/view", status=500),
        BreakAnswers(path="/history", status=500),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_fault_of_one_leaves_the_batch_of_the_other_untouched(
    tmp_path: Path, fault: Fault
) -> None:
    async with several(tmp_path, (fault,), ()) as here:
        troubled = await here.start()
        untouched = await here.start(server=here.servers[1].id)
        await complete(here, untouched)
        assert untouched.server_trouble is None
        assert len(await seeds_run(here.engines[1])) == 3
        await here.app.batch_service.cancel(troubled.batch_id, "enough")
        await here.end(troubled)


async def test_after_a_crash_each_prompt_is_found_where_it_was_sent(tmp_path: Path) -> None:
    one, other = held(), held()
    async with several(tmp_path, (one,), (other,)) as here:
        first, second = await here.start(), await here.start()
        await reached(one, other)
        await until(lambda: all(batch.image(2).prompt_id for batch in (first, second)))
        cut = power_cut(here)
        async with on_engines(cut, here.engines) as again:
            found = [
                await again.app.batch_service.batch(batch.batch_id) for batch in (first, second)
            ]
            assert [again.made_on(batch) for batch in found] == ["attic", "cellar"]
            await until(lambda: len(again.app.queue.all_running) == 2)
            resumed = [
                (await again.app.batch_service.resume(batch.batch_id)).batch
                for batch in reversed(found)
            ][::-1]
            one.released.set()
            other.released.set()
            await complete(again, *resumed)
            for batch, engine in zip(resumed, here.engines, strict=True):
                run = await seeds_run(engine)
                assert [run.count(seed) for seed in batch.seeds[:2]] == [1, 1]


@asynccontextmanager
async def one_being_asked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Several, BatchState, asyncio.Event]]:
    """A batch that waits while the second of three servers is asked whether it can make it, and
    does not answer before it may.
    """
    hold, asked, may_answer = held(), asyncio.Event(), asyncio.Event()
    async with several(folder, (hold,), (), ()) as here:
        first = await here.start()
        await reached(hold)
        answer = here.servers[1].client.stats

        async def late() -> ServerStats:
            asked.set()
            await may_answer.wait()
            return await answer()

        monkeypatch.setattr(here.servers[1].client, "stats", late)
        waiting = await here.start()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await asked.wait()
        yield here, waiting, may_answer
        hold.released.set()
        await complete(here, first)


async def test_who_is_given_to_one_while_another_is_asked_is_made_by_that_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with one_being_asked(tmp_path, monkeypatch) as (here, waiting, may_answer):
        await here.app.handing_over.move(waiting.batch_id, here.servers[2].id)
        may_answer.set()
        await complete(here, waiting)
        assert here.made_on(waiting) == "shed"


async def test_one_that_leaves_while_it_is_asked_gets_no_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with one_being_asked(tmp_path, monkeypatch) as (here, waiting, may_answer):
        await here.app.servers.remove(here.servers[1].id)
        may_answer.set()
        await complete(here, waiting)
        assert here.made_on(waiting) == "shed"
