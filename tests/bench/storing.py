"""What one picture costs after it was fetched: check, store, thumbnail; against a bare write."""

import asyncio
import io
import os
import time
from pathlib import Path
from statistics import median

import numpy as np
import psutil
from PIL import Image
from rich.table import Table

from batchgen_app.storage.images import ImageStore
from tests.bench.loop_lag import loop_lag

PICTURES = 8
SIDES = {1024: PICTURES, 2048: PICTURES, 4096: 2, 9216: 2}
"""Of square pictures, and how many of each. Large ones are decoded in a process of their own."""


async def measure_storing(folder: Path) -> Table:
    """PNGs of a photograph's weight. What stays is memory that the app has more than before."""
    table = Table(title=f"Storing one picture, median of up to {PICTURES}")
    columns = ("bare write + fsync ms", "BatchGen ms", "event loop late, worst ms", "MB that stay")
    for name in ("side", "MB", *columns):
        table.add_column(name, justify="right")
    for side, count in SIDES.items():
        png = await asyncio.to_thread(_png, side)
        bare = [await asyncio.to_thread(_bare, folder / f"bare-{n}.png", png) for n in range(count)]
        store, before = ImageStore(folder / f"store-{side}"), _megabytes()
        async with loop_lag() as lag:
            ours = [await _ours(store, index, png) for index in range(1, count + 1)]
        table.add_row(
            str(side),
            f"{len(png) / 1e6:.1f}",
            f"{median(bare) * 1000:.1f}",
            f"{median(ours) * 1000:.1f}",
            f"{lag.worst:.1f}",
            f"{_megabytes() - before:.0f}",
        )
    return table


def _megabytes() -> float:
    return psutil.Process().memory_info().rss / 2**20


def _png(side: int) -> bytes:
    """Soft colours with some grain: compresses about as a generated picture does."""
    rng = np.random.default_rng(7)
    slopes = np.linspace(0, 40, side, dtype=np.float32)[None, :, None]
    grain = rng.normal(0, 3, (1024, side, 3)).astype(np.float32) + slopes
    pixels = np.empty((side, side, 3), np.uint8)
    for top in range(0, side, 1024):
        down = np.linspace(0, 200, side, dtype=np.float32)[top : top + 1024, None, None]
        pixels[top : top + 1024] = (down + grain[: len(down)]).clip(0, 255)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=4 if side < 4096 else 1)
    return file.getvalue()


def _bare(path: Path, png: bytes) -> float:
    began = time.perf_counter()
    with path.open("wb") as file:
        file.write(png)
        file.flush()
        os.fsync(file.fileno())
    return time.perf_counter() - began


async def _ours(store: ImageStore, index: int, png: bytes) -> float:
    began = time.perf_counter()
    await store.save("bench", index, 1000 + index, png, "bench\nNegative prompt: \nSeed: 1")
    return time.perf_counter() - began
