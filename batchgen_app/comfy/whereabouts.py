"""Where a prompt is: the four answers, and how the queue is read (PROTOCOL.md, 6 and 8)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from batchgen_app.comfy.history import HistoryEntry
from batchgen_app.comfy.json_text import is_number
from batchgen_app.core.wire import JsonObject


@dataclass(frozen=True)
class Ended:
    """It is in the history."""

    entry: HistoryEntry


@dataclass(frozen=True)
class Running:
    """The server works on it."""


@dataclass(frozen=True)
class Waiting:
    """``position`` 1 is the next to run; ``behind`` are the ids that run or wait before it."""

    position: int
    behind: frozenset[str]


@dataclass(frozen=True)
class Gone:
    """The server does not know it: taken out of the queue, or lost in a restart."""


Whereabouts: TypeAlias = Ended | Running | Waiting | Gone


def place_in_queue(queue: JsonObject, prompt_id: str) -> Running | Waiting | None:
    """Where ``prompt_id`` stands in the answer of ``GET /queue``."""
    running = [item_id for _, item_id in _items(queue, "queue_running")]
    if prompt_id in running:
        return Running()
    # The list comes unsorted; the server runs by number, then by id.
    waiting = [item_id for _, item_id in sorted(_items(queue, "queue_pending"))]
    if prompt_id not in waiting:
        return None
    before = waiting.index(prompt_id)
    return Waiting(before + 1, frozenset([*running, *waiting[:before]]))


def copies_in_queue(queue: JsonObject, prompt_id: str) -> int:
    """How often ``prompt_id`` runs or waits: a server does not look whether an id is new."""
    items = [*_items(queue, "queue_running"), *_items(queue, "queue_pending")]
    return sum(item_id == prompt_id for _, item_id in items)


def _items(queue: JsonObject, name: str) -> Iterator[tuple[float, str]]:
    items = queue.get(name)
    for item in items if isinstance(items, list) else []:
        match item:
            case [number, str(prompt_id), *_] if is_number(number):
                yield number, prompt_id
