"""One image on the server: submit it, follow it to its end, cancel it.

The websocket only says when to look; what became of a prompt is asked over HTTP (PROTOCOL.md,
sections 5 and 8). So a silent, lost or blocked websocket costs time, never an image.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace

from batchgen_app.batches.prompt_tracker import PromptNews, PromptTracker
from batchgen_app.batches.prompts import Prompts
from batchgen_app.comfy.client import Ended, Gone, HistoryEntry, PromptStatus, Running, Waiting
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

OnNews = Callable[[PromptNews], None]


class PromptGone(Exception):
    """The server does not know the prompt any more. ``lost``: a restart, a lost connection or a
    history that somebody emptied explains it, so it may be submitted again; else somebody took it
    out of the queue.
    """

    def __init__(self, *, lost: bool) -> None:
        self.lost = lost
        super().__init__("lost" if lost else "removed")


class Prompt:
    """One prompt: its ``id``, by which connection and since when (monotonic seconds) it was posted,
    and all that is heard and seen of it until it is left; nodes that are ``senders`` send pictures.
    """

    def __init__(
        self, prompts: Prompts, prompt_id: str, on_news: OnNews, senders: tuple[str, ...]
    ) -> None:
        self.is_given_up = False
        self.posted_at: float | None = None
        self._prompts = prompts
        self._retry = prompts.retry
        self._client = prompts.server.client
        self._late_prompts = prompts.server.late_prompts
        self._timeouts = prompts.timeouts
        self._stop = prompts.stop
        self._posted_by: str | None = None
        self._is_sent_twice = False
        self._is_recalled = False
        self._on_news = on_news
        self._senders = senders
        self._listening = ExitStack()
        self._be(prompt_id)

    def leave(self) -> None:
        """Stop listening to messages about it."""
        self._listening.close()

    async def submit(self, nodes: JsonObject) -> None:
        """Hand a workflow over exactly once. From then on, ``id`` is the one under which the server
        runs it. What it takes in beyond that is taken back. Raises PromptRefused or ServerFault
        where the server does not take it or its answer makes no sense, TimeoutError when a stop is
        requested meanwhile, PromptGone when it is recalled before the server has it.
        """
        self.posted_at = time.monotonic()
        answered = await self._handed_over(nodes)
        if answered != self.id and (self._client.makes_ids or await self._is_renamed(answered)):
            self._be(answered)

    async def prompt_status(self) -> PromptStatus:
        """Where it is, while it is wanted, as soon as the server says so. Raises TimeoutError when
        it should stop and the server does not answer.
        """
        self._late_prompts.let_be(self.id)
        return await self._retry.ask(self._where)

    async def follow(self) -> HistoryEntry:
        """Wait until it has ended, whichever way. Raises PromptGone, GenerationTimedOut,
        ServerFault, or TimeoutError when it should stop and the server does not let go.
        """
        try:
            return await self._followed()
        except asyncio.CancelledError:
            self._is_sent_twice = False  # it goes on: the next start looks for it
            raise
        finally:
            self._take_back_copies()

    async def with_sent(self, entry: HistoryEntry, nodes: JsonObject) -> HistoryEntry:
        """``entry``, in which the graph ``nodes`` has ended, with the pictures that were heard of
        those that it sent. Raises TimeoutError when a stop is requested meanwhile.
        """
        await self._hear_out()
        tracker, is_heard = self.tracker, self._is_heard_about()
        missing = tracker.sent.missing(nothing_missed=is_heard and not tracker.connection_lost)
        return replace(entry, sent=tracker.sent.pictures, unheard=missing, order=tuple(nodes))

    def withdraw(self) -> None:
        """Nobody wants it any more: cancel it, without waiting; also one that is on its way."""
        is_there = self.tracker.has_begun or self.tracker.has_waited
        (self._late_prompts.stop if is_there else self._late_prompts.take_back)(self.id)

    def recall(self) -> None:
        """Take it out of the server's queue, if it has not begun; whoever follows it sees that."""
        self._is_recalled = True
        self.tracker.news.set()

    def expect_no_more(self) -> None:
        """An earlier run of the app submitted it, and the server does not know it: should it come,
        it is too late.
        """
        self._late_prompts.take_back(self.id)

    def _be(self, prompt_id: str) -> None:
        self.id = prompt_id
        self._prompts.know(self)
        self._listening.close()
        listened = self._prompts.server.router.tracker(prompt_id, self._on_news, self._senders)
        self.tracker: PromptTracker = self._listening.enter_context(listened)

    async def _handed_over(self, nodes: JsonObject) -> str:
        """The id with which the server answers."""
        is_known = False

        async def hand_over() -> str:
            nonlocal is_known
            if is_known:
                # An answer that did not come is no reason to send again (section 8).
                if not isinstance(await self._where(), Gone):
                    return self.id
                if self._is_recalled:
                    raise PromptGone(lost=False)
                self._is_sent_twice = True
            is_known = True
            return await self._send(nodes)

        try:
            return await self._retry.ask(hand_over, faults=SUBMIT_TRIES)
        except TimeoutError:
            heard = self._late_prompts.take_back(self.id)
            with suppress(TimeoutError):
                await asyncio.wait_for(heard.wait(), WITHDRAWING)
            raise
        except ServerError:
            self._take_back_copies()
            raise

    async def _send(self, nodes: JsonObject) -> str:
        """With a websocket to hear about it, if there can be one; its silence is noticed."""
        sender, sent_at = await self._prompts.websocket(), time.monotonic()
        answer = await self._client.submit(nodes, prompt_id=self.id, client_id=sender)
        self._posted_by = sender
        self._prompts.server.listener.expect_status(since=sent_at)
        return answer.prompt_id

    async def _is_renamed(self, answered: str) -> bool:
        """Older servers make ids of their own; of others, it is only the answer that is wrong."""
        if not isinstance(await self.prompt_status(), Gone):
            return False
        made = self._prompts.server.ids_it_made
        if answered in made:
            raise ServerFault(SAME_ID)
        made.add(answered)
        return True

    async def _where(self) -> PromptStatus:
        return await self._client.prompt_status(self.id)

    async def _followed(self) -> HistoryEntry:
        """A question that is on its way is abandoned when a stop is requested."""
        try:
            async with self._stop.limit(0):
                while (entry := await self._look()) is None:
                    await self._give_up_if_stalled()
                return entry
        except TimeoutError:
            return await self._let_go()

    async def _let_go(self) -> HistoryEntry:
        """Have the server stop it; what it does not in time, ``late_prompts`` goes on with."""
        async with self._stop.limit(self._timeouts.letting_go):
            await self._late_prompts.stop(self.id).wait()
            while (entry := self._seen(await self._retry.ask(self._where))) is None:
                await self._news(self._timeouts.look_when_stopping)
            return entry

    def _take_back_copies(self) -> None:
        if self._is_sent_twice:
            self._late_prompts.take_back(self.id)

    async def _look(self) -> HistoryEntry | None:
        """What became of it; None while nothing did."""
        outages = self._retry.outages
        await self._news(self._between_looks())
        if self._is_recalled and not self.tracker.has_begun:
            await self._retry.ask(lambda: self._client.take_out(self.id))
        where = await self.prompt_status()
        if self._is_sent_twice and isinstance(where, Running | Waiting):
            # Servers run the same id as often as it was posted.
            await self._retry.ask(lambda: self._client.drop_copies(self.id))
        if self._retry.outages > outages:
            # The server was away: it may have been restarted, and so have forgotten the prompt.
            self.tracker.miss()
        return self._seen(where)

    def _seen(self, where: PromptStatus) -> HistoryEntry | None:
        tracker = self.tracker
        match where:
            case Ended(entry=entry):
                return entry
            case Gone():
                if tracker.heard_result is None:
                    raise PromptGone(lost=not tracker.was_taken)
                return tracker.heard_result
            case Running():
                tracker.begin()
            case Waiting(behind=behind, is_sign_of_life=is_alive):
                tracker.wait(self._prompts.others(behind))
                # A sign of life, but not behind prompts of ours on which the server hangs.
                if is_alive or not self._prompts.are_given_up(behind):
                    tracker.touch()
        return None

    def _between_looks(self) -> float:
        if not self._is_heard_about():
            return self._timeouts.look_without_websocket
        is_known = self.tracker.has_begun or self.tracker.has_waited
        return self._timeouts.look if is_known else self._timeouts.first_look

    async def _news(self, seconds: float) -> None:
        """Wait for a reason to look, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.tracker.news.wait()
        self.tracker.news.clear()

    async def _hear_out(self) -> None:
        """Wait until all that is said about it was heard, if it can be."""
        async with self._stop.limit(self._timeouts.letting_go):
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timeouts.last_words):
                    while self._is_heard_about() and not self.tracker.has_ended:
                        await self.tracker.news.wait()
                        self.tracker.news.clear()

    def _is_heard_about(self) -> bool:
        """Messages go to the connection by which a prompt was posted, and to no later one."""
        now = self._prompts.server.listener.client_id
        return now is not None and now == self._posted_by

    async def _give_up_if_stalled(self) -> None:
        """Where nothing can be heard, silence means nothing."""
        if not self._is_heard_about():
            self.tracker.touch()
        if self.tracker.silent_for < self._timeouts.stall:
            return
        self.is_given_up = True
        with suppress(ServerError):
            await self._client.cancel(self.id)
        raise GenerationTimedOut
