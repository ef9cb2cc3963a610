"""What the client makes of a server, and of how surfaces differ."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from comfy_low.models import Job

from batchgen_app.cli import doctor
from batchgen_app.comfy.client import Ended, Gone, Outcome, Running, Waiting
from batchgen_app.comfy.listener import Connected, Disconnected
from batchgen_app.comfy.messages import ExecutionStarted, PromptEnded, Status
from batchgen_app.comfy_api.client import ComfyApiClient
from batchgen_app.comfy_api.listener import ApiListener
from batchgen_app.core.errors import (
    InvalidRequest,
    PictureMissing,
    PromptRefused,
    ServerBusy,
    ServerFault,
    ServerUnreachable,
)
from batchgen_app.core.server_list import ListedServer
from batchgen_app.settings import Settings
from tests.comfy.http_server import Reply, ScriptedServer, Silence
from tests.comfy_api.deployment import NOW, Deployment, Labels, asset, error, job, output
from tests.studio import until

NODES: dict[str, Any] = {
    "3": {"class_type": "KSampler", "inputs": {"steps": 2}, "_meta": {"title": "The sampler"}},
    "8": {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}},
    "9": {"class_type": "SaveImage", "inputs": {"images": ["3", 0]}},
}
ID = "1d3f5a6e-0000-4000-8000-000000000002"


@asynccontextmanager
async def speaking(
    deployment: Deployment, patience: float = 10.0, **headers: str
) -> AsyncIterator[tuple[ComfyApiClient, ScriptedServer]]:
    async with (
        ScriptedServer(deployment) as server,
        ComfyApiClient(server.url, headers=headers, timeout=patience) as client,
    ):
        yield client, server


async def submit(client: ComfyApiClient, prompt_id: str | None = None) -> str:
    answer = await client.submit(NODES, prompt_id=prompt_id or str(uuid4()), client_id=None)
    return answer.prompt_id


@pytest.mark.parametrize("labels", Labels)
async def test_a_job_is_labelled_as_the_server_likes_it(labels: Labels) -> None:
    deployment = Deployment(labels)
    async with speaking(deployment) as (client, _):
        first, second = await submit(client, ID), await submit(client)
        assert set(deployment.jobs) == {first, second}
        label = deployment.jobs[first]["metadata"]
        assert (
            label
            == {
                Labels.NAMED: {"batchgen": ID},
                Labels.TEXT: f"batchgen:{ID}",
                Labels.NONE: None,
            }[labels]
        )


@pytest.mark.parametrize("labels", [Labels.NAMED, Labels.TEXT])
async def test_a_job_whose_answer_was_lost_is_found_by_its_label(labels: Labels) -> None:
    deployment = Deployment(labels, says=[Silence()])
    async with speaking(deployment, patience=0.5) as (client, _):
        with pytest.raises(ServerUnreachable):
            await submit(client, ID)
        (job_id,) = deployment.jobs
        assert isinstance(await client.prompt_status(ID), Waiting)
        assert await submit(client, ID) == job_id
        assert [*deployment.jobs] == [job_id]


async def test_where_a_lost_job_cannot_be_found_none_is_made_twice() -> None:
    deployment = Deployment(Labels.NONE, lists=False, says=[Silence()])
    async with speaking(deployment, patience=0.5) as (client, _):
        with pytest.raises(ServerUnreachable):
            await submit(client, ID)
        with pytest.raises(ServerFault, match="its answer was lost"):
            await submit(client, ID)
        assert len(deployment.jobs) == 1


async def test_a_key_of_which_no_job_came_is_not_used_again() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, server):
        first = await submit(client, ID)
        del deployment.jobs[first]  # as where a server was cut off behind taking the key
        second = await submit(client, ID)
        keys = [r.headers["idempotency-key"] for r in server.requests if r.method == "POST"]
        assert keys == [ID, ID, f"{ID}.1"]
        assert [*deployment.jobs] == [second]


async def test_copies_of_a_prompt_are_dropped_and_all_of_it_is_cancelled() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        first = await submit(client, ID)
        lost = deployment.jobs.pop(first)
        second = await submit(client, ID)
        deployment.jobs[first] = lost
        await client.drop_copies(second)
        assert deployment.jobs[first]["status"] == "canceled"
        assert deployment.jobs[second]["status"] == "queued"
        lost["status"] = "running"
        await client.cancel(second)
        assert {made["status"] for made in deployment.jobs.values()} == {"canceled"}


async def test_only_what_waits_is_taken_out() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        runs, waits = await submit(client), await submit(client)
        deployment.jobs[runs]["status"] = "running"
        await client.take_out(runs)
        await client.take_out(waits)
        assert deployment.jobs[runs]["status"] == "running"
        assert deployment.jobs[waits]["status"] == "canceled"
        await client.cancel(str(uuid4()))  # of which nobody knows


async def test_a_job_is_where_the_server_says() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        first, second = await submit(client), await submit(client)
        assert await client.prompt_status(first) == Waiting(1, frozenset(), is_sign_of_life=True)
        deployment.jobs[second]["queue_position"] = 4
        found = await client.prompt_status(second)
        assert isinstance(found, Waiting)
        assert (found.position, len(found.behind), first in found.behind) == (4, 3, True)
        deployment.jobs[first]["status"] = "canceling"
        assert isinstance(await client.prompt_status(first), Running)
        deployment.jobs[first]["status"] = "expired"
        assert isinstance(await client.prompt_status(first), Gone)
        assert isinstance(await client.prompt_status(str(uuid4())), Gone)


async def test_what_a_job_gave_comes_in_the_order_of_the_graph_and_saved_files_first() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        made = deployment.jobs[job_id := await submit(client)]
        made["outputs"] = [output("p", "seen.png", "8"), output("s", "saved.png", "9")]
        made |= {"status": "succeeded", "metrics": {"queue_ms": None, "execution_ms": 1500}}
        found = await client.prompt_status(job_id)
        assert isinstance(found, Ended)
        assert found.entry.outcome is Outcome.SUCCEEDED
        assert [(f.filename, f.type) for f in found.entry.files] == [
            ("saved.png", "output"),
            ("seen.png", "temp"),
        ]
        assert found.entry.seconds == 1.5


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (
            {"code": "x", "message": "out of memory", "node_id": "3", "class_type": "KSampler"},
            '"The sampler" (KSampler, node 3) failed: out of memory',
        ),
        ({"code": "gone", "message": ""}, "The server reports a failure: gone"),
        (None, "The server reports a failure, but not what failed. Check its log."),
    ],
)
async def test_why_a_job_failed_is_said(told: object, said: str) -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        job_id = await submit(client)
        deployment.jobs[job_id] |= {"status": "failed", "error": told}
        found = await client.prompt_status(job_id)
        assert isinstance(found, Ended)
        assert str(found.entry.error) == said


async def test_what_an_earlier_run_has_sent_is_found_by_either_id() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, server):
        job_id = await submit(client, ID)
        async with ComfyApiClient(server.url) as later:
            assert isinstance(await later.prompt_status(job_id), Waiting)
        async with ComfyApiClient(server.url) as later:
            assert isinstance(await later.prompt_status(ID), Waiting)


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (error(401, "unauthorized"), ServerFault, "Check the address and the access key"),
        (error(402, "insufficient_credits", "0 left"), PromptRefused, "no credits left"),
        (error(429, "queue_full", "full"), ServerBusy, r"takes no more at the moment \(full\)"),
        (error(503, "upstream_unreachable", "?"), ServerUnreachable, "the ComfyUI behind it"),
        (error(500, "internal", "oh"), ServerFault, "is in trouble"),
        (error(409, "odd", "oh"), ServerFault, "does not answer like Comfy API v2"),
        (Reply(201, b'{"id": 5}'), ServerFault, "does not answer like Comfy API v2"),
        (Reply(201, b"<html>"), ServerFault, "does not answer like Comfy API v2"),
        (
            error(
                422, "invalid_workflow", node_errors={"3": [{"field": "m", "reason": "missing"}]}
            ),
            PromptRefused,
            r'"The sampler" \(KSampler, node 3\) refuses m: missing',
        ),
        (
            error(422, "missing_asset", "Unresolvable"),
            PromptRefused,
            "refused the workflow: Unresolvable",
        ),
    ],
)
async def test_what_a_server_refuses_is_said_so_that_one_can_act(
    answer: Reply, kind: type[Exception], words: str
) -> None:
    async with speaking(Deployment(says=[answer])) as (client, _):
        with pytest.raises(kind, match=words):
            await submit(client)


async def test_a_doctor_tells_what_answers(tmp_path: Path) -> None:
    async with ScriptedServer(Deployment()) as server:
        settings = Settings(
            data_dir=tmp_path,
            output_dir=tmp_path,
            comfyui_url=server.url,
            servers=(ListedServer(address=server.url, kind="comfy-api"),),
        )
        found = [str(finding.text) async for finding in doctor._servers(settings)]
        assert found == [f"Comfy API v2 at {server.url}, which tells nothing of its models."]
        assert f"Server: Comfy API v2 at {server.url}" in await doctor.collect(settings)


async def test_a_plain_comfyui_is_told_from_a_comfy_api() -> None:
    async with (
        ScriptedServer(lambda _: Reply(404, b"404: Not Found")) as server,
        ComfyApiClient(server.url) as client,
    ):
        with pytest.raises(ServerFault, match="If a plain ComfyUI is there"):
            await client.stats()


async def test_an_answer_without_an_end_is_not_held() -> None:
    async with (
        ScriptedServer(lambda _: Reply(200, b"x" * (17 * 2**20))) as server,
        ComfyApiClient(server.url) as client,
    ):
        with pytest.raises(ServerFault, match="larger than"):
            await client.prompt_status(ID)


async def test_how_many_jobs_wait_or_run_is_told_as_far_as_the_server_lists_them() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        done, *_ = [await submit(client) for _ in range(3)]
        deployment.jobs[done]["status"] = "succeeded"
        assert await client.queue_remaining() == 2
        deployment.lists = False
        assert await client.queue_remaining() == 0


async def test_the_address_may_end_as_people_copy_it_and_must_be_one() -> None:
    async with ComfyApiClient("http://fleet.example/d/7/api/v2/") as client:
        assert client.address == "http://fleet.example/d/7"
    with pytest.raises(InvalidRequest):
        ComfyApiClient("ftp://fleet.example")


async def test_key_and_headers_go_to_the_server_and_not_to_where_its_files_lie() -> None:
    async with ScriptedServer(lambda _: Reply(200, b"abc")) as store:
        where = {"Location": f"{store.url}/signed?until=then"}
        deployment = Deployment(files={"a": Reply(302, headers=where)})
        deployment.jobs[ID] = job(ID, "succeeded", outputs=[output("a"), output("gone")])
        async with speaking(deployment, Authorization="Bearer sesame", Door="left") as (client, s):
            found = await client.prompt_status(ID)
            assert isinstance(found, Ended)
            here, gone = found.entry.files
            assert await client.picture(here) == b"abc"
            with pytest.raises(PictureMissing):
                await client.picture(gone)
            assert {r.headers["authorization"] for r in s.requests} == {"Bearer sesame"}
            assert {r.headers["door"] for r in s.requests} == {"left"}
        (asked,) = store.requests
        assert not {"authorization", "door"} & asked.headers.keys()


async def test_a_picture_to_start_from_goes_into_the_graph_as_an_asset() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        name = await client.upload("a.png", b"abc")
        nodes = {"1": {"class_type": "LoadImage", "inputs": {"image": name, "upload": "image"}}}
        await client.submit(nodes, prompt_id=ID, client_id=None)
        image = deployment.graphs[0]["1"]["inputs"]["image"]
        assert image["__type"] == "core/ASSET"
        assert image["info"]["id"] == asset()["id"]
        assert name == "batchgen/a.png"  # as a ComfyUI calls it
        assert nodes["1"]["inputs"] == {"image": name, "upload": "image"}


async def test_a_server_without_events_is_not_listened_to_any_more() -> None:
    deployment, heard = Deployment(), list[object]()
    async with (
        speaking(deployment) as (client, server),
        ApiListener(client, heard.append) as listener,
    ):
        await listener.connected()
        assert listener.client_id is not None
        job_id = await submit(client)
        await until(lambda: listener.client_id is None)
        await client.prompt_status(job_id)
        assert server.asked().count(f"/api/v2/jobs/{job_id}/events") == 1
        assert {type(message) for message in heard} == {Connected, Status}


async def test_how_long_the_queue_is_is_heard() -> None:
    deployment, heard = Deployment(), list[object]()
    async with (
        speaking(deployment) as (client, _),
        ApiListener(client, heard.append, look_every=0.01),
    ):
        await until(lambda: Status(0) in heard)
        await submit(client)
        await until(lambda: Status(1) in heard)
        deployment.lists = False
        await until(lambda: not client.lists_jobs)
        await submit(client)
        assert Status(2) not in heard


async def test_a_job_without_a_stream_is_heard_to_run_where_it_is_seen_to() -> None:
    deployment, heard = Deployment(events=error(429, "too_many_streams")), list[object]()
    async with speaking(deployment) as (client, _), ApiListener(client, heard.append) as listener:
        await listener.connected()
        job_id = await submit(client)
        deployment.jobs[job_id]["status"] = "running"
        while ExecutionStarted(job_id) not in heard:
            await client.prompt_status(job_id)
        assert listener.client_id is not None


async def test_a_job_that_is_gone_has_ended_for_whoever_listens() -> None:
    deployment, heard = Deployment(events=error(404, "job_not_found")), list[object]()
    async with speaking(deployment) as (client, _), ApiListener(client, heard.append):
        job_id = await submit(client)
        await until(lambda: PromptEnded(job_id) in heard)


async def test_events_without_an_end_of_line_are_not_held() -> None:
    told = Reply(200, b"data: " + b"x" * (17 * 2**20), {"Content-Type": "text/event-stream"})
    deployment = Deployment(events=told)
    async with speaking(deployment) as (client, _):
        await submit(client)
        (made,) = deployment.jobs.values()
        with pytest.raises(ServerFault, match="larger than"):
            async for _event in client.events(Job.model_validate(made)):
                pass


async def test_that_a_server_goes_and_comes_is_heard() -> None:
    deployment, heard = Deployment(), list[object]()

    def types() -> list[type]:
        return [type(message) for message in heard if not isinstance(message, Status)]

    async with (
        speaking(deployment) as (client, _),
        ApiListener(client, heard.append, look_every=0.01) as listener,
    ):
        await listener.connected()
        deployment.is_away = True
        await until(lambda: types() == [Connected, Disconnected])
        deployment.is_away = False
        await until(lambda: types() == [Connected, Disconnected, Connected])


async def test_a_server_that_waits_for_a_machine_is_alive() -> None:
    deployment = Deployment()
    async with speaking(deployment) as (client, _):
        job_id = await submit(client)
        deployment.jobs[job_id] |= {"queue_position": None, "created_at": NOW}
        assert await client.prompt_status(job_id) == Waiting(1, frozenset(), is_sign_of_life=True)
