"""``batchgen`` with a death in it: ``… tests.faults.dying MOMENT IMAGE PID SIGNAL serve …``.

At the MOMENT in the life of the IMAGE of any batch, the SIGNAL is sent to the process PID: to this
one (0), or to the server. Each moment is hit exactly, by wrapping the one call that it comes before
or after.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

import httpx

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.image_job import ImageJob
from batchgen_app.batches.submissions import Submissions
from batchgen_app.cli import main
from batchgen_app.comfy.client import Waiting
from batchgen_app.comfy.transport import Transport
from batchgen_app.core.events import (
    BatchProved,
    BatchQueued,
    ImageCompleted,
    ImageEvent,
    ImageSubmitted,
)
from batchgen_app.core.passing import StepDone
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.images import ImageStore

Call = Callable[..., Any]


class Assassin:
    """Sends a signal to a process, once."""

    def __init__(self, index: int, pid: int, number: int) -> None:
        self.index = index
        self._pid: int | None = pid or os.getpid()
        self._number = number

    def strike(self) -> None:
        if self._pid:
            victim, self._pid = self._pid, None
            os.kill(victim, self._number)

    def before(self, owner: type, name: str, is_it: Call) -> None:
        """Strike when ``owner.name`` is about to be called for the image."""

        async def around(call: Call, *arguments: Any, **options: Any) -> Any:
            if is_it(*arguments, **options):
                self.strike()
            return await call(*arguments, **options)

        wrap(owner, name, around)

    def after(self, owner: type, name: str, is_it: Call) -> None:
        """Strike when ``owner.name`` has been called for the image, and has done its work."""

        async def around(call: Call, *arguments: Any, **options: Any) -> Any:
            result = await call(*arguments, **options)
            if is_it(*arguments, **options):
                self.strike()
            return result

        wrap(owner, name, around)

    def logs(self, kind: type[Any]) -> Call:
        def is_it(_: EventLog, events: list[Any]) -> bool:
            return any(isinstance(event, kind) and self._is_meant(event) for event in events)

        return is_it

    def _is_meant(self, event: Any) -> bool:
        return not isinstance(event, ImageEvent) or event.index == self.index

    def run(self, run: ImageJob | Submissions, *_: Any) -> bool:
        return run.index == self.index

    def saves(self, _: ImageStore, __: str, index: int, *___: Any, **____: Any) -> bool:
        return index == self.index


def wrap(owner: type, name: str, around: Call) -> None:
    call = getattr(owner, name)

    async def wrapped(*arguments: Any, **options: Any) -> Any:
        return await around(call, *arguments, **options)

    setattr(owner, name, wrapped)


def when_it_waits(assassin: Assassin) -> None:
    """From the image's turn on: the first one that is seen to wait on the server."""
    turn = Submissions._send

    async def around(call: Call, run: Submissions) -> None:
        await call(run)
        assert run._prompt
        where = await run._prompt.prompt_status()
        if run.index >= assassin.index and isinstance(where, Waiting):
            assassin.strike()

    wrap(Submissions, turn.__name__, around)


def when_it_is_sampled(assassin: Assassin) -> None:
    show = EventRecorder.show

    def shown(recorder: EventRecorder, batch: Any, event: Any) -> None:
        if isinstance(event, StepDone) and event.index == assassin.index:
            assassin.strike()
        show(recorder, batch, event)

    setattr(EventRecorder, show.__name__, shown)


def when_it_is_on_its_way(assassin: Assassin) -> None:
    """The server has begun to answer."""
    bring_home, is_its_turn = ImageJob.bring_home, False

    async def meant(run: ImageJob, entry: Any) -> None:
        nonlocal is_its_turn
        is_its_turn = run.index == assassin.index
        await bring_home(run, entry)

    setattr(ImageJob, bring_home.__name__, meant)
    assassin.before(Transport, "_whole", lambda _, answer, *__: is_its_turn and is_picture(answer))


def is_picture(answer: httpx.Response) -> bool:
    return answer.url.path == "/view"


MOMENTS: dict[str, Callable[[Assassin], None]] = {
    "batch queued": lambda a: a.after(EventLog, "append_all", a.logs(BatchQueued)),
    "before submit": lambda a: a.after(EventLog, "append_all", a.logs(ImageSubmitted)),
    "submitted, not answered": lambda a: a.after(Submissions, "_send", a.run),
    "queued": when_it_waits,
    "sampling": when_it_is_sampled,
    "before fetch": lambda a: a.before(ImageJob, "bring_home", a.run),
    "fetching": when_it_is_on_its_way,
    "file, no event": lambda a: a.after(ImageStore, "save", a.saves),
    "event": lambda a: a.after(EventLog, "append_all", a.logs(ImageCompleted)),
}

VERDICTS: dict[str, Callable[[Assassin], None]] = {
    "compared, not logged": lambda a: a.before(EventLog, "append_all", a.logs(BatchProved)),
    "verdict logged": lambda a: a.after(EventLog, "append_all", a.logs(BatchProved)),
}
"""In the life of a proof."""


def begin() -> None:
    _, moment, index, pid, number, *arguments = sys.argv
    (MOMENTS | VERDICTS)[moment](Assassin(int(index), int(pid), int(number)))
    sys.argv = ["batchgen", *arguments]
    main()


if __name__ == "__main__":
    begin()
