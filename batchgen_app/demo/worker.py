"""The one who takes prompts from the queue and runs them, one at a time."""

import asyncio

from batchgen_app.demo.cache import ResultCache
from batchgen_app.demo.context import Bench
from batchgen_app.demo.execution import Execution, NodeTypes
from batchgen_app.demo.hub import Hub
from batchgen_app.demo.queue import HistoryEntry, PromptQueue, QueuedPrompt


class Worker:
    """Runs what the queue holds; `wish_memory_freed` is heard between two prompts."""

    def __init__(self, queue: PromptQueue, types: NodeTypes, bench: Bench, hub: Hub) -> None:
        self._queue = queue
        self._types = types
        self._bench = bench
        self._hub = hub
        self._cache = ResultCache()
        self._current: Execution | None = None
        self._free_memory = False

    def wish_memory_freed(self) -> None:
        """Drops the cache, at once when idle, else after the running prompt."""
        self._free_memory = self._queue.running is not None
        if not self._free_memory:
            self._cache.clear()

    def interrupt(self, prompt_id: str | None) -> bool:
        """Stops the running prompt, if it is this one or None is given; False if nothing stops."""
        running = self._queue.running
        hit = running is not None and prompt_id in (None, running.prompt_id)
        if hit:
            self._bench.interrupted.set()
        return hit

    def node_for(self, client_id: str) -> str | None:
        """The node at work, if the running prompt belongs to this client."""
        running = self._queue.running
        ours = running is not None and running.client_id == client_id
        return self._current.node_id if ours and self._current else None

    async def work(self) -> None:
        while True:
            prompt = await self._queue.peek()
            with self._bench.hooks.attending_to(prompt.ordinal):
                await self._serve(self._queue.take())

    async def _serve(self, prompt: QueuedPrompt) -> None:
        hooks = self._bench.hooks
        runs = hooks.takes_up(prompt.ordinal)
        entry = await self._run(prompt) if runs else None
        await asyncio.sleep(0)  # its end is heard of before there is an entry: section 5
        self._queue.finish(await hooks.before_history(prompt.ordinal, entry))
        if runs and prompt.client_id is not None:
            end = {"node": None, "prompt_id": prompt.prompt_id}
            self._hub.send("executing", end, prompt.client_id)
        if self._free_memory:
            self.wish_memory_freed()

    async def _run(self, prompt: QueuedPrompt) -> HistoryEntry:
        self._current = Execution(prompt, self._types, self._bench, self._hub, self._cache)
        return await self._current.run()
