"""Retry a server that may be away: what is shown, and what cuts the waiting short."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import pytest

from batchgen_app.batches.retry import Retry
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.comfy.client import Arrival
from batchgen_app.core.errors import ServerBusy, ServerFault, ServerUnreachable
from batchgen_app.language.message import english

SLOW = Timeouts(retry=3600.0, retry_at_most=3600.0)
T = TypeVar("T")
QUICK = Timeouts(retry=0.001, retry_at_most=0.001, faults=5)
AWAY = ServerUnreachable("http://studio")
BROKEN = ServerFault(english("The server is in trouble."))


BUSY = ServerBusy("http://fleet", english("The queue is full"))


class Oracle:
    """Fails as often as it has ``faults`` and then answers, or waits for ever when it has none."""

    def __init__(self, *faults: Exception | None) -> None:
        self._faults = list(faults)
        self.asked = asyncio.Semaphore(0)

    async def __call__(self) -> str:
        self.asked.release()
        fault = self._faults.pop(0) if self._faults else None
        if fault:
            raise fault
        return "yes"


class Told(list[str | None]):
    """What was shown."""

    @property
    def seconds(self) -> list[int]:
        """The numbers of the countdown; 0 is now."""
        said = [re.search(r"in (\d+) s$|(now)$", text or "") for text in self]
        return [int(found[1] or 0) for found in said if found]


def asking(
    timeouts: Timeouts, stop: Stop | None = None, told: Callable[[str | None], None] | None = None
) -> Retry:
    return Retry(timeouts, stop or Stop(), told or (lambda _: None))


async def in_time(answer: Awaitable[T]) -> T:
    async with asyncio.timeout(20):
        return await answer


async def test_an_answer_at_once_is_no_news() -> None:
    told = Told()
    assert await asking(QUICK, told=told.append).ask(Oracle()) == "yes"
    assert set(told) <= {None}


async def test_the_seconds_shown_count_down_to_the_next_try() -> None:
    told = Told()
    timeouts = replace(QUICK, retry=2.0, retry_at_most=2.0)
    await in_time(asking(timeouts, told=told.append).ask(Oracle(AWAY)))
    assert told[0] == "Server not answering, trying again in 2 s"
    assert told[-2:] == ["Server not answering, trying again now", None]
    assert told.seconds == sorted(told.seconds, reverse=True)
    assert set(told.seconds) == {2, 1, 0}


async def test_the_pauses_grow() -> None:
    told = Told()
    timeouts = replace(QUICK, retry=0.1, retry_at_most=0.4)
    oracle = Oracle(*[AWAY] * 5)
    loop, tries = asyncio.get_running_loop(), []

    async def ask() -> str:
        tries.append(loop.time())
        return await oracle()

    await in_time(asking(timeouts, told=told.append).ask(ask))
    pauses = [after - before for before, after in pairwise(tries)]
    assert all(pause >= least for pause, least in zip(pauses, (0.1, 0.2, 0.4, 0.4), strict=False))


async def test_a_server_that_is_away_is_waited_for_however_often_it_was_asked() -> None:
    assert await in_time(asking(QUICK).ask(Oracle(*[AWAY] * 50))) == "yes"


async def test_a_fault_is_believed_after_a_while_and_an_outage_is_none() -> None:
    patiently = asking(QUICK)
    assert await in_time(patiently.ask(Oracle(BROKEN, AWAY, AWAY, BROKEN), faults=3)) == "yes"
    with pytest.raises(ServerFault):
        await in_time(patiently.ask(Oracle(BROKEN, AWAY, BROKEN, BROKEN), faults=3))
    with pytest.raises(ServerFault):
        await in_time(patiently.ask(Oracle(*[BROKEN] * QUICK.faults)))
    assert patiently.outages == 3


async def test_a_fault_is_shown_in_its_own_words_unless_it_concerns_one_picture() -> None:
    told = Told()
    patiently = asking(QUICK, told=told.append)
    await patiently.fetch(Oracle(BROKEN), faults=2, arrival=Arrival())
    assert set(told) <= {None}
    await patiently.ask(Oracle(BROKEN), faults=2)
    assert "The server is in trouble, trying again in 1 s" in told
    await patiently.fetch(Oracle(AWAY), faults=1, arrival=Arrival())
    assert "Server not answering, trying again in 1 s" in told


async def test_impatience_ends_the_pauses_of_all_who_wait() -> None:
    patiently = asking(SLOW)
    oracles = [Oracle(AWAY), Oracle(AWAY)]
    waiting = [asyncio.create_task(patiently.ask(oracle)) for oracle in oracles]
    for oracle in oracles:
        await oracle.asked.acquire()
    await asyncio.sleep(0)
    patiently.try_now()
    assert await in_time(asyncio.gather(*waiting)) == ["yes", "yes"]


async def test_impatience_while_a_question_is_on_its_way_is_not_forgotten() -> None:
    patiently, on_its_way, gone_wrong = asking(SLOW), asyncio.Event(), asyncio.Event()
    oracle = Oracle(AWAY)

    async def ask() -> str:
        on_its_way.set()
        await gone_wrong.wait()
        return await oracle()

    waiting = asyncio.create_task(patiently.ask(ask))
    await in_time(on_its_way.wait())
    patiently.try_now()
    gone_wrong.set()
    assert await in_time(waiting) == "yes"


async def test_a_stop_leaves_one_last_try() -> None:
    stop, oracle = Stop(), Oracle(AWAY, AWAY, AWAY)
    waiting = asyncio.create_task(asking(SLOW, stop).ask(oracle))
    await oracle.asked.acquire()
    await asyncio.sleep(0)
    stop.request("enough")
    with pytest.raises(TimeoutError):
        await in_time(waiting)
    await in_time(oracle.asked.acquire())
    assert oracle.asked.locked()


async def test_a_stop_does_not_wait_for_a_server_that_says_nothing() -> None:
    stop = Stop()
    waiting = asyncio.create_task(
        asking(replace(SLOW, stopping=0.01), stop).ask(asyncio.Event().wait)
    )
    await asyncio.sleep(0)
    stop.request("enough")
    with pytest.raises(TimeoutError):
        await in_time(waiting)


async def test_what_is_tried_next_is_shown_of_all_that_is_waited_for() -> None:
    told = Told()
    patiently = asking(replace(SLOW, retry=1000.0, retry_at_most=5000.0), told=told.append)
    long, short = Oracle(AWAY, AWAY), Oracle(AWAY)
    first = asyncio.create_task(patiently.ask(long))
    await long.asked.acquire()
    await asyncio.sleep(0)
    patiently.try_now()
    await long.asked.acquire()
    await asyncio.sleep(0)
    assert told[-1] == "Server not answering, trying again in 2000 s"
    second = asyncio.create_task(patiently.ask(short))
    await short.asked.acquire()
    await asyncio.sleep(0)
    assert told[-1] == "Server not answering, trying again in 1000 s"
    patiently.try_now()
    assert {await in_time(first), await in_time(second)} == {"yes"}
    assert told[-1] is None


async def test_a_server_that_takes_no_more_is_waited_for_in_its_own_words() -> None:
    told = Told()
    full = [BUSY] * (QUICK.faults + 3)  # other than a fault, it may stay so for as long as it likes
    assert await in_time(asking(QUICK, told=told.append).ask(Oracle(*full))) == "yes"
    assert any(text and text.startswith("The queue is full, trying again") for text in told)
