"""Diagnostics: one text for whoever helps, without secrets and without what people wrote."""

import asyncio
import os
import platform
from collections.abc import Callable, Sequence
from pathlib import Path

from batchgen_app import __version__, logs
from batchgen_app.batches.server import Server
from batchgen_app.core.errors import StorageError
from batchgen_app.storage.folders import free_bytes
from batchgen_app.storage.gallery import GalleryIndex

LINES = 100
"""Of the log."""
LONGEST = 100
"""Characters of what a server tells about itself."""
UNKNOWN = "not told"
KINDS = {"comfyui": "ComfyUI", "comfy-api": "Comfy API v2"}


class Diagnostics:
    """Where everything is, on which servers, and what the log says. ``servers`` may be words
    instead, ``gallery`` None where it cannot be read. ``window`` tells what shows it, and may take
    a while; ``lan`` whether others are let in.
    """

    def __init__(
        self,
        data_dir: Path,
        output_dir: Path,
        servers: Callable[[], Sequence[Server]] | str,
        gallery: GalleryIndex | None,
        *,
        window: Callable[[], str],
        lan: Callable[[], bool],
    ) -> None:
        self._data_dir = data_dir
        self._output_dir = output_dir
        self._servers = servers
        self._gallery = gallery
        self._window = window
        self._lan = lan

    async def text(self) -> str:
        """As it is now, one fact a line; the person's own folder is written ~."""
        facts = [
            f"BatchGen: {__version__}",
            f"Python: {platform.python_version()}",
            f"System: {platform.platform()}",
            *_about(self._servers),
            *await asyncio.to_thread(self._of_this_machine),
            f"Network: {'open' if self._lan() else 'closed'}",
            f"Batches: {await self._batches()}",
            "",
            *await asyncio.to_thread(logs.latest, self._data_dir, LINES),
        ]
        return _without_home("\n".join(facts)) + "\n"

    def _of_this_machine(self) -> list[str]:
        return [
            f"Data: {_folder(self._data_dir)}",
            f"Images: {_folder(self._output_dir)}",
            f"Window: {self._window()}",
        ]

    async def _batches(self) -> str:
        if self._gallery is None:
            return "cannot be read"
        try:
            counts = await self._gallery.count_by_status()
        except StorageError as error:
            return f"cannot be read ({type(error).__name__})"
        return ", ".join(f"{count} {status}" for status, count in counts.items()) or "none"


def _about(servers: Callable[[], Sequence[Server]] | str) -> list[str]:
    if isinstance(servers, str):
        return [f"Server: {servers}"]
    return [fact for server in servers() for fact in _about_server(server)]


def _about_server(server: Server) -> list[str]:
    fault, stats = server.fault, server.stats
    kind = "demo engine" if server.is_demo else KINDS[server.about.kind]
    facts = [f"Server: {kind} at {server.client.address}"]
    facts.append(f"Answers: {'yes' if fault is None else type(fault).__name__}")
    facts.append(f"Websocket: {'open' if server.is_connected else 'closed'}")
    if stats:
        facts.append(f"Version: {_clipped(stats.version)}")
        facts.append(f"Device: {_clipped(stats.device)}")
        facts.append(f"Previews: {({True: 'on', False: 'off', None: UNKNOWN})[stats.previews]}")
    return facts


def _clipped(told: str | None) -> str:
    return " ".join((told or UNKNOWN)[:LONGEST].split())


def _folder(folder: Path) -> str:
    try:
        return f"{folder} ({free_bytes(folder) / 1000**3:.1f} GB free)"
    except StorageError as error:
        return f"{folder} ({type(error).__name__})"


def _without_home(text: str) -> str:
    home = str(Path.home())
    return text.replace(home + os.sep, f"~{os.sep}") if home.strip(os.sep) else text
