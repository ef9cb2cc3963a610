"""One app, one batch after another: what it holds in the end is what it held at the beginning."""

import asyncio
import json
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.faults.scene import App, Scene
from tests.studio import TIMEOUT_OF_THE_TEST

IMAGES = 5
COUNTED = ("tasks", "listeners", "batches", "files", "sockets", "threads")
SLACK = {"sockets": 2, "files": 2, "threads": 2, "tasks": 2}
"""Connections and threads that come and go with the moment."""


@dataclass(frozen=True)
class Holding:
    """What a process holds at one moment; ``megabytes`` of its own memory."""

    megabytes: float
    counts: dict[str, int]

    def __str__(self) -> str:
        counts = ", ".join(f"{self.counts[name]} {name}" for name in COUNTED)
        return f"{self.megabytes:.0f} MB, {counts}"


async def make_batches(app: App, count: int) -> None:
    """One after another, looked at as pages do."""
    for _ in range(count):
        batch_id = await app.start_batch(IMAGES)
        batch = await app.ended(batch_id)
        assert len(batch["images"]) == IMAGES
        for image in batch["images"]:
            assert (await app.ask("GET", f"/api/images/{image}/thumbnail")).status_code == 200


async def holding(app: App, told: Path) -> Holding:
    """What the app holds now."""
    app.process.send(signal.SIGUSR1)
    inside = await asyncio.to_thread(_told, told)
    process = psutil.Process(app.process.process.pid)
    outside = {
        "files": process.num_fds(),
        "sockets": len(process.net_connections()),
        "threads": process.num_threads(),
    }
    megabytes = process.memory_info().rss / 2**20
    return Holding(megabytes, {**inside, **outside})


def _told(file: Path) -> dict[str, int]:
    """What the app writes, once it has."""
    late = time.monotonic() + TIMEOUT_OF_THE_TEST
    while not file.exists():
        assert time.monotonic() < late
        time.sleep(0.05)
    counts: dict[str, int] = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    return counts


async def grow(here: Scene, first: int, more: int) -> tuple[Holding, Holding]:
    """What the app holds after the ``first`` batches, and after so many ``more`` once it has put
    away the last one, which is seen as ended a moment before.
    """
    told = here.folder / "holding.json"
    app = await here.start_watched_app(told)
    await make_batches(app, first)
    before = await holding(app, told)
    await make_batches(app, more)
    late = time.monotonic() + TIMEOUT_OF_THE_TEST
    while grown(before, after := await holding(app, told)) and time.monotonic() < late:
        continue
    return before, after


def grown(before: Holding, after: Holding) -> list[str]:
    """What has grown that should not."""
    return [
        name for name in COUNTED if after.counts[name] > before.counts[name] + SLACK.get(name, 0)
    ]
