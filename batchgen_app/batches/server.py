"""A ComfyUI server in use: how to speak to it, how to hear it, what it offers, whether it is
there. It can be exchanged for another one between two batches.
"""

import asyncio
import logging
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Self

from batchgen_app.batches.connecting import Connection, connection_for
from batchgen_app.batches.late_prompts import LatePrompts
from batchgen_app.batches.prompt_tracker import PromptRouter
from batchgen_app.comfy.client import ComfyClient, ServerStats
from batchgen_app.comfy.listener import Connected, Disconnected, Heard
from batchgen_app.comfy.messages import Status
from batchgen_app.comfy.ports import ServerClient
from batchgen_app.core.errors import Conflict, ServerError, ServerUnreachable
from batchgen_app.core.server_list import DEMO_ID, ListedServer, MadeOn, alone
from batchgen_app.core.signal import Signal
from batchgen_app.language.message import later
from batchgen_app.settings import Settings

logger = logging.getLogger(__name__)

USUAL_ADDRESSES = ("http://127.0.0.1:8188", "http://127.0.0.1:8000")
"""Where ComfyUI and ComfyUI Desktop listen unless told otherwise."""
LOOK_SECONDS = 1.5
"""How long a start waits for a server that says nothing."""
ASK_SECONDS = 5.0
"""How long a server that keeps its websocket is waited for, before it counts as away."""
LOOK_EVERY = 2.0
"""Seconds between two looks while there is no websocket to hear about it."""
DEMO_NAME = "Demo engine"
BUSY = later(
    "A batch is running or waits its turn on the present server. Cancel it or let it end, "
    "then change the server."
)


