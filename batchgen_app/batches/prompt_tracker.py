"""What is known of each prompt while it is on the server, and what pages are shown of that.
Messages about prompts that nobody here submitted are dropped: on a shared server they are other
people's (PROTOCOL.md, section 3).

Some nodes send their pictures over the websocket instead of keeping them (section 4). Nothing
names those afterwards: whoever does not hear them has lost them.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias

from batchgen_app.batches.activity import activity_of, in_all, is_recalled, is_sampler
from batchgen_app.comfy.client import HistoryEntry, Outcome, OutputFile
from batchgen_app.comfy.listener import Connected, Disconnected, Heard
from batchgen_app.comfy.messages import (
    Executing,
    ExecutionCached,
    ExecutionSucceeded,
    Message,
    NodeExecuted,
    Preview,
    Progress,
    ProgressState,
    PromptEnded,
)
from batchgen_app.comfy.prompt_status import SentPicture, files_of
from batchgen_app.core.passing import NodeBegun, Passing, PlaceChanged, PreviewArrived, StepDone
from batchgen_app.core.wire import JsonObject

SENDING = frozenset({"SaveImageWebsocket"})
"""Node types; each sends one PNG for every picture of its batch, and tells how many those are."""
MOST_SENT = 500
"""Pictures of one prompt that are kept."""
MOST_BYTES = 300_000_000
"""Of them together, as they wait in memory until the prompt has ended."""


def senders_in(nodes: JsonObject) -> tuple[str, ...]:
    """Ids of the nodes of a graph that send their pictures, in its order."""
    return tuple(id_ for id_, node in nodes.items() if node.get("class_type") in SENDING)


class SentPictures:
    """What the ``senders`` of one prompt have sent so far."""

    def __init__(self, senders: tuple[str, ...] = ()) -> None:
        self._heard: dict[str, list[SentPicture]] = {sender: [] for sender in senders}
        self._promised: defaultdict[str, int] = defaultdict(int)
        self._bytes = 0

    @property
    def pictures(self) -> tuple[SentPicture, ...]:
        """In the graph's order of nodes, those of one node in the order of its batch."""
        return tuple(chain.from_iterable(self._heard.values()))

    def missing(self, *, nothing_missed: bool) -> tuple[str, ...]:
        """The senders of which not all pictures are there: any where the websocket was away for a
        time, else one of those that told of some, as a server may leave a node out.
        """
        counted = self._promised if nothing_missed else self._heard
        return tuple(s for s in counted if len(self._heard[s]) < max(1, self._promised[s]))

    def hear(self, message: Message) -> None:
        """Keep it, if it is a picture or the number of them."""
        match message:
            case Preview(node=str(node), content_type="image/png") if node in self._heard:
                self._keep(node, message.picture)
            case Progress(node=node, maximum=maximum) if node in self._heard:
                self._promised[node] = int(maximum)

    def _keep(self, node: str, picture: bytes) -> None:
        has_room = self._bytes + len(picture) <= MOST_BYTES
        if has_room and len(self.pictures) < MOST_SENT:
            self._heard[node].append(SentPicture(picture, node_id=node))
            self._bytes += len(picture)


@dataclass(frozen=True)
class QueuePlace:
    """How many prompts of others run or wait before this one; None once it has begun."""

    ahead: int | None


PromptNews: TypeAlias = Message | QueuePlace

MOST_OUTPUTS = 64
"""Nodes of one prompt whose files are remembered."""


class PromptTracker:
    """What is known of one prompt, from messages and from looks at the server. ``news`` is set when
    the server should be asked about it.
    """

    def __init__(self, on_news: Callable[[PromptNews], None], sent: SentPictures) -> None:
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
        self._place: QueuePlace | None = None
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
        """It was seen or heard to run, or to have run."""
        self.has_begun = True
        self._stand(QueuePlace(None))

    def wait(self, ahead: int) -> None:
        """It is seen in the queue, with ``ahead`` prompts of others before it."""
        self.has_waited = True
        self._stand(QueuePlace(ahead))

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
        # Saved ones before those that are only shown ("temp"), as in HistoryEntry.files.
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

    def _remember(self, message: Message) -> None:
        self.sent.hear(message)
        match message:
            case NodeExecuted(node=node, output=output) if len(self._files) < MOST_OUTPUTS:
                self._files[node] = tuple(files_of(node, output))
            case ExecutionCached(nodes=nodes):
                # Nodes that are recalled are not begun either (PROTOCOL.md, section 2).
                self._recalled = frozenset(nodes)
            case Executing() | Progress():
                self._has_run = True
            case ExecutionSucceeded():
                self._succeeded = True

    def _stand(self, place: QueuePlace) -> None:
        if place != self._place:
            self._place = place
            self._on_news(place)


class PromptRouter:
    """Gives each message to the tracker of its prompt. A picture that does not say whose it is, as
    older servers send them, is that of the node which runs.
    """

    def __init__(self) -> None:
        self._followed: dict[str, PromptTracker] = {}
        self._running: Executing | None = None

    @contextmanager
    def tracker(
        self, prompt_id: str, on_news: Callable[[PromptNews], None], senders: tuple[str, ...]
    ) -> Iterator[PromptTracker]:
        """Messages about ``prompt_id``, as long as the context lasts; the nodes ``senders`` send
        their pictures.
        """
        tracker = self._followed[prompt_id] = PromptTracker(on_news, SentPictures(senders))
        try:
            yield tracker
        finally:
            # Ids come from servers, too: the place may be another prompt's by now.
            if self._followed.get(prompt_id) is tracker:
                del self._followed[prompt_id]

    def __call__(self, heard: Heard) -> None:
        """Take one message from the listener."""
        if isinstance(heard, Connected | Disconnected | PromptEnded | Executing):
            # What ran before a reconnect is not what runs now; behind an end, nothing does.
            self._running = heard if isinstance(heard, Executing) else None
        elif isinstance(heard, Preview) and heard.prompt_id is None and self._running:
            heard = replace(heard, prompt_id=self._running.prompt_id, node=self._running.node)
        if isinstance(heard, Connected | Disconnected):
            for tracker in self._followed.values():
                tracker.lose_connection()
        elif meant := self._followed.get(getattr(heard, "prompt_id", None) or ""):
            meant.hear(heard)


LARGEST_PREVIEW = 4 * 2**20
"""Bytes: of 512 pixels a side it has some 40,000; pages get each one whole."""


def passing_of(news: PromptNews, batch_id: str, index: int, nodes: JsonObject) -> Passing | None:
    """What pages are shown of ``news``, None if nothing; ``nodes`` is the graph that runs."""
    match news:
        case QueuePlace(ahead=ahead):
            return PlaceChanged(batch_id, index, ahead)
        case Progress(node=node, value=value, maximum=maximum) if is_sampler(nodes, node):
            return StepDone(batch_id, index, *in_all(nodes, node, int(value), int(maximum)))
        case Executing() | ProgressState() if activity := activity_of(news, nodes):
            return NodeBegun(batch_id, index, activity)
        case Preview(picture=picture, content_type=kind) if len(picture) <= LARGEST_PREVIEW:
            return PreviewArrived(batch_id, index, picture, kind)
        case _:
            return None
