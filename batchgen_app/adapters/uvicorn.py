"""uvicorn: a server that listens in several places and leaves the signals to the app, and
connections of which more is known than what their requests say.
"""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from ssl import SSLContext
from typing import cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import HANDLED_SIGNALS


class HttpConnection(HttpToolsProtocol):
    """One connection, until it becomes a websocket."""

    @property
    def address(self) -> str:
        """Where it comes from; empty where there is none, as on a socket of the file system."""
        return self.client[0] if self.client else ""

    @property
    def is_between_requests(self) -> bool:
        """Whether nothing was asked that is not answered."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete  # type: ignore[redundant-expr]

    def of_same_address(self) -> int:
        """How many connections there are from where this one comes, itself included."""
        peers = (each.transport.get_extra_info("peername") for each in self.connections)
        return sum(1 for peer in peers if peer and peer[0] == self.address)

    def hang_up(self, status: HTTPStatus) -> None:
        """Say why, unless an answer is under way, and close."""
        if self.is_between_requests:
            head = f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\n"
            self.transport.write(f"{head}Content-Length: 0\r\n\r\n".encode())
        self.transport.close()


class Server(uvicorn.Server):
    """Says when it can be reached, and can listen in more than one place."""

    def __init__(
        self,
        config: uvicorn.Config,
        started: Callable[[], Awaitable[None]],
        on_end: Callable[[], object],
    ) -> None:
        super().__init__(config)
        self._started = started
        self._on_end = on_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._on_end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM end the serving; uvicorn would also raise them again, and the queue
        would die with a batch in hand.
        """
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def listen_also(self, listening: socket.socket) -> asyncio.AbstractServer:
        """Answer there, too, until what is given back is closed."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._connection, sock=listening, ssl=self.config.ssl)
        self.servers.append(server)
        return server

    def leave(self) -> None:
        """End, as on a signal."""
        self.should_exit = True

    def abort(self, is_meant: Callable[[str], bool]) -> None:
        """End every connection from an address that is meant, without a farewell."""
        for connection in list(self.server_state.connections):
            transport = connection.transport
            if is_meant(transport.get_extra_info("peername", ("",))[0]):
                transport.abort()

    def _connection(self) -> asyncio.Protocol:
        protocol = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return protocol(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def configured(
    web: ASGIApp, connection: type[HttpConnection], *, grace: int, tls: SSLContext | None = None
) -> uvicorn.Config:
    """For a server of ``web`` that says nothing of its own; ``grace`` are seconds for answers that
    are under way when it ends.
    """
    return uvicorn.Config(
        web,
        log_config=None,  # to our own log
        log_level="warning",
        access_log=False,
        proxy_headers=False,  # the guard must see who really connects
        server_header=False,
        http=connection,
        ws="wsproto",
        ssl_context_factory=(lambda *_: tls) if tls else None,
        timeout_graceful_shutdown=grace,
    )
