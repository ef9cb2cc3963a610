"""The web server: pages and API on one port. Apart from ``app``, so that commands without pages
never wait for NiceGUI to be imported.
"""

import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from nicegui import app as pages_app
from nicegui import ui

from batchgen_app.api import mount_api
from batchgen_app.app import build
from batchgen_app.batches.workshop import Workshop
from batchgen_app.core.errors import BatchGenError
from batchgen_app.settings import Settings, assets_dir
from batchgen_app.storage.lock import Locks
from batchgen_app.ui.live import LiveBatchState
from batchgen_app.ui.pages import add_pages

RECONNECT_SECONDS = 30.0
"""A phone that slept that long finds its page as it left it; later, the page loads anew."""
GRACE_SECONDS = 2
"""For answers that are under way when the server is told to end."""


async def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> None:
    """Serve until the process is told to end; ``announce`` gets the address as soon as it can be
    opened. Raises AlreadyRunning, BatchGenError if the port is taken, StorageError.
    """
    locks = Locks(settings.data_dir)
    async with locks.only_app() as doorplate:
        with _listen(host, port) as listening:
            address = f"http://{_shown(host)}:{listening.getsockname()[1]}"

            async def started() -> None:
                await doorplate.write(address)
                announce(address)

            async with build(settings, new_state=LiveBatchState, locks=locks) as workshop:
                await _Server(build_web(workshop), started).serve([listening])


def build_web(workshop: Workshop) -> FastAPI:
    """Everything that is served: ``/api``, ``/assets`` and the pages."""
    web = FastAPI(openapi_url=None)
    mount_api(web, workshop)
    pages_app.add_static_files("/assets", assets_dir())
    add_pages(workshop)
    # No bar across the page whenever the browser fetches something: it says nothing to anybody.
    pages_app.config.quasar_config["loadingBar"]["skipHijack"] = True
    ui.run_with(
        web,
        title="BatchGen",
        favicon=_icon(),
        dark=None,
        language="en-US",
        binding_refresh_interval=None,
        reconnect_timeout=RECONNECT_SECONDS,
        show_welcome_message=False,
    )
    return web


class _Server(uvicorn.Server):
    """Says when it can be reached."""

    def __init__(self, web: FastAPI, started: Callable[[], Awaitable[None]]) -> None:
        super().__init__(
            uvicorn.Config(
                web,
                log_level="warning",
                access_log=False,
                ws="wsproto",
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        await self._started()


def _listen(host: str, port: int) -> socket.socket:
    try:
        listening = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        raise BatchGenError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port."
        ) from error
    # Else a body waits 40 ms for the browser to acknowledge its head: asyncio sets this only on
    # sockets that name their protocol, and `create_server` names none. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _icon() -> Path:
    return assets_dir() / "icon.svg"
