"""One queue and so many servers, which die and come back: how much sooner all is made, and whether
anything is lost or made twice.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.table import Table

from batchgen_app.app import build
from batchgen_app.batches.backend import Backend
from batchgen_app.core.server_list import ListedServer
from batchgen_app.core.state import BatchState
from batchgen_app.settings import Settings
from tests.bench.fleet_engines import STEPS
from tests.bench.loop_lag import LoopLag, loop_lag
from tests.bench.processes import running
from tests.studio import request

SERVERS = (1, 2, 8, 32)
BATCHES, IMAGES = 500, 2
"""Of the most servers; fewer make as many batches each."""
SECONDS = 2.0
"""That an image takes on each of them."""


@dataclass(frozen=True)
class Run:
    """What came of it. ``ideal`` is how long nothing but the sampling takes, in seconds."""

    servers: int
    batches: Sequence[BatchState]
    deaths: int
    wall: float
    lag: LoopLag
    files: int
    megabytes: tuple[float, float]

    @property
    def ideal(self) -> float:
        return len(self.batches) * IMAGES * SECONDS / self.servers

    @property
    def made(self) -> int:
        """Images that the batches have."""
        return sum(batch.completed_images for batch in self.batches)


async def measure_fleet(folder: Path, servers: Sequence[int] = SERVERS) -> Table:
    """Each number of servers with batches of its own, on an app of its own."""
    logging.getLogger("batchgen_app").setLevel(logging.ERROR)  # it warns of every death
    table = Table(title=f"Batches of {IMAGES} images of {SECONDS:g} s; servers die and come back")
    columns = ("servers", "batches", "deaths", "s", "ideal s", "speed-up", "lost", "twice")
    for name in (*columns, "loop late ms", "MB"):
        table.add_column(name, justify="right")
    for number in servers:
        run = await _run(folder / str(number), number)
        planned = len(run.batches) * IMAGES
        table.caption = (
            "twice: files that no batch has · loop late: 99th percentile / worst · "
            "MB: after a quarter of the batches → at the end"
        )
        table.add_row(
            str(number),
            str(len(run.batches)),
            str(run.deaths),
            f"{run.wall:.0f}",
            f"{run.ideal:.0f}",
            f"{number * run.ideal / run.wall:.1f}",
            str(planned - run.made),
            str(run.files - run.made),
            f"{run.lag.percentile(0.99):.0f} / {run.lag.worst:.0f}",
            " → ".join(f"{size:.0f}" for size in run.megabytes),
        )
    return table


async def _run(folder: Path, servers: int) -> Run:
    count = max(BATCHES * servers // max(SERVERS), 1)
    async with running("tests.bench.fleet_engines", str(servers), str(SECONDS)) as engines:
        listed = tuple(ListedServer(address=address) for address in engines.first_words.split())
        settings = Settings(data_dir=folder / "data", output_dir=folder / "images", servers=listed)
        async with build(settings) as app, loop_lag() as lag:
            began = time.perf_counter()
            batches = [await _started(app) for _ in range(count)]
            sizes = [await _when_ended(app, some) for some in (batches[: count // 4], batches)]
            wall = time.perf_counter() - began
        files = len(list(settings.output_dir.rglob("[0-9]*.png")))
    deaths = int(engines.last_words.split()[-1])
    return Run(servers, batches, deaths, wall, lag, files, (sizes[0], sizes[1]))


async def _started(app: Backend) -> BatchState:
    size = {"steps": STEPS, "width": 64, "height": 64}
    asked = request(batchCount=IMAGES, baseParameters=size)
    return (await app.batch_service.start(asked)).batch


async def _when_ended(app: Backend, batches: Sequence[BatchState]) -> float:
    """The memory of this process then, in MB."""
    await asyncio.gather(*(app.queue.ended(batch.batch_id) for batch in batches))
    return psutil.Process().memory_info().rss / 2**20
