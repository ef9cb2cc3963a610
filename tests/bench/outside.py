"""How late the event loop is while something large comes from outside, by the size of it."""

import asyncio
import gc
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from rich.table import Table

from batchgen_app.app import build
from batchgen_app.comfy.client import ComfyClient, OutputFile
from batchgen_app.comfy.listener import ComfyListener, Disconnected, Heard
from batchgen_app.comfy.messages import PromptEnded
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.limits import MAX_GRAPH_NODES
from batchgen_app.core.wire import JsonObject
from batchgen_app.settings import Settings
from tests.api.visitor import served
from tests.bench.loop_lag import loop_lag
from tests.bench.processes import running
from tests.studio import until

GOAL = 50.0
"""Milliseconds that nothing from outside may hold the loop."""
IDLE_SECONDS = 1.0
LONGEST = 120.0
"""Seconds; what takes longer is not waited for."""
FILE = OutputFile("p.png", "", "output", "1")

Asked = Callable[[], Awaitable[object]]
Question = Callable[[ComfyClient], Awaitable[object]]


@dataclass(frozen=True)
class Measured:
    """What was asked, how much of it, how late the loop was, how late by this process's own work
    (milliseconds), and how long it took (seconds); ``end`` is the answer in a word.
    """

    what: str
    size: str
    worst: float
    own: float
    seconds: float
    end: str


async def measure_outside(engine: str, folder: Path) -> Table:
    """All sizes of all kinds, one after another."""
    gc.collect()
    gc.freeze()  # as the web server does: what is there by now is not looked through again
    found = [await _measured("nothing at all", "", lambda: asyncio.sleep(IDLE_SECONDS))]
    async with running("tests.bench.big_answers") as server:
        speaker, _, answers = server.first_words.strip().partition(" ")
        for what, size, unit, question in _questions():
            async with ComfyClient(f"{answers}/{size}", timeout=60) as client:
                ask = partial(question, client)
                found.append(await _measured(what, _said(size, unit), ask))
        for size in (1_000, 7_000, 30_000, 60_000):
            hear = _hear(f"{speaker}/{size}")
            found.append(await _measured("websocket message", _said(size, "MB"), hear))
    found += [one async for one in _api(engine, folder)]
    return _table(found)


def _questions() -> list[tuple[str, int, str, Question]]:
    return [
        *(("history", size, "files", _history) for size in (3_000, 10_000, 30_000, 50_000)),
        *(("queue", size, "MB", _queue) for size in (1_000, 16_000, 80_000)),
        *(("node type", size, "MB", _node) for size in (1_000, 15_000)),
        *(("picture", size, "MB", _picture) for size in (16_000, 200_000)),
    ]


def _said(size: int, unit: str) -> str:
    return f"{size / 1000:g} MB" if unit == "MB" else f"{size:,} {unit}"


async def _history(client: ComfyClient) -> None:
    if entry := await client.history("p"):
        _ = entry.results


async def _queue(client: ComfyClient) -> None:
    await client.drop_copies("p")


async def _node(client: ComfyClient) -> None:
    await client.object_info("N")


async def _picture(client: ComfyClient) -> None:
    await client.picture(FILE)


def _hear(address: str) -> Asked:
    async def hear() -> None:
        over = asyncio.Event()

        def heard(message: Heard) -> None:
            if isinstance(message, PromptEnded | Disconnected):
                over.set()

        async with ComfyClient(address) as client, ComfyListener(client, heard):
            await over.wait()

    return hear


async def _api(engine: str, folder: Path) -> AsyncIterator[Measured]:
    """What somebody asks of the app: large workflows, and the answers that hold them."""
    settings = Settings(data_dir=folder / "data", output_dir=folder, comfyui_url=engine)
    async with build(settings) as app, served(app) as address:
        for nodes in (100, 1_000, MAX_GRAPH_NODES - 10, 5_000, 50_000):
            body = json.dumps(_request(nodes)).encode()
            yield await _measured(
                "POST /api/batches",
                f"{nodes:,} nodes",
                _calling("POST", f"{address}/batches", body),
            )
            yield await _measured("and the batch", "", lambda: until(lambda: not app.queue.is_busy))
        for path in ("events?limit=1000", "batches"):
            yield await _measured(f"GET /api/{path}", "", _calling("GET", f"{address}/{path}"))


def _calling(method: str, address: str, body: bytes | None = None) -> Asked:
    """From another thread, as somebody else would."""

    def call() -> str:
        headers = {"Content-Type": "application/json"}
        with httpx.Client(timeout=LONGEST, trust_env=False) as http:
            answer = http.request(method, address, content=body, headers=headers)
        return str(answer.status_code)

    return lambda: asyncio.to_thread(call)


def _request(nodes: int) -> JsonObject:
    """A picture without a model, and samplers in a row beside it."""
    graph: JsonObject = {
        "0": {
            "class_type": "EmptyImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 1},
        },
        "1": {"class_type": "SaveImage", "inputs": {"images": ["0", 0], "filename_prefix": "b"}},
    }
    for number in range(2, nodes):
        links = {"positive": ["p", 0], "model": ["m", 0], "latent_image": [str(number - 1), 0]}
        inputs = {**links, "seed": number, "steps": 20, "cfg": 7.5, "sampler_name": "euler"}
        graph[str(number)] = {"class_type": "KSampler", "inputs": inputs}
    return {"prompt": "bench", "batchCount": 2, "seedMode": "random", "workflow": graph}


async def _measured(what: str, size: str, work: Asked) -> Measured:
    async with loop_lag() as lag:
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        end = await _end_of(work)
        seconds = time.perf_counter() - began
        await asyncio.sleep(0.05)
    return Measured(what, size, lag.worst, lag.worst_of_own, seconds, end)


async def _end_of(work: Asked) -> str:
    try:
        async with asyncio.timeout(LONGEST):
            return str(await work() or "")
    except BatchGenError as refused:
        return type(refused).__name__
    except TimeoutError:
        return "given up"


def _table(found: list[Measured]) -> Table:
    table = Table(title="How late the event loop is while something large comes from outside")
    for name in ("what", "size", "latest tick, ms", "by own work, ms", "s", "end"):
        table.add_column(name, justify="left" if name in {"what", "end"} else "right")
    for one in found:
        table.add_row(
            one.what, one.size, f"{one.worst:.1f}", f"{one.own:.1f}", f"{one.seconds:.2f}", one.end
        )
    table.caption = f"goal: under {GOAL:g} ms, on a machine that does nothing else"
    return table
