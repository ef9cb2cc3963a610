"""A whole app on a demo engine, over real sockets and real files: what most stories need."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from batchgen_app.app import build
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.state import BatchState
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import Settings
from tests.faulty_engine import Fault, FaultPlan
from tests.sketchbook import Sketchbook

MODEL = "demo-dreams-xl.safetensors"
QUICK = Timeouts(
    look=0.2,
    first_look=0.2,
    look_without_websocket=0.1,
    look_when_stopping=0.05,
    retry=0.05,
    retry_at_most=0.2,
    stopping=1.0,
    letting_go=10.0,
)
SERVER_GONE = replace(QUICK, letting_go=0.5)
"""For a cancel that no server will answer any more."""
POLL = float(os.environ.get("BATCHGEN_TEST_POLL", "0.01"))
"""Seconds between two looks at what has no event of its own; in between, others work. With 0, a
story sees every moment, with 0.3, few of them; it holds with both.
"""
TIMEOUT_OF_THE_TEST = 30.0
"""Seconds after which a story that waits for something has failed."""


def request(**changes: Any) -> BatchRequest:
    """A small, valid request."""
    small = {"steps": 2, "width": 64, "height": 64}
    asked = {"prompt": "a red fox", "batchCount": 3, "seedMode": "random", "model": MODEL}
    return BatchRequest.parse({**asked, "baseParameters": small, **changes})


@dataclass
class Studio:
    """The app, the engine it uses, and the folder that holds both their files."""

    app: Backend
    engine: DemoEngine
    folder: Path

    @property
    def faults(self) -> FaultPlan:
        """What the engine does wrong."""
        hooks = self.engine.settings.hooks
        assert isinstance(hooks, FaultPlan)
        return hooks

    @property
    def client(self) -> ComfyClient:
        """What the app asks the engine with."""
        client = self.app.server.client
        assert isinstance(client, ComfyClient)
        return client

    async def start(self, **changes: Any) -> BatchState:
        """Hand in a batch; gives its state while it runs."""
        return (await self.app.batch_service.start(request(**changes))).batch

    async def make(self, **changes: Any) -> BatchState:
        """Run a batch to its end."""
        return await self.end(await self.start(**changes))

    async def end(self, batch: BatchState) -> BatchState:
        """Wait for the end of a batch."""
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await self.app.queue.ended(batch.batch_id)
        return batch

    async def events(self, batch: BatchState) -> list[str]:
        """The types of a batch's events, in order."""
        logged = await self.app.storage.log.of_batch(batch.batch_id)
        return [entry.event.type for entry in logged]

    def files(self, batch: BatchState) -> set[str]:
        """Every file of a batch, relative to its folder."""
        folder = self.app.storage.store.folder(batch.batch_id)
        return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}

    def batch_file(self, batch: BatchState) -> dict[str, Any]:
        """What stands in batch.json."""
        path = self.app.storage.store.folder(batch.batch_id) / "batch.json"
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return document


@asynccontextmanager
async def studio(
    folder: Path,
    *faults: Fault,
    timeouts: Timeouts = QUICK,
    new_state: type[BatchState] = BatchState,
    **demo: Any,
) -> AsyncIterator[Studio]:
    """The app on a quick demo engine that does wrong what ``faults`` say."""
    quick = {"step_delay": 0.0, "load_delay": 0.0, "easel": Sketchbook(), **demo}
    async with DemoEngine(DemoSettings(hooks=FaultPlan(*faults), **quick)) as engine:
        settings = Settings(
            data_dir=folder / "data", output_dir=folder / "images", comfyui_url=engine.url
        )
        async with build(settings, new_state=new_state, timeouts=timeouts) as app:
            yield Studio(app, engine, folder)


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something that has no event of its own is so."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while not condition():  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(POLL)
