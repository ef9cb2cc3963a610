"""Several prompts and several clients: order, cancelling, whose messages are whose."""

from uuid import uuid4

import httpx

from batchgen_app.comfy.client import Gone, Outcome, Waiting
from batchgen_app.comfy.messages import (
    ExecutionInterrupted,
    ExecutionStarted,
    PromptEnded,
    Status,
)
from tests.contract.graphs import any_colour, long, plain
from tests.contract.visitor import Visitor, visiting


async def test_prompts_run_in_the_order_in_which_they_came(visitor: Visitor) -> None:
    async with visitor.keeping_busy():
        mine = [await visitor.post(plain(any_colour())) for _ in range(3)]
    for prompt_id in mine:
        await visitor.end_of(prompt_id)
    started = [m.prompt_id for m in visitor.ear.of(ExecutionStarted)]
    assert started[1:] == mine


async def test_a_waiting_prompt_knows_who_is_before_it(visitor: Visitor) -> None:
    async with visitor.keeping_busy() as running:
        first, second = [await visitor.post(plain(any_colour())) for _ in range(2)]
        found = await visitor.client.prompt_status(second)
        assert isinstance(found, Waiting)
        assert {running, first} <= found.behind
        await visitor.client.cancel(second)
        await visitor.client.cancel(first)


async def test_a_waiting_prompt_that_is_cancelled_never_runs(visitor: Visitor) -> None:
    async with visitor.keeping_busy():
        prompt_id = await visitor.post(plain(any_colour()))
        heard = len(visitor.ear.of(Status))
        await visitor.client.cancel(prompt_id)
        assert await visitor.client.prompt_status(prompt_id) == Gone()
        await visitor.ear.until(lambda: len(visitor.ear.of(Status)) > heard)
    await visitor.make(plain(any_colour()))
    assert await visitor.client.history(prompt_id) is None
    assert visitor.about(prompt_id) == []


async def test_a_running_prompt_that_is_cancelled_ends_as_interrupted(visitor: Visitor) -> None:
    async with visitor.keeping_busy() as running:
        waiting = await visitor.post(plain(any_colour()))
        await visitor.client.cancel(running)
        entry = await visitor.end_of(running)
    assert (entry.outcome, entry.error) == (Outcome.INTERRUPTED, None)
    assert visitor.about(running)[-2:] == [ExecutionInterrupted(running), PromptEnded(running)]
    assert (await visitor.end_of(waiting)).outcome is Outcome.SUCCEEDED


async def test_what_was_finished_before_an_interruption_stays(visitor: Visitor) -> None:
    async with visitor.keeping_busy() as running:
        await visitor.ear.until(lambda: len(visitor.about(running)) > 20)
    for file in (await visitor.end_of(running)).files:
        assert await visitor.client.picture(file)


async def test_an_interruption_of_another_prompt_leaves_the_running_one_alone(
    visitor: Visitor, engine: str
) -> None:
    running = await visitor.post(long(pictures=8))
    await visitor.ear.until(lambda: ExecutionStarted(running) in visitor.ear.heard)
    async with httpx.AsyncClient(base_url=engine, trust_env=False) as stranger:
        answer = await stranger.post("/interrupt", json={"prompt_id": str(uuid4())})
    assert answer.status_code == 200
    assert (await visitor.end_of(running)).outcome is Outcome.SUCCEEDED


async def test_cancelling_what_has_ended_harms_nobody(visitor: Visitor) -> None:
    ended = await visitor.post(plain(any_colour()))
    await visitor.end_of(ended)
    running = await visitor.post(long(pictures=4))
    await visitor.client.cancel(ended)
    assert (await visitor.end_of(running)).outcome is Outcome.SUCCEEDED


async def test_the_messages_of_a_prompt_go_to_the_client_that_posted_it(
    visitor: Visitor, engine: str
) -> None:
    async with visiting(engine) as other:
        mine = await visitor.post(plain(any_colour()))
        theirs = await other.post(plain(any_colour()))
        await visitor.end_of(mine)
        await other.end_of(theirs)
        assert other.about(mine) == visitor.about(theirs) == []
        assert len(other.ear.of(Status)) > 1


async def test_a_prompt_of_nobody_is_found_by_looking(visitor: Visitor) -> None:
    prompt_id = await visitor.post(plain(any_colour()), client_id=None)
    assert (await visitor.looked_for(prompt_id)).outcome is Outcome.SUCCEEDED


async def test_a_prompt_whose_client_has_left_goes_on(visitor: Visitor, engine: str) -> None:
    async with visiting(engine) as other:
        prompt_id = await other.post(long(pictures=2))
    assert (await visitor.looked_for(prompt_id)).outcome is Outcome.SUCCEEDED


async def test_a_client_that_comes_back_hears_nothing_of_what_it_missed(
    visitor: Visitor,
) -> None:
    before = visitor.listener.client_id
    visitor.listener.reconnect()
    prompt_id = await visitor.post(plain(any_colour()), client_id=before)
    await visitor.looked_for(prompt_id)
    await visitor.listener.connected()
    await visitor.make(plain(any_colour()))
    assert PromptEnded(prompt_id) not in visitor.ear.heard
