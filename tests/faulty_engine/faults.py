"""What the engine does wrong, each in a word of its own.

A fault is a small frozen dataclass that says what happens and to which prompt: `prompt=3` is the
third `POST /prompt` since the engine was made (a restart does not begin to count anew), `None` is
every one. Faults are independent of each other; several may hit the same prompt. Some hit the whole
server instead, as long as they are in the plan.
"""

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What all faults share: the prompt they hit, counted from 1; None hits every prompt."""

    prompt: int | None = None


@dataclass(frozen=True, kw_only=True)
class RefuseSubmit(Fault):
    """POST /prompt answers 400; the prompt is not queued."""

    message: str = "The demo engine was told to refuse this prompt."
    node_errors: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class BreakSubmit(Fault):
    """POST /prompt answers 500 in plain text, as ComfyUI does; `queued`: it runs all the same."""

    queued: bool = False


@dataclass(frozen=True, kw_only=True)
class AnswerLate(Fault):
    """The prompt is queued at once, but POST /prompt answers only after `seconds`."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class MisnamePrompt(Fault):
    """POST /prompt answers with another id than was asked for: `answer`, or a new one each time.
    `is_true`: the prompt runs under that id, else under the one that was asked for.
    """

    answer: str | None = None
    is_true: bool = False


@dataclass(frozen=True, kw_only=True)
class LosePrompt(Fault):
    """The prompt is accepted and never heard of again; `runs`: it runs, but leaves no history."""

    runs: bool = False


@dataclass(frozen=True, kw_only=True)
class FailAtNode(Fault):
    """The first node of `class_type` fails in execution."""

    class_type: str = "KSampler"
    exception_type: str = "RuntimeError"
    message: str = "The demo engine was told to fail here."


def out_of_memory(prompt: int | None = None, class_type: str = "KSampler") -> FailAtNode:
    """The failure that a graphics card out of memory gives, tip included."""
    return FailAtNode(
        prompt=prompt,
        class_type=class_type,
        exception_type="torch.OutOfMemoryError",
        message=(
            "Allocation on device 0 would exceed allowed memory. (out of memory)\n"
            "This error means you ran out of memory on your GPU.\n\n"
            "TIPS: If the workflow worked before you might have accidentally set the batch_size "
            "to a large number."
        ),
    )


@dataclass(frozen=True, kw_only=True)
class HangWhileSampling(Fault):
    """After step `at_step` no more progress comes until the prompt is interrupted."""

    at_step: int = 1


@dataclass(frozen=True, kw_only=True)
class DropSockets(Fault):
    """After step `at_step` every websocket ends without a close frame; the prompt goes on."""

    at_step: int = 1


@dataclass(frozen=True, kw_only=True)
class CutSentPicture(Fault):
    """One half of picture `at` (counted from 1) of a SaveImageWebsocket is sent, then every
    websocket ends without a close frame; the prompt goes on.
    """

    at: int = 1


@dataclass(frozen=True, kw_only=True)
class SilenceSockets(Fault):
    """Nothing at all is sent on any websocket while this prompt is taken in and runs."""


@dataclass(frozen=True, kw_only=True)
class LateHistory(Fault):
    """`seconds` pass between `execution_success` and the history entry (the race, section 5)."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class SaveInstead(Fault):
    """Each PNG that the prompt saved, or that its node `node` did, is a file of another kind: its
    name ends in `ending`, `data` is in it, up to `length` bytes with a hole behind, and the history
    tells of it under `key`.
    """

    ending: str
    data: bytes
    length: int = 0
    key: str = "images"
    node: str | None = None


class ViewFailure(StrEnum):
    """What GET /view does instead of giving the picture."""

    MISSING = "404"
    BROKEN = "500"
    CUT_CONNECTION = "Content-Length is right, but the connection ends in mid-file"
    CUT_FILE = "a whole answer that holds the first half of the file"
    NOT_A_PICTURE = "a whole answer that is text, under the type of a picture"
    HUGE_CLAIM = "a PNG of a few bytes that claims 60,000 x 60,000 pixels"


@dataclass(frozen=True, kw_only=True)
class FailView(Fault):
    """GET /view of a file that this prompt saved fails the first `times` times (None: always)."""

    failure: ViewFailure
    times: int | None = None


@dataclass(frozen=True, kw_only=True)
class DripView(Fault):
    """GET /view of a file that this prompt saved gives it byte by byte, twenty in a second."""


class Moment(StrEnum):
    """A point in the life of a prompt."""

    ARRIVED = "POST /prompt is there, but not looked at"
    ACCEPTED = "it is in the queue, but POST /prompt is not answered"
    SAMPLING = "its first step is done"
    SUCCEEDED = "execution_success is sent, but there is no history entry"
    VIEWED = "GET /view of its file is there, but not answered"
    HALF_SENT = "one half of its file is sent"


@dataclass(frozen=True, kw_only=True, eq=False)
class Hold(Fault):
    """The engine stands still at `moment`, once: `reached` tells when, until `released` is set."""

    moment: Moment
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def stand_still(self) -> None:
        self.reached.set()
        await self.released.wait()


@dataclass(frozen=True, kw_only=True)
class RefuseSockets(Fault):
    """No websocket is let in; HTTP works."""


@dataclass(frozen=True, kw_only=True)
class BreakAnswers(Fault):
    """Every HTTP request below `path` is answered with `status` and no sense."""

    path: str = "/"
    status: int = 500


@dataclass(frozen=True, kw_only=True)
class AnswerSlowly(Fault):
    """Every HTTP request below `path` is looked at only after `seconds`."""

    path: str = "/"
    seconds: float


@dataclass(frozen=True, kw_only=True)
class SwellQueue(Fault):
    """GET /queue shows so many bytes more, in the graph of somebody else's prompt."""

    bytes: int


@dataclass(frozen=True, kw_only=True)
class SwellHistory(Fault):
    """The prompt's history entry has a text of so many `bytes`, and so many `files`, besides."""

    bytes: int = 0
    files: int = 0


@dataclass(frozen=True, kw_only=True)
class StopWhateverRuns(Fault):
    """POST /interrupt ignores the id that it is given, as older servers do."""
