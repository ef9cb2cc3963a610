"""Connections: how long the head of a request may take to arrive and how large it may be, and how
many of them one address may have. Bodies are looked at when somebody reads them; this, before.
"""

import asyncio
import logging
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from batchgen_app.access.names import is_loopback

logger = logging.getLogger(__name__)

HEAD_SECONDS = 10.0
LARGEST_HEAD = 64_000
"""Bytes, with whatever else is no body: the seams of a chunked one, and what follows it."""
MOST_OF_ONE = 128
"""A browser has about ten; many systems give a process no more than a thousand of all kinds."""


class Connection(HttpToolsProtocol):
    """One connection, until it becomes a websocket."""

    head_seconds = HEAD_SECONDS
    _waiting: asyncio.TimerHandle | None = None
    _besides = 0
    """Bytes that are no body, since the request began."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self._of_same_address() > MOST_OF_ONE:
            self._log("too many connections")
            transport.abort()
        else:
            self._await_head()

    def data_received(self, data: bytes) -> None:
        if self._is_between_requests:
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
        self._besides -= len(body)
        super().on_body(body)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    @property
    def _is_between_requests(self) -> bool:
        cycle = self.cycle
        return cycle is None or cycle.response_complete  # type: ignore[redundant-expr]

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _of_same_address(self) -> int:
        """How many connections somebody outside has, this one included."""
        if not self._address or is_loopback(self._address):
            return 0
        others = (each.transport.get_extra_info("peername") for each in self.connections)
        return sum(1 for peer in others if peer and peer[0] == self._address)

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
        if self._is_between_requests:
            head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\n"
            self.transport.write(f"{head}Content-Length: 0\r\n\r\n".encode())
        self.transport.close()

    def _log(self, why: str) -> None:
        logger.info("Hung up on %s: %s", self._address, why)
