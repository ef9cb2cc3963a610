"""The scene of a killing: an engine, an app, each a process of its own, and what they leave."""

import asyncio
import hashlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from tests.studio import MODEL, until

IMAGES = 8
TIMEOUT = 60.0
STEPS = 2


@dataclass
class Process:
    """A running command, and the address that it printed."""

    process: asyncio.subprocess.Process
    address: str

    def send(self, number: signal.Signals) -> None:
        """A signal; harmless if it has ended."""
        with suppress(ProcessLookupError):
            self.process.send_signal(number)

    async def ended(self, within: float = TIMEOUT) -> int:
        """Its exit code, once it has ended."""
        async with asyncio.timeout(within):
            return await self.process.wait()


@dataclass
class Scene:
    """A person's folders, and the processes that use them."""

    folder: Path
    step_delay: float = 0.02
    running: list[Process] = field(default_factory=list)
    engine: Process = field(init=False)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    async def start_engine(self, port: str = "0") -> Process:
        """A server with nothing in its memory."""
        words = ("tests.faults.engine", port, str(self.folder / "engine"), str(self.step_delay))
        self.engine = await self._start(*words)
        return self.engine

    async def restart_engine(self) -> None:
        """The same server after a crash: on the same port, with its old pictures on disk."""
        await self.engine.ended()
        await self.start_engine(self.engine.address.rsplit(":", 1)[1])

    def serve(self) -> tuple[str, ...]:
        """The words of ``batchgen serve``."""
        return ("serve", "--port", "0", "--comfyui", self.engine.address)

    async def start_app(self) -> "App":
        """``batchgen serve``."""
        return App(await self._start("batchgen_app", *self.serve()), self)

    async def start_dying_app(
        self,
        moment: str,
        image: int = 3,
        pid: int = 0,
        number: signal.Signals = signal.SIGKILL,
    ) -> "App":
        """The same, with a death in it."""
        death = (moment, *map(str, (image, pid, int(number))))
        return App(await self._start("tests.faults.dying", *death, *self.serve()), self)

    async def start_hanging_app(self, pipe: Path) -> "App":
        """The same, whose disk does not answer any more once ``pipe`` is there."""
        return App(await self._start("tests.faults.hanging", str(pipe), *self.serve()), self)

    async def start_watched_app(self, told: Path) -> "App":
        """The same, that writes to ``told`` what it holds, when it is asked."""
        return App(await self._start("tests.soak.watched", str(told), *self.serve()), self)

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of ``batchgen``, run to its end."""
        return subprocess.run(
            [sys.executable, "-m", "batchgen_app", *words],
            env=self._environment(),
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    def events(self) -> list[dict[str, Any]]:
        """The log as it stands on disk; empty before there is one."""
        with (
            suppress(sqlite3.OperationalError),
            closing(sqlite3.connect(f"file:{self.data / 'batchgen.db'}?mode=ro", uri=True)) as db,
        ):
            rows = db.execute("SELECT seq, data FROM events ORDER BY seq").fetchall()
            return [{"seq": seq, **json.loads(data)} for seq, data in rows]
        return []

    def types(self) -> list[str]:
        """The types of all events, in order."""
        return [event["type"] for event in self.events()]

    def batch_folder(self, batch_id: str) -> Path:
        """Where a batch has its files."""
        return self.folder / "images" / "batches" / batch_id

    async def seeds_run(self) -> Counter[int]:
        """How often the engine has run each seed to its end since it was started."""
        async with httpx.AsyncClient() as http:
            history = (await http.get(f"{self.engine.address}/history")).json()
        done = [entry for entry in history.values() if entry["status"]["status_str"] == "success"]
        return Counter(entry["prompt"][2]["sampler"]["inputs"]["seed"] for entry in done)

    async def start_command(self, *words: str) -> Process:
        """A command of ``batchgen`` that goes on by itself."""
        return await self._start("batchgen_app", *words, has_address=False)

    async def _start(self, *words: str, has_address: bool = True) -> Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *words, env=self._environment(), stdout=subprocess.PIPE
        )
        self.running.append(Process(process, ""))
        assert process.stdout
        if has_address and (line := await process.stdout.readline()):
            self.running[-1].address = line.decode().split()[-1]
        return self.running[-1]

    def _environment(self) -> dict[str, str]:
        # NiceGUI behaves otherwise where it finds traces of pytest in its environment.
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
        places = {
            "BATCHGEN_DATA_DIR": self.data,
            "BATCHGEN_OUTPUT_DIR": self.folder / "images",
            "TMPDIR": self.folder,
        }
        return {**clean, **{name: str(path) for name, path in places.items()}}


@dataclass
class App:
    """A served app, over its API."""

    process: Process
    scene: Scene

    async def start_batch(self, images: int = IMAGES) -> str:
        """A batch of small pictures; gives its id, also if the app dies before it can answer."""
        asked = {
            "prompt": "a red fox",
            "batchCount": images,
            "seedMode": "random",
            "model": MODEL,
            "baseParameters": {"steps": STEPS, "width": 64, "height": 64},
        }
        with suppress(httpx.TransportError):
            await self.ask("POST", "/api/batches", asked)
        return str(self.scene.events()[-1]["batchId"])

    async def resume(self, batch_id: str) -> httpx.Response:
        """Ask for what is missing."""
        return await self.ask("POST", f"/api/batches/{batch_id}/resume")

    async def ended(self, batch_id: str) -> dict[str, Any]:
        """The CompletedBatch, as soon as there is one."""
        async with asyncio.timeout(TIMEOUT):
            # Another process has no event to wait for.
            while not (batch := (await self.batch(batch_id))["batch"]):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return dict(batch)

    async def batch(self, batch_id: str) -> dict[str, Any]:
        """The batch as the API shows it."""
        return dict((await self.ask("GET", f"/api/batches/{batch_id}")).json())

    async def ask(self, method: str, path: str, body: object = None) -> httpx.Response:
        """One request."""
        async with httpx.AsyncClient(base_url=self.process.address, timeout=TIMEOUT) as http:
            return await http.request(method, path, json=body)

    async def complete(self, batch_id: str) -> dict[str, Any]:
        """See what is left of a batch through to its end: what is missing is resumed."""
        batch = await self.ended(batch_id)
        if batch["interrupted"] or batch["status"] != "complete":
            resumed = await self.resume(batch_id)
            assert resumed.status_code == 201, resumed.text
            batch = await self.ended(batch_id)
        return batch


@asynccontextmanager
async def scene(folder: Path, step_delay: float = 0.02) -> AsyncIterator[Scene]:
    """With an engine; nothing is left running."""
    here = Scene(folder, step_delay)
    try:
        await here.start_engine()
        yield here
    finally:
        for process in here.running:
            process.send(signal.SIGKILL)
            await process.ended()


async def assert_nothing_lost_or_double(here: Scene, batch: dict[str, Any]) -> None:
    """The batch is complete with exactly its planned seeds: in the log and on disk."""
    assert batch["status"] == "complete"
    assert not batch["failedImages"]
    batch_id, seeds = batch["batchId"], batch["seeds"]
    assert batch["images"] == [f"{batch_id}-{i:03d}" for i in range(1, len(seeds) + 1)]
    events = here.events()
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    made = [e for e in events if e["type"] == "image_completed" and e["batchId"] == batch_id]
    assert sorted((e["index"], e["seed"]) for e in made) == list(enumerate(seeds, 1))
    folder = here.batch_folder(batch_id)
    assert {path.name for path in folder.glob("*.png")} == {event["filename"] for event in made}
    for event in made:
        assert_whole(folder / event["filename"], event)
    whole = {f"{index:03d}{end}" for index in range(1, len(seeds) + 1) for end in ("", ".webp")}
    settled = {"batch.json", *whole}
    await until(lambda: {re.sub(r"_.*", "", name) for name in names_in(folder)} == settled)
    assert json.loads((folder / "batch.json").read_text())["images"] == batch["images"]


def names_in(folder: Path) -> list[str]:
    """Of all files, also of those that are being written."""
    return [path.name for path in folder.rglob("*") if path.is_file()]


def assert_whole(picture: Path, event: dict[str, Any]) -> None:
    """The file is what the event says, its thumbnail and its text are there."""
    data = picture.read_bytes()
    assert hashlib.sha256(data).hexdigest() == event["sha256"]
    with Image.open(picture) as image:
        image.load()
        assert f"Seed: {event['seed']}" in image.info["parameters"]
