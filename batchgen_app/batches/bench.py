"""Bench: what plans batches for one server. Benches: a search for one on which a plan works out."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from batchgen_app.batches.making_again import MakingAgain
from batchgen_app.batches.planning import Planner
from batchgen_app.batches.server import Server
from batchgen_app.batches.servers import Servers
from batchgen_app.core.errors import Conflict, InvalidRequest, ServerError
from batchgen_app.core.state import BatchState

T = TypeVar("T")


@dataclass(frozen=True)
class Bench:
    """For one server."""

    server: Server
    planner: Planner
    making_again: MakingAgain

    async def made_ready(self, batch: BatchState) -> str | None:
        """See that the server can make what was planned before; gives its version. Raises Conflict
        where it cannot, ServerError, StorageError.
        """
        stats = await self.server.client.stats()
        await self.planner.require_runnable(batch.workflow)
        await self.planner.bring_pictures(batch.request)
        return stats.version


BenchOf: TypeAlias = Callable[[Server], Bench]
Work: TypeAlias = Callable[[Bench], Awaitable[T]]


class Benches:
    """Those of all servers. ``first`` and ``first_of`` raise what the first of those servers said
    that answered, or else that there is no answer.
    """

    def __init__(self, servers: Servers, of: BenchOf) -> None:
        self.servers = servers
        self.of = of

    @property
    def planner(self) -> Planner:
        """For what no server has a say in."""
        return self.of(self.servers.preferred).planner

    async def first(self, server_id: str | None, work: Work[T]) -> tuple[T, Server]:
        """What ``work`` gives with the server of that id, or the first of all with which it gives
        something, and that one. Raises InvalidRequest where there is none of that id.
        """
        return await self.first_of(self.servers.asked(server_id), work)

    async def first_of(self, servers: Iterable[Server], work: Work[T]) -> tuple[T, Server]:
        """The same with the first of these."""
        refusals: list[InvalidRequest | Conflict | ServerError] = []
        for server in servers:
            try:
                return await work(self.of(server)), server
            except (InvalidRequest, Conflict, ServerError) as error:
                refusals.append(error)
        raise next((r for r in refusals if not isinstance(r, ServerError)), refusals[0])
