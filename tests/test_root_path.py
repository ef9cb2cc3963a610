"""Below a path, whether a proxy keeps it or takes it off; and only what really is below it."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from batchgen_app.root_path import WithoutRoot, WithRoot

ROOT = "/studio/pictures"


class Between:
    """What lies between the layers: it notes what it sees."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.seen: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append((scope["path"], scope["raw_path"]))
        await self.app(scope, receive, send)


def _where(request: Request) -> Response:
    if request.path_params["rest"] == "away":
        return RedirectResponse(request.query_params["to"])
    told = {"path": request.path_params["rest"], "url": str(request.url_for("where", rest="x"))}
    return JSONResponse(told)


@pytest.fixture
def between() -> Between:
    app = Starlette(routes=[Mount("/api", routes=[Route("/{rest:path}", _where, name="where")])])
    app.router.routes.append(Route("/{rest:path}", _where, name="where"))
    return Between(WithRoot(app, ROOT))


@pytest.fixture
def client(between: Between) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(WithoutRoot(between, ROOT))
    return httpx.AsyncClient(transport=transport, base_url="http://here")


@pytest.mark.parametrize("path", ["/api/a%20fox/%E2%98%BA", f"{ROOT}/api/a%20fox/%E2%98%BA"])
async def test_kept_or_taken_off_it_is_the_same(
    client: httpx.AsyncClient, between: Between, path: str
) -> None:
    told = (await client.get(path)).json()
    assert told == {"path": "a fox/☺", "url": f"http://here{ROOT}/api/x"}
    assert between.seen == [("/api/a fox/☺", b"/api/a%20fox/%E2%98%BA")]


@pytest.mark.parametrize(
    ("path", "seen"),
    [(ROOT, "/"), (f"{ROOT}/", "/"), (f"{ROOT}que/a", f"{ROOT}que/a"), ("/studio", "/studio")],
)
async def test_only_what_lies_below_it_is_shortened(
    client: httpx.AsyncClient, between: Between, path: str, seen: str
) -> None:
    await client.get(path)
    assert between.seen[0][0] == seen


@pytest.mark.parametrize(
    ("to", "location"),
    [("/login?next=/a", f"{ROOT}/login?next=/a"), ("https://there/", "https://there/"), ("a", "a")],
)
async def test_redirects_lead_below_it(client: httpx.AsyncClient, to: str, location: str) -> None:
    led = await client.get("/away", params={"to": to})
    assert led.headers["location"] == location


async def test_without_a_path_nothing_is_changed() -> None:
    app = Starlette(routes=[Route("/{rest:path}", _where, name="where")])
    transport = httpx.ASGITransport(WithoutRoot(WithRoot(app, ""), ""))
    async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
        assert (await client.get(f"{ROOT}/a")).json()["path"] == f"{ROOT[1:]}/a"
        assert (await client.get("/away?to=/b")).headers["location"] == "/b"
