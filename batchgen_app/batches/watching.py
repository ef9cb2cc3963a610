"""What the websocket says, sorted by prompt. Messages about prompts that nobody here submitted are
dropped: on a shared server they are other people's (PROTOCOL.md, section 3).
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from batchgen_app.batches.activity import is_recalled
from batchgen_app.batches.sending import SentPictures
from batchgen_app.comfy.client import HistoryEntry, Outcome, OutputFile
from batchgen_app.comfy.history import files_of
from batchgen_app.comfy.listener import Connected, Disconnected, Heard
from batchgen_app.comfy.messages import (
    Executing,
    ExecutionCached,
    ExecutionSucceeded,
    Message,
    NodeExecuted,
    Preview,
    Progress,
    PromptEnded,
)
from batchgen_app.core.wire import JsonObject

MOST_OUTPUTS = 64
"""Nodes of one prompt whose files are remembered."""


@dataclass(frozen=True)
class Place:
    """How many prompts of others run or wait before this one; None once it has begun."""

    ahead: int | None


News: TypeAlias = Message | Place


class Watch:
    """What is known about one prompt from hearing and seeing; ``news`` is set when its truth should
    be asked for.
    """

    def __init__(self, on_news: Callable[[News], None], sent: SentPictures) -> None:
        self.news = asyncio.Event()
        self.sent = sent
        self.has_ended = False
        self.connection_lost = False
        self.has_begun = False
        self.has_waited = False
        self._on_news = on_news
        self._heard_at = time.monotonic()
        self._recalled: frozenset[str] = frozenset()
        self._has_run = False
        self._place: Place | None = None
        self._files: dict[str, tuple[OutputFile, ...]] = {}
        self._succeeded = False

    def touch(self) -> None:
        """It is alive: silence is counted from now."""
        self._heard_at = time.monotonic()

    @property
    def silent_for(self) -> float:
        """Seconds since anything was heard about the prompt."""
        return time.monotonic() - self._heard_at

    def hear(self, message: Message) -> None:
        """A message about this prompt."""
        self.begin()
        self.touch()
        self._remember(message)
        self._on_news(message)
        if isinstance(message, PromptEnded):
            self.has_ended = True
            self.news.set()

    def begin(self) -> None:
        """It runs, or did."""
        self.has_begun = True
        self._stand(Place(None))

    def wait(self, ahead: int) -> None:
        """It is seen in the queue, with ``ahead`` prompts of others before it."""
        self.has_waited = True
        self._stand(Place(ahead))

    @property
    def was_taken(self) -> bool:
        """Out of the queue: it was seen to wait and never to run, and nothing was missed."""
        return self.has_waited and not (self.has_begun or self.connection_lost)

    def miss(self) -> None:
        """Something may have been missed, a restart of the server for example."""
        self.touch()
        self.connection_lost = True

    def lose_connection(self) -> None:
        """Messages may have been missed: the server has to be asked."""
        self.miss()
        self.news.set()

    @property
    def heard_result(self) -> HistoryEntry | None:
        """The pictures that it made, if the server said so before it forgot them."""
        files = sorted(chain(*self._files.values()), key=lambda file: file.type != "output")
        if not (self._succeeded and (files or self.sent.pictures)):
            return None
        return HistoryEntry(Outcome.SUCCEEDED, tuple(files), error=None, seconds=None)

    def is_recalled(self, nodes: JsonObject) -> bool:
        """Whether the server says that it did nothing of this graph, or of it nothing that takes
        long: the results of an earlier prompt served.
        """
        did_nothing = self._succeeded and not (self._has_run or self.connection_lost)
        return did_nothing or is_recalled(nodes, self._recalled)

    @property
    def has_all_sent(self) -> bool:
        """Whether every picture is there that the prompt sent."""
        return self.sent.are_whole(nothing_missed=not self.connection_lost)

    def _remember(self, message: Message) -> None:
        self.sent.hear(message)
        match message:
            case NodeExecuted(node=node, output=output) if len(self._files) < MOST_OUTPUTS:
                self._files[node] = tuple(files_of(node, output))
            case ExecutionCached(nodes=nodes):
                self._recalled = frozenset(nodes)
            case Executing() | Progress():
                self._has_run = True
            case ExecutionSucceeded():
                self._succeeded = True

    def _stand(self, place: Place) -> None:
        if place != self._place:
            self._place = place
            self._on_news(place)


class Switchboard:
    """Gives each message to the watch of its prompt. A picture that does not say whose it is, as
    older servers send them, is that of the node which runs.
    """

    def __init__(self) -> None:
        self._watches: dict[str, Watch] = {}
        self._running: Executing | None = None

    @contextmanager
    def watch(
        self, prompt_id: str, on_news: Callable[[News], None], senders: tuple[str, ...]
    ) -> Iterator[Watch]:
        """News about ``prompt_id``, as long as the context lasts; the nodes ``senders`` send their
        pictures.
        """
        watch = self._watches[prompt_id] = Watch(on_news, SentPictures(senders))
        try:
            yield watch
        finally:
            if self._watches.get(prompt_id) is watch:  # ids come from outside: it may be another's
                del self._watches[prompt_id]

    def __call__(self, heard: Heard) -> None:
        """Take one message from the listener."""
        if isinstance(heard, Connected | Disconnected | PromptEnded | Executing):
            self._running = heard if isinstance(heard, Executing) else None
        elif isinstance(heard, Preview) and heard.prompt_id is None and self._running:
            heard = replace(heard, prompt_id=self._running.prompt_id, node=self._running.node)
        if isinstance(heard, Connected | Disconnected):
            for watch in self._watches.values():
                watch.lose_connection()
        elif meant := self._watches.get(getattr(heard, "prompt_id", None) or ""):
            meant.hear(heard)
