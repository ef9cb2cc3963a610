"""Prompts that wait, the one that runs, and those that are done: PROTOCOL.md, sections 5 and 6."""

import asyncio
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, NamedTuple
from uuid import UUID

MAXIMUM_HISTORY = 10_000

Graph = dict[str, Any]
HistoryEntry = dict[str, Any]


def is_canonical_uuid(prompt_id: Any) -> bool:
    """Whether newer servers take this as a prompt_id (section 12)."""
    try:
        return bool(str(UUID(prompt_id)) == prompt_id)
    except (AttributeError, TypeError, ValueError):
        return False


class QueuedPrompt(NamedTuple):
    """One accepted prompt, in the order of fields in which GET /queue shows it.

    Being a plain tuple is on purpose: two pending ones with the same number and id cannot be
    compared, and the second POST fails with 500 although it is queued (section 2).
    """

    number: float
    prompt_id: str
    graph: Graph
    extra_data: dict[str, Any]
    outputs: list[str]
    ordinal: int

    @property
    def client_id(self) -> str | None:
        client_id = self.extra_data.get("client_id")
        return client_id if isinstance(client_id, str) else None

    def shown(self) -> list[Any]:
        """The five fields that queue and history show."""
        return list(self[:5])


class PromptQueue:
    """The queue and the history of one run of the server; `on_change` at each change of length."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._arrived = asyncio.Event()
        self._numbers = count()
        self.pending: list[QueuedPrompt] = []
        self.running: QueuedPrompt | None = None
        self.history: dict[str, HistoryEntry] = {}

    @property
    def remaining(self) -> int:
        """Pending and running prompts."""
        return len(self.pending) + (self.running is not None)

    def next_number(self) -> int:
        return next(self._numbers)

    def put(self, prompt: QueuedPrompt) -> None:
        self._arrived.set()  # first: the push may fail after it has appended
        heappush(self.pending, prompt)
        self._on_change()

    async def peek(self) -> QueuedPrompt:
        """Waits for a prompt; gives the one that runs next."""
        while not self.pending:
            self._arrived.clear()
            await self._arrived.wait()
        return self.pending[0]

    def take(self) -> QueuedPrompt:
        """Makes the pending prompt with the smallest number the running one."""
        self.running = heappop(self.pending)
        self._on_change()
        return self.running

    def finish(self, entry: HistoryEntry | None) -> None:
        """Ends the running prompt; None leaves no trace of it."""
        if self.running is not None and entry is not None:
            self._remember(self.running.prompt_id, entry)
        self.running = None
        self._on_change()

    def _remember(self, prompt_id: str, entry: HistoryEntry) -> None:
        self.history.pop(prompt_id, None)
        self.history[prompt_id] = entry
        if len(self.history) > MAXIMUM_HISTORY:
            del self.history[next(iter(self.history))]

    def delete(self, prompt_id: str) -> bool:
        """Removes one pending prompt of this id; False if there is none."""
        for position, prompt in enumerate(self.pending):
            if prompt.prompt_id == prompt_id:
                del self.pending[position]
                # Without it the list were no heap any more, and the wrong prompt might run next.
                heapify(self.pending)
                self._on_change()
                return True
        return False

    def clear(self) -> None:
        self.pending.clear()
        self._on_change()

    def find(self, prompt_id: str) -> QueuedPrompt | None:
        """The running or pending prompt of this id."""
        live = [self.running, *self.pending] if self.running else self.pending
        return next((prompt for prompt in live if prompt.prompt_id == prompt_id), None)
