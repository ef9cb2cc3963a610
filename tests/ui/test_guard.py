"""The guard stands in front of every route that the app has."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest
from nicegui import Client
from nicegui.testing.general import nicegui_reset_globals
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from batchgen_app.access import Role
from batchgen_app.access.access import Access, open_access
from batchgen_app.access.guard import Guard
from batchgen_app.kept_files import KeptFiles
from batchgen_app.root_path import WithoutRoot, WithRoot
from batchgen_app.secrets_store.store import FileStore
from batchgen_app.ui.live import LiveBatchState
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.settings.page import settings_page
from batchgen_app.web import build_guarded
from batchgen_app.window.opener import BELL, Opener, WindowFiles
from batchgen_app.window.window_controller import WindowController
from tests.studio import studio

OURS = "192.168.0.9"
LOGIN = {"/login", "/logout"}


@asynccontextmanager
async def whole_app(folder: Path) -> AsyncIterator[tuple[Starlette, Guard, Access]]:
    """Everything that is served, open to the network; no window can be shown."""
    opener = Opener(WindowFiles(folder, folder, folder), "system", [])
    with nicegui_reset_globals():
        async with (
            studio(folder, new_state=LiveBatchState) as running,
            open_access(folder, OURS, FileStore(folder / "secrets.json")) as access,
        ):
            await access.begin(lan=False)
            routes = WindowController(opener, print).routes()
            below = cast("WithoutRoot", build_guarded(running.app, access, routes).app)
            guard = cast("Guard", below.app)
            kept = cast("WithRoot", cast("KeptFiles", guard.app).app)
            web = cast("Starlette", kept.app)
            try:
                async with web.router.lifespan_context(web):
                    yield web, guard, access
            finally:
                Client.page_routes.clear()


def _paths(routes: list[BaseRoute], above: str = "") -> Iterator[str]:
    """An address for every route below ``above``."""
    for route in routes:
        match route:
            case Mount():
                path = f"{above}{route.path}"
                yield f"{path}/anything"
                yield from _paths(list(route.routes), path)
            case Route() | WebSocketRoute():
                yield above + re.sub(r"\{[^}]*\}", "1", route.path)
            case _ if inner := getattr(route, "original_router", None):  # FastAPI's, kept whole
                yield from _paths(list(inner.routes), above)
            case _:
                pytest.fail(f"What kind of route is this? {route!r}")


def come_from(address: str, app: Guard) -> httpx.AsyncClient:
    """Somebody at this address."""
    transport = httpx.ASGITransport(app, client=(address, 5))
    return httpx.AsyncClient(transport=transport, base_url=f"http://{OURS}:8420")


async def test_no_route_is_open_to_strangers(tmp_path: Path) -> None:
    async with whole_app(tmp_path) as (web, guard, _), come_from("192.168.0.77", guard) as stranger:
        paths = sorted({*_paths(list(web.routes))})
        for known in ("/api/batches", "/assets/1", "/_nicegui_ws/anything", "/gallery", BELL):
            assert known in paths
        for path in paths:
            for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "X"):
                answer = await stranger.request(method, path)
                assert answer.status_code in {303, 401}, (method, path)
                if answer.status_code == 303:
                    assert answer.headers["location"].startswith("/login?")


async def test_no_route_is_open_under_a_foreign_name_or_to_a_foreign_page(tmp_path: Path) -> None:
    async with whole_app(tmp_path) as (web, guard, _), come_from("127.0.0.1", guard) as local:
        for path in {*_paths(list(web.routes)), *LOGIN, "/enter/1"}:
            foreign = await local.get(path, headers={"Host": "evil.example"})
            assert foreign.status_code == 421, path
            foreign = await local.get(path, headers={"Origin": "http://evil.example"})
            assert foreign.status_code == 403, path


async def test_the_bell_of_the_window_is_for_this_computer(tmp_path: Path) -> None:
    async with whole_app(tmp_path) as (_, guard, access):
        async with come_from("192.168.0.77", guard) as guest:
            for role in Role:
                await guest.post("/login", data={"code": access.codes[role]})
                assert (await guest.post(BELL)).status_code == 403
        async with come_from("127.0.0.1", guard) as local:
            assert (await local.post(BELL)).status_code == 404  # there can be no window
            proxied = {"X-Forwarded-For": "127.0.0.1"}
            proxied["Authorization"] = f"Bearer {access.codes[Role.FULL]}"
            assert (await local.post(BELL, headers=proxied)).status_code == 403


async def test_who_is_signed_out_while_a_page_is_built_for_them_is_sent_to_the_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with whole_app(tmp_path) as (_, guard, access), come_from("192.168.0.77", guard) as phone:

        async def late(context: PageContext) -> None:
            await access.sessions.remove_all()
            await settings_page(context)

        monkeypatch.setattr("batchgen_app.ui.pages.settings_page", late)
        await phone.post("/login", data={"code": access.codes[Role.FULL]})
        answer = await phone.get("/settings")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login")
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []
