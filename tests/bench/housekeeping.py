"""The page "Storage" at any size of a library: the sums that it shows, a look through the files,
and the search for pictures that look alike.
"""

import asyncio
import random
import time
from collections.abc import Awaitable
from pathlib import Path
from statistics import median

from rich.table import Table

from batchgen_app.storage.database import open_database
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.housekeeping.likeness import alike
from batchgen_app.storage.housekeeping.survey import Survey
from batchgen_app.storage.progress import silent
from batchgen_app.storage.storage import DATABASE_NAME, open_storage
from tests.bench.loop_lag import LoopLag, loop_lag
from tests.libraries import fill, library

PICTURES = (1_000, 10_000, 100_000)
MOST_FILES = 10_000
"""Of a library whose files are looked at; a larger one takes long to be written."""
ROUNDS = 5


async def measure_housekeeping(folder: Path, pictures: tuple[int, ...] = PICTURES) -> Table:
    """At each size; behind each time, by how much the event loop was late at worst."""
    table = Table(title="The page Storage, ms (and event loop late, worst)")
    table.add_column("what")
    for size in pictures:
        await asyncio.to_thread((folder / str(size)).mkdir)
    columns = [await _measured(folder / str(size), size) for size in pictures]
    for size in pictures:
        table.add_column(f"{size:,}", justify="right")
    for what in columns[0]:
        table.add_row(what, *(column.get(what, "") for column in columns))
    return table


async def _measured(folder: Path, size: int) -> dict[str, str]:
    found = {"its sums": await _sums(folder, size), "alike, of as many": await _alike(size)}
    if size <= MOST_FILES:
        found["a look through the files"] = await _look(folder, size)
    return found


async def _sums(folder: Path, size: int) -> str:
    async with await open_database(folder / DATABASE_NAME) as db:
        await fill(db, size)
        gallery = GalleryIndex(db)
        async with loop_lag() as lag:
            times = [await _took(gallery.usage()) for _ in range(ROUNDS)]
        return _told(median(times), lag)


async def _alike(size: int) -> str:
    rng = random.Random(size)
    hashes: list[int | None] = [rng.getrandbits(64) for _ in range(size)]
    async with loop_lag() as lag:
        work = asyncio.to_thread(alike, hashes, [*range(size)], lambda _: None)
        return _told(await _took(work), lag)


async def _look(folder: Path, size: int) -> str:
    data, output = folder / "data", folder / "images"
    await asyncio.to_thread(data.mkdir)
    await library(data, size, output_dir=output)
    async with open_storage(data, output) as storage:
        survey = Survey(storage.store, storage.gallery, storage.log, silent)
        async with loop_lag() as lag:
            return _told(await _took(survey.run()), lag)


async def _took(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


def _told(ms: float, lag: LoopLag) -> str:
    return f"{ms:,.0f} ({lag.worst_of_own:.0f})"
