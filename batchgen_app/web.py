"""The web server: pages and API on one port. Apart from ``app``, so that commands without pages
never wait for NiceGUI to be imported.
"""

import gc
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from ssl import SSLContext

from fastapi import FastAPI
from nicegui import app as pages_app
from nicegui import ui
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import BaseRoute, Route

from batchgen_app.access.access import Access, open_access
from batchgen_app.access.guard import Guard
from batchgen_app.access.hosts import url
from batchgen_app.access.lan import listen
from batchgen_app.access.proxies import Proxies
from batchgen_app.access.request_limits import Connection
from batchgen_app.adapters.nicegui import FILES_OF_NICEGUI, hide_loading_bar, remember_handlers
from batchgen_app.adapters.uvicorn import Server, configured
from batchgen_app.api import mount_api
from batchgen_app.app import build
from batchgen_app.batches.backend import Backend
from batchgen_app.core.errors import BatchGenError
from batchgen_app.diagnostics import Diagnostics
from batchgen_app.kept_files import KeptFiles
from batchgen_app.language.message import english
from batchgen_app.places import assets_dir
from batchgen_app.root_path import WithoutRoot, WithRoot
from batchgen_app.services import Administration, Preferences, Services, Sharing
from batchgen_app.settings import Settings
from batchgen_app.storage.locks import Lockout, Locks
from batchgen_app.storage.progress import InWords
from batchgen_app.ui.live import LiveBatchState
from batchgen_app.ui.pages import add_pages, load_anew
from batchgen_app.ui.parts.addresses import lie_below
from batchgen_app.ui.sockets import bind_sockets, owner_of
from batchgen_app.window.available import back_end
from batchgen_app.window.closing import Served
from batchgen_app.window.window_controller import WindowController

RECONNECT_SECONDS = 30.0
"""A phone that slept that long finds its page as it left it; later, the page loads anew."""
GRACE_SECONDS = 2
"""For answers that are under way when the server is told to end."""
FILES = (FILES_OF_NICEGUI, "/assets/")
"""Where scripts and style sheets are."""


async def serve(
    settings: Settings,
    host: str,
    ports: Sequence[int],
    announce: Callable[[str], None],
    tell: Callable[[str], None],
    *,
    on_end: Callable[[], object],
    controller: WindowController | None = None,
    tls: SSLContext | None = None,
) -> None:
    """Serve at the first free one of ``ports`` until the process is told to end, when ``on_end`` is
    called; ``announce`` gets the address as soon as it can be opened, ``tell`` what else is to be
    known, and ``controller`` joins. With ``tls`` by https, under the first name that is allowed
    besides the machine's own. Raises AlreadyRunning, BatchGenError if no port is free,
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
            scheme, names = ("https", settings.allowed_hosts) if tls else ("http", ())
            address = url([*names, host][0], listening.getsockname()[1], scheme)
            async with (
                opening as backend,
                open_access(
                    settings.data_dir,
                    host,
                    allowed_hosts=settings.allowed_hosts,
                    root_path=settings.root_path,
                ) as access,
            ):

                async def started() -> None:
                    # What is there now stays; to look through all of it again and again takes long.
                    gc.freeze()
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

                def ended() -> None:
                    backend.storage.feed.close()
                    on_end()

                web = build_guarded(backend, access, controller.routes() if controller else [])
                config = configured(web, Connection, grace=GRACE_SECONDS, tls=tls)
                server = Server(config, started, ended)
                access.lan.use(server, listening, scheme, names)
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


def build_guarded(backend: Backend, access: Access, routes: Sequence[Route] = ()) -> Proxies:
    """Everything that is served, behind its guard. ``routes`` are for this computer alone."""
    root = backend.settings.root_path
    lie_below(root)
    web = KeptFiles(WithRoot(build_web(backend, access, routes), root), FILES)
    guard = Guard(web, access, only_here=[route.path for route in routes], owner_of=owner_of)
    return Proxies(WithoutRoot(guard, root), backend.settings.trusted_proxies)


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
    # Before run_with, which mounts NiceGUI at "/": routes behind that mount are never reached.
    web.router.routes.extend([*routes, *pages])
    backend.live_repair.done.subscribe(load_anew)
    pages_app.add_static_files("/assets", assets_dir())
    hide_loading_bar()
    remember_handlers()
    ui.run_with(
        web,
        title="BatchGen",
        favicon=_icon(),
        dark=None,
        # No bindings that are polled: were one added, NiceGUI would warn.
        binding_refresh_interval=None,
        gzip_middleware_factory=lambda app: GZipMiddleware(app, compresslevel=1),
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
        tailwind=False,  # assets/base.css has what the pages need of it
    )
    bind_sockets()
    return web


def _diagnostics(backend: Backend, access: Access) -> Diagnostics:
    return Diagnostics(
        backend.settings.data_dir,
        backend.settings.output_dir,
        lambda: backend.servers.all,
        backend.storage.gallery,
        window=back_end,
        lan=lambda: access.lan.is_open,
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
