"""Where a prompt is (PROTOCOL.md, sections 6 and 8), and what became of it when it has ended: its
entry in the server's history (section 5).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Self, TypeAlias

from batchgen_app.comfy.messages import ExecutionErrored, ExecutionInterrupted, Message
from batchgen_app.comfy.parsing import read_message
from batchgen_app.core import media
from batchgen_app.core.errors import ExecutionFailed, ImageError, PictureMissing
from batchgen_app.core.json_values import clipped, is_number, object_or_empty, text_or_none
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.workflows.node_types import node_label

PICTURE_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
LONGEST_NAME = 500
"""Characters of a file's name; no file system takes more."""
NODE_FAILED = later("{node} failed: {reason}")
SAYS_NOT_WHAT = later("The server reports a failure, but not what failed. Check its log.")


class Outcome(Enum):
    """How a prompt ended. The server calls an interrupted one an "error", too."""

    SUCCEEDED = "succeeded"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class OutputFile:
    """A file on the server, by the names that ``GET /view`` wants."""

    filename: str
    subfolder: str
    type: str
    node_id: str

    @property
    def is_picture(self) -> bool:
        """Whether its name is that of a picture."""
        return self.filename.lower().endswith(PICTURE_ENDINGS)

    @property
    def is_work(self) -> bool:
        """Whether it is something to look at or to listen to, by its name; data are not."""
        return media.is_work(self.filename)


@dataclass(frozen=True, eq=False)
class SentPicture:
    """A picture that came over the websocket and is kept nowhere else (PROTOCOL.md, section 4)."""

    data: bytes = field(repr=False)
    filename: str = ""
    node_id: str = ""


Result: TypeAlias = OutputFile | SentPicture


@dataclass(frozen=True)
class HistoryEntry:
    """``files``: those of type "output" first, each kind in the graph's order of nodes; a prompt
    that failed or was interrupted may have some. ``error`` only of a failed one. ``seconds`` is the
    server's time for it, None where it does not tell. No part of the history is what was ``sent``
    and heard meanwhile; ``unheard`` are the nodes whose pictures were not all heard, ``order`` all
    nodes of the graph.
    """

    outcome: Outcome
    files: tuple[OutputFile, ...]
    error: ImageError | None
    seconds: float | None
    sent: tuple[SentPicture, ...] = ()
    unheard: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    @cached_property
    def results(self) -> tuple[Result, ...]:
        """All that the prompt was for, in the order of how much it may be the image: pictures that
        were saved or sent; films, sounds and the like that are saved; where there is none of these,
        pictures that are only shown; then what else is saved, or whatever there is.
        """
        others = [f for f in self.files if f.type == "output" and not f.is_picture]
        works = [file for file in others if file.is_work]
        found = [*self._pictures, *works] or self._only_shown
        return (*found, *(file for file in others if not file.is_work)) or self.files[:1]

    @cached_property
    def _pictures(self) -> list[Result]:
        place = {node_id: number for number, node_id in enumerate(self.order)}
        found: list[Result] = [*self.saved, *self.sent]
        return sorted(found, key=lambda result: place.get(result.node_id, len(place)))

    @cached_property
    def _only_shown(self) -> list[OutputFile]:
        shown = [file for file in self.files if file.type != "output" and file.is_work]
        return [file for file in shown if file.is_picture] or shown

    def image_first(self, outputs: Sequence[str]) -> tuple[Result, ...]:
        """The same, but the image is what the first of these nodes gave that gave anything."""
        place = {node_id: number for number, node_id in enumerate(outputs)}
        if not self.results:
            return ()
        image = min(self.results, key=lambda result: place.get(result.node_id, len(place)))
        return (image, *(result for result in self.results if result is not image))

    @cached_property
    def saved(self) -> tuple[OutputFile, ...]:
        """Pictures that the server keeps."""
        return tuple(file for file in self.files if file.is_picture and file.type == "output")

    @classmethod
    def parse(cls, entry: JsonObject) -> Self:
        """From the server's entry; what is missing or malformed counts as not there."""
        nodes, status = _graph(entry), object_or_empty(entry.get("status"))
        said = list(_said(status))
        outcome = _outcome(status, [message for message, _ in said])
        read = cls(
            outcome=outcome,
            files=_files(object_or_empty(entry.get("outputs")), list(nodes)),
            error=_error([m for m, _ in said], nodes) if outcome is Outcome.FAILED else None,
            seconds=_seconds([at for _, at in said if at is not None]),
        )
        _ = read.results  # worked out here: of many files it takes its time
        return read

    @classmethod
    def unread(cls, why: str) -> Self:
        """Of an entry that is too large to be read: what it tells is not known."""
        error = PictureMissing(
            later(
                "The server's answer about this image is too large. {why} "
                "The picture may lie in ComfyUI's output folder.",
                why=why,
            )
        )
        return cls(Outcome.FAILED, files=(), error=error, seconds=None)


