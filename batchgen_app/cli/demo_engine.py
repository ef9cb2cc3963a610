"""The demo engine on its own, until Ctrl-C or SIGTERM."""

import asyncio
import signal
from contextlib import suppress
from dataclasses import replace

import typer

from batchgen_app.core.errors import BatchGenError
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.language.message import english


async def serve_demo(host: str, port: int, step_delay: float | None) -> None:
    """Serve until cancelled; ``step_delay`` in seconds. BatchGenError if the port is taken."""
    settings = DemoSettings()
    if step_delay is not None:
        settings = replace(settings, step_delay=step_delay)
    try:
        async with DemoEngine(settings, host=host, port=port) as engine:
            typer.echo(f"Demo engine at {engine.url}")
            await _told_to_end()
    except OSError as error:
        raise BatchGenError(
            english(
                f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port."
            )
        ) from error


async def _told_to_end() -> None:
    """Wait for SIGTERM, so that the engine leaves no pictures behind. Ctrl-C cancels by itself."""
    told = asyncio.Event()
    with suppress(NotImplementedError):  # Windows has no such signals
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()
