"""The jobs routes of newer servers: PROTOCOL.md, sections 6 and 12."""

from typing import Any
from uuid import uuid4

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.demo.routes.jobs import STATUSES
from tests.demo.graphs import plain, txt2img
from tests.demo.guest import Guest, visiting
from tests.faulty_engine import FaultPlan, HangWhileSampling


async def jobs(guest: Guest, **query: Any) -> list[tuple[str, str]]:
    """Id and status of the jobs that the query finds."""
    answer = (await guest.http.get("/api/jobs", params=query)).json()
    return [(job["id"], job["status"]) for job in answer["jobs"]]


@pytest.fixture
def faults() -> FaultPlan:
    return FaultPlan(HangWhileSampling(prompt=2))


@pytest.fixture
async def three(guest: Guest) -> list[str]:
    """One that is done, one that runs, one that waits."""
    done = await guest.submit(plain(1))
    await guest.hear_end(done)
    running = await guest.submit(txt2img(), extra_data={"extra_pnginfo": {"workflow": {"id": "w"}}})
    await guest.hear_until("progress", value=1)
    return [done, running, await guest.submit(plain(2))]


async def test_jobs_are_listed_newest_first(guest: Guest, three: list[str]) -> None:
    done, running, waiting = three
    listed = await jobs(guest, sort_order="asc")
    assert listed == [(done, "completed"), (running, "in_progress"), (waiting, "pending")]
    assert await jobs(guest, status="pending,completed", sort_order="asc") == [listed[0], listed[2]]
    assert await jobs(guest, workflow_id="w") == [(running, "in_progress")]
    page = (await guest.http.get("/api/jobs?limit=2&offset=1")).json()
    assert page["pagination"] == {"offset": 1, "limit": 2, "total": 3, "has_more": False}
    assert len(page["jobs"]) == 2


async def test_one_job_tells_its_outputs(guest: Guest, three: list[str]) -> None:
    job = (await guest.http.get(f"/api/jobs/{three[0]}")).json()
    assert job["outputs_count"] == 1
    assert job["outputs"]["2"]["images"][0]["filename"] == job["preview_output"]["filename"]
    assert job["execution_start_time"] <= job["execution_end_time"]
    assert (await guest.http.get(f"/api/jobs/{three[2]}")).json()["status"] == "pending"
    assert (await guest.http.get(f"/api/jobs/{uuid4()}")).status_code == 404
    assert (await guest.http.get(f"/jobs/{three[0]}")).status_code == 404, "only under /api"


async def test_one_call_cancels_a_job_in_any_state(guest: Guest, three: list[str]) -> None:
    done, running, waiting = three
    expected = {waiting: True, running: True, done: False, str(uuid4()): False}
    for prompt_id, cancelled in expected.items():
        answer = await guest.http.post(f"/api/jobs/{prompt_id}/cancel")
        assert answer.json() == {"cancelled": cancelled}
    await guest.hear_end(running)
    assert (running, "cancelled") in await jobs(guest)
    assert (await guest.http.post("/api/jobs/nope/cancel")).json() == {"cancelled": False}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("status=odd", f"Invalid status value(s): odd. Valid values: {', '.join(STATUSES)}"),
        ("sort_by=odd", "sort_by must be 'created_at' or 'execution_duration'"),
        ("sort_order=odd", "sort_order must be 'asc' or 'desc'"),
        ("limit=odd", "limit must be an integer"),
        ("limit=0", "limit must be a positive integer"),
        ("offset=odd", "offset must be an integer"),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(guest: Guest, query: str, told: str) -> None:
    answer = await guest.http.get(f"/api/jobs?{query}")
    assert (answer.status_code, answer.json()) == (400, {"error": told})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"zzz", {"error": "Request body must be valid JSON"}),
        (b"[1]", {"error": "job_ids must be a list"}),
        (
            b'{"job_ids": ["x", 3]}',
            {"error": "job_ids contains invalid id(s)", "invalid_ids": ["x", "3"]},
        ),
    ],
)
async def test_a_list_of_ids_that_is_none_is_refused(
    guest: Guest, body: bytes, told: dict[str, Any]
) -> None:
    answer = await guest.http.post("/api/jobs/cancel", content=body)
    assert (answer.status_code, answer.json()) == (400, told)


async def test_an_id_that_is_unknown_stops_no_other(guest: Guest, three: list[str]) -> None:
    async def cancel(*job_ids: str) -> int:
        answer = await guest.http.post("/api/jobs/cancel", json={"job_ids": job_ids})
        return answer.status_code

    assert await cancel("nope", three[2]) == 400
    assert (three[2], "pending") in await jobs(guest)
    assert await cancel(str(uuid4()), three[2], three[1]) == 200
    await guest.hear_end(three[1])
    assert three[2] not in dict(await jobs(guest))


async def test_an_older_server_has_none_of_it() -> None:
    async with DemoEngine(DemoSettings(jobs_api=False)) as engine, visiting(engine.url) as guest:
        assert (await guest.http.get("/api/jobs?limit=1")).status_code == 404
        assert (await guest.http.post(f"/api/jobs/{uuid4()}/cancel")).is_client_error
