"""The faults in force, each brought in at its moment."""

import asyncio
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from batchgen_app.adapters.embedded_server import EmbeddedServer
from batchgen_app.demo.context import InterruptedByUserError
from batchgen_app.demo.hooks import Hooks
from batchgen_app.demo.queue import HistoryEntry, QueuedPrompt
from batchgen_app.demo.routes.replies import broken, json_reply
from tests.faulty_engine.answers import DrippingResponse, HeldResponse, failed
from tests.faulty_engine.faults import (
    AnswerLate,
    AnswerSlowly,
    BreakAnswers,
    BreakSubmit,
    CutSentPicture,
    DripView,
    DropSockets,
    FailAtNode,
    FailView,
    Fault,
    HangWhileSampling,
    Hold,
    LateHistory,
    LosePrompt,
    MisnamePrompt,
    Moment,
    RefuseSockets,
    RefuseSubmit,
    SaveInstead,
    SilenceSockets,
    StopWhateverRuns,
    SwellHistory,
    SwellQueue,
    ViewFailure,
)
from tests.faulty_engine.lines import CutFrame, break_websockets

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
FaultT = TypeVar("FaultT", bound=Fault)


class OrderedFailureError(Exception):
    """A FailAtNode struck; the fault says under which exception's name to report it."""

    def __init__(self, fault: FailAtNode) -> None:
        super().__init__(fault.message)
        module, _, name = fault.exception_type.rpartition(".")
        self.told_as = type(name, (Exception,), {"__module__": module or "builtins"})


