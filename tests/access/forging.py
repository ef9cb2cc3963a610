"""Pages as a program sees them: what they are made of, and what it can say to the app about them.

Whoever comes over loopback through a proxy is a stranger to the app, and so a device like others.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from typing import Any, NamedTuple
from uuid import uuid4

import aiohttp
import httpx
import socketio  # type: ignore[import-untyped]

from tests.access.serving import Served
from tests.studio import TIMEOUT_OF_THE_TEST

PLACE = "/_nicegui_ws/socket.io"
PROXIED = {"X-Forwarded-For": "192.168.0.77"}
ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
CLIENT_ID = re.compile(r"'client_id': '([0-9a-f-]+)'")


class Listener(NamedTuple):
    """What an element of a page waits for."""

    element: int
    listener: str
    kind: str
    mark: str


class Device(httpx.AsyncClient):
    """A browser without a screen: with a cookie of its own, or at the computer itself."""

    def __init__(self, app: Served, headers: Mapping[str, str]) -> None:
        super().__init__(base_url=app.address, headers=headers, timeout=TIMEOUT_OF_THE_TEST)
        self.connections = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    @property
    def credentials(self) -> dict[str, str]:
        """What goes along with a socket."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = (*PROXIED, "Authorization")
        known = {name: self.headers[name] for name in sent if name in self.headers}
        return {**known, **({"Cookie": cookie} if cookie else {})}

    async def load(self, path: str) -> "Page":
        """A page, as it is handed to this device."""
        answer = await self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        client_id, elements = CLIENT_ID.search(answer.text), ELEMENTS.search(answer.text)
        assert client_id, "a page of NiceGUI names its client"
        assert elements, "a page of NiceGUI names its elements"
        return Page(self, path, client_id[1], json.loads(unescape(elements[1])))


@asynccontextmanager
async def device(app: Served, code: str = "") -> AsyncIterator[Device]:
    """Somebody elsewhere with this code; without one, somebody at the computer."""
    async with Device(app, PROXIED if code else {}) as device, device.connections:
        if code:
            assert (await device.post("/login", data={"code": code})).status_code == 303
        yield device


@asynccontextmanager
async def script(app: Served, code: str) -> AsyncIterator[Device]:
    """Somebody elsewhere who brings this code along with all that they ask for."""
    bearing = {**PROXIED, "Authorization": f"Bearer {code}"}
    async with Device(app, bearing) as script, script.connections:
        yield script


class Page:
    """One page of one device, and its socket once that is open."""

    def __init__(self, device: Device, path: str, client_id: str, elements: dict[str, Any]) -> None:
        self.device = device
        self.path = path
        self.client_id = client_id
        self.elements = elements
        self.tab_id = str(uuid4())
        self.heard: list[str] = []
        """The kinds of messages that arrived."""
        self.requests: list[str] = []
        """Questions of the app that a script of the page would answer."""
        self.refusals: list[Any] = []
        """What the app said where it let no socket be opened."""
        self.wire = socketio.AsyncClient(
            reconnection=False, http_session=device.connections, handle_sigint=False
        )
        self.wire.on("*", self._hear)
        self.wire.on("connect_error", self._hear_refusal)

    @property
    def listeners(self) -> list[Listener]:
        """Everything that can be clicked, typed into or otherwise used."""
        return [
            Listener(int(number), event["listener_id"], event["type"], _mark(element))
            for number, element in self.elements.items()
            for event in element.get("events", ())
        ]

    def marked(self, mark: str) -> list[Listener]:
        """All of what is so marked."""
        return [each for each in self.listeners if each.mark == mark]

    def listener(self, mark: str) -> Listener:
        """The one that answers a click on what is so marked."""
        return next(each for each in self.marked(mark) if each.kind == "click")

    async def connect(self, page: "Page | None" = None, **query: str) -> None:
        """Open a socket, as the scripts of ``page`` do; mostly that is this one. Raises
        ConnectionError where the app refuses.
        """
        of = page or self
        told = {"client_id": of.client_id, "tab_id": of.tab_id, "document_id": str(uuid4())}
        asked = httpx.QueryParams(
            {**told, "next_message_id": "0", "implicit_handshake": "true", **query}
        )
        await self.wire.connect(
            f"{self.device.base_url}?{asked}",
            headers=self.device.credentials,
            transports=["websocket"],
            socketio_path=PLACE,
            wait_timeout=TIMEOUT_OF_THE_TEST,
        )

    async def use(self, listener: Listener, *args: object, page: "Page | None" = None) -> None:
        """Say that something was used; of another ``page``, that is a forgery."""
        await self.wire.emit("event", self.event(listener, *args, page=page))

    def event(
        self, listener: Listener, *args: object, page: "Page | None" = None
    ) -> dict[str, Any]:
        """As a browser says it."""
        return {
            "id": listener.element,
            "client_id": (page or self).client_id,
            "listener_id": listener.listener,
            "args": [json.dumps(arg) for arg in args],
        }

    async def settle(self) -> None:
        """Wait until what was said has been heard."""
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await self.wire.call("handshake", {"client_id": "", "tab_id": "", "document_id": ""})

    async def close(self) -> None:
        """Leave."""
        await self.wire.disconnect()

    async def _hear(self, kind: str, message: Any = None) -> None:
        self.heard.append(kind)
        if kind == "update":
            changed = {n: e for n, e in message.items() if n != "_id" and e}
            self.elements.update(changed)
        if kind == "run_javascript" and "request_id" in message:
            self.requests.append(message["request_id"])

    async def _hear_refusal(self, why: Any) -> None:
        self.refusals.append(why)


def _mark(element: Mapping[str, Any]) -> str:
    return str(element.get("props", {}).get("data-testid", ""))
