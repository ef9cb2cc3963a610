"""The jobs routes of newer servers: PROTOCOL.md, sections 6 and 12."""

from typing import Any
from uuid import uuid4

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings, HangWhileSampling
from tests.demo.graphs import plain, txt2img
from tests.demo.guest import Guest, visiting


async def jobs(guest: Guest, **query: Any) -> list[tuple[str, str]]:
    """Id and status of the jobs that the query finds."""
    answer = (await guest.http.get("/api/jobs", params=query)).json()
    return [(job["id"], job["status"]) for job in answer["jobs"]]


@pytest.fixture
def settings() -> DemoSettings:
    settings = DemoSettings(step_delay=0.0, load_delay=0.0)
    settings.faults.add(HangWhileSampling(prompt=2))
    return settings


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
    assert (await guest.http.get("/api/jobs?status=odd")).status_code == 400
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
    assert (await guest.http.post("/api/jobs/nope/cancel")).status_code == 400


async def test_several_are_cancelled_or_none(guest: Guest, three: list[str]) -> None:
    async def cancel(*job_ids: str) -> int:
        answer = await guest.http.post("/api/jobs/cancel", json={"job_ids": job_ids})
        return answer.status_code

    assert await cancel(three[2], str(uuid4())) == 404
    assert (three[2], "pending") in await jobs(guest)
    assert await cancel("nope") == 400
    assert await cancel(three[1], three[2]) == 200
    await guest.hear_end(three[1])
    assert three[2] not in dict(await jobs(guest))


async def test_an_older_server_has_none_of_it() -> None:
    async with DemoEngine(DemoSettings(jobs_api=False)) as engine, visiting(engine.url) as guest:
        assert (await guest.http.get("/api/jobs?limit=1")).status_code == 404
        assert (await guest.http.post(f"/api/jobs/{uuid4()}/cancel")).is_client_error
