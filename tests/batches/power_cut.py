"""A power cut: the app as it stands at one moment on its disk, and started again from there."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from batchgen_app.app import build
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.core.state import BatchState
from batchgen_app.demo import DemoEngine
from batchgen_app.settings import Settings
from tests.studio import QUICK, Studio


def power_cut(here: Studio, to: Path | None = None) -> Path:
    """What would be on the disk if the power went now. The app itself goes on, on its own disk."""
    cut = to or here.folder / "after-the-cut"
    for name in ("data", "images"):
        if (here.folder / name).exists():
            _copy(here.folder / name, cut / name)
    return cut


def _copy(folder: Path, to: Path) -> None:
    """Anew where a file that was seen has got its final name meanwhile."""
    try:
        shutil.copytree(folder, to)
    except shutil.Error:
        shutil.rmtree(to)
        _copy(folder, to)


@asynccontextmanager
async def started_again(
    folder: Path, engine: DemoEngine, timeouts: Timeouts = QUICK
) -> AsyncIterator[Studio]:
    """The app on what a power cut left, with the same server."""
    settings = Settings(
        data_dir=folder / "data", output_dir=folder / "images", comfyui_url=engine.url
    )
    async with build(settings, timeouts=timeouts) as app:
        yield Studio(app, engine, folder)


async def the_batch(app: Backend) -> BatchState:
    """The one batch that the log knows."""
    (batch_id,) = await app.storage.log.batch_ids()
    return await app.batch_service.batch(batch_id)


async def seeds_run(engine: DemoEngine) -> list[int]:
    """The seed of every prompt that the server has run to its end since it was started."""
    async with httpx.AsyncClient() as http:
        history = (await http.get(f"{engine.url}/history")).json()
    graphs = [entry["prompt"][2] for entry in history.values()]
    return [graph["sampler"]["inputs"]["seed"] for graph in graphs]
