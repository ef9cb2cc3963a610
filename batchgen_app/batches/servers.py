"""Servers: all that make batches, in order of preference."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from functools import partial
from typing import Self

from batchgen_app.batches.server import Server
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.server_list import ListedServer
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later

UNKNOWN = later("There is no server {id}.")


class Servers:
    """The servers of ``listed``, as long as they are used; an async context manager. ``opened``
    makes one. ``changed``: one of them has come, gone or been exchanged;
    ``told`` is the same, and which one.
    """

    def __init__(
        self, listed: Sequence[ListedServer], opened: Callable[[ListedServer], Server]
    ) -> None:
        self.changed = Signal[[]]()
        self.told = Signal[[Server]]()
        self._leave: dict[str, AsyncExitStack] = {}
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

    async def _enter(self, server: Server) -> None:
        stack = self._leave[server.id] = AsyncExitStack()
        await stack.enter_async_context(server)
        stack.callback(server.changed.subscribe(partial(self._tell, server)))

    def _tell(self, server: Server) -> None:
        self.told.emit(server)
        self.changed.emit()
