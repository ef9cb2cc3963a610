"""The pages and the API, served from here until the app is told to end.

Slow to import, for it brings NiceGUI.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from batchgen_app.access.tls import tls_with
from batchgen_app.cli.exits import Exit, in_own_words, in_time, tell
from batchgen_app.core.errors import AlreadyRunning
from batchgen_app.logs import APP, written
from batchgen_app.settings import Settings
from batchgen_app.web import serve
from batchgen_app.window.window_controller import WindowController

Show = Callable[[str], None]
"""Does something with the address of the app."""
Certified = tuple[Path, Path]
"""A certificate and its key."""


def serve_here(
    settings: Settings,
    host: str,
    ports: Sequence[int],
    show: Show | None = None,
    certified: Certified | None = None,
) -> None:
    """Serve, by https where ``certified``; say where, and ``show`` the address. Where a copy runs
    already, say where that is.
    """

    def announce(address: str) -> None:
        say_where(address)
        if show:
            show(address)

    with in_own_words():
        try:
            with written(settings.data_dir, APP), in_time(Exit.DONE) as on_end:
                tls = tls_with(*certified) if certified else None
                asyncio.run(serve(settings, host, ports, announce, tell, on_end=on_end, tls=tls))
        except AlreadyRunning as running:
            point_to(running, announce)


def serve_beside(
    settings: Settings, host: str, ports: Sequence[int], controller: WindowController
) -> None:
    """Serve, say where, along with ``controller``. Raises what ``web.serve`` raises."""
    with written(settings.data_dir, APP), in_time(Exit.DONE) as on_end:
        asyncio.run(
            serve(settings, host, ports, say_where, tell, on_end=on_end, controller=controller)
        )


def point_to(running: AlreadyRunning, announce: Show) -> None:
    """Say where the copy is that runs already; where it did not tell, raise it."""
    if not running.address:
        raise running
    tell(str(running))
    announce(running.address)


def say_where(address: str) -> None:
    """One line on stdout, for people and scripts."""
    typer.echo(f"Open {address}")
