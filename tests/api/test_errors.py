"""One error shape for everything that can go wrong, on every route.

``{"error": {"code", "message", "field"?, "details"?}}``: the code for programs, the message for a
person. Bad input is 400, never 422.
"""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from batchgen_app.api.app import ROUTERS
from tests.api.visitor import Visitor, asked, visit
from tests.storage.test_damaged_rows import spoil

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

ROUTES = [
    (method, route.path)
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, Route)
    for method in sorted(route.methods or ())
    if method != "HEAD"
]
WITH_ID = [(method, path) for method, path in ROUTES if "{" in path]
WITH_BODY = [("POST", "/batches"), ("PATCH", "/images/{image_id}")]
JSON = {"content-type": "application/json"}
FORMS = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
SENSELESS = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'"text"',
    b"17",
    b'{"rating": NaN}',
    b'{"rating": -Infinity}',
    b'{"rating": 1e999}',
    b'{"rating": ' + b"9" * 5000 + b"}",
    b'{"rating": 1, "rating": 1}',
    b'{"\\ud800": 1}',
    b'{"prompt": "\\udfff"}',
    b'{"workflow": {"1": {"class_type": "\\ud800"}}}',
    b"\xff\xfe{\x00}\x00",
    b'{"prompt": "\xed\xa0\x80"}',
    b"[" * 100_000,
    b'{"workflow":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"\\u0000": "\\u0000"}',
    b"prompt=a+fox&batchCount=3",
]
STRANGERS = [
    "nobody",
    "20261122-141500-000000-9f3a",
    "%2e%2e",
    "a%20b",
    "%00",
    "%0A",
    "%F0%9F%A6%8A",
]


def assert_error(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The one shape; gives what is in it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body.keys() == {"error"}
    error: dict[str, Any] = body["error"]
    assert {"code", "message"} <= error.keys() <= {"code", "message", "field", "details"}
    assert error["code"].replace("_", "").isalpha()
    assert error["message"].endswith((".", '"')) or status in {400, 503}
    return error


async def ask(visitor: Visitor, method: str, path: str, stranger: str) -> httpx.Response:
    address = (
        path.replace("{batch_id}", stranger)
        .replace("{image_id}", stranger)
        .replace("{upload_id}", stranger)
    )
    takes_body = method == "PATCH" or path.endswith("/move")
    return await visitor.request(method, address, json={} if takes_body else None)


def test_the_walk_knows_every_call_of_the_interface() -> None:
    assert len(ROUTES) == 53
    assert len(WITH_ID) == 32


async def test_an_unknown_id_is_404_on_every_route(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for method, path in WITH_ID:
            for stranger in STRANGERS:
                assert_error(await ask(visitor, method, path, stranger), 404)


async def test_a_wrong_method_is_405_and_the_right_ones_are_named(tmp_path: Path) -> None:
    possible: dict[str, set[str]] = {}
    for method, path in ROUTES:
        possible.setdefault(path, set()).add(method)
    async with visit(tmp_path) as (_, visitor):
        for path, methods in possible.items():
            for method in set(METHODS) - methods:
                answer = await ask(visitor, method, path, "nobody")
                error = assert_error(answer, 405)
                named = set(answer.headers["allow"].split(", "))
                assert named - {"HEAD"} == methods
                assert all(name in error["message"] for name in methods)


@pytest.mark.parametrize("path", ["/nothing", "/", "/batches/x/y/z", "/docs/files/none", "/%0A"])
async def test_an_unknown_address_is_404(tmp_path: Path, path: str) -> None:
    async with visit(tmp_path) as (_, visitor):
        assert_error(await visitor.get(path), 404)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_a_body_that_makes_no_sense_is_400(tmp_path: Path, method: str, path: str) -> None:
    async with visit(tmp_path) as (_, visitor):
        address = path.replace("{image_id}", f"{await visitor.make(batchCount=2)}-001")
        for body in SENSELESS:
            answer = await visitor.request(method, address, content=body, headers=JSON)
            assert_error(answer, 400)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
async def test_a_body_is_json_only_if_it_says_so(tmp_path: Path, method: str, path: str) -> None:
    """A form on a page of another site can send anything, but not under this name."""
    async with visit(tmp_path) as (_, visitor):
        address = path.replace("{image_id}", "nobody-001")
        body = httpx.Request("POST", "http://x", json=asked()).content
        for kind in (*FORMS, "nonsense", "application/jsonp", "json", "", None):
            headers = {} if kind is None else {"content-type": kind}
            answer = await visitor.request(method, address, content=body, headers=headers)
            assert "Content-Type: application/json" in assert_error(answer, 415)["message"]
        for kind in ("Application/JSON ; charset=utf-8", "application/merge-patch+json"):
            headers = {"content-type": kind}
            answer = await visitor.request(method, address, content=body, headers=headers)
            assert answer.status_code != 415


async def test_a_body_that_is_too_large_is_413(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", content=b" " * 16_000_001, headers=JSON)
        assert assert_error(answer, 413)["message"] == "More than 16 MB are too much."


async def test_a_body_that_breaks_off_harms_nobody(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        url = visitor.base_url
        _, pipe = await asyncio.open_connection(url.host, url.port)
        pipe.write(b"POST /api/batches HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        await pipe.drain()
        pipe.close()
        assert (await visitor.get("/health")).status_code == 200


async def test_a_fault_of_the_disk_is_500_in_words(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make()
        writer = here.app.storage.log._db._writer
        await writer.execute_fetchall("PRAGMA query_only = 1")  # as on a disk that is read-only now
        answer = await visitor.patch(f"/images/{batch_id}-001", json={"rating": 3})
        error = assert_error(answer, 500)
        assert error["code"] == "storage_error"
        assert "cannot be written" in error["message"]


async def test_damage_that_cannot_be_mended_yet_is_503_in_words(tmp_path: Path) -> None:
    async with visit(tmp_path, step_delay=0.02) as (here, visitor):
        first = await visitor.make()
        running = await visitor.start()
        here.app.batch_service.forget()  # it has to be read again
        await asyncio.to_thread(spoil, here.folder / "data", 1, b'"\x00\xff{')
        error = assert_error(await visitor.get(f"/batches/{first}"), 503)
        assert here.app.queue.is_busy
        assert error["code"] == "database_damaged"
        assert "as soon as no batch runs" in error["message"]
        assert (await visitor.end(running))["progress"]["status"] == "complete"
        assert (await visitor.look(first))["progress"]["status"] == "complete"


async def test_a_mistake_of_our_own_is_500_and_tells_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise sqlite3.ProgrammingError("a secret detail")

    async with visit(tmp_path) as (here, visitor):
        monkeypatch.setattr(type(here.app.storage.log), "page", broken)
        answer = await visitor.get("/events")
        assert assert_error(answer, 500)["code"] == "mistake"
        assert "secret" not in answer.text
        assert (await visitor.get("/health")).status_code == 200
