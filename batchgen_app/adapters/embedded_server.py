"""uvicorn inside a running event loop: no signal handlers, no polling, and an end like a kill."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

LARGEST_MESSAGE = 4 * 1024 * 1024  # bytes of one websocket message from a client (section 1)


class EmbeddedServer(uvicorn.Server):
    """Serves on one listening socket until `close`, as a task beside others."""

    def __init__(self, app: ASGIApp, listening: socket.socket) -> None:
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            ws_max_size=LARGEST_MESSAGE,
            ws_ping_interval=None,
            server_header=False,
        )
        super().__init__(config)
        self._listening = listening
        self._closing = asyncio.Event()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Starts serving; returns when connections are accepted."""
        self._task = asyncio.create_task(self.serve(sockets=[self._listening]))
        await self._ready.wait()

    async def close(self) -> None:
        """Stops at once; every connection ends without a farewell."""
        self._closing.set()
        if self._task:
            await self._task

    def drop_websockets(self) -> None:
        self._drop(WebSocketsSansIOProtocol)

    def cut(self) -> None:
        """Every connection ends without a farewell, and no other one begins."""
        for server in self.servers:
            server.close()
        self._drop(object)

    def _drop(self, kind: type) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, kind):
                connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self._ready.set()

    async def main_loop(self) -> None:
        while not self._closing.is_set():
            await self.on_tick(0)  # renews the Date header
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._closing.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.cut()
        for listening in sockets or []:
            listening.close()
        await asyncio.gather(*self.server_state.tasks, return_exceptions=True)
        for server in self.servers:
            await server.wait_closed()


def listen_on(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 is any free one. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=128)
    # Else a body waits 40 ms for the client to acknowledge its head: asyncio sets this only on
    # sockets that name their protocol, and `create_server` names none. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
