"""What a client could notice of the routes that no picture needs: status, type and keys are those
of ComfyUI 0.33, with which the demo engine was compared route by route.
"""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.contract.graphs import node
from tests.contract.visitor import Visitor

JSON, TEXT, FILE = "application/json; charset=utf-8", "text/plain; charset=utf-8", "text/html"
NOTHING = "application/octet-stream"
NO_PROMPT = {"1": node("SaveImage", images=["9", 0])}


@pytest.fixture
async def http(engine: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=engine, trust_env=False, timeout=60) as client:
        yield client


@pytest.mark.parametrize(
    ("request_line", "status", "content_type"),
    [
        ("GET /", 200, FILE),
        ("GET /index.html", 200, FILE),
        ("GET /api/", 200, FILE),
        ("GET /api", 404, NOTHING),
        ("GET /nope", 404, NOTHING),
        ("GET /prompt/", 404, NOTHING),
        ("GET /interrupt", 404, NOTHING),
        ("GET /free", 404, NOTHING),
        ("GET /upload/image", 404, NOTHING),
        ("GET /jobs", 404, NOTHING),
        ("GET /models/checkpoints/x", 404, NOTHING),
        ("GET /models/nope", 404, None),
        ("GET /ws", 400, TEXT),
        ("PUT /prompt", 405, TEXT),
        ("DELETE /interrupt", 405, TEXT),
        ("POST /system_stats", 405, TEXT),
        ("POST /nope", 405, TEXT),
        ("POST /upload/mask", 400, None),
        ("POST /users", 500, TEXT),
        ("GET /experiment/models", 200, JSON),
        ("GET /experiment/models/checkpoints", 200, JSON),
        ("GET /experiment/models/nope", 404, None),
        ("GET /userdata", 400, TEXT),
        ("GET /userdata?dir=nope", 404, TEXT),
        ("GET /userdata/nope.json", 404, None),
        ("GET /v2/userdata", 200, JSON),
        ("GET /v2/userdata?path=nope", 404, TEXT),
        ("GET /internal/logs", 200, JSON),
        ("GET /internal/logs/raw", 200, JSON),
        ("GET /internal/folder_paths", 200, JSON),
        ("GET /internal/files/output", 200, JSON),
        ("GET /internal/files/nope", 400, JSON),
        ("GET /internal/nope", 404, TEXT),
        ("GET /internal/logs/subscribe", 405, TEXT),
        ("GET /api/internal/logs", 404, NOTHING),
        ("GET /api/assets", 503, JSON),
        ("GET /api/assets/5f3f3c1e-6b0e-4f0e-9c55-0d0f5a0f6a11", 503, JSON),
        ("GET /api/assets/nope", 404, NOTHING),
        ("POST /api/assets/from-hash", 503, JSON),
        ("GET /api/tags", 503, JSON),
        ("GET /global_subgraphs/nope", 200, JSON),
        ("GET /api/jobs/cancel", 404, JSON),
    ],
)
async def test_a_route_answers_with_this_status_and_type(
    http: httpx.AsyncClient, request_line: str, status: int, content_type: str | None
) -> None:
    answer = await http.request(*request_line.split())
    assert (answer.status_code, answer.headers.get("content-type")) == (status, content_type)


@pytest.mark.parametrize(
    ("request_line", "allowed"),
    [
        ("PUT /prompt", "GET,HEAD,POST"),
        ("PUT /interrupt", "GET,HEAD,POST"),
        ("POST /nope", "GET,HEAD"),
        ("POST /internal/logs", "GET,HEAD"),
        ("GET /internal/logs/subscribe", "PATCH"),
    ],
)
async def test_a_method_that_is_not_taken_says_which_are(
    http: httpx.AsyncClient, request_line: str, allowed: str
) -> None:
    answer = await http.request(*request_line.split())
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/prompt", b"[1]", 400),
        ("/prompt", b'"text"', 400),
        ("/prompt", b"null", 500),
        ("/prompt", b"", 500),
        ("/prompt", json.dumps({"prompt": {}, "extra_data": None}).encode(), 500),
        ("/prompt", json.dumps({"prompt": {"1": {**node("X"), "inputs": []}}}).encode(), 500),
        ("/queue", b"[1]", 200),
        ("/queue", b'"text"', 200),
        ("/queue", b"null", 500),
        ("/queue", b"", 500),
        ("/history", b"[1]", 200),
        ("/history", b"null", 500),
        ("/interrupt", b"[1]", 500),
        ("/interrupt", b"null", 500),
        ("/interrupt", b"no JSON", 200),
        ("/interrupt", b"", 200),
        ("/free", b"", 500),
        ("/free", b"[1]", 500),
        ("/free", b"{}", 200),
        ("/settings", b"[1]", 500),
        ("/settings", b"", 500),
        ("/upload/image", b"", 400),
        ("/api/jobs/cancel", b"", 400),
    ],
)
async def test_an_odd_body_ends_in_this_status(
    http: httpx.AsyncClient, path: str, body: bytes, status: int
) -> None:
    headers = {"content-type": "application/json"}
    assert (await http.post(path, content=body, headers=headers)).status_code == status


async def test_what_the_page_keeps_for_its_user_comes_back(http: httpx.AsyncClient) -> None:
    name = f"batchgen-contract-{uuid4().hex}.json"
    assert (await http.post(f"/userdata/{name}", content=b"[1]")).json() == name
    try:
        spared = await http.post(f"/userdata/{name}?overwrite=false", content=b"[2]")
        assert spared.status_code == 409
        got = await http.get(f"/userdata/{name}")
        assert (got.content, got.headers["content-disposition"]) == (b"[1]", "attachment")
        kept = {entry["name"]: entry for entry in (await http.get("/v2/userdata")).json()}
        assert kept[name].keys() == {"name", "path", "type", "size", "modified"}
        moved = await http.post(f"/userdata/{name}/move/2{name}")
        assert moved.json() == f"2{name}"
        await http.post(f"/userdata/2{name}/move/{name}")
    finally:
        removed = await http.delete(f"/userdata/{name}")
    assert removed.status_code == 204
    assert (await http.delete(f"/userdata/{name}")).status_code == 404
    assert (await http.get("/userdata/..%2Fsecret")).status_code == 403


async def test_a_failed_node_tells_all_that_it_was_given(visitor: Visitor) -> None:
    prefix = "../../batchgen-contract"
    graph = {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=0),
        "2": node("SaveImage", images=["1", 0], filename_prefix=prefix),
    }
    prompt_id = await visitor.post(graph, extra_data={"extra_pnginfo": {"note": "kept"}})
    await visitor.end_of(prompt_id)
    async with httpx.AsyncClient(base_url=visitor.client.address, trust_env=False) as http:
        status = (await http.get(f"/history/{prompt_id}")).json()[prompt_id]["status"]
    kind, error = status["messages"][-1]
    assert (kind, error["exception_type"], error["node_id"]) == (
        "execution_error",
        "Exception",
        "2",
    )
    given: dict[str, Any] = error["current_inputs"]
    assert given.keys() == {"images", "filename_prefix", "prompt", "extra_pnginfo"}
    assert given["filename_prefix"] == [prefix]
    assert given["extra_pnginfo"] == ["{'note': 'kept'}"]