class Server:
    """One server, as long as it is used; an async context manager. ``about`` says how it is listed,
    ``is_needed`` whether a batch holds on to it. ``changed``: it has come, gone or been exchanged.
    ``timeout`` is in seconds, for one answer.
    """

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str],
        *,
        about: ListedServer | None = None,
        is_needed: Callable[[], bool] = lambda: False,
        timeout: float = 10.0,
    ) -> None:
        self.about = (about or ListedServer(address=address)).identified()
        """How it is listed."""
        self.router = PromptRouter()
        self.changed = Signal[[]]()
        self.fault: ServerError | None = None
        """Why it does not answer; None while it does, or as long as that is not known."""
        self.stats: ServerStats | None = None
        """What it last told about itself; None before it did."""
        self.ids_it_made: set[str] = set()
        """Of prompts that it runs under other ids than they were given; each stands for one."""
        self._is_needed = is_needed
        self._timeout = timeout
        self._is_silent = False
        self._asked_at = -math.inf
        self.queue_length: int | None = None
        """Prompts that wait or run there, of everybody; None before it told."""
        self._open = AsyncExitStack()
        self._heard = asyncio.Event()
        self._speak_by(self._connection_to(address, headers))

    @property
    def is_connected(self) -> bool:
        """Whether the server speaks to us at this moment."""
        return self.listener.client_id is not None

    @property
    def id(self) -> str:
        """By which it is named in requests and in the log."""
        return self.about.key

    @property
    def made_on(self) -> MadeOn:
        """As it is recorded of a batch."""
        return MadeOn(id=self.id, name=self.about.name)

    @property
    def is_away(self) -> bool:
        """Whether it did not answer when it was last asked."""
        return self.fault is not None or self._is_silent

    @property
    def is_needed(self) -> bool:
        """Whether a batch holds on to it."""
        return self._is_needed()

    @property
    def version(self) -> str | None:
        """Of the server, as far as it told."""
        return self.stats.version if self.stats else None

    @property
    def is_demo(self) -> bool:
        """Whether it is a demo engine, which paints placeholder pictures."""
        return self.stats is not None and self.stats.is_demo

    async def __aenter__(self) -> Self:
        await self._begin()
        await self._first_look()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def use(self, address: str, headers: Mapping[str, str]) -> None:
        """Speak with another server of the same kind from now on, whether it answers or not. Raises
        Conflict while a batch needs the present one, InvalidRequest for what is no address.
        """
        if self.is_needed:
            raise Conflict(BUSY)
        connection, before = self._connection_to(address, headers), self._open
        # Nothing here gives way to other tasks until the new one is in place.
        self._speak_by(connection)
        self.about = self.about.moved(self.client.address)
        self.stats = self.fault = self.queue_length = None
        self._is_silent, self._asked_at = False, -math.inf
        await self._begin()
        await before.aclose()
        await self._first_look()
        self.changed.emit()

    async def look(self) -> None:
        """Ask whether it is there. If so, its websocket need not wait for its next turn."""
        client, known = self.client, self._known
        stats, fault = await _ask(client)
        # The answer of a server that was exchanged meanwhile says nothing about this one.
        if client is self.client:
            self.stats, self.fault = stats or self.stats, fault
            self._is_silent = self._is_silent and fault is not None
            if not (fault or self.is_connected):
                self.listener.hurry()
            if self._known != known:
                self._log(was_well=not known[0])
                self.changed.emit()

    async def ask(self, again_after: float) -> None:
        """See whether it is still there, unless it was asked in the last so many seconds: a server
        that has frozen keeps its websocket for long.
        """
        if time.monotonic() - self._asked_at < again_after:
            return
        self._asked_at, client, was_away = time.monotonic(), self.client, self.is_away
        try:
            async with asyncio.timeout(ASK_SECONDS):
                stats, fault = await _ask(client)
        except TimeoutError:
            stats, fault = None, ServerUnreachable(client.address)
        if client is self.client:
            self.stats, self._is_silent = stats or self.stats, fault is not None
            if self.is_away != was_away:
                self.changed.emit()

    @property
    def _known(self) -> tuple[str, bool]:
        """What is worth telling when it changes."""
        return str(self.fault or ""), self.is_demo

    def _connection_to(self, address: str, headers: Mapping[str, str]) -> Connection:
        return connection_for(
            self.about.kind, address, headers, timeout=self._timeout, on_message=self._hear
        )

    def _speak_by(self, connection: Connection) -> None:
        self.client = connection.client
        self.listener = connection.listener
        self.catalog = connection.catalog
        self.late_prompts = LatePrompts(self.client)

    async def _begin(self) -> None:
        self._open = AsyncExitStack()
        await self._open.enter_async_context(self.client)
        await self._open.enter_async_context(self.listener)
        await self._open.enter_async_context(self.late_prompts)
        await self._open.enter_async_context(self._looking())

    async def _first_look(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self.look()

    @asynccontextmanager
    async def _looking(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self._keep_looking(), name="look at the server")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _keep_looking(self) -> None:
        """When the websocket comes or goes, and now and then while there is none."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(None if self.is_connected else LOOK_EVERY):
                    await self._heard.wait()
            self._heard.clear()
            await self.look()

    def _hear(self, heard: Heard) -> None:
        self.router(heard)
        if isinstance(heard, Status):
            self.queue_length = heard.queue_remaining
        if isinstance(heard, Connected | Disconnected):
            self._heard.set()
            self.changed.emit()

    def _log(self, *, was_well: bool) -> None:
        if self.fault:
            logger.warning("No use of %s: %s", self.client.address, type(self.fault).__name__)
        elif not was_well:
            logger.info("%s answers again", self.client.address)


async def find_usual() -> str | None:
    """Where a server answers on this machine, if there is one."""
    for address in USUAL_ADDRESSES:
        async with ComfyClient(address, timeout=LOOK_SECONDS) as client:
            stats, _ = await _ask(client)
        if stats and stats.version:
            return address
    return None


async def find_servers(settings: Settings) -> tuple[ListedServer, ...]:
    """Those to use, in order of preference; none means the demo engine: because it was asked for,
    or because nothing is listed and nothing answers where ComfyUI usually does.
    """
    if settings.demo:
        return ()
    return settings.listed or alone(await find_usual())


@asynccontextmanager
async def servers_to_use(settings: Settings) -> AsyncIterator[tuple[ListedServer, ...]]:
    """The same, with a demo engine where no other one is."""
    if found := await find_servers(settings):
        yield found
        return
    async with demo_engine() as address:
        yield (ListedServer(id=DEMO_ID, name=DEMO_NAME, address=address),)


@asynccontextmanager
async def demo_engine() -> AsyncIterator[str]:
    """Its address. Whoever has a server does not load its painter and numpy."""
    from batchgen_app.demo import DemoEngine, DemoSettings  # noqa: PLC0415

    async with DemoEngine(DemoSettings()) as engine:
        yield engine.url


async def _ask(client: ServerClient) -> tuple[ServerStats | None, ServerError | None]:
    try:
        return await client.stats(), None
    except ServerError as error:
        return None, error