class FaultPlan(Hooks):
    """The faults in force; `add` and `clear` work while the engine runs."""

    def __init__(self, *faults: Fault) -> None:
        self._faults = list(faults)
        self._end_of_delays = asyncio.Event()
        self._server: EmbeddedServer | None = None
        self._silent = False
        self._attended: int | None = None
        self._makers: dict[Path, int] = {}
        self._failed_views: Counter[Path] = Counter()
        self._sent_pictures: Counter[int] = Counter()

    def add(self, *faults: Fault) -> None:
        self._faults.extend(faults)

    def clear(self) -> None:
        self._faults.clear()

    def find(self, kind: type[FaultT], prompt: int | None = None) -> FaultT | None:
        """The first fault of this kind that hits the prompt with this ordinal, or the server."""
        return next(self._hits(kind, prompt), None)

    def release(self) -> None:
        """Ends every Hold and every delay."""
        delays, self._end_of_delays = self._end_of_delays, asyncio.Event()
        delays.set()
        for fault in self._faults:
            if isinstance(fault, Hold):
                fault.released.set()

    def _hits(self, kind: type[FaultT], prompt: int | None) -> Iterator[FaultT]:
        return (f for f in self._faults if isinstance(f, kind) and f.prompt in (None, prompt))

    def _hold_at(self, moment: Moment, prompt: int | None) -> Hold | None:
        hits = self._hits(Hold, prompt)
        return next((f for f in hits if f.moment is moment and not f.released.is_set()), None)

    async def _hold(self, moment: Moment, prompt: int | None) -> None:
        if hold := self._hold_at(moment, prompt):
            await hold.stand_still()

    def around(self, app: ASGIApp) -> ASGIApp:
        async def faulty(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "websocket":
                refused = self.find(RefuseSockets)
                await (WebSocketClose() if refused else app)(scope, receive, self._cutting(send))
            else:
                struck = await self._strike(scope["path"])
                await (struck or app)(scope, receive, send)

        return faulty

    async def _strike(self, path: str) -> Response | None:
        slow = self.find(AnswerSlowly)
        if slow and path.startswith(slow.path):
            await self._delay(slow.seconds)
        fault = self.find(BreakAnswers)
        hit = fault is not None and path.startswith(fault.path)
        return Response("Out of order", fault.status) if fault and hit else None

    async def _delay(self, seconds: float) -> None:
        """Takes that long, unless everything is released before."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._end_of_delays.wait()

    def _cutting(self, send: Send) -> Send:
        async def sent(message: Message) -> None:
            frame = message.get("bytes")
            if self._server and isinstance(frame, CutFrame):
                break_websockets(self._server, frame)
            else:
                await send(message)

        return sent

    def listening(self, server: EmbeddedServer) -> None:
        self._server = server

    def unreachable(self) -> None:
        self.release()

    def telling(self, frame: str | bytes) -> str | bytes | None:
        if self._silent:
            return None
        if isinstance(frame, bytes) and PNG_SIGNATURE in frame and self._cuts_picture():
            return CutFrame(frame)
        return frame

    def _cuts_picture(self) -> bool:
        """Whether the line breaks in the middle of the next picture that is sent."""
        if self._attended is None:
            return False
        self._sent_pictures[self._attended] += 1
        fault = self.find(CutSentPicture, self._attended)
        return fault is not None and fault.at == self._sent_pictures[self._attended]

    async def arriving(self, ordinal: int) -> Response | None:
        await self._hold(Moment.ARRIVED, ordinal)
        if refusal := self.find(RefuseSubmit, ordinal):
            return _refused(refusal)
        failure = self.find(BreakSubmit, ordinal)
        return broken() if failure and not failure.queued else None

    def queueing(self, prompt: QueuedPrompt) -> QueuedPrompt:
        fault = self.find(MisnamePrompt, prompt.ordinal)
        misnamed = fault is not None and fault.is_true
        return prompt._replace(prompt_id=_name(fault)) if fault and misnamed else prompt

    async def answering(self, ordinal: int, request: Request, answer: Response) -> Response:
        if late := self.find(AnswerLate, ordinal):
            await _wait(request, late.seconds)
        await self._hold(Moment.ACCEPTED, ordinal)
        if self.find(BreakSubmit, ordinal):
            return broken()
        fault = self.find(MisnamePrompt, ordinal)
        lies = fault is not None and not fault.is_true and answer.status_code == 200
        return _misnamed(answer, fault) if fault and lies else answer

    @contextmanager
    def attending_to(self, ordinal: int) -> Iterator[None]:
        before = self._silent, self._attended
        self._silent = self._silent or self.find(SilenceSockets, ordinal) is not None
        self._attended = ordinal
        try:
            yield
        finally:
            self._silent, self._attended = before

    def takes_up(self, ordinal: int) -> bool:
        lost = self.find(LosePrompt, ordinal)
        return lost is None or lost.runs

    def before_node(self, ordinal: int, class_type: str) -> None:
        fault = self.find(FailAtNode, ordinal)
        if fault and fault.class_type == class_type:
            raise OrderedFailureError(fault)

    async def after_step(self, ordinal: int, step: int, interrupted: asyncio.Event) -> None:
        if step == 1:
            await self._hold(Moment.SAMPLING, ordinal)
        drop = self.find(DropSockets, ordinal)
        if self._server and drop and drop.at_step == step:
            self._server.drop_websockets()
        hang = self.find(HangWhileSampling, ordinal)
        if hang and hang.at_step == step:
            await interrupted.wait()
            raise InterruptedByUserError

    async def before_history(self, ordinal: int, entry: HistoryEntry | None) -> HistoryEntry | None:
        await self._hold(Moment.SUCCEEDED, ordinal)
        if late := self.find(LateHistory, ordinal):
            await asyncio.sleep(late.seconds)
        if self.find(LosePrompt, ordinal):
            return None
        for instead in self._hits(SaveInstead, ordinal):
            entry = entry and await asyncio.to_thread(self._with_others, entry, instead)
        swollen = self.find(SwellHistory, ordinal)
        return _swollen(entry, swollen) if entry and swollen else entry

    def _with_others(self, entry: HistoryEntry, fault: SaveInstead) -> HistoryEntry:
        """The files that the engine made stay, for a prompt like this one has them again."""
        others = {
            node_id: {fault.key: [self._other(file, fault) for file in ui["images"]]}
            for node_id, ui in entry["outputs"].items()
            if fault.node in {None, node_id}
        }
        return {**entry, "outputs": {**entry["outputs"], **others}}

    def _other(self, file: dict[str, str], fault: SaveInstead) -> dict[str, str]:
        path = next(path for path in self._makers if path.name == file["filename"])
        other = path.with_suffix(f".{fault.ending}")
        if other not in self._makers:  # one that an earlier prompt made may be on its way
            other.write_bytes(fault.data)
            os.truncate(other, max(fault.length, len(fault.data)))
            self._makers[other] = self._makers[path]
        return {**file, "filename": other.name}

    def saved(self, ordinal: int, path: Path) -> None:
        self._makers[path] = ordinal

    async def viewing(self, path: Path) -> Response | None:
        maker = self._makers.get(path)
        await self._hold(Moment.VIEWED, maker)
        if failure := self._view_failure(path, maker):
            return await asyncio.to_thread(failed, failure, path)
        if self.find(DripView, maker):
            return DrippingResponse(await asyncio.to_thread(path.read_bytes))
        if hold := self._hold_at(Moment.HALF_SENT, maker):
            return HeldResponse(await asyncio.to_thread(path.read_bytes), hold)
        return None

    def _view_failure(self, path: Path, maker: int | None) -> ViewFailure | None:
        """What hits this look at the file, if it was made by a prompt with such a fault."""
        fault = self.find(FailView, maker) if maker is not None else None
        if fault is None:
            return None
        self._failed_views[path] += 1
        spent = fault.times is not None and self._failed_views[path] > fault.times
        return None if spent else fault.failure

    def showing_queue(self, pending: list[Any]) -> list[Any]:
        swollen = self.find(SwellQueue)
        more = [[1e9, str(uuid4()), {"1": "x" * swollen.bytes}, {}, []]] if swollen else []
        return [*pending, *more]

    def interrupting(self, prompt_id: str | None) -> str | None:
        return None if self.find(StopWhateverRuns) else prompt_id


def _refused(fault: RefuseSubmit) -> Response:
    kind = "prompt_outputs_failed_validation"
    error = {"type": kind, "message": fault.message, "details": "", "extra_info": {}}
    return json_reply({"error": error, "node_errors": fault.node_errors or {}}, 400)


async def _wait(request: Request, seconds: float) -> None:
    """As long as told, or until the client leaves."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await request.receive()


def _name(fault: MisnamePrompt) -> str:
    return fault.answer or str(uuid4())


def _misnamed(answer: Response, fault: MisnamePrompt) -> Response:
    return json_reply({**json.loads(bytes(answer.body)), "prompt_id": _name(fault)})


def _swollen(entry: HistoryEntry, fault: SwellHistory) -> HistoryEntry:
    file = {"filename": "swollen.png", "subfolder": "", "type": "output"}
    besides = {"text": ["x" * fault.bytes], "images": [file] * fault.files}
    return {**entry, "outputs": {**entry["outputs"], "swollen": besides}}
