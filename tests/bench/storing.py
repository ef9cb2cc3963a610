"""What one picture costs after it was fetched: check, store, thumbnail; against a bare write."""

import asyncio
import io
import os
import time
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image
from rich.table import Table

from batchgen_app.storage.images import ImageStore
from tests.bench.loop_lag import loop_lag

PICTURES = 8


async def measure_storing(folder: Path) -> Table:
    """For 1024x1024 and 2048x2048 PNGs of a photograph's weight."""
    table = Table(title=f"Storing one picture, median of {PICTURES}")
    for name in ("side", "MB", "bare write + fsync ms", "BatchGen ms", "event loop late, worst ms"):
        table.add_column(name, justify="right")
    for side in (1024, 2048):
        png = await asyncio.to_thread(_png, side)
        bare = [
            await asyncio.to_thread(_bare, folder / f"bare-{n}.png", png) for n in range(PICTURES)
        ]
        store = ImageStore(folder / f"store-{side}")
        async with loop_lag() as lag:
            ours = [await _ours(store, index, png) for index in range(1, PICTURES + 1)]
        table.add_row(
            str(side),
            f"{len(png) / 1e6:.1f}",
            f"{median(bare) * 1000:.1f}",
            f"{median(ours) * 1000:.1f}",
            f"{lag.worst:.1f}",
        )
    return table


def _png(side: int) -> bytes:
    """Soft colours with some grain: compresses about as a generated picture does."""
    rng = np.random.default_rng(7)
    slopes = np.linspace(0, 200, side)[:, None, None] + np.linspace(0, 40, side)[None, :, None]
    pixels = np.broadcast_to(slopes, (side, side, 3)) + rng.normal(0, 3, (side, side, 3))
    file = io.BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(file, "PNG", compress_level=4)
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
