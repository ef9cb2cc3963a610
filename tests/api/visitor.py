"""Somebody who uses the API over a real socket, with the whole app behind it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from batchgen_app.access.access import open_access
from batchgen_app.access.guard import Guard
from batchgen_app.adapters.embedded_server import EmbeddedServer, listen_on
from batchgen_app.api import mount_api
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import Services
from tests.faulty_engine import Fault
from tests.studio import MODEL, TIMEOUT_OF_THE_TEST, Studio, studio

SMALL = {"steps": 2, "width": 64, "height": 64}


def asked(**changes: Any) -> JsonObject:
    """The JSON of a small, valid request with changes."""
    small = {"prompt": "a red fox", "batchCount": 3, "seedMode": "random", "model": MODEL}
    return {**small, "baseParameters": SMALL, **changes}


class Visitor(httpx.AsyncClient):
    """Knows the address of the API, what to do there, and when a batch has ended."""

    def __init__(self, address: str, queue: BatchQueue) -> None:
        super().__init__(base_url=address, timeout=TIMEOUT_OF_THE_TEST)
        self._queue = queue

    async def start(self, **changes: Any) -> str:
        """Start a batch; gives its id."""
        answer = await self.post("/batches", json=asked(**changes))
        assert answer.status_code == 201, answer.text
        return str(answer.json()["batchId"])

    async def look(self, batch_id: str) -> JsonObject:
        """A batch as it stands."""
        answer = await self.get(f"/batches/{batch_id}")
        assert answer.status_code == 200, answer.text
        shown: JsonObject = answer.json()
        return shown

    async def end(self, batch_id: str) -> JsonObject:
        """A batch when it has ended."""
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await self._queue.ended(batch_id)
        return await self.look(batch_id)

    async def make(self, **changes: Any) -> str:
        """A batch that has ended."""
        batch_id = await self.start(**changes)
        await self.end(batch_id)
        return batch_id

    async def events(self, batch_id: str) -> list[str]:
        """The types of a batch's events, in order."""
        answer = (await self.get("/events", params={"limit": 1000})).json()
        return [event["type"] for event in answer["events"] if event["batchId"] == batch_id]


@asynccontextmanager
async def served(backend: Backend) -> AsyncIterator[str]:
    """The address of a backend's API, mounted and guarded as in production."""
    web = FastAPI(openapi_url=None)
    mount_api(web, Services(backend))
    async with open_access(backend.settings.data_dir, "127.0.0.1") as access:
        listening = listen_on("127.0.0.1", 0)
        server = EmbeddedServer(Guard(web, access), listening)
        await server.open()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/api"
        finally:
            await server.close()


@asynccontextmanager
async def visit(folder: Path, *faults: Fault, **demo: Any) -> AsyncIterator[tuple[Studio, Visitor]]:
    """A studio, and a visitor to its API."""
    async with (
        studio(folder, *faults, **demo) as here,
        served(here.app) as address,
        Visitor(address, here.app.queue) as visitor,
    ):
        yield here, visitor
