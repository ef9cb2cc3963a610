"""How large a request may be, how long it may take to arrive, and how many one address may have.

A ``Connection`` looks at heads as they arrive; a ``Body`` at bodies, when somebody reads them.
"""

import asyncio
import logging
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from batchgen_app.access import words
from batchgen_app.access.hosts import is_loopback
from batchgen_app.access.responses import Refused, as_json
from batchgen_app.adapters.uvicorn import HttpConnection

logger = logging.getLogger(__name__)

LARGEST = 16_000_000
"""Bytes; workflows with pictures in them are large."""
LARGEST_FORM = 4_000
PAUSE_SECONDS = 10.0
"""Between two pieces."""
WHOLE_SECONDS = 120.0


class Body:
    """The body of one request, as it arrives. Where it is too large or too slow, Body itself
    answers, and to the app it looks as if the client had left.
    """

    def __init__(
        self,
        receive: Receive,
        send: Send,
        *,
        largest: int = LARGEST,
        pause: float = PAUSE_SECONDS,
        whole: float = WHOLE_SECONDS,
    ) -> None:
        self._receive = receive
        self._send = send
        self._largest = largest
        self._pause = pause
        self._until = asyncio.get_running_loop().time() + whole
        self._size = 0
        self._is_whole = self._is_refused = False
        self.has_begun = False
        """Whether something was answered."""
        self.has_ended_early = False
        """Whether the client has left, or as good as that."""

    async def receive(self) -> Message:
        """The next piece."""
        message = await self._next()
        self.has_ended_early |= message["type"] == "http.disconnect"
        return message

    async def _next(self) -> Message:
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._limit()):
                message = await self._receive()
        except TimeoutError:
            return await self._refuse(Refused(408, "too_slow", words.TOO_SLOW))
        self._size += len(message.get("body", b""))
        self._is_whole = not message.get("more_body", False)
        if self._size > self._largest:
            return await self._refuse(too_large(self._largest))
        return message

    async def send(self, message: Message) -> None:
        """What the app answers, unless a refusal was faster."""
        if not self._is_refused:
            self.has_begun = True
            await self._send(message)

    def _limit(self) -> float:
        return min(self._until, asyncio.get_running_loop().time() + self._pause)

    async def _refuse(self, refused: Refused) -> Message:
        self._is_whole = True
        if not self.has_begun:
            refused.headers["connection"] = "close"
            await as_json(refused)({"type": "http"}, self._receive, self._send)
        self.has_begun = self._is_refused = True
        return {"type": "http.disconnect"}


def media_type(headers: Headers) -> str:
    """What a body says exactly once that it is, without parameters; else nothing. Browsers send
    some kinds for pages of other sites, too (Fetch Standard, "CORS-safelisted request-header").
    """
    said = headers.getlist("content-type")
    return said[0].partition(";")[0].strip().lower() if len(said) == 1 else ""


def check_size(scope: Scope, largest: int) -> None:
    """Raises Refused where a request says beforehand that it is too large."""
    for name, value in scope["headers"]:
        # Of very many digits the first ones tell enough; int() refuses more than some thousand.
        if name == b"content-length" and value.isdigit() and int(value[:20]) > largest:
            raise too_large(largest)


def too_large(largest: int) -> Refused:
    """A body of more than ``largest`` bytes."""
    return Refused(413, "too_large", words.too_large(largest))


HEAD_SECONDS = 10.0
LARGEST_HEAD = 64_000
"""Bytes, with whatever else is no body: the seams of a chunked one, and what follows it."""
MOST_OF_ONE = 128
"""A browser has about ten; many systems give a process no more than a thousand of all kinds."""


class Connection(HttpConnection):
    """One connection, until it becomes a websocket."""

    head_seconds = HEAD_SECONDS
    _waiting: asyncio.TimerHandle | None = None
    _besides = 0
    """Bytes that are no body, since the request began."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if not self._is_of_this_machine and self.of_same_address() > MOST_OF_ONE:
            self._log("too many connections")
            transport.abort()
        else:
            self._await_head()

    def data_received(self, data: bytes) -> None:
        if self.is_between_requests:
            self._await_head()
        self._besides += len(data)
        super().data_received(data)
        if self._besides > LARGEST_HEAD:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        self._besides = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        # data_received has counted it among the rest: there, nobody can tell what is body.
        self._besides -= len(body)
        super().on_body(body)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        """The time runs from the first byte on, or from the last answer."""
        if self._waiting is None:
            late = HTTPStatus.REQUEST_TIMEOUT
            self._waiting = self.loop.call_later(self.head_seconds, self._refuse, late)

    def _stop_waiting(self) -> None:
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, unless an answer is under way, and hang up."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        self._log(status.phrase)
        self.hang_up(status)

    @property
    def _is_of_this_machine(self) -> bool:
        return not self.address or is_loopback(self.address)

    def _log(self, why: str) -> None:
        logger.info("Hung up on %s: %s", self.address, why)
