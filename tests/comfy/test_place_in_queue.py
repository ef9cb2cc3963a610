"""Where a prompt is, and stopping it wherever it is, against servers on which prompts move."""

from typing import Any

import pytest

from batchgen_app.comfy.client import Ended, Gone, Outcome, Running, Waiting
from batchgen_app.core.errors import ServerFault
from tests.comfy.http_server import Reply, Request, Script
from tests.comfy.recorded import answers
from tests.comfy.talking import talking

EMPTY_QUEUE: dict[str, list[Any]] = {"queue_running": [], "queue_pending": []}
ENTRY = {"prompt": [0, "p", {}, {}, []], "outputs": {}, "status": {"status_str": "success"}}


class Moving:
    """A server on which a prompt moves: one answer after another, the last one for ever."""

    def __init__(self, history: list[object], queue: list[object]) -> None:
        self._answers = {"/history/p": history, "/queue": queue}

    def __call__(self, request: Request) -> object:
        left = self._answers[request.path]
        return left.pop(0) if len(left) > 1 else left[0]


def queue(running: list[Any], pending: list[Any]) -> dict[str, Any]:
    return {"queue_running": running, "queue_pending": pending}


class TestWhereabouts:
    async def test_a_prompt_with_a_history_has_ended(self) -> None:
        async with talking(Moving([{"p": ENTRY}], [EMPTY_QUEUE])) as (client, server):
            found = await client.prompt_status("p")
        assert isinstance(found, Ended)
        assert found.entry.outcome is Outcome.SUCCEEDED
        assert server.asked() == ["/history/p"]

    async def test_a_prompt_that_the_server_works_on_is_running(self) -> None:
        now = queue([[0, "p", {}, {}, []]], [])
        async with talking(Moving([{}], [now])) as (client, _):
            assert await client.prompt_status("p") == Running()

    async def test_a_waiting_prompt_knows_its_place_in_running_order(self) -> None:
        recorded = answers("g_queue", "GET /queue")
        waiting = max((r["resp"] for r in recorded), key=lambda q: len(q["queue_pending"]))
        numbers = {item[1]: item[0] for item in waiting["queue_pending"]}
        order = sorted(numbers, key=lambda prompt_id: numbers[prompt_id])
        assert order != list(numbers)
        now = waiting["queue_running"][0][1]
        async with talking(lambda r: {} if "history" in r.path else waiting) as (client, _):
            for place, prompt_id in enumerate(order):
                behind = frozenset([now, *order[:place]])
                assert await client.prompt_status(prompt_id) == Waiting(place + 1, behind)

    async def test_a_prompt_that_ends_between_two_looks_is_found_all_the_same(self) -> None:
        async with talking(Moving([{}, {"p": ENTRY}], [EMPTY_QUEUE])) as (client, _):
            assert isinstance(await client.prompt_status("p"), Ended)

    async def test_a_prompt_in_neither_place_is_looked_for_twice(self) -> None:
        now = queue([[0, "p", {}, {}, []]], [])
        async with talking(Moving([{}], [EMPTY_QUEUE, now])) as (client, _):
            assert await client.prompt_status("p") == Running()

    async def test_a_prompt_that_nobody_knows_is_gone(self) -> None:
        async with talking(Moving([{}], [EMPTY_QUEUE])) as (client, server):
            assert await client.prompt_status("p") == Gone()
        assert server.asked() == ["/history/p", "/queue"] * 2 + ["/history/p"]

    @pytest.mark.parametrize("senseless", [{"p": []}, {"p": "done"}, []])
    async def test_a_history_that_makes_no_sense_is_the_servers_fault(
        self, senseless: object
    ) -> None:
        async with talking(Moving([senseless], [EMPTY_QUEUE])) as (client, _):
            with pytest.raises(ServerFault):
                await client.prompt_status("p")

    async def test_items_of_the_queue_that_make_no_sense_are_passed_over(self) -> None:
        odd = queue([None], [[], "p", [None, "p"], [3, "p", {}], ["x", 1]])
        async with talking(Moving([{}], [odd])) as (client, _):
            assert await client.prompt_status("p") == Waiting(1, frozenset())


class TestCancel:
    def script(self, running: str) -> Script:
        now = queue([[0, running, {}, {}, []]], [])
        return lambda request: now if request.method == "GET" else Reply()

    async def test_deletes_first_and_interrupts_by_id_what_runs(self) -> None:
        async with talking(self.script("p")) as (client, server):
            await client.cancel("p")
        told = [(r.path, r.json) for r in server.requests if r.method == "POST"]
        assert told == [("/queue", {"delete": ["p"]}), ("/interrupt", {"prompt_id": "p"})]

    async def test_never_interrupts_while_somebody_elses_prompt_runs(self) -> None:
        async with talking(self.script("theirs")) as (client, server):
            await client.cancel("p")
        assert server.asked("POST") == ["/queue"]
