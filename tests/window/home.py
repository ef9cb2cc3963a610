"""A person's home with the app in it: started as a person starts it, seen on a screen."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.faulty_engine import FaultPlan, Hold, Moment
from tests.studio import MODEL, TIMEOUT_OF_THE_TEST
from tests.window.page import WindowPage, page_at
from tests.window.screen import Screen, Shown
from tests.window.waiting import until_so

ROOT = Path(__file__).parent.parent.parent
PIPE = asyncio.subprocess.PIPE


@dataclass
class Running:
    """The app, from its start to its end."""

    process: asyncio.subprocess.Process
    screen: Screen
    debugging_port: int
    family: list[psutil.Process] = field(default_factory=list)

    async def window(self, title: str = "BatchGen") -> Shown:
        """Its window, once it shows ``title``."""
        found: list[Shown] = []

        def looked() -> bool:
            found.extend(w for w in self.screen.windows() if w.title.endswith(title))
            return bool(found)

        await until_so(looked)
        self.remember_family()
        return found[0]

    def remember_family(self) -> None:
        """Every process that belongs to it, to look for them later."""
        self.family = psutil.Process(self.process.pid).children(recursive=True)

    def kill(self) -> None:
        """It, and all that belongs to it."""
        for process in self.family:
            with suppress(psutil.Error):
                process.kill()
        with suppress(ProcessLookupError):
            self.process.kill()

    def page(self) -> AbstractAsyncContextManager[WindowPage]:
        """The page in its window."""
        return page_at(self.debugging_port)

    def has_window_process(self) -> bool:
        """Whether a window has been begun."""
        self.remember_family()
        return any(map(_is_window, self.family))

    def window_process(self) -> psutil.Process:
        """The process that is the window."""
        return next(filter(_is_window, self.family))

    async def address(self) -> str:
        """Where it serves."""
        assert self.process.stdout
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            return (await self.process.stdout.readline()).decode().split()[-1]

    async def says(self, text: str) -> None:
        """Wait until it has said ``text`` on stderr."""
        assert self.process.stderr
        said = ""
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            while text not in " ".join(said.split()):
                line = await self.process.stderr.readline()
                assert line, f"it only said: {said}"
                said += line.decode()

    async def ended(self) -> tuple[int, str]:
        """Its exit code and what it said on stderr, once all that belonged to it is gone."""
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            _, said = await self.process.communicate()
        await until_so(lambda: not any(map(_lives, self.family)))
        assert self.process.returncode is not None
        return self.process.returncode, " ".join(said.decode().split())


def arguments_of(process: psutil.Process) -> list[str]:
    """How it was started; nothing if it has ended."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _is_window(process: psutil.Process) -> bool:
    return "batchgen_app.window.process" in arguments_of(process)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@dataclass
class Home:
    """A home folder, a screen, and the commands that are run there."""

    folder: Path
    screen: Screen
    started: list[Running] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """The app's data folder."""
        return self.folder / "data"

    async def start(
        self, *arguments: str, before: Sequence[str] = (), **environment: str
    ) -> Running:
        """Run `batchgen` with these arguments; ``before`` is put before the command."""
        command = (*before, sys.executable, "-m", "batchgen_app", *arguments)
        return await self.run(*command, **environment)

    async def run(self, *command: str, **environment: str) -> Running:
        """Run any command there."""
        port = free_port()
        self.folder.mkdir(exist_ok=True)
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=self.environment(port) | environment, stdout=PIPE, stderr=PIPE
        )
        self.started.append(Running(process, self.screen, port))
        return self.started[-1]

    async def events(self) -> list[dict[str, Any]]:
        """The event log."""
        listing = await self.start("events")
        said, _ = await listing.process.communicate()
        return [json.loads(line) for line in said.splitlines()]

    def environment(self, debugging_port: int) -> dict[str, str]:
        """For everything that is run there."""
        clean = {
            name: value
            for name, value in self.screen.environment.items()
            if not name.startswith(("PYTEST_", "NICEGUI_"))
        }
        return clean | {
            "HOME": str(self.folder),
            "BATCHGEN_DATA_DIR": str(self.data),
            "BATCHGEN_OUTPUT_DIR": str(self.folder / "images"),
            "QTWEBENGINE_REMOTE_DEBUGGING": str(debugging_port),
            "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere",
        }

    async def tidy(self) -> None:
        """End all that a story left running."""
        for running in self.started:
            if running.process.returncode is None:
                running.remember_family()
                running.kill()
                await running.process.communicate()
            await until_so(lambda known=running.family: not any(map(_lives, known)))  # type: ignore[misc]


@asynccontextmanager
async def engine_that_stops_at(image: int) -> AsyncIterator[tuple[str, Hold]]:
    """The address of a server that takes a second for an image, and stands still at this one until
    it is released.
    """
    hold = Hold(prompt=image, moment=Moment.SAMPLING)
    calm = DemoSettings(step_delay=1.0, load_delay=0.0, hooks=FaultPlan(hold))
    async with DemoEngine(calm) as engine:
        yield engine.url, hold


async def start_batch(address: str, count: int) -> str:
    """Hand in a batch of ``count`` small pictures; gives its id."""
    base = {"steps": 1, "width": 64, "height": 64}
    asked = {"prompt": "a red fox", "batchCount": count, "seedMode": "random", "model": MODEL}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(f"{address}/api/batches", json={**asked, "baseParameters": base})
    return str(answer.raise_for_status().json()["batchId"])


def free_port() -> int:
    """One of this machine's that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
