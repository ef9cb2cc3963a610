"""Servers: all that make batches, in order of preference."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Self

from batchgen_app.batches.server import BUSY, Server
from batchgen_app.comfy.address import normalise_address
from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.server_list import ListedServer, ServerChanges, place_of
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.settings import save_settings, saved_settings

UNKNOWN = later("There is no server {id}.")
LISTED = later("This server is in the list already: {name}.")
ONLY_ONE = later("This is the only server. Change its address, or add another one first.")
ASK_EVERY = 5.0
"""Seconds between two questions whether each of several is still there."""

Keep = Callable[[Sequence[ListedServer]], Awaitable[None]]


class Servers:
    """The servers of ``listed``, as long as they are used; an async context manager. ``opened``
    makes one, ``keep`` remembers the list for the next start; with ``keeps_demo``, the demo engine
    does not give way to the first that is added. ``changed``: the list was, or one of
    them has come, gone or been exchanged; ``told`` says which one.
    """

    def __init__(
        self,
        listed: Sequence[ListedServer],
        opened: Callable[[ListedServer], Server],
        keep: Keep,
        *,
        keeps_demo: bool = False,
    ) -> None:
        self.changed = Signal[[]]()
        self.told = Signal[[Server]]()
        self._opened = opened
        self._keep = keep
        self._keeps_demo = keeps_demo
        self._turn = asyncio.Lock()
        self._leave: dict[Server, AsyncExitStack] = {}
        self._demo = next((about.address for about in listed if about.is_demo), None)
        self._all = tuple(opened(about) for about in listed)

    @property
    def all(self) -> tuple[Server, ...]:
        """All of them, also those that get no batches."""
        return self._all

    @property
    def enabled(self) -> tuple[Server, ...]:
        """Those that get batches."""
        return tuple(server for server in self._all if server.about.enabled)

    @property
    def is_one(self) -> bool:
        """Whether there is no other one."""
        return len(self._all) == 1

    @property
    def preferred(self) -> Server:
        """The first that gets batches and is there; where none is, the first."""
        some = self.enabled or self._all
        return next((server for server in some if not server.is_away), some[0])

    async def __aenter__(self) -> Self:
        try:
            await asyncio.gather(*map(self._enter, self._all))
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(stack.aclose() for stack in self._leave.values()))

    def find(self, server_id: str | None) -> Server | None:
        """The one with that id, if it is there."""
        return next((server for server in self._all if server.id == server_id), None)

    def get(self, server_id: str) -> Server:
        """The same; raises NotFound."""
        if server := self.find(server_id):
            return server
        raise NotFound(later(UNKNOWN, id=server_id))

    def require_new(self, about: ListedServer) -> ListedServer:
        """The same as it would be listed. Raises InvalidRequest, Conflict where it is already."""
        listed = self._own(about).identified()
        self._require_new(listed, self._all)
        return listed

    async def add(self, about: ListedServer, place: int | None = None) -> Server:
        """List another one, at that place or as the last. Raises InvalidRequest, Conflict where it
        is listed already, StorageError; then nothing has changed.
        """
        async with self._turn:
            listed = self.require_new(about)
            server = self._opened(listed)
            others = [other for other in self._all if not self._is_stopgap(other)]
            others.insert(len(others) if place is None else place, server)
            await self._keep([each.about for each in others])
            await self._enter(server)
            await self._use(others)
            return server

    async def change(self, server_id: str, changes: ServerChanges) -> Server:
        """Change what is said of one, where it is, or its place. Raises NotFound, InvalidRequest,
        StorageError; Conflict where a batch needs it where it is.
        """
        async with self._turn:
            server = self.get(server_id)
            ordered = [other for other in self._all if other is not server]
            if changes.address and (address := _address(changes.address)) != server.about.address:
                self._require_new(server.about.moved(address), ordered)
                await server.use(address, {})
            place = self._all.index(server) if changes.place is None else changes.place
            ordered.insert(min(place, len(ordered)), server)
            about = changes.of(server.about)
            await self._keep([about if each is server else each.about for each in ordered])
            server.about = about
            await self._use(ordered)
            return server

    async def remove(self, server_id: str) -> ListedServer:
        """Take one from the list. Raises NotFound, StorageError; Conflict where a batch needs it,
        or there is no other one.
        """
        async with self._turn:
            server = self.get(server_id)
            if self.is_one:
                raise Conflict(ONLY_ONE)
            if server.is_needed:
                raise Conflict(BUSY)
            others = [other for other in self._all if other is not server]
            await self._keep([other.about for other in others])
            await self._use(others)
            return server.about

    async def remember(self) -> None:
        """For the next start, where there is more to be said of them than one address."""
        if not is_plain([server.about for server in self._all]):
            await self._keep([server.about for server in self._all])

    async def ask(self) -> None:
        """See which of them are there; none is asked twice within some seconds."""
        await asyncio.gather(*(server.ask(ASK_EVERY) for server in self._all))

    def asked(self, server_id: str | None) -> tuple[Server, ...]:
        """Those that may make what was asked of this one, or of any: who is there comes first.
        Raises InvalidRequest.
        """
        if server_id is None:
            some = self.enabled or self._all
            return tuple(sorted(some, key=lambda server: server.is_away))
        if server := self.find(server_id):
            return (server,)
        raise InvalidRequest.of("server", "unknown_server", later(UNKNOWN, id=server_id))

    def maker_of(self, batch: BatchState) -> Server | None:
        """The one that was making it, or has made it, if it is there."""
        return self.find(batch.server.id) if batch.server else None

    def is_bound(self, batch: BatchState) -> bool:
        """Whether one alone may make what is missing of it: the one that has begun with something
        of it, or that was asked for.
        """
        return self._bound_to(batch) is not None

    def asked_again(self, batch: BatchState) -> tuple[Server, ...]:
        """Those that may make what is missing of it: that one, or else any, the one that made it
        before first.
        """
        if bound := self._bound_to(batch):
            return (bound,)
        before = self.maker_of(batch)
        return tuple(sorted(self.asked(None), key=lambda server: server is not before))

    def _bound_to(self, batch: BatchState) -> Server | None:
        has_begun = any(image.status is ImageStatus.SUBMITTED for image in batch.images)
        before = self.maker_of(batch) if has_begun else None
        return before or self.find(batch.request.server)

    def _own(self, about: ListedServer) -> ListedServer:
        """With an address that is one, and no id that only the app's own demo engine may have."""
        address = _address(about.address)
        known = about.id if not about.is_demo or address == self._demo else ""
        return about.model_copy(update={"address": address, "id": known})

    def _is_stopgap(self, server: Server) -> bool:
        """Whether it is only there because no other one was."""
        return server.about.is_demo and not (self._keeps_demo or server.is_needed)

    def _require_new(self, about: ListedServer, others: Iterable[Server]) -> None:
        for known in (server.about for server in others):
            if about.key == known.key or place_of(about.address) == place_of(known.address):
                raise Conflict(later(LISTED, name=known.shown_name))

    async def _use(self, servers: Sequence[Server]) -> None:
        """These from now on."""
        gone = [server for server in self._all if server not in servers]
        self._all = tuple(servers)
        for server in gone:
            await self._leave.pop(server).aclose()
        self.changed.emit()

    async def _enter(self, server: Server) -> None:
        stack = self._leave[server] = AsyncExitStack()
        await stack.enter_async_context(server)
        stack.callback(server.changed.subscribe(partial(self._tell, server)))

    def _tell(self, server: Server) -> None:
        self.told.emit(server)
        self.changed.emit()


