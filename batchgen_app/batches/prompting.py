"""One image on the server: submit it, follow it to its end, cancel it.

The websocket only says when to look; what became of a prompt is asked over HTTP (PROTOCOL.md,
sections 5 and 8). So a silent, lost or blocked websocket costs time, never an image.
"""

import asyncio
import time
from contextlib import suppress

from batchgen_app.batches.asking import Asking, OnTrouble
from batchgen_app.batches.patience import Patience
from batchgen_app.batches.server import Server
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.watching import Watch
from batchgen_app.comfy.client import Ended, Gone, HistoryEntry, Running, Waiting, Whereabouts
from batchgen_app.core.errors import GenerationTimedOut, ServerError, ServerFault
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later

SUBMIT_TRIES = 4
"""Of a prompt to which the server answers with 5xx: one, and three more with growing pauses."""
SAME_ID = later(
    "The server answered with the same id as for an earlier image, so this one cannot be told "
    "from it. Restart ComfyUI, or look at what stands between it and BatchGen."
)
WITHDRAWING = 0.4
"""Seconds for the last word to a server that did not answer."""


class PromptGone(Exception):
    """The server does not know the prompt any more. ``lost``: a restart, a lost connection or a
    history that somebody emptied explains it, so it may be submitted again; else somebody took it
    out of the queue.
    """

    def __init__(self, *, lost: bool) -> None:
        self.lost = lost
        super().__init__("lost" if lost else "removed")


