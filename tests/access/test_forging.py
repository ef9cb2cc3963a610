"""What is said on a socket counts only for the page that it was opened for, and only from whoever
was handed that page.
"""

import json
import re
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from pathlib import Path

import httpx
import pytest
import socketio.exceptions  # type: ignore[import-untyped]
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as connect_here

from tests.access.forging import PLACE, Device, Page, device, script
from tests.access.neighbour import Neighbour
from tests.access.serving import Served, serving
from tests.soak.forgeries import forge
from tests.studio import TIMEOUT_OF_THE_TEST, until

SEED = 2026
ROUNDS = 400
OPENED = "40"
"""Engine.IO and Socket.IO: a message, that connects."""


async def test_forged_over_every_page_nothing_comes_of_any_event(tmp_path: Path) -> None:
    """Every button of everybody's pages, and then whatever comes to mind."""
    with serving(tmp_path, "--lan") as own_app:
        report = await forge(own_app, ROUNDS, SEED)
    assert report.messages > ROUNDS
    assert report.sockets
    assert report.requests


@pytest.fixture
async def full(app: Served) -> AsyncIterator[Device]:
    """A device for everything."""
    async with device(app, app.code) as full:
        yield full


@pytest.fixture(params=["code", "view_code", ""])
async def other(app: Served, request: pytest.FixtureRequest) -> AsyncIterator[Device]:
    """Another device, for everything or for viewing, or whoever sits at the computer."""
    code = getattr(app, request.param) if request.param else ""
    async with device(app, code) as other:
        yield other


async def test_a_socket_is_opened_only_by_whoever_was_handed_the_page(
    full: Device, other: Device
) -> None:
    page, own = await full.load("/settings"), await other.load("/gallery")
    with pytest.raises(socketio.exceptions.ConnectionError):
        await own.connect(page)
    assert own.refusals == [{"message": "Implicit handshake failed"}]  # the script loads it anew
    await own.connect(page, client_id="", implicit_handshake="false")
    asked = {"client_id": page.client_id, "tab_id": page.tab_id, "document_id": "x"}
    assert await own.wire.call("handshake", asked) is False
    await page.connect()
    await until(lambda: "update" in page.heard)
    await own.settle()
    assert not own.heard
    await own.close()
    await page.close()


async def test_a_page_that_was_fetched_ahead_shakes_hands_in_a_message(full: Device) -> None:
    page = await full.load("/gallery")
    await page.connect(implicit_handshake="false")
    asked = {"client_id": page.client_id, "tab_id": page.tab_id, "document_id": "x"}
    assert await page.wire.call("handshake", {**asked, "next_message_id": 0}) is True
    await page.close()


async def test_a_connection_cannot_be_taken_over(full: Device, other: Device) -> None:
    """Without websockets, one consists of requests that name it."""
    way = {"EIO": "4", "transport": "polling"}
    opened = (await full.get(f"{PLACE}/", params=way)).text
    mine = {**way, "sid": json.loads(opened[1:])["sid"]}
    for query in (mine, {**mine, "transport": "websocket"}):
        for method in ("GET", "POST"):
            taken = await other.request(method, f"{PLACE}/", params=query, content=OPENED)
            assert taken.status_code == 403
            assert taken.json()["error"]["code"] == "not_yours"
    address = httpx.URL(f"{other.base_url}".replace("http", "ws", 1)).copy_with(
        raw_path=f"{PLACE}/?{httpx.QueryParams({**mine, 'transport': 'websocket'})}".encode()
    )
    with pytest.raises(InvalidStatus) as refused:
        await connect(str(address), additional_headers=other.credentials)
    assert refused.value.response.status_code == 403
    assert (await full.post(f"{PLACE}/", params=mine, content=OPENED)).status_code == 200


async def test_what_is_uploaded_to_a_page_comes_from_its_own_device(
    full: Device, other: Device
) -> None:
    page = await full.load("/")
    addresses = {e.get("props", {}).get("url", "") for e in page.elements.values()}
    uploads = [address for address in addresses if "/upload/" in address]
    assert uploads
    files = {"file": ("workflow.json", b"{}", "application/json")}
    for address in uploads:
        assert (await other.post(address, files=files)).status_code == 403
        assert (await full.post(address, files=files)).status_code == 200


async def test_a_question_is_answered_by_the_page_that_was_asked(
    full: Device, other: Device
) -> None:
    """Here: which model its browser chose last."""
    page, own = await full.load("/"), await other.load("/")
    await own.connect()
    await page.connect()
    await until(lambda: bool(page.requests))
    answer = {"request_id": page.requests[0], "result": "painters/demo-ink.safetensors"}
    for client_id in (page.client_id, own.client_id):
        await own.wire.emit("javascript_response", {**answer, "client_id": client_id})
    await own.settle()
    told = {**answer, "client_id": page.client_id, "result": "demo-landscapes.safetensors"}
    await page.wire.emit("javascript_response", told)
    await until(lambda: _chosen(page) != "")
    assert _chosen(page) == "demo-landscapes"
    await page.close()
    await own.close()