@asynccontextmanager
async def asked_regularly(servers: Servers) -> AsyncIterator[None]:
    """As long as the context lasts, several servers are asked whether they are there: one that has
    frozen keeps its websocket for long.
    """
    asking = asyncio.create_task(_keep_asking(servers), name="ask the servers")
    try:
        yield
    finally:
        asking.cancel()
        with suppress(asyncio.CancelledError):
            await asking


async def _keep_asking(servers: Servers) -> None:
    while True:
        await asyncio.sleep(ASK_EVERY)
        if not servers.is_one:
            await servers.ask()


def kept_in(data_dir: Path, listed: Sequence[ListedServer]) -> Keep:
    """Remembers a list in the settings. What is saved there and is not among those that were
    ``listed`` at the start, since others were given, stays behind them.
    """
    seen = {about.key for about in listed}

    def save(told: Sequence[ListedServer]) -> None:
        own = [about for about in told if not about.is_demo]
        aside = [about for about in saved_settings(data_dir).listed if about.key not in seen]
        seen.update(about.key for about in own)
        every = [*own, *aside]
        save_settings(
            data_dir,
            # Where versions look for it that know of one server alone.
            comfyui_url=every[0].address if every else None,
            servers=None if is_plain(every) else tuple(about.identified() for about in every),
        )

    async def keep(told: Sequence[ListedServer]) -> None:
        await asyncio.to_thread(save, told)

    return keep


def is_plain(listed: Sequence[ListedServer]) -> bool:
    """Whether there is nothing to be said of them but one address at most."""
    return not listed or (len(listed) == 1 and listed[0].is_plain)


def _address(text: str) -> str:
    try:
        return normalise_address(text)
    except InvalidRequest as error:
        raise InvalidRequest.of("address", "bad_address", error.message) from error
