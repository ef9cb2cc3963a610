"""HTTP to one server: answers within limits, and every fault of the wire in our own words."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx

from batchgen_app.comfy.address import advice, tls_for
from batchgen_app.comfy.arrival import Arrival, Place
from batchgen_app.comfy.http_client import FAULTS, http_client
from batchgen_app.comfy.json_text import (
    MANY_BYTES,
    Outline,
    TooMuch,
    of_text,
    read_json,
)
from batchgen_app.core.errors import ServerFault, ServerUnreachable
from batchgen_app.core.json_values import clipped
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later

T = TypeVar("T")

ANSWER_LIMIT = 16 * 2**20
"""Bytes of one JSON answer."""
QUEUE_LIMIT = 512 * 2**20
"""Bytes of the queue, whose items carry whole graphs, of all clients; they are not kept."""
AT_ONCE = 256 * 2**10
"""Bytes of a queue that are looked through while others wait: a few milliseconds."""
DOWNLOAD_SECONDS = 900.0
"""For one file, however steadily it drips."""
LARGE_DOWNLOAD_SECONDS = 6 * 3600.0
"""The same for one that is too large to be held: many gigabytes, over a slow line."""
LONGEST_ADDRESS = 200
JSON = {"Content-Type": "application/json"}

SENT_PACKED = later("The server at {address} sent a packed answer unasked.")
CUT_SHORT = later("the answer ends too early")
GATEWAY_STATUSES = frozenset({502, 503, 504})
"""A proxy answered, because the server behind it did not."""


class TooLarge(ServerFault):
    """The answer is more than is taken."""


@dataclass(frozen=True)
class Answer:
    """A whole answer, whatever its status; ``elsewhere`` is where a redirect points."""

    status: int
    body: bytes
    elsewhere: str


class Transport:
    """Speaks HTTP with the server at ``address``; ``timeout`` in seconds.

    No redirects, no cookies, no proxies of the environment, no Origin (PROTOCOL.md, section 9).
    Raises ServerUnreachable where no whole answer comes, ServerFault where it makes no sense.
    """

    def __init__(self, address: str, headers: Mapping[str, str], timeout: float) -> None:
        self.address = address
        self.tls = tls_for(address)
        self._timeout = timeout
        # Pictures do not shrink, and what is sent plain has no surprise inside.
        self._http = http_client(self.tls, {"Accept-Encoding": "identity", **headers}, timeout)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    async def get(self, path: str, read: Callable[[Any], T], limit: int = ANSWER_LIMIT) -> T:
        """What ``read`` makes of the JSON value at ``path``, of at most ``limit`` bytes."""
        return await self.said(self.checked(await self.ask("GET", path, limit=limit)), read)

    async def outline(self, path: str, depth: int, read: Callable[[Any], T], limit: int) -> T:
        """The same for a value of which only so many levels matter: the rest is let go while it
        comes.
        """
        found = Outline(depth)
        self.checked(await self._outline(path, found, limit))
        return await self._in_words(lambda _: read(found.value()), b"")

    async def post(self, path: str, body: JsonObject) -> None:
        """Tell the server something; it answers nothing."""
        self.checked(await self.ask("POST", path, body))

    async def upload(
        self, path: str, name: str, content: bytes, fields: Mapping[str, str]
    ) -> Answer:
        """Send a picture as a form does; the answer, if its status says that all is well."""
        what = {"files": {"image": (name, content)}, "data": fields}
        async with self._response("POST", path, DOWNLOAD_SECONDS, **what) as response:
            return self.checked(await self._whole(response, ANSWER_LIMIT, Arrival()))

    async def ask(
        self,
        method: str,
        path: str,
        body: JsonObject | None = None,
        *,
        limit: int = ANSWER_LIMIT,
    ) -> Answer:
        """The answer, whatever its status, within the time limit."""
        content = None if body is None else await asyncio.to_thread(_written, body)
        what = {"content": content, "headers": JSON} if content else {}
        async with self._response(method, path, self._timeout, **what) as response:
            return await self._whole(response, limit, Arrival())

    async def _outline(self, path: str, found: Outline, limit: int) -> Answer:
        async with self._response("GET", path, self._timeout) as response:
            waiting = bytearray()
            async for piece in self._pieces(response, limit):
                waiting += piece
                if len(waiting) >= AT_ONCE:
                    await self._in_words(found.add, bytes(waiting))
                    waiting.clear()
            await self._in_words(found.add, bytes(waiting))
            return Answer(response.status_code, b"", _elsewhere(response))

    async def download(
        self, path: str, params: Mapping[str, str], limit: int, arrival: Arrival
    ) -> Answer:
        """A file of up to ``limit`` bytes; as long as it comes, it may take its time. Raises
        TooLarge.
        """
        where = f"{path}?{urlencode(params)}"
        async with self._response("GET", where, DOWNLOAD_SECONDS) as response:
            arrival.begin(_size(response))
            return await self._whole(response, limit, arrival)

    async def download_into(
        self, path: str, params: Mapping[str, str], place: Place, arrival: Arrival
    ) -> Answer:
        """A file of any length, written to its ``place`` as it comes; of what is no file, the
        answer, with nothing written.
        """
        where = f"{path}?{urlencode(params)}"
        async with self._response("GET", where, LARGE_DOWNLOAD_SECONDS) as response:
            size = _size(response)
            if not response.is_success:
                return await self._whole(response, ANSWER_LIMIT, Arrival())
            arrival.begin(size)
            await place.begin(size)
            async for piece in self._pieces(response, sys.maxsize):
                await place.add(piece)
                arrival.add(len(piece))
            await place.end()
            return Answer(response.status_code, b"", "")

    @asynccontextmanager
    async def _response(
        self, method: str, path: str, seconds: float, **what: Any
    ) -> AsyncIterator[httpx.Response]:
        # The client's timeout is for each single wait; this one is for all of them together.
        with self._faults_translated():
            address = self.address + path
            async with asyncio.timeout(seconds), self._http.stream(method, address, **what) as told:
                yield told

    def checked(self, answer: Answer) -> Answer:
        """``answer`` if its status says that all is well."""
        status = answer.status
        if 200 <= status < 300:
            return answer
        if status in GATEWAY_STATUSES:
            raise ServerUnreachable(self.address, f"status {status}")
        if status in {401, 403}:
            raise refuses_access(self.address, status)
        if status >= 500:
            raise ServerFault(
                later(
                    "The server at {address} is in trouble (status {status}).",
                    address=self.address,
                    status=status,
                )
            )
        if answer.elsewhere:
            raise ServerFault(
                later(
                    "{address} sends visitors on to {elsewhere}. "
                    "If your ComfyUI is there, use that address.",
                    address=self.address,
                    elsewhere=answer.elsewhere,
                )
            )
        raise ServerFault(
            later(
                "{address} does not answer like ComfyUI (status {status}).",
                address=self.address,
                status=status,
            )
        )

    async def said(self, answer: Answer, read: Callable[[Any], T]) -> T:
        """What ``read`` makes of what ``answer`` says; both beside the event loop if it is long."""
        return await self._in_words(lambda body: read(read_json(body)), answer.body)

    async def _in_words(self, work: Callable[[bytes], T], piece: bytes) -> T:
        try:
            return await of_text(work, piece)
        except TooMuch as error:
            raise self._too_large(error.said, error.limit) from error
        except ValueError as error:
            raise ServerFault(
                later("{address} does not answer like ComfyUI (no JSON).", address=self.address)
            ) from error

    async def _whole(self, response: httpx.Response, limit: int, arrival: Arrival) -> Answer:
        pieces = []
        async for piece in self._pieces(response, limit):
            pieces.append(piece)
            arrival.add(len(piece))
        # Joined where others go on: a picture may have hundreds of megabytes.
        body = await asyncio.to_thread(b"".join, pieces) if len(pieces) > 1 else b"".join(pieces)
        return Answer(response.status_code, body, _elsewhere(response))

    async def _pieces(self, response: httpx.Response, limit: int) -> AsyncIterator[bytes]:
        """Never unpacked: nothing was to be packed, and a few bytes may become very many."""
        packing = response.headers.get("Content-Encoding", "identity")
        if packing != "identity":
            raise ServerFault(later(SENT_PACKED, address=self.address))
        self._check_size(_size(response), limit)
        size = 0
        async for piece in response.aiter_raw():
            size += len(piece)
            self._check_size(size, limit)
            yield piece

    def _check_size(self, size: int, limit: int) -> None:
        if size > limit:
            raise self._too_large(MANY_BYTES, limit)

    def _too_large(self, said: Message, limit: int) -> TooLarge:
        return TooLarge(later(said, address=self.address, limit=limit))

    @contextmanager
    def _faults_translated(self) -> Iterator[None]:
        try:
            yield
        except FAULTS as error:
            raise ServerUnreachable(
                self.address, _reason(error), advice=advice(self.address, error)
            ) from error
        except RuntimeError as error:
            if not self._http.is_closed:
                raise
            # Whoever still asks has not heard that this server is in use no longer.
            raise ServerUnreachable(self.address) from error


def refuses_access(address: str, status: int) -> ServerFault:
    """For a server that lets in only those who have a key."""
    return ServerFault(
        later(
            "The server at {address} refuses access (status {status}). "
            "Check the address and the access key, if it needs one.",
            address=address,
            status=status,
        )
    )


def _reason(error: Exception) -> str:
    if isinstance(error, httpx.ReadError):  # whose own words are those of aiohttp's code
        return CUT_SHORT
    return clipped(str(error)) or type(error).__name__


def _written(body: JsonObject) -> bytes:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def _size(response: httpx.Response) -> int:
    """Bytes that it announces; 0 if it does not."""
    return int(response.headers.get("Content-Length", 0))


def _elsewhere(response: httpx.Response) -> str:
    """Where a redirect points; empty if it is none."""
    to = response.headers.get("Location", "") if response.is_redirect else ""
    return clipped(to, LONGEST_ADDRESS)