def _chosen(page: Page) -> str:
    """The model that is shown."""
    fields = [each.get("props", {}) for each in page.elements.values()]
    (model,) = [props for props in fields if props.get("data-testid") == "model"]
    return str((model["model-value"] or {}).get("label", ""))


async def test_who_is_signed_out_in_the_middle_uses_nothing_any_more(app: Served) -> None:
    async with device(app, app.code) as leaving:
        page = await leaving.load("/settings")
        await page.connect()
        before = (app.data / "secrets.json").read_text(encoding="utf-8")
        assert (await leaving.post("/logout")).status_code == 303
        with suppress(socketio.exceptions.SocketIOError):
            await page.use(page.listener("save-defaults"))
        await until(lambda: not page.wire.connected)
        with pytest.raises(socketio.exceptions.ConnectionError):
            await page.connect()
    assert (app.data / "secrets.json").read_text(encoding="utf-8") == before


@pytest.mark.parametrize("ending", ["new-code-full", "sign-out-everyone", "lan-switch"])
async def test_who_brings_a_code_along_is_out_with_all_that_is_open_when_that_ends(
    tmp_path: Path, neighbour: Neighbour, ending: str
) -> None:
    """On a socket that had been opened with it, a code did everything for as long as one liked."""
    with serving(tmp_path, "--lan") as own_app, ExitStack() as stack:
        async with (
            device(own_app) as here,
            device(own_app, own_app.code) as phone,
            script(own_app, own_app.code) as bearer,
        ):
            outside = stack.enter_context(_opened_by_code(own_app, neighbour))
            pages = [await each.load("/settings") for each in (here, phone, bearer)]
            for page in pages:
                await page.connect()
            owner, _, page = pages
            for listener in owner.marked(ending):
                await owner.use(listener, False)
            await until(lambda: not page.wire.connected)
            with suppress(socketio.exceptions.SocketIOError):
                await page.use(page.listener("save-defaults"))
            assert "sid" in str(outside.recv(TIMEOUT_OF_THE_TEST))
            with pytest.raises(ConnectionClosed):
                outside.recv(TIMEOUT_OF_THE_TEST)
            if ending == "sign-out-everyone":  # the code is good for another beginning
                page = await bearer.load("/settings")
                await page.connect()
            else:
                with pytest.raises(socketio.exceptions.ConnectionError):
                    await page.connect()
                assert (await bearer.get("/api/health")).status_code in {401, 403}
            shown = _codes_shown(page)
            assert shown <= {own_app.code, own_app.view_code}
            assert not (own_app.data / "settings.json").exists() or ending == "lan-switch"
            assert owner.wire.connected
        assert complaints(own_app) == []


def complaints(app: Served) -> list[str]:
    """What the app calls a fault, after its end: in its log, or in the terminal."""
    app.process.terminate()
    _, said = app.process.communicate(timeout=TIMEOUT_OF_THE_TEST)
    logged = (app.data / "logs" / "app.log").read_text(encoding="utf-8").splitlines()
    return [*said.splitlines(), *(line for line in logged if " INFO " not in line)]


UNHEARD_OF = (
    "EIO=4&transport=polling&sid=x",
    "EIO=4&transport=websocket&sid=x",
    "EIO=4&transport=websocket",
    "EIO=4&transport=polling&j=x",
    "EIO=3&transport=polling",
    "EIO=4&transport=x",
)


async def test_nothing_that_is_said_to_a_socket_stands_in_the_terminal(tmp_path: Path) -> None:
    with serving(tmp_path, "--lan") as own_app:
        async with device(own_app, own_app.view_code) as other:
            for query in UNHEARD_OF:
                for method in ("GET", "POST", "OPTIONS", "DELETE"):
                    answer = await other.request(method, f"{PLACE}/?{query}", content=b"\x00x")
                    assert answer.status_code < 500
        assert complaints(own_app) == []


def _opened_by_code(app: Served, neighbour: Neighbour) -> ClientConnection:
    """A socket from another machine, with no page."""
    address = f"ws://{neighbour.address}:{app.port}{PLACE}/?EIO=4&transport=websocket"
    bearing = {"Authorization": f"Bearer {app.code}"}
    return neighbour.do(connect_here, address, additional_headers=bearing)


def _codes_shown(page: Page) -> set[str]:
    return set(re.findall(r'"((?:[A-Z0-9]{4}-){2}[A-Z0-9]{4})"', json.dumps(page.elements)))
