"""An app that dies again and again, at any moment, while somebody makes one batch after another."""

import asyncio
import random
import signal
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import httpx

from tests.faults.scene import App, Scene, assert_nothing_lost_or_double

LIFE = 1.5
"""Seconds that the app lives at most once it can be opened."""
BIRTH = 2.5
"""Seconds in which one that may not even come to that dies."""
STILLBORN = 0.2
"""The share of those."""
SMALLEST, LARGEST = 2, 8


@dataclass(frozen=True)
class KillReport:
    """What many deaths came to."""

    kills: int
    batches: int
    images: int
    interruptions: int

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.images} images in {self.batches} batches, "
            f"{self.interruptions} interruptions; 0 lost, 0 double"
        )


async def kill_often(here: Scene, kills: int, seed: int) -> KillReport:
    """Let the app die, then see all batches through to their end. AssertionError says what is
    lost or double.
    """
    rng = random.Random(seed)
    await first_life(here, rng)
    for _ in range(kills - 1):
        await one_life(here, rng)
    app = await here.start_app()
    batches = sorted({event["batchId"] for event in here.events()})
    for batch_id in batches:
        await assert_nothing_lost_or_double(here, await app.complete(batch_id))
    seeds = [seed for event in here.events() for seed in event.get("seeds", ())]
    runs = await here.seeds_run()
    assert runs.total() == len(runs) == len(seeds)
    return KillReport(kills, len(batches), len(seeds), here.types().count("batch_interrupted"))


async def first_life(here: Scene, rng: random.Random) -> None:
    """One that begins something, however busy the machine is: there is something to lose."""
    app = await here.start_app()
    await app.start_batch(LARGEST)
    await asyncio.sleep(rng.uniform(0, LIFE))
    app.process.send(signal.SIGKILL)
    await app.process.ended()


async def one_life(here: Scene, rng: random.Random) -> None:
    """From a start to a death."""
    if rng.random() < STILLBORN:
        process = await here.start_command(*here.serve())
        await asyncio.sleep(rng.uniform(0, BIRTH))
    else:
        app = await here.start_app()
        process = app.process
        with suppress(TimeoutError):
            async with asyncio.timeout(rng.uniform(0, LIFE)):
                await work(here, app, rng)
    process.send(signal.SIGKILL)
    await process.ended()


async def work(here: Scene, app: App, rng: random.Random) -> None:
    """What somebody does: finish what was begun, then begin something new."""
    for batch_id in unfinished(here):
        with suppress(httpx.TransportError):
            await app.resume(batch_id)
            await app.ended(batch_id)
    while True:
        await app.ended(await app.start_batch(rng.randint(SMALLEST, LARGEST)))


def unfinished(here: Scene) -> Iterator[str]:
    """The batches that are not complete."""
    last = {e["batchId"]: e["type"] for e in here.events() if e["type"].startswith("batch")}
    return (batch_id for batch_id, kind in last.items() if kind != "batch_completed")
