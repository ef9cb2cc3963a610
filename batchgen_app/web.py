"""The web server: pages and API on one port. Apart from ``app``, so that commands without pages
never wait for NiceGUI to be imported.
"""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import uvicorn
from fastapi import FastAPI
from nicegui import app as pages_app
from nicegui import ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp
from uvicorn.server import HANDLED_SIGNALS

from batchgen_app.access.access import Access, open_access
from batchgen_app.access.guard import Guard
from batchgen_app.access.hosts import is_loopback, url
from batchgen_app.access.lan import listen
from batchgen_app.access.request_limits import Connection
from batchgen_app.api import mount_api
from batchgen_app.app import build
from batchgen_app.batches.backend import Backend
from batchgen_app.core.errors import BatchGenError
from batchgen_app.diagnostics import Diagnostics
from batchgen_app.language.message import english
from batchgen_app.places import assets_dir
from batchgen_app.services import Administration, Services, Sharing
from batchgen_app.settings import Settings
from batchgen_app.storage.locks import Lockout, Locks
from batchgen_app.storage.progress import InWords
from batchgen_app.ui.live import LiveBatchState
from batchgen_app.ui.page_context import Preferences
from batchgen_app.ui.pages import add_pages, load_anew
from batchgen_app.ui.sockets import bind_sockets, owner_of
from batchgen_app.window.available import back_end
from batchgen_app.window.closing import Served
from batchgen_app.window.window_controller import WindowController

RECONNECT_SECONDS = 30.0
"""A phone that slept that long finds its page as it left it; later, the page loads anew."""
GRACE_SECONDS = 2
"""For answers that are under way when the server is told to end."""


async def serve(
    settings: Settings,
    host: str,
    ports: Sequence[int],
    announce: Callable[[str], None],
    tell: Callable[[str], None],
    *,
    on_end: Callable[[], object],
    controller: WindowController | None = None,
) -> None:
    """Serve at the first free one of ``ports`` until the process is told to end, when ``on_end`` is
    called; ``announce`` gets the address as soon as it can be opened, ``tell`` what else is to be
    known, and ``controller`` joins. Raises AlreadyRunning, BatchGenError if no port is free,
    StorageError.
    """
    locks, lockout = Locks(settings.data_dir), Lockout(tell)
    opening = build(
        settings,
        new_state=LiveBatchState,
        locks=locks,
        lockout=lockout,
        progress=InWords(tell),
    )
    async with locks.only_app() as running_instance:
        with _listen(host, ports) as listening:
            address = url(host, listening.getsockname()[1])
            async with (
                opening as backend,
                open_access(settings.data_dir, host) as access,
            ):

                async def started() -> None:
                    await running_instance.write(address)
                    fault = await _let_in(access, lan=settings.lan)
                    announce(address)
                    for notice in backend.notices:
                        tell(notice)
                    if told := fault or await access.told_at_start():
                        tell(told)
                    if controller:
                        controller.join(
                            Served(Services(backend), Sharing(access), address, server.leave)
                        )

                web = build_guarded(backend, access, controller.routes() if controller else [])
                server = _Server(web, started, on_end)
                access.lan.use(server, listening)
                await server.serve([listening])


async def _let_in(access: Access, *, lan: bool) -> str:
    """Open the app to others, if so wanted; gives what stands in the way. Without others, it is
    still of use.
    """
    try:
        await access.begin(lan=lan)
    except BatchGenError as error:
        return str(error)
    return ""


def build_guarded(backend: Backend, access: Access, routes: Sequence[Route] = ()) -> Guard:
    """Everything that is served, behind its guard. ``routes`` are for this computer alone."""
    web = build_web(backend, access, routes)
    return Guard(web, access, only_here=[route.path for route in routes], owner_of=owner_of)


def build_web(backend: Backend, access: Access, routes: Sequence[BaseRoute] = ()) -> FastAPI:
    """Everything that is served: ``/api``, ``/assets``, the pages, and ``routes``. It must stand
    behind a guard, or nobody may do anything.
    """
    web = FastAPI(openapi_url=None)
    services = Services(backend)
    mount_api(web, services)
    pages = add_pages(
        services,
        Administration(backend, _diagnostics(backend, access)),
        Sharing(access),
        Preferences(backend.settings.data_dir),
    )
    web.router.routes.extend([*routes, *pages])
    backend.live_repair.done.subscribe(load_anew)
    pages_app.add_static_files("/assets", assets_dir())
    # No bar across the page whenever the browser fetches something: it says nothing to anybody.
    pages_app.config.quasar_config["loadingBar"]["skipHijack"] = True
    ui.run_with(
        web,
        title="BatchGen",
        favicon=_icon(),
        dark=None,
        binding_refresh_interval=None,
        gzip_middleware_factory=lambda app: GZipMiddleware(app, compresslevel=1),
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
    )
    bind_sockets()
    return web


def _diagnostics(backend: Backend, access: Access) -> Diagnostics:
    return Diagnostics(
        backend.settings.data_dir,
        backend.settings.output_dir,
        backend.server,
        backend.memory.gallery,
        window=back_end,
        lan=lambda: access.lan.is_open,
    )


class _Server(uvicorn.Server):
    """Says when it can be reached, and can listen in more than one place."""

    def __init__(
        self,
        web: ASGIApp,
        started: Callable[[], Awaitable[None]],
        on_end: Callable[[], object],
    ) -> None:
        super().__init__(
            uvicorn.Config(
                web,
                log_config=None,  # to our own log
                log_level="warning",
                access_log=False,
                proxy_headers=False,  # the guard must see who really connects
                server_header=False,
                http=Connection,
                ws="wsproto",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._started = started
        self._on_end = on_end

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()  # what is there now stays; to look through all of it again and again takes long
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
        server = await loop.create_server(self._connection, sock=listening)
        self.servers.append(server)
        return server

    def leave(self) -> None:
        """End, as on a signal."""
        self.should_exit = True

    def hang_up(self) -> None:
        """End every connection from outside."""
        for connection in list(self.server_state.connections):
            transport = connection.transport
            if not is_loopback(transport.get_extra_info("peername", ("",))[0]):
                transport.abort()

    def _connection(self) -> asyncio.Protocol:
        protocol = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return protocol(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )


def _listen(host: str, ports: Sequence[int]) -> socket.socket:
    port, *others = ports
    try:
        return listen(host, port)
    except OSError as error:
        if others:
            return _listen(host, others)
        raise BatchGenError(
            english(
                f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port."
            )
        ) from error


def _icon() -> Path:
    return assets_dir() / "icon.svg"
