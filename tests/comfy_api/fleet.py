"""The app on ``comfy-api-proxy`` in front of a demo engine, with a line between them that can lose
an answer.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from batchgen_app.app import build
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.core.server_list import ListedServer
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.secrets_store.server_headers import ServerHeaders
from batchgen_app.settings import Settings
from tests.faulty_engine import Fault, FaultPlan
from tests.foreign_clients import ApiProxy, api_proxy, clients_python, closed_surroundings
from tests.sketchbook import Sketchbook
from tests.studio import QUICK, Studio


@dataclass(eq=False)
class Line:
    """Passes on what comes, to ``target`` and back. While ``loses_answer``, the next answer to a
    new job does not come, and nor does anything else from then on until ``mended`` is set.
    """

    target: str = ""
    loses_answer: bool = False
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    mended: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(OSError, asyncio.CancelledError):
            if not self.lost.is_set() or self.mended.is_set():
                await self._pass_on(reader, writer)
        writer.close()

    async def end(self) -> None:
        """Of all connections."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self.target.removeprefix("http://").split(":")
        there_reader, there = await asyncio.open_connection(host, int(port))
        losing = asyncio.Event()

        async def forth() -> None:
            while piece := await reader.read(65536):
                if self.loses_answer and piece.startswith(b"POST /api/v2/jobs "):
                    losing.set()
                there.write(piece)
                await there.drain()

        async def back() -> None:
            while piece := await there_reader.read(65536):
                if losing.is_set():
                    self.loses_answer = False
                    self.lost.set()
                    return
                writer.write(piece)
                await writer.drain()

        ways = [asyncio.create_task(forth()), asyncio.create_task(back())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            there.close()


@dataclass
class Fleet(Studio):
    """The app, the proxy that it speaks with, the line to it, and the engine behind all that."""

    proxy: ApiProxy
    line: Line

    @property
    def streams(self) -> int:
        """Jobs whose messages the proxy hears from the engine."""
        server: Any = self.engine._server
        connections = server.server_state.connections
        return sum(isinstance(c, WebSocketsSansIOProtocol) for c in connections)

    @property
    def made(self) -> list[bytes]:
        """The pictures that the engine has saved, in order."""
        return [path.read_bytes() for path in sorted(self.engine.folders.output.rglob("*.png"))]


@asynccontextmanager
async def app_on(folder: Path, address: str, timeouts: Timeouts = QUICK) -> AsyncIterator[Backend]:
    """The app on a Comfy API."""
    settings = Settings(
        data_dir=folder / "data",
        output_dir=folder / "images",
        comfyui_url=address,
        servers=(ListedServer(address=address, kind="comfy-api"),),
    )
    async with build(settings, timeouts=timeouts) as app:
        yield app


@asynccontextmanager
async def fleet(
    folder: Path,
    *faults: Fault,
    options: tuple[str, ...] = (),
    key: str | None = None,
    timeouts: Timeouts = QUICK,
    **demo: Any,
) -> AsyncIterator[Fleet]:
    """All of it; the proxy has these ``options``, and the app this ``key``."""
    quick = {"step_delay": 0.0, "load_delay": 0.0, "easel": Sketchbook(), **demo}
    line = Line()
    async with (
        DemoEngine(DemoSettings(hooks=FaultPlan(*faults), **quick)) as engine,
        api_proxy(clients_python(), closed_surroundings(folder), engine.url, *options) as proxy,
        await asyncio.start_server(line.serve, "127.0.0.1", 0) as door,
    ):
        line.target = proxy.address
        address = f"http://127.0.0.1:{door.sockets[0].getsockname()[1]}"
        if key:
            async with ServerHeaders(folder / "data") as headers:
                await headers.keep(address, {"Authorization": f"Bearer {key}"})
        async with app_on(folder, address, timeouts) as app:
            yield Fleet(app, engine, folder, proxy, line)
        await line.end()
