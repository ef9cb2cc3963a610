"""A batch goes from one server to another, on request: nothing is lost, and nothing made twice."""

import asyncio
from pathlib import Path

import httpx
import pytest

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import Conflict, InvalidRequest, ServerUnreachable
from batchgen_app.core.state import BatchState
from batchgen_app.demo import DemoEngine
from tests.batches.power_cut import power_cut, seeds_run, the_batch
from tests.faulty_engine import BreakAnswers, HangWhileSampling, Hold, Moment, RefuseSockets
from tests.several import Several, on_engines, several
from tests.studio import MODEL, TIMEOUT_OF_THE_TEST, until

OTHER = "other-dreams-xl.safetensors"


async def in_the_second_image(here: Several) -> BatchState:
    """A batch of four on the first server: one image made, one sampled, one waiting there."""
    batch = await here.start(batchCount=4, server=here.servers[0].id)
    await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
    await until(lambda: batch.image(3).prompt_id is not None)
    return batch


async def assert_whole(here: Several, batch: BatchState, seeds: tuple[int, ...]) -> None:
    """Every planned picture is there, once."""
    assert (batch.status, batch.seeds) == (BatchStatus.COMPLETE, seeds)
    events = await here.events(batch)
    assert events.count("image_completed") == batch.total_images
    pictures = {name for name in here.files(batch) if name.endswith(".png")}
    assert pictures == {f"{i:03d}_{seed}.png" for i, seed in enumerate(seeds, 1)}


async def queue_of(engine: DemoEngine) -> int:
    """How many prompts wait or run on a server."""
    async with httpx.AsyncClient() as http:
        queue = (await http.get(f"{engine.url}/queue")).json()
    return len(queue["queue_running"]) + len(queue["queue_pending"])


async def test_what_a_dead_server_has_begun_is_made_by_another_one(tmp_path: Path) -> None:
    async with several(tmp_path, (HangWhileSampling(prompt=2),), ()) as here:
        batch = await in_the_second_image(here)
        seeds = batch.seeds
        await here.engines[0].stop()
        await until(lambda: batch.server_trouble is not None)
        moved = await here.app.handing_over.move(batch.batch_id, None)
        assert moved is batch
        await here.end(batch)
        await assert_whole(here, batch, seeds)
        assert here.made_on(batch) == "cellar"
        assert await seeds_run(here.engines[1]) == list(seeds[1:])


async def test_what_a_server_had_when_the_app_died_is_made_by_another_one_where_it_died_too(
    tmp_path: Path,
) -> None:
    async with several(tmp_path, (HangWhileSampling(prompt=2),), ()) as here:
        await in_the_second_image(here)
        async with on_engines(power_cut(here), here.engines) as again:
            batch = await the_batch(again.app)
            await here.engines[0].stop()
            await until(lambda: batch.server_trouble is not None)
            await again.app.handing_over.move(batch.batch_id, None)
            await again.end(batch)
            await assert_whole(again, batch, batch.seeds)
            assert again.made_on(batch) == "cellar"
            assert await seeds_run(here.engines[1]) == list(batch.seeds[1:])


async def test_a_living_server_gives_up_what_it_was_doing(tmp_path: Path) -> None:
    async with several(tmp_path, (HangWhileSampling(prompt=2),), ()) as here:
        batch = await in_the_second_image(here)
        await here.app.handing_over.move(batch.batch_id, here.servers[1].id)
        await here.end(batch)
        await assert_whole(here, batch, batch.seeds)
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            while await queue_of(here.engines[0]):  # noqa: ASYNC110 - only the server knows it
                await asyncio.sleep(0)
        logged = await here.app.storage.log.of_batch(batch.batch_id)
        reasons = [getattr(entry.event, "because", None) for entry in logged]
        assert "Moved to cellar." in reasons


async def test_what_waits_can_be_given_to_one_and_to_any(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with several(tmp_path, (hold,), ()) as here:
        first = await here.start()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await hold.reached.wait()
        attic, cellar = (server.id for server in here.servers)
        waiting, other = await here.start(server=attic), await here.start(server=attic)
        await here.app.handing_over.move(waiting.batch_id, cellar)
        await here.app.handing_over.move(other.batch_id, None)
        for batch in (waiting, other):
            await here.end(batch)
            assert (here.made_on(batch), batch.status) == ("cellar", BatchStatus.COMPLETE)
        hold.released.set()
        await here.end(first)


async def test_what_a_server_had_not_taken_in_when_it_went_away_goes_on_by_itself(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=1, moment=Moment.ARRIVED)
    async with several(tmp_path, (hold,), ()) as here:
        batch = await here.start()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await hold.reached.wait()
        assert here.made_on(batch) == "attic"
        seeds = batch.seeds
        hold.released.set()
        here.faults.add(RefuseSockets(), BreakAnswers(path="/", status=500))
        await here.engines[0].stop()
        await here.end(batch)  # being moved is no end
        await assert_whole(here, batch, seeds)
        assert here.made_on(batch) == "cellar"


async def test_what_was_asked_of_a_server_alone_waits_for_it(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.ARRIVED)
    async with several(tmp_path, (hold,), ()) as here:
        batch = await here.start(server=here.servers[0].id)
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await hold.reached.wait()
        await here.engines[0].stop()
        await until(lambda: batch.server_trouble is not None and here.servers[0].is_away)
        hold.released.set()
        await here.engines[0].start()
        await here.end(batch)
        await assert_whole(here, batch, batch.seeds)
        assert here.made_on(batch) == "attic"


async def test_it_stays_where_it_is_as_long_as_nobody_else_can_make_it(tmp_path: Path) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with several(tmp_path, (hold,), (), (), models=(None, [OTHER])) as here:
        batch = await in_the_second_image(here)
        move = here.app.handing_over.move
        with pytest.raises(Conflict, match=f'needs the model "{MODEL}"'):
            await move(batch.batch_id, here.servers[1].id)
        await here.engines[2].stop()
        with pytest.raises(ServerUnreachable):
            await move(batch.batch_id, here.servers[2].id)
        with pytest.raises(InvalidRequest, match="There is no server nowhere"):
            await move(batch.batch_id, "nowhere")
        await here.engines[1].stop()
        await until(lambda: here.servers[1].is_away and here.servers[2].is_away)
        with pytest.raises(Conflict, match="no other server"):
            await move(batch.batch_id, None)
        await move(batch.batch_id, here.servers[0].id)
        hold.released.set()
        await here.end(batch)
        await assert_whole(here, batch, batch.seeds)
        assert here.made_on(batch) == "attic"
        with pytest.raises(Conflict, match="ended"):
            await move(batch.batch_id, None)
