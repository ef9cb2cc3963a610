"""What a test may make the demo engine do wrong.

A fault is a small frozen dataclass that says what happens and to which prompt: `prompt=3` is the
third `POST /prompt` since the engine was made (a restart does not begin to count anew), `None` is
every one. Faults are independent of each other; several may hit the same prompt.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar


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
class SilenceSockets(Fault):
    """Nothing at all is sent on any websocket while this prompt is taken in and runs."""


@dataclass(frozen=True, kw_only=True)
class LateHistory(Fault):
    """`seconds` pass between `execution_success` and the history entry (the race, section 5)."""

    seconds: float


class ViewFailure(StrEnum):
    """What GET /view does instead of giving the picture."""

    MISSING = "404"
    BROKEN = "500"
    CUT_CONNECTION = "Content-Length is right, but the connection ends in mid-file"
    CUT_FILE = "a whole answer that holds the first half of the file"
    NOT_A_PICTURE = "a whole answer that is text, under the type of a picture"


@dataclass(frozen=True, kw_only=True)
class FailView(Fault):
    """GET /view of a file that this prompt saved fails the first `times` times (None: always)."""

    failure: ViewFailure
    times: int | None = None


FaultT = TypeVar("FaultT", bound=Fault)


class FaultPlan:
    """The faults in force; `add` and `clear` work while the engine runs."""

    def __init__(self, *faults: Fault) -> None:
        self._faults = list(faults)

    def add(self, *faults: Fault) -> None:
        self._faults.extend(faults)

    def clear(self) -> None:
        self._faults.clear()

    def find(self, kind: type[FaultT], prompt: int) -> FaultT | None:
        """The first fault of this kind that hits the prompt with this ordinal."""
        hits = (f for f in self._faults if isinstance(f, kind) and f.prompt in (None, prompt))
        return next(hits, None)
