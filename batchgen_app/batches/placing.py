"""Placing: which server makes a waiting batch, and what it waits for where none can yet."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias
from weakref import WeakKeyDictionary

from batchgen_app.batches.bench import Benches
from batchgen_app.batches.queue import Entry
from batchgen_app.batches.server import Server
from batchgen_app.core.errors import BatchGenError, ServerError
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import Message, joined, later

logger = logging.getLogger(__name__)

CHECK_SECONDS = 6.0
"""How long a server is asked whether it can make a batch, before another one gets it."""
BUSY = later("Waits for {name}, which makes another batch.")
FREE_ONE = later("Waits for a server that is free.")
AWAY = later("{name} does not answer.")
PAUSED = later("{name} is switched off.")
ALL_PAUSED = later("All servers are switched off.")
CANNOT = later("{name}: {why}")

KEEP_SECONDS = 60.0
"""How long such an answer counts: models come and go."""

Say: TypeAlias = Callable[[BatchState, Message | None], None]


@dataclass(frozen=True)
class Verdict:
    """Why a server cannot make a batch, if it cannot; as it was told, good ``until`` then."""

    why: Message | None
    until: float


class Placing:
    """Goes by the servers' order of preference. ``say`` is told what a batch waits for, and None
    where that need not be said: of a single server, it waits for its turn.
    """

    def __init__(self, benches: Benches, say: Say) -> None:
        self._benches = benches
        self._servers = benches.servers
        self._say = say
        self._told: WeakKeyDictionary[Entry, dict[Server, Verdict]] = WeakKeyDictionary()

    async def __call__(self, entry: Entry, busy: frozenset[Server]) -> Server | None:
        """The first that is free and can make it; of a batch that can be made by one alone, that
        one, also while it does not answer: then it is waited for in the middle of the batch.
        """
        if self._servers.is_one or entry.is_bound:
            found, why = self._the_one(entry, busy)
        else:
            found, why = await self._first(entry, busy)
            if found and not self._still_may(entry, found):
                return None  # whoever changed that has the queue look again
        self._say(entry.batch, why)
        return found

    def _the_one(
        self, entry: Entry, busy: frozenset[Server]
    ) -> tuple[Server | None, Message | None]:
        server = entry.server if entry.is_bound else self._servers.all[0]
        if not (server.about.enabled or entry.runner.only_begun):
            return None, named(PAUSED, server)
        if server not in busy:
            return server, None
        if self._servers.is_one:
            return None, None
        return None, named(AWAY if server.is_away else BUSY, server)

    async def _first(
        self, entry: Entry, busy: frozenset[Server]
    ) -> tuple[Server | None, Message | None]:
        makers: list[Server] = []
        reasons: list[Message] = []
        for server in self._servers.enabled:
            if server.is_away:
                reasons.append(named(AWAY, server))
            elif server in busy:
                makers.append(server)
            elif why := await self._why_not(entry, server):
                reasons.append(why)
            else:
                return server, None
        if len(makers) > 1:
            return None, FREE_ONE
        if makers:
            return None, named(BUSY, makers[0])
        return None, joined(reasons) if reasons else ALL_PAUSED

    def _still_may(self, entry: Entry, server: Server) -> bool:
        """Whether it may make it after all that was done while it was asked."""
        return server is entry.server if entry.is_bound else server in self._servers.enabled

    async def _why_not(self, entry: Entry, server: Server) -> Message | None:
        """Why it cannot make a batch; asked where it was not planned for this one."""
        if server is entry.server:
            return None
        told = self._told.setdefault(entry, {})
        if (known := told.get(server)) and time.monotonic() < known.until:
            return known.why
        why = await self._asked(entry, server)
        told[server] = Verdict(why, time.monotonic() + KEEP_SECONDS)
        return why

    async def _asked(self, entry: Entry, server: Server) -> Message | None:
        bench = self._benches.of(server)
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await bench.made_ready(entry.batch)
        except (ServerError, TimeoutError):
            return named(AWAY, server)
        except BatchGenError as error:
            return later(CANNOT, name=server.about.shown_name, why=error.message)
        except Exception:  # the others that wait must get their turn all the same
            logger.exception("Whether %s can make a batch is not known", server.client.address)
            return named(AWAY, server)
        return None


def named(text: Message, server: Server) -> Message:
    """With the name of a server."""
    return later(text, name=server.about.shown_name)