def _graph(entry: JsonObject) -> JsonObject:
    match entry.get("prompt"):
        case [_, _, dict(nodes), *_]:
            return nodes
    return {}


def _said(status: JsonObject) -> Iterator[tuple[Message, float | None]]:
    """The messages that the server keeps, each with its time in milliseconds."""
    kept = status.get("messages")
    for item in kept if isinstance(kept, list) else []:
        match item:
            case [str(kind), dict(data)] if message := read_message(kind, data):
                at = data.get("timestamp")
                yield message, at if is_number(at) else None


def _outcome(status: JsonObject, said: list[Message]) -> Outcome:
    if status.get("status_str") != "error":
        return Outcome.SUCCEEDED
    # The server says "error" of an interruption, too (section 5).
    interrupted = bool(said) and isinstance(said[-1], ExecutionInterrupted)
    return Outcome.INTERRUPTED if interrupted else Outcome.FAILED


def _error(said: list[Message], nodes: JsonObject) -> ExecutionFailed:
    for message in reversed(said):
        if isinstance(message, ExecutionErrored):
            label = node_label(nodes, message.node_id, message.node_type)
            reason = message.message or str(
                message.details.get("exception_type", "no reason given")
            )
            return ExecutionFailed(
                later(NODE_FAILED, node=label, reason=clipped(reason)),
                message.details,
            )
    return ExecutionFailed(SAYS_NOT_WHAT)


def _seconds(times: list[float]) -> float | None:
    if len(times) < 2 or times[-1] < times[0]:
        return None
    return (times[-1] - times[0]) / 1000


def _files(outputs: JsonObject, order: list[str]) -> tuple[OutputFile, ...]:
    """Nodes run in no fixed order, so the graph's own one decides (section 3)."""
    place = {node_id: index for index, node_id in enumerate(order)}
    found = [file for node_id, ui in outputs.items() for file in files_of(node_id, ui)]
    return tuple(
        # False sorts before True: saved files first.
        sorted(found, key=lambda f: (f.type != "output", place.get(f.node_id, len(place))))
    )


def files_of(node_id: str, ui: object) -> Iterator[OutputFile]:
    """What a node's ui object names (section 5): whatever the key, lists of files look alike."""
    for items in object_or_empty(ui).values():
        for item in items if isinstance(items, list) else []:
            match item:
                case {"filename": str(filename)} if len(filename) <= LONGEST_NAME:
                    yield OutputFile(
                        filename,
                        text_or_none(item.get("subfolder")) or "",
                        text_or_none(item.get("type")) or "output",
                        node_id,
                    )


@dataclass(frozen=True)
class Ended:
    """It is in the history."""

    entry: HistoryEntry


@dataclass(frozen=True)
class Running:
    """The server works on it."""


@dataclass(frozen=True)
class Waiting:
    """``position`` 1 is the next to run; ``behind`` are the ids that run or wait before it.
    ``is_sign_of_life``: whatever these are, the server is about to get to it, as one that has to
    find a machine for it first.
    """

    position: int
    behind: frozenset[str]
    is_sign_of_life: bool = False


@dataclass(frozen=True)
class Gone:
    """The server does not know it: taken out of the queue, or lost in a restart."""


PromptStatus: TypeAlias = Ended | Running | Waiting | Gone


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
