"""The demo engine on its own, until Ctrl-C."""

import asyncio
from dataclasses import replace

import typer

from batchgen_app.core.errors import BatchGenError
from batchgen_app.demo import DemoEngine, DemoSettings


async def serve_demo(host: str, port: int, step_delay: float | None) -> None:
    """Serve until cancelled; ``step_delay`` in seconds. BatchGenError if the port is taken."""
    settings = DemoSettings()
    if step_delay is not None:
        settings = replace(settings, step_delay=step_delay)
    try:
        async with DemoEngine(settings, host=host, port=port) as engine:
            typer.echo(f"Demo engine at {engine.url}")
            await asyncio.Event().wait()
    except OSError as error:
        raise BatchGenError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port."
        ) from error
