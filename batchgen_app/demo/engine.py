"""The demo engine as one object: a ComfyUI-compatible server in the running event loop."""

import asyncio
import socket
from itertools import count
from types import TracebackType
from typing import Self

from starlette.applications import Starlette

from batchgen_app.adapters.embedded_server import EmbeddedServer, listen_on
from batchgen_app.demo.files import Folders
from batchgen_app.demo.settings import DemoSettings
from batchgen_app.demo.studio import open_studio
from batchgen_app.demo.web import build_web


class DemoEngine:
    """`async with DemoEngine(settings) as engine:` serves at `engine.url` until the block ends.

    `stop` and `start` inside the block are a server killed and started again on the same port:
    queue, history, numbers and cache are gone, output files stay. `hide` and `show` are a line cut
    and mended. Raises OSError if the port is taken.
    """

    def __init__(
        self, settings: DemoSettings | None = None, *, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        self.settings = settings or DemoSettings()
        self._host = host
        self._port = port
        self._ordinals = count(1)
        self._folders: Folders | None = None
        self._server: EmbeddedServer | None = None
        self._web = Starlette()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def url(self) -> str:
        """The base address, without a slash at the end; the port is the one really bound."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def folders(self) -> Folders:
        """Where the engine keeps pictures. Raises RuntimeError outside of the block."""
        if self._folders is None:
            raise RuntimeError("The demo engine has not been entered.")
        return self._folders

    async def __aenter__(self) -> Self:
        self._folders = await asyncio.to_thread(Folders, self.settings.output_dir)
        try:
            await self.start()
        except BaseException:
            await asyncio.to_thread(self._folders.close)
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
        await asyncio.to_thread(self.folders.close)

    async def start(self) -> None:
        """Begins to serve with nothing in memory. Harmless if it runs already."""
        if self._tasks:
            return
        listening = self._listen()
        await asyncio.to_thread(self.folders.empty_temp)
        studio = open_studio(self.settings, self.folders, self._ordinals)
        self._web = build_web(studio)
        self._tasks = [
            asyncio.create_task(studio.hub.publish(), name="demo engine: messages"),
            asyncio.create_task(studio.worker.work(), name="demo engine: work"),
        ]
        await self._serve(listening)

    async def stop(self) -> None:
        """Ends at once, in mid-step and without a farewell. Harmless if it does not run."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await self.hide()
        _raise_any(await asyncio.gather(*tasks, return_exceptions=True))

    async def hide(self) -> None:
        """Nobody reaches it, while it works on; connections end without a farewell."""
        server, self._server = self._server, None
        if server:
            server.cut()
            self.settings.hooks.unreachable()
            await server.close()

    async def show(self) -> None:
        """It can be reached again, at the same address."""
        if not self._server:
            await self._serve(self._listen())

    def _listen(self) -> socket.socket:
        listening = listen_on(self._host, self._port)
        # Of port 0, the one that was given; a restart listens on the same one again.
        self._port = listening.getsockname()[1]
        return listening

    async def _serve(self, listening: socket.socket) -> None:
        self._server = EmbeddedServer(self._web, listening)
        self.settings.hooks.listening(self._server)
        await self._server.open()

    def drop_sockets(self) -> None:
        """Ends every websocket without a close frame; the server goes on."""
        if self._server:
            self._server.drop_websockets()


def _raise_any(outcomes: list[BaseException | None]) -> None:
    """Makes a fault of the engine itself known; being cancelled is none."""
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def serve(settings: DemoSettings, host: str, port: int) -> None:
    """Serves until cancelled."""
    async with DemoEngine(settings, host=host, port=port):
        await asyncio.Event().wait()
