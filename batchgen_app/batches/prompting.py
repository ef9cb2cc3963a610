"""One image on the server: submit it, follow it to its end, cancel it.

The websocket only says when to look; what became of a prompt is asked over HTTP (PROTOCOL.md,
sections 5 and 8). So a silent, lost or replaced websocket costs time, never an image.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from batchgen_app.batches.server import Server
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.watching import Watch
from batchgen_app.comfy.client import Ended, Gone, HistoryEntry, SubmitAnswer, Waiting, Whereabouts
from batchgen_app.core.errors import (
    GenerationTimedOut,
    ServerError,
    ServerFault,
    ServerUnreachable,
)
from batchgen_app.core.wire import JsonObject

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """How long to wait for what, in seconds."""

    stall: float = 300.0
    """Without progress, an image is given up."""
    look: float = 2.0
    """Between two looks at the server while the websocket says nothing."""
    look_when_stopping: float = 0.25
    websocket: float = 2.0
    """For a websocket, before a prompt is submitted without one."""
    retry: float = 1.0
    """Before the first new try when the server does not answer; doubles up to ``retry_at_most``."""
    retry_at_most: float = 8.0
    stopping: float = 10.0
    """How long a server that does not answer is waited for once a stop is requested."""

    def pauses(self) -> Iterator[float]:
        """Between one try and the next, for ever."""
        pause = self.retry
        while True:
            yield pause
            pause = min(2 * pause, self.retry_at_most)


class PromptGone(Exception):
    """The server does not know the prompt any more. ``lost``: a restart or a lost connection
    explains it, so it may be submitted again; else somebody took it out of the queue.
    """

    def __init__(self, *, lost: bool) -> None:
        self.lost = lost
        super().__init__("lost" if lost else "removed")


class Prompting:
    """Brings prompts of one batch to their end on one server."""

    def __init__(
        self,
        server: Server,
        patience: Patience,
        stop: Stop,
        on_trouble: Callable[[str | None], None],
    ) -> None:
        self._server = server
        self._client = server.client
        self._patience = patience
        self._stop = stop
        self._on_trouble = on_trouble
        self._given_up: set[str] = set()
        self._impatience = asyncio.Event()

    async def submit(self, nodes: JsonObject, prompt_id: str) -> str:
        """Hand a workflow over exactly once; gives the id under which the server runs it.

        Raises PromptRefused or ServerFault where the server does not take it. An answer that does
        not come is no reason to send again: the prompt may have been accepted (section 8).
        """
        while True:
            try:
                return (await self._send(nodes, prompt_id)).prompt_id
            except (ServerUnreachable, ServerFault) as error:
                if await self._was_accepted(prompt_id):
                    return prompt_id
                if isinstance(error, ServerFault):
                    raise

    def ask_again(self) -> None:
        """Where the server is being waited for, try at once."""
        self._impatience.set()

    async def _send(self, nodes: JsonObject, prompt_id: str) -> SubmitAnswer:
        """With a websocket to hear about it, if there can be one; its silence is noticed."""
        listener = self._server.listener
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience.websocket):
                await listener.connected()
        sent_at = time.monotonic()
        answer = await self._client.submit(nodes, prompt_id=prompt_id, client_id=listener.client_id)
        listener.expect_status(since=sent_at)
        return answer

    async def _was_accepted(self, prompt_id: str) -> bool:
        return not isinstance(await self.whereabouts(prompt_id), Gone)

    async def follow(self, prompt_id: str, watch: Watch) -> HistoryEntry:
        """Wait until the prompt has ended, whichever way.

        Raises PromptGone, GenerationTimedOut, or TimeoutError when it should stop and the server
        does not answer.
        """
        self._stop.on_request(watch.news.set)
        while True:
            await self._news(watch)
            if self._stop.requested:
                await self._ask(lambda: self._client.cancel(prompt_id))
            match await self.whereabouts(prompt_id):
                case Ended(entry=entry):
                    return entry
                case Gone():
                    raise PromptGone(lost=watch.connection_lost)
                case Waiting(behind=behind) if not behind <= self._given_up:
                    watch.touch()
            await self._give_up_if_stalled(prompt_id, watch)

    async def _news(self, watch: Watch) -> None:
        """Wait for a reason to look, at most as long as one should wait between two looks."""
        stopping = self._stop.requested
        look = self._patience.look_when_stopping if stopping else self._patience.look
        with suppress(TimeoutError):
            async with asyncio.timeout(look):
                await watch.news.wait()
        watch.news.clear()

    async def _give_up_if_stalled(self, prompt_id: str, watch: Watch) -> None:
        if watch.silent_for < self._patience.stall:
            return
        self._given_up.add(prompt_id)
        with suppress(ServerError):
            await self._client.cancel(prompt_id)
        raise GenerationTimedOut

    async def whereabouts(self, prompt_id: str) -> Whereabouts:
        """Where a prompt is, as soon as the server says so. Raises TimeoutError when it should stop
        and the server does not answer.
        """
        return await self._ask(lambda: self._client.whereabouts(prompt_id))

    async def _ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Ask until the server answers, and show that it does not. Raises TimeoutError when a stop
        is requested and it still does not.
        """
        async with self._stop.limit(self._patience.stopping):
            for pause in self._patience.pauses():
                try:
                    answer = await question()
                except (ServerUnreachable, ServerFault):
                    self._on_trouble(f"Server not answering, trying again in {pause:.0f} s")
                    await self._pause(pause)
                else:
                    self._on_trouble(None)
                    return answer
        raise AssertionError("there is always another pause")

    async def _pause(self, seconds: float) -> None:
        self._impatience.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._impatience.wait()
