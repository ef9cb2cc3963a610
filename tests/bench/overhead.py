"""What the app adds to 20 model-free images, against a bare script that submits all at once."""

import asyncio
import gc
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median
from typing import Any
from uuid import uuid4

import httpx
from rich.table import Table

from batchgen_app.app import build
from batchgen_app.core.request import BatchRequest
from batchgen_app.settings import Settings
from tests.bench.loop_lag import LoopLag, loop_lag

IMAGES = 20
ROUNDS = 5
IDLE_SECONDS = 1.0
"""For a look at how late a loop with nothing to do is on this machine."""
GRAPH = {
    "1": {
        "class_type": "EmptyImage",
        "inputs": {"width": 512, "height": 512, "batch_size": 1, "color": 0x336699},
    },
    "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "bench"}},
}

ASKED = {"prompt": "bench", "batchCount": IMAGES, "seedMode": "random", "promptAsIs": True}
"""As it is: the graph has no place for a prompt or a seed."""


@dataclass(frozen=True)
class Round:
    """One run of all images: seconds of wall time, and the server's own account of them."""

    wall: float
    executing: float
    gaps: list[float]
    """Seconds in which the server had nothing to do, between one image and the next."""


async def measure_overhead(address: str, folder: Path) -> Table:
    """Rounds of both ways in turn, so that both meet the same machine."""
    gc.freeze()  # as the web server does: what is there by now is not looked through again
    bare, app, lags, idle = [], [], [], []
    async with httpx.AsyncClient(base_url=address, timeout=60, trust_env=False) as http:
        for number in range(ROUNDS):
            idle.append(await _idle_round())
            async with loop_lag():  # looking at the loop costs both the same
                bare.append(await _bare_round(http))
            ours, lag = await _app_round(http, address, folder / f"round-{number}")
            app.append(ours)
            lags.append(lag)
    return _table(bare, app, _late(lags, idle))


async def _idle_round() -> LoopLag:
    async with loop_lag() as lag:
        await asyncio.sleep(IDLE_SECONDS)
    return lag


async def _bare_round(http: httpx.AsyncClient) -> Round:
    began = time.perf_counter()
    ids = [str(uuid4()) for _ in range(IMAGES)]
    for prompt_id in ids:
        await http.post("/prompt", json={"prompt": GRAPH, "prompt_id": prompt_id})
    for prompt_id in ids:
        entry = await _history(http, prompt_id)
        (file,) = entry["outputs"]["2"]["images"]
        (await http.get("/view", params=file)).raise_for_status()
    return await _account(http, ids, time.perf_counter() - began)


async def _history(http: httpx.AsyncClient, prompt_id: str) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = (await http.get(f"/history/{prompt_id}")).json()
        if found:
            entry: dict[str, Any] = found[prompt_id]
            return entry
        await asyncio.sleep(0.005)


async def _app_round(http: httpx.AsyncClient, address: str, folder: Path) -> tuple[Round, LoopLag]:
    settings = Settings(data_dir=folder / "data", output_dir=folder, comfyui_url=address)
    request = BatchRequest.parse({**ASKED, "workflow": GRAPH})
    async with build(settings) as app, loop_lag() as lag:
        await app.server.listener.connected()
        began = time.perf_counter()
        batch = (await app.batch_service.start(request)).batch
        await app.queue.ended(batch.batch_id)
        wall = time.perf_counter() - began
        assert batch.completed_images == IMAGES, batch.ended_because
        ids = [image.prompt_id or "" for image in batch.images]
        return await _account(http, ids, wall), lag


async def _account(http: httpx.AsyncClient, ids: list[str], wall: float) -> Round:
    """From the server's history: when each prompt began and ended."""
    spans = []
    for prompt_id in ids:
        messages = (await _history(http, prompt_id))["status"]["messages"]
        times = [data["timestamp"] / 1000 for _, data in messages]
        spans.append((times[0], times[-1]))
    gaps = [after[0] - before[1] for before, after in pairwise(spans)]
    return Round(wall, sum(end - begin for begin, end in spans), gaps)


def _table(bare: list[Round], app: list[Round], late: str) -> Table:
    table = Table(title=f"{IMAGES} model-free images of 512x512, median of {ROUNDS} rounds")
    for name in (
        "",
        "wall s",
        "server executing s",
        "idle per image ms (mean / median / worst)",
    ):
        table.add_column(name, justify="right")
    for name, rounds in (("bare script, all at once", bare), ("BatchGen", app)):
        gaps = _gaps(rounds)
        table.add_row(
            name,
            f"{median(one.wall for one in rounds):.2f}",
            f"{median(one.executing for one in rounds):.3f}",
            f"{fmean(gaps):.1f} / {median(gaps):.1f} / {max(gaps):.1f}",
        )
    ratio = median(one.wall for one in app) / median(one.wall for one in bare)
    table.caption = (
        f"ratio of wall times {ratio:.2f} · of the idle time, BatchGen's own share (median) is "
        f"{median(_gaps(app)) - median(_gaps(bare)):.1f} ms, goal: under 20 ms · {late}"
    )
    return table


def _gaps(rounds: list[Round]) -> list[float]:
    """In milliseconds."""
    return [gap * 1000 for one in rounds for gap in one.gaps]


def _late(ours: list[LoopLag], idle: list[LoopLag]) -> str:
    return "event loop late, 99th percentile / worst: " + ", ".join(
        f"{name} {_worst(lags, 0.99):.1f} / {_worst(lags, 1):.1f} ms"
        for name, lags in (("BatchGen's", ours), ("one with nothing to do", idle))
    )


def _worst(lags: list[LoopLag], share: float) -> float:
    return max(lag.percentile(share) for lag in lags)