class Prompting:
    """Brings prompts of one batch to their end on one server."""

    def __init__(
        self, server: Server, patience: Patience, stop: Stop, on_trouble: OnTrouble
    ) -> None:
        self.asking = Asking(patience, stop, on_trouble)
        self._server = server
        self._client = server.client
        self._patience = patience
        self._stop = stop
        self._posted_by: dict[str, str | None] = {}
        self._given_up: set[str] = set()
        self._sent_twice: set[str] = set()
        self._waited_in_vain = False

    async def submit(self, nodes: JsonObject, prompt_id: str) -> str:
        """Hand a workflow over exactly once; gives the id under which the server runs it. What it
        takes in beyond that is taken back.

        Raises PromptRefused or ServerFault where the server does not take it or its answer makes no
        sense, TimeoutError when a stop is requested meanwhile.
        """
        answered = await self._handed_over(nodes, prompt_id)
        return answered if answered == prompt_id else await self._renamed(prompt_id, answered)

    async def _handed_over(self, nodes: JsonObject, prompt_id: str) -> str:
        is_known = False

        async def hand_over() -> str:
            nonlocal is_known
            if is_known:
                if await self._was_accepted(prompt_id):
                    return prompt_id
                self._sent_twice.add(prompt_id)
            is_known = True
            return await self._send(nodes, prompt_id)

        try:
            return await self.asking.ask(hand_over, faults=SUBMIT_TRIES)
        except TimeoutError:
            heard = self._server.stragglers.take_back(prompt_id)
            with suppress(TimeoutError):
                await asyncio.wait_for(heard.wait(), WITHDRAWING)
            raise
        except ServerError:
            self._take_back_copies(prompt_id)
            raise

    async def _renamed(self, prompt_id: str, answered: str) -> str:
        """Older servers make ids of their own; of others, it is only the answer that is wrong."""
        if not isinstance(await self.whereabouts(prompt_id), Gone):
            self._posted_by[prompt_id] = self._posted_by.pop(answered, None)
            return prompt_id
        if answered in self._server.ids_it_made:
            raise ServerFault(SAME_ID)
        self._server.ids_it_made.add(answered)
        return answered

    async def whereabouts(self, prompt_id: str) -> Whereabouts:
        """Where a prompt is that is wanted, as soon as the server says so. Raises TimeoutError when
        it should stop and the server does not answer.
        """
        self._server.stragglers.let_be(prompt_id)
        return await self.asking.ask(lambda: self._client.whereabouts(prompt_id))

    async def follow(self, prompt_id: str, watch: Watch) -> HistoryEntry:
        """Wait until the prompt has ended, whichever way.

        Raises PromptGone, GenerationTimedOut, ServerFault, or TimeoutError when it should stop and
        the server does not let go.
        """
        self._posted_by.setdefault(prompt_id, None)
        try:
            return await self._followed(prompt_id, watch)
        except asyncio.CancelledError:
            self._sent_twice.discard(prompt_id)  # it goes on: the next start looks for it
            raise
        finally:
            self._take_back_copies(prompt_id)

    async def hear_out(self, prompt_id: str, watch: Watch) -> None:
        """Wait until all that is said about a prompt that has ended was heard, if it can be. Raises
        TimeoutError when a stop is requested meanwhile.
        """
        async with self._stop.limit(self._patience.letting_go):
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience.last_words):
                    while self._hears_about(prompt_id) and not watch.has_ended:
                        await watch.news.wait()
                        watch.news.clear()

    def expect_no_more(self, prompt_id: str) -> None:
        """Of an earlier run of the app, which the server does not know: should it come, it is too
        late.
        """
        self._server.stragglers.take_back(prompt_id)

    async def _followed(self, prompt_id: str, watch: Watch) -> HistoryEntry:
        """A question that is on its way is abandoned when a stop is requested."""
        try:
            async with self._stop.limit(0):
                while (entry := await self._look(prompt_id, watch)) is None:
                    await self._give_up_if_stalled(prompt_id, watch)
                return entry
        except TimeoutError:
            return await self._let_go(prompt_id, watch)

    async def _let_go(self, prompt_id: str, watch: Watch) -> HistoryEntry:
        """Have the server stop it; what it does not stop in time is hunted on, without us."""
        async with self._stop.limit(self._patience.letting_go):
            await self._server.stragglers.stop(prompt_id).wait()
            while True:
                where = await self.asking.ask(lambda: self._client.whereabouts(prompt_id))
                if (entry := self._seen(where, watch)) is not None:
                    return entry
                await self._news(watch, self._patience.look_when_stopping)

    def _take_back_copies(self, prompt_id: str) -> None:
        if prompt_id in self._sent_twice:
            self._server.stragglers.take_back(prompt_id)

    async def _was_accepted(self, prompt_id: str) -> bool:
        """An answer that did not come is no reason to send again (section 8)."""
        return not isinstance(await self._client.whereabouts(prompt_id), Gone)

    async def _send(self, nodes: JsonObject, prompt_id: str) -> str:
        """With a websocket to hear about it, if there can be one; its silence is noticed."""
        await self._wait_for_websocket()
        listener = self._server.listener
        sent_at, sender = time.monotonic(), listener.client_id
        answer = await self._client.submit(nodes, prompt_id=prompt_id, client_id=sender)
        self._posted_by[answer.prompt_id] = sender
        listener.expect_status(since=sent_at)
        return answer.prompt_id

    async def _wait_for_websocket(self) -> None:
        """Where none came for one prompt, the next one does not wait for it."""
        listener = self._server.listener
        seconds = 0 if self._waited_in_vain else self._patience.websocket
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await listener.connected()
        self._waited_in_vain = listener.client_id is None

    async def _look(self, prompt_id: str, watch: Watch) -> HistoryEntry | None:
        """What became of it; None while nothing did."""
        outages = self.asking.outages
        await self._news(watch, self._between_looks(prompt_id, watch))
        where = await self.whereabouts(prompt_id)
        if prompt_id in self._sent_twice and isinstance(where, Running | Waiting):
            await self.asking.ask(lambda: self._client.drop_copies(prompt_id))
        if self.asking.outages > outages:
            watch.miss()
        return self._seen(where, watch)

    def _seen(self, where: Whereabouts, watch: Watch) -> HistoryEntry | None:
        match where:
            case Ended(entry=entry):
                return entry
            case Gone():
                if watch.heard_result is None:
                    raise PromptGone(lost=not _was_taken(watch))
                return watch.heard_result
            case Running():
                watch.begin()
            case Waiting(behind=behind):
                watch.wait(len(behind - self._posted_by.keys()))
                if not behind <= self._given_up:
                    watch.touch()
        return None

    def _between_looks(self, prompt_id: str, watch: Watch) -> float:
        if self._hears_about(prompt_id):
            is_known = watch.has_begun or watch.has_waited
            return self._patience.look if is_known else self._patience.first_look
        return self._patience.look_without_websocket

    async def _news(self, watch: Watch, seconds: float) -> None:
        """Wait for a reason to look, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await watch.news.wait()
        watch.news.clear()

    def _hears_about(self, prompt_id: str) -> bool:
        """Messages go to the connection by which a prompt was posted, and to no later one."""
        now = self._server.listener.client_id
        return now is not None and now == self._posted_by[prompt_id]

    async def _give_up_if_stalled(self, prompt_id: str, watch: Watch) -> None:
        """Where nothing can be heard, silence means nothing."""
        if not self._hears_about(prompt_id):
            watch.touch()
        if watch.silent_for < self._patience.stall:
            return
        self._given_up.add(prompt_id)
        with suppress(ServerError):
            await self._client.cancel(prompt_id)
        raise GenerationTimedOut


def _was_taken(watch: Watch) -> bool:
    """Out of the queue: it was seen to wait and never to run, and nothing was missed."""
    return watch.has_waited and not (watch.has_begun or watch.connection_lost)
