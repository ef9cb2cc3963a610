"""Everything that one run of the server knows, and the one who works there; a restart makes a new
one.
"""

import asyncio
import random
import string
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from batchgen_app.demo.context import Bench
from batchgen_app.demo.execution import Execution, NodeTypes, ResultCache
from batchgen_app.demo.files import Catalogue, Folders
from batchgen_app.demo.hooks import Hooks
from batchgen_app.demo.hub import Hub
from batchgen_app.demo.node_type import NodeType
from batchgen_app.demo.nodes import node_types
from batchgen_app.demo.queue import HistoryEntry, PromptQueue, QueuedPrompt
from batchgen_app.demo.settings import DemoSettings
from batchgen_app.demo.validation import Validator


class Worker:
    """Runs what the queue holds; `free_memory_soon` is heard between two prompts."""

    def __init__(self, queue: PromptQueue, types: NodeTypes, bench: Bench, hub: Hub) -> None:
        self._queue = queue
        self._types = types
        self._bench = bench
        self._hub = hub
        self._cache = ResultCache()
        self._current: Execution | None = None
        self._free_memory = False

    def free_memory_soon(self) -> None:
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
            # The last message, behind the entry of the history: section 5.
            end = {"node": None, "prompt_id": prompt.prompt_id}
            self._hub.send("executing", end, prompt.client_id)
        if self._free_memory:
            self.free_memory_soon()

    async def _run(self, prompt: QueuedPrompt) -> HistoryEntry:
        self._current = Execution(prompt, self._types, self._bench, self._hub, self._cache)
        return await self._current.run()


@dataclass(frozen=True)
class Studio:
    """The wired parts. `ordinals` counts the prompts submitted and outlives restarts."""

    settings: DemoSettings
    folders: Folders
    ordinals: "count[int]"
    types: dict[str, NodeType]
    catalogue: Catalogue
    validator: Validator
    hub: Hub
    queue: PromptQueue
    bench: Bench
    worker: Worker
    page_settings: dict[str, Any] = field(default_factory=dict)
    """What the page of a real server keeps of its user's choices."""

    @property
    def hooks(self) -> Hooks:
        return self.settings.hooks

    def status(self) -> dict[str, Any]:
        return {"exec_info": {"queue_remaining": self.queue.remaining}}

    def features(self) -> dict[str, Any]:
        """Flags of the server, told on the websocket and by GET /features."""
        return {
            "supports_preview_metadata": True,
            "supports_model_type_tags": True,
            "max_upload_size": self.settings.max_upload_size,
            "extension": {"manager": {"supports_v4": True}},
            "node_replacements": True,
            "assets": False,
        }


def open_studio(settings: DemoSettings, folders: Folders, ordinals: "count[int]") -> Studio:
    """Makes the parts and connects them; nothing runs yet."""
    types = node_types()
    catalogue = Catalogue(settings.models, folders)
    hub = Hub(settings.hooks)

    def tell_status() -> None:
        hub.send("status", {"status": {"exec_info": {"queue_remaining": queue.remaining}}})

    queue = PromptQueue(tell_status)
    bench = Bench(settings, folders, _session_word())
    return Studio(
        settings=settings,
        folders=folders,
        ordinals=ordinals,
        types=types,
        catalogue=catalogue,
        validator=Validator(types, catalogue, folders),
        hub=hub,
        queue=queue,
        bench=bench,
        worker=Worker(queue, types, bench, hub),
    )


def _session_word() -> str:
    """Five letters in the names of temporary pictures, new at each start."""
    return "".join(random.choices(string.ascii_lowercase, k=5))  # noqa: S311 no secret
