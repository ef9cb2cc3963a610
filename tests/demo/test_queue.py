"""Waiting, running, interrupted, deleted: the life of prompts in the queue."""

from uuid import uuid4

import pytest

from tests.demo.graphs import plain, txt2img
from tests.demo.guest import Guest
from tests.faulty_engine import FaultPlan, HangWhileSampling


@pytest.fixture
def faults() -> FaultPlan:
    return FaultPlan(HangWhileSampling(prompt=1))


@pytest.fixture
async def busy(guest: Guest) -> str:
    """The id of a prompt that runs until it is interrupted."""
    prompt_id = await guest.submit(txt2img())
    await guest.hear_until("progress", value=1, prompt_id=prompt_id)
    return prompt_id


async def ids(guest: Guest) -> tuple[list[str], list[str]]:
    """The ids of what runs and what waits, in the order in which they will run."""
    queue = (await guest.http.get("/queue")).json()
    pending = sorted(queue["queue_pending"], key=lambda item: item[0])
    return [item[1] for item in queue["queue_running"]], [item[1] for item in pending]


async def test_items_show_number_id_graph_extra_data_and_outputs(guest: Guest, busy: str) -> None:
    graph = plain(5)
    prompt_id = await guest.submit(graph, extra_data={"note": 1, "api_key_comfy_org": "secret"})
    item = (await guest.http.get("/queue")).json()["queue_pending"][0]
    assert item[:3] == [1, prompt_id, graph]
    assert item[3].items() >= {"note": 1, "client_id": guest.client_id}.items()
    assert "secret" not in str(item)
    assert item[4] == ["2"]
    assert (await guest.http.get("/prompt")).json()["exec_info"]["queue_remaining"] == 2
    assert busy != prompt_id


async def test_front_and_number_say_who_is_next(guest: Guest, busy: str) -> None:
    usual, late = await guest.submit(plain(1)), await guest.submit(plain(2), number=99)
    first = await guest.post(plain(3), front=True)
    assert first.json()["number"] == -2
    assert await ids(guest) == ([busy], [first.json()["prompt_id"], usual, late])
    await guest.http.post("/interrupt")
    await guest.hear_end(late)
    starts = [
        m["data"] for m in guest.heard if isinstance(m, dict) and m["type"] == "execution_start"
    ]
    assert [s["prompt_id"] for s in starts] == [busy, first.json()["prompt_id"], usual, late]


async def test_an_explicit_number_comes_back_as_a_float(guest: Guest, busy: str) -> None:
    answer = await guest.post(plain(), number=5)
    assert answer.text.startswith('{"prompt_id": ')
    assert '"number": 5.0' in answer.text
    assert busy


async def test_deleting_removes_what_waits_and_nothing_else(guest: Guest, busy: str) -> None:
    kept, gone = await guest.submit(plain(1)), await guest.submit(plain(2))
    for prompt_id in (gone, busy, "unknown"):
        answer = await guest.http.post("/queue", json={"delete": [prompt_id]})
        assert (answer.status_code, answer.content) == (200, b"")
    assert await ids(guest) == ([busy], [kept])
    assert await guest.history(gone) == {}


async def test_clearing_removes_everything_that_waits(guest: Guest, busy: str) -> None:
    for colour in range(3):
        await guest.submit(plain(colour))
    await guest.http.post("/queue", json={"clear": True})
    assert await ids(guest) == ([busy], [])


@pytest.mark.parametrize("body", [b"", b"{}", b"zzz"])
async def test_a_bare_interrupt_stops_whatever_runs(guest: Guest, busy: str, body: bytes) -> None:
    await guest.http.post("/interrupt", content=body)
    await guest.hear_end(busy)
    status = (await guest.history(busy))["status"]
    assert (status["status_str"], status["completed"]) == ("error", False)
    assert status["messages"][-1][0] == "execution_interrupted"


async def test_an_interrupt_with_another_id_does_nothing(guest: Guest, busy: str) -> None:
    waiting = await guest.submit(plain())
    for prompt_id in (waiting, str(uuid4())):
        assert (await guest.http.post("/interrupt", json={"prompt_id": prompt_id})).is_success
    assert await ids(guest) == ([busy], [waiting])
    await guest.http.post("/interrupt", json={"prompt_id": busy})
    await guest.hear_end(waiting)
    assert (await guest.history(waiting))["status"]["completed"]


async def test_an_interrupt_of_an_idle_server_hits_nobody(guest: Guest, faults: FaultPlan) -> None:
    faults.clear()
    await guest.http.post("/interrupt")
    assert (await guest.run(txt2img()))["status"]["completed"]


async def test_the_same_id_and_number_twice_is_a_500_that_is_queued(
    guest: Guest, busy: str
) -> None:
    twin = str(uuid4())
    first = await guest.post(plain(1), prompt_id=twin, number=7)
    second = await guest.post(plain(2), prompt_id=twin, number=7)
    assert (first.status_code, second.status_code) == (200, 500)
    assert await ids(guest) == ([busy], [twin, twin])
    await guest.http.post("/queue", json={"delete": [twin]})
    assert await ids(guest) == ([busy], [twin])
