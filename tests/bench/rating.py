"""What one mark costs: a rating of one picture, with a short and a long history behind it."""

import time
from itertools import count
from pathlib import Path
from statistics import median

from rich.table import Table

from batchgen_app.app import build
from batchgen_app.batches.backend import Backend
from batchgen_app.core.batch import Marks
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.state import BatchState
from batchgen_app.settings import Settings
from tests.bench.overhead import ASKED, GRAPH

IMAGES = 20
NODES = (2, 200)
RATINGS = 20
"""That are measured, at each length of the history."""
HISTORIES = (50, 250, 1000)
"""Events of the batch before."""


async def measure_rating(address: str, folder: Path) -> Table:
    """In a batch of ``IMAGES`` pictures, whose workflow is small or large."""
    table = Table(title=f"One rating in a batch of {IMAGES} images, ms, median of {RATINGS}")
    for name in ("nodes", *(f"after {events} events" for events in HISTORIES)):
        table.add_column(name, justify="right")
    for nodes in NODES:
        own = folder / f"rating-{nodes}"
        settings = Settings(data_dir=own / "data", output_dir=own, comfyui_url=address)
        async with build(settings) as backend:
            found = await _after_each_history(backend, nodes)
        table.add_row(str(nodes), *(f"{ms:.1f}" for ms in found))
    return table


async def _after_each_history(backend: Backend, nodes: int) -> list[float]:
    batch = (await backend.batch_service.start(_request(nodes))).batch
    await backend.queue.ended(batch.batch_id)
    stars, found = count(), []
    for events in HISTORIES:
        while batch.events < events:
            await _rate(backend, batch, next(stars))
        found.append(median([await _rate(backend, batch, next(stars)) for _ in range(RATINGS)]))
    return found


async def _rate(backend: Backend, batch: BatchState, number: int) -> float:
    began = time.perf_counter()
    await backend.image_service.mark(Marks(rating=1 + number % 5), batch.pictures[0].id)
    return (time.perf_counter() - began) * 1000


def _request(nodes: int) -> BatchRequest:
    """Most nodes lead nowhere: they are carried along."""
    more = {str(number): GRAPH["1"] for number in range(3, nodes + 1)}
    return BatchRequest.parse({**ASKED, "workflow": {**GRAPH, **more}})
