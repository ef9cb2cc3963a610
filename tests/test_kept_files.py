"""Scripts and style sheets are answered from memory, and nothing else is."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from nicegui import Client
from nicegui.testing.general import nicegui_reset_globals
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from batchgen_app import kept_files
from batchgen_app.access.access import open_access
from batchgen_app.adapters.nicegui import FILES_OF_NICEGUI
from batchgen_app.kept_files import KeptFiles
from batchgen_app.web import build_guarded
from tests.studio import studio

PUBLIC = {"cache-control": "public, max-age=3600"}
TEXT = "a red fox " * 100


class Shelf:
    """An application with files, that counts how often it was asked."""

    def __init__(self, headers: Mapping[str, str] = PUBLIC, status: int = 200) -> None:
        self.asked: list[str] = []
        self._headers = {**headers, "etag": '"fox"'}
        self._status = status
        files = Starlette(routes=[Route("/{path:path}", self._answer)])
        self.web = KeptFiles(GZipMiddleware(files), ["/assets/"])

    def _answer(self, request: Request) -> Response:
        self.asked.append(request.url.path)
        return PlainTextResponse(TEXT, self._status, self._headers)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        transport = httpx.ASGITransport(self.web)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await client.request(options.pop("method", "GET"), path, **options)


async def test_a_file_is_made_ready_once_and_is_the_same_for_whoever_asks_again() -> None:
    shelf = Shelf()
    first, again = [await shelf.get("/assets/style.css?v=1") for _ in range(2)]
    assert (again.status_code, again.text, again.headers) == (200, TEXT, first.headers)
    assert again.headers["content-encoding"] == "gzip"
    assert len(shelf.asked) == 1


async def test_each_address_is_one_of_its_own_and_so_is_one_who_cannot_unpack() -> None:
    shelf = Shelf()
    for path in ("/assets/a.js", "/assets/b.js", "/assets/b.js?v=2"):
        await shelf.get(path)
    plain = await shelf.get("/assets/a.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == TEXT
    assert len(shelf.asked) == 4


@pytest.mark.parametrize(
    "options",
    [
        {"headers": {"range": "bytes=0-9"}},
        {"headers": {"if-none-match": '"fox"'}},
        {"headers": {"cache-control": "no-cache"}},
        {"method": "HEAD"},
    ],
    ids=str,
)
async def test_who_wants_something_else_is_answered_by_the_app(options: dict[str, Any]) -> None:
    shelf = Shelf()
    for _ in range(2):
        await shelf.get("/assets/style.css", **options)
    await shelf.get("/assets/style.css")
    assert len(shelf.asked) == 3


@pytest.mark.parametrize(
    "shelf",
    [
        Shelf(headers={"cache-control": "no-store"}),
        Shelf(headers={}),
        Shelf(headers={**PUBLIC, "set-cookie": "fox=red"}),
        Shelf(status=404),
    ],
    ids=["no-store", "says-nothing", "for-one", "missing"],
)
async def test_what_nobody_may_keep_is_not_kept(shelf: Shelf) -> None:
    assert {(await shelf.get("/assets/style.css")).text for _ in range(2)} == {TEXT}
    assert len(shelf.asked) == 2


async def test_only_files_are_kept() -> None:
    shelf = Shelf()
    for _ in range(2):
        await shelf.get("/api/batches")
    assert len(shelf.asked) == 2


async def test_there_is_an_end_to_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_files, "AT_MOST", 2 * len(TEXT) + 10)
    shelf = Shelf()
    plain = {"headers": {"accept-encoding": "identity"}}
    for _ in range(2):
        for number in range(4):
            assert (await shelf.get(f"/assets/{number}.js", **plain)).text == TEXT
    assert [path[-4:] for path in shelf.asked] == ["0.js", "1.js", "2.js", "3.js", "2.js", "3.js"]


@pytest.fixture
async def whole_app(tmp_path: Path) -> AsyncIterator[ASGIApp]:
    """All that is served, behind its guard."""
    with nicegui_reset_globals():
        async with (
            studio(tmp_path) as running,
            open_access(tmp_path / "data", "127.0.0.1") as access,
        ):
            yield build_guarded(running.app, access)
            Client.page_routes.clear()


async def test_what_is_kept_is_given_to_nobody_who_may_not_come_in(whole_app: ASGIApp) -> None:
    first, again, stranger = [
        await _asked_from(whole_app, address)
        for address in ("127.0.0.1", "127.0.0.1", "192.168.1.7")
    ]
    assert first.status_code == again.status_code == 200
    assert first.headers.raw == again.headers.raw
    assert first.text == again.text
    assert stranger.status_code in {401, 403}


async def test_who_asks_first_and_leaves_at_once_spoils_it_for_nobody(whole_app: ASGIApp) -> None:
    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def unheard(_: Message) -> None: ...

    for place in ("/assets/style.css", f"{FILES_OF_NICEGUI}static/nicegui.js"):
        whole = (await _asked_from(whole_app, "127.0.0.1", place, range="bytes=0-")).text
        asked = {"type": "http", "method": "GET", "path": place, "query_string": b""}
        headers = [(b"host", b"127.0.0.1:8420"), (b"accept-encoding", b"gzip, deflate")]
        ends = {"client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8420), "scheme": "http"}
        await whole_app({**asked, **ends, "headers": headers}, gone, unheard)
        assert (await _asked_from(whole_app, "127.0.0.1", place)).text == whole


async def _asked_from(
    web: ASGIApp, address: str, place: str = "/assets/style.css", **headers: str
) -> httpx.Response:
    transport = httpx.ASGITransport(web, client=(address, 50000))
    async with httpx.AsyncClient(transport=transport, headers=headers) as client:
        return await client.get(f"http://127.0.0.1:8420{place}")
