"""A server that others use, too: their prompts are left alone, our place behind them is told."""

import asyncio
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

from batchgen_app.comfy.client import Ended, HistoryEntry, Outcome
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.serializers import progress_of
from tests.demo.graphs import plain, txt2img
from tests.faulty_engine import Hold, Moment
from tests.studio import QUICK, TIMEOUT_OF_THE_TEST, Studio, studio, until


async def others(here: Studio, count: int) -> list[str]:
    """Prompts that somebody else has submitted; without a client_id, all hear of their steps."""
    ids = [str(uuid4()) for _ in range(count)]
    graphs = [txt2img(), *map(plain, range(1, count))]
    for prompt_id, graph in zip(ids, graphs, strict=True):
        await here.app.server.client.submit(graph, prompt_id=prompt_id, client_id=None)
    return ids


async def ended(here: Studio, prompt_id: str) -> HistoryEntry:
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while not isinstance(found := await here.app.server.client.prompt_status(prompt_id), Ended):
            pass
    return found.entry


async def test_the_place_behind_others_is_told_until_it_is_our_turn(tmp_path: Path) -> None:
    held = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, held) as here:
        theirs = await others(here, 3)
        batch = await here.start()
        await until(lambda: batch.prompts_ahead == 3)
        assert progress_of(batch).to_json()["promptsAhead"] == 3
        assert (batch.current_step, batch.preview) == (None, None), "their steps are not ours"
        held.released.set()
        await here.end(batch)
        assert (batch.completed_images, batch.prompts_ahead) == (3, None)
        for prompt_id in theirs:
            assert (await ended(here, prompt_id)).outcome is Outcome.SUCCEEDED


async def test_the_place_is_asked_for_soon_where_nothing_is_heard_of_a_prompt(
    tmp_path: Path,
) -> None:
    held = Hold(prompt=1, moment=Moment.SAMPLING)
    seldom = replace(QUICK, look=2 * TIMEOUT_OF_THE_TEST)
    async with studio(tmp_path, held, timeouts=seldom) as here:
        await others(here, 3)
        batch = await here.start()
        await until(lambda: batch.prompts_ahead == 3)
        await here.app.batch_service.cancel(batch.batch_id, because="seen")
        held.released.set()
        await here.end(batch)


async def test_a_cancel_while_waiting_behind_others_takes_only_ours_away(tmp_path: Path) -> None:
    held = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, held) as here:
        theirs = await others(here, 3)
        batch = await here.start()
        await until(lambda: batch.prompts_ahead == 3)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert (batch.status, batch.prompts_ahead) == (BatchStatus.CANCELLED, None)
        assert await here.app.server.client.queue_remaining() == 3
        held.released.set()
        for prompt_id in theirs:
            assert (await ended(here, prompt_id)).outcome is Outcome.SUCCEEDED
