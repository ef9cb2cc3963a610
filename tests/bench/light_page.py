"""``python -m tests.bench.light_page COUNT URL``: open pages without a browser around them.

A light page does on the wire what a real one does: it fetches the page, opens NiceGUI's socket with
the page's own handshake and acknowledges what it hears every three seconds (nicegui.js), polls the
batch every 500 ms (poller.js), and fetches each thumbnail once and one preview at a time
(live_preview.js). Prints ``ready`` when all are open, and on SIGTERM what they have heard.
"""

import asyncio
import html
import json
import re
import signal
import sys
from ast import literal_eval
from collections.abc import Coroutine, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode, urljoin
from uuid import uuid4

import aiohttp
import socketio  # type: ignore[import-untyped]

ACKNOWLEDGE_EVERY = 3.0
POLL_EVERY = 0.5
QUERY = re.compile(r"query: (\{.*?\}),\s*extraHeaders")
ELEMENTS = re.compile(r"parseElements\(String\.raw`(.*?)`\)", re.DOTALL)
THUMBNAIL = re.compile(r"/api/images/[^/]+/thumbnail|/picture/[^/]+")
PREVIEW = re.compile(r"/previews/.+")
BATCH = re.compile(r"/api/batches/[^/]+")


@dataclass
class Heard:
    """What light pages have heard and fetched."""

    pages: int
    messages: int = 0
    polls: int = 0
    thumbnails: int = 0
    previews: int = 0


class LightPage:
    """One page at ``url``. A fault of it ends its visit."""

    def __init__(self, url: str, http: aiohttp.ClientSession, heard: Heard) -> None:
        self.opened = asyncio.Event()
        self._url = url
        self._http = http
        self._heard = heard
        self._lost = asyncio.Event()
        self._socket = socketio.AsyncClient(http_session=http, reconnection=False)
        self._socket.on("*", self._hear)
        self._socket.on("disconnect", lambda _: self._lost.set())
        self._work = asyncio.TaskGroup()
        self._known: set[str] = set()
        self._wanted_preview: str | None = None
        self._loads_previews = False

    async def visit(self) -> None:
        """Open the page and stay until cancelled."""
        async with self._work:
            text = await self._get(self._url)
            await self._connect(literal_eval(_found(QUERY, text)))
            self._look_at(json.loads(html.unescape(_found(ELEMENTS, text))))
            self.opened.set()
            await self._lost.wait()
            raise ConnectionError("The page's socket was closed.")

    async def _connect(self, query: dict[str, Any]) -> None:
        self._client_id, self._next = query["client_id"], query["next_message_id"]
        ids = {"document_id": uuid4(), "tab_id": uuid4(), "implicit_handshake": "true"}
        await self._socket.connect(
            f"{self._at('/')}?{urlencode({**query, **ids})}",
            transports=["websocket"],
            socketio_path="/_nicegui_ws/socket.io",
        )
        self._do(self._acknowledge())

    async def _hear(self, _: str, message: dict[str, Any]) -> None:
        self._heard.messages += 1
        self._next = message["_id"] + 1
        self._look_at(message)

    def _look_at(self, told: object) -> None:
        """Act on every new address in what was told, as a browser does."""
        for text in set(_texts(told)) - self._known:
            self._known.add(text)
            if THUMBNAIL.fullmatch(text):
                self._do(self._load_thumbnail(text))
            elif PREVIEW.fullmatch(text):
                self._show_preview(text)
            elif BATCH.fullmatch(text):
                self._do(self._poll(text))

    async def _load_thumbnail(self, path: str) -> None:
        await self._get(self._at(path))
        self._heard.thumbnails += 1

    def _show_preview(self, path: str) -> None:
        self._wanted_preview = path
        if not self._loads_previews:
            self._loads_previews = True
            self._do(self._load_previews())

    async def _load_previews(self) -> None:
        while path := self._wanted_preview:
            self._wanted_preview = None
            await self._get(self._at(path))
            self._heard.previews += 1
        self._loads_previews = False

    async def _poll(self, path: str) -> None:
        tag = ""
        while True:
            headers = {"If-None-Match": tag} if tag else {}
            async with self._http.get(self._at(path), headers=headers) as answer:
                await answer.read()
                tag = answer.headers["ETag"]
            self._heard.polls += 1
            await asyncio.sleep(POLL_EVERY)

    async def _acknowledge(self) -> None:
        while True:
            await asyncio.sleep(ACKNOWLEDGE_EVERY)
            heard = {"client_id": self._client_id, "next_message_id": self._next}
            await self._socket.emit("ack", heard)

    async def _get(self, url: str) -> str:
        async with self._http.get(url) as answer:
            answer.raise_for_status()
            return (await answer.read()).decode(errors="replace")

    def _at(self, path: str) -> str:
        return urljoin(self._url, path)

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        self._work.create_task(work)


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    assert found, "NiceGUI writes its pages in another way now"
    return found[1]


def _texts(told: object) -> Iterator[str]:
    if isinstance(told, str):
        yield told
    elif isinstance(told, dict | list):
        for part in told.values() if isinstance(told, dict) else told:
            yield from _texts(part)


async def main(count: int, url: str) -> None:
    """Open pages, wait to be ended, tell what they heard."""
    ended, heard = asyncio.Event(), Heard(count)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as http, asyncio.TaskGroup() as visits:
        pages = [LightPage(url, http, heard) for _ in range(count)]
        staying = [visits.create_task(page.visit()) for page in pages]
        for page in pages:
            await page.opened.wait()
        _say("ready")
        await ended.wait()
        for visit in staying:
            visit.cancel()
    _say(json.dumps(asdict(heard)))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
