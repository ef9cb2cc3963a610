"""Programs that others wrote for ComfyUI, in an environment of their own, which is made from
packaging/requirements-clients.lock; and among them ``comfy-api-proxy``, a process in front of an
engine.
"""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

VARIABLE = "BATCHGEN_CLIENTS_PYTHON"
DEFAULT = (
    Path(__file__).parents[1]
    / ".venv-clients"
    / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
)
TIMEOUT = 120.0
"""Seconds for one client, its start on a busy machine included."""


def clients_python() -> Path:
    """The interpreter of the environment that holds the clients; fails the test where it is not."""
    found = Path(os.environ.get(VARIABLE, DEFAULT))
    if not found.is_file():
        pytest.fail(
            f"The foreign clients are not installed: there is no {found}. Make a virtual "
            "environment from packaging/requirements-clients.lock at .venv-clients, or set "
            f"{VARIABLE} to the Python of another one."
        )
    return found


def closed_surroundings(folder: Path) -> dict[str, str]:
    """A home of its own, telemetry off, and no way out: every proxy is a closed door."""
    home = folder / "home"
    home.mkdir()
    closed = "http://127.0.0.1:9"
    return {
        **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ},
        **dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home)),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), closed),
        "NO_PROXY": "127.0.0.1",
        "DO_NOT_TRACK": "1",
        "COMFY_NO_TELEMETRY": "1",
        "COMFY_NO_WATCH": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


@dataclass(eq=False)
class ApiProxy:
    """``comfy-api-proxy`` in front of an engine; started anew, it keeps its port."""

    python: Path
    surroundings: dict[str, str]
    engine: str
    options: tuple[str, ...] = ()
    address: str = ""
    process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Returns once it is open."""
        port = self.address.rpartition(":")[2] or "0"
        self.process = await asyncio.create_subprocess_exec(
            self.python,
            *("-m", "comfy_api_proxy.cli", "run", "--comfyui", self.engine),
            *("--host", "127.0.0.1", "--port", port, *self.options),
            env=self.surroundings,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(TIMEOUT):
            line = (await self.process.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        self.address = found[0]

    async def kill(self) -> None:
        """Without a chance to say anything more."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.kill()
        await self.process.communicate()


@asynccontextmanager
async def api_proxy(
    python: Path, surroundings: dict[str, str], engine: str, *options: str
) -> AsyncIterator[ApiProxy]:
    """One that runs, with these further ``options``."""
    proxy = ApiProxy(python, surroundings, engine, options)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.kill()
