"""ComfyClient: a ComfyUI server over HTTP."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Self, TypeVar
from urllib.parse import quote

from batchgen_app.comfy.address import normalise_address, websocket_address
from batchgen_app.comfy.arrival import Arrival, Place
from batchgen_app.comfy.output_files import OutputFiles, TooLargeToHold
from batchgen_app.comfy.prompt_status import (
    Ended,
    Gone,
    HistoryEntry,
    Outcome,
    OutputFile,
    PromptStatus,
    Running,
    Waiting,
    copies_in_queue,
    place_in_queue,
)
from batchgen_app.comfy.refusals import complaints, refusal
from batchgen_app.comfy.stats import ServerStats
from batchgen_app.comfy.transport import QUEUE_LIMIT, TooLarge, Transport
from batchgen_app.core.errors import ServerFault
from batchgen_app.core.json_values import clipped, is_number, object_or_empty
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later

__all__ = [
    "Arrival",
    "ComfyClient",
    "Ended",
    "Gone",
    "HistoryEntry",
    "Outcome",
    "OutputFile",
    "PromptStatus",
    "Running",
    "ServerStats",
    "SubmitAnswer",
    "TooLargeToHold",
    "Waiting",
    "normalise_address",
]

T = TypeVar("T")

LONGEST_ID = 200
SECOND_LOOK_AFTER = 0.2
"""Seconds in which a prompt that just ended finds its way into the history."""
UPLOADS = "batchgen"
"""The folder of pictures that the app gives a server, below those that it takes in."""
DEPTH_OF_IDS = 3
"""Levels of ``GET /queue`` down to the number and the id of a prompt."""
HEAD_START = 0.25
"""Seconds that a deletion has before the interruption follows it."""
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class SubmitAnswer:
    """The server queued the prompt. ``node_errors`` name outputs that will not run all the same
    (PROTOCOL.md, section 2), ``complaint`` says so in words; both are mostly empty.
    """

    prompt_id: str
    number: float | None
    node_errors: JsonObject
    complaint: str


class ComfyClient:
    """An async context manager. ``headers`` go with every request; ``timeout`` is in seconds.

    Every method raises ServerUnreachable where no whole answer comes, and ServerFault where it is
    5xx or makes no sense. An address that is none is InvalidRequest.
    """

    makes_ids = False
    tells_recalls = True

    def __init__(
        self, address: str, *, headers: Mapping[str, str] = NO_HEADERS, timeout: float = 10.0
    ) -> None:
        self.address = normalise_address(address)
        self.headers = dict(headers)
        self._transport = Transport(self.address, self.headers, timeout)
        self._files = OutputFiles(self._transport)
        self._stops_by_id = False
        self.tls = self._transport.tls
        """The certificates that the websocket goes by, too; None for plain http."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.close()

    def websocket_url(self, client_id: str) -> str:
        """Where messages for ``client_id`` come from."""
        return websocket_address(self.address, client_id)

    async def stats(self) -> ServerStats:
        """What the server tells about itself."""
        stats = await self._object("/system_stats", ServerStats.parse)
        self._stops_by_id = stats.stops_by_id
        return stats

    async def queue_remaining(self) -> int:
        """Prompts that wait or run, of all clients: the cheapest sign of life."""
        return await self._object("/prompt", self._remaining)

    def _remaining(self, answer: JsonObject) -> int:
        match answer:
            case {"exec_info": {"queue_remaining": int(remaining)}}:
                return remaining
        raise self._senseless()

    async def object_info(self, class_type: str) -> JsonObject:
        """What the server knows about a node type; empty if it does not know it."""
        return await self._object(
            f"/object_info/{quote(class_type, safe='')}",
            lambda answer: object_or_empty(answer.get(class_type)),
        )

    async def model_metadata(self, folder: str, name: str) -> JsonObject:
        """What a model's file says about itself. Raises ServerFault where it says nothing."""
        query = f"filename={quote(name, safe='')}"
        return await self._object(f"/view_metadata/{quote(folder, safe='')}?{query}", dict)

    async def replaced_types(self) -> frozenset[str]:
        """Node types that the server has no more, but puts newer ones in the place of."""
        return await self._object("/node_replacements", frozenset)

    async def submit(
        self,
        nodes: JsonObject,
        *,
        prompt_id: str,
        client_id: str | None,
        extra_data: JsonObject | None = None,
    ) -> SubmitAnswer:
        """Queue a graph. Raises PromptRefused where the server's validation says no; after
        ServerUnreachable and ServerFault it may be queued or not: ask for its status.
        """
        # Left out where there is none: null would count as a value (PROTOCOL.md, section 2).
        given = {"client_id": client_id, "extra_data": extra_data}
        told = {name: value for name, value in given.items() if value is not None}
        answer = await self._transport.ask(
            "POST", "/prompt", {"prompt": nodes, "prompt_id": prompt_id, **told}
        )
        if answer.status == 400:
            raise await self._transport.said(answer, lambda said: refusal(said, nodes))
        return await self._transport.said(
            self._transport.checked(answer), lambda said: self._accepted(said, nodes)
        )

    def _accepted(self, answer: object, nodes: JsonObject) -> SubmitAnswer:
        match answer:
            case {"prompt_id": str(prompt_id), "number": number, "node_errors": errors} if (
                0 < len(prompt_id) <= LONGEST_ID
            ):
                place = number if is_number(number) else None
                return SubmitAnswer(
                    prompt_id, place, object_or_empty(errors), complaints(errors, nodes)
                )
        raise self._senseless()

    async def history(self, prompt_id: str) -> HistoryEntry | None:
        """What became of a prompt; None while it is unknown, waiting or running."""
        return await self._object(
            f"/history/{quote(prompt_id, safe='')}",
            lambda answer: self._entry(answer.get(prompt_id)),
        )

    def _entry(self, told: object) -> HistoryEntry | None:
        match told:
            case dict(entry):
                return HistoryEntry.parse(entry)
            case None:
                return None
        raise self._senseless()

    async def prompt_status(self, prompt_id: str) -> PromptStatus:
        """Where a prompt is, from HTTP alone (PROTOCOL.md, section 8).

        It moves while we look, so both places are looked at twice before it is called gone.
        """
        found = await self._look(prompt_id)
        if not found:
            await asyncio.sleep(SECOND_LOOK_AFTER)
            found = await self._look(prompt_id)
        return found or await self._in_history(prompt_id) or Gone()

    async def _look(self, prompt_id: str) -> Ended | Running | Waiting | None:
        return await self._in_history(prompt_id) or await self._in_queue(prompt_id)

    async def _in_history(self, prompt_id: str) -> Ended | None:
        """Asked again, what is too large would not become smaller."""
        try:
            entry = await self.history(prompt_id)
        except TooLarge as error:
            return Ended(HistoryEntry.unread(error.message))
        return Ended(entry) if entry else None

    async def _in_queue(self, prompt_id: str) -> Running | Waiting | None:
        return await self._queue(lambda queue: place_in_queue(queue, prompt_id))

    async def _queue(self, read: Callable[[JsonObject], T]) -> T:
        """Of the prompts, only numbers and ids: the graphs of all clients may be very large."""
        return await self._transport.outline(
            "/queue", DEPTH_OF_IDS, lambda answer: read(self._checked(answer)), QUEUE_LIMIT
        )

    async def cancel(self, prompt_id: str) -> None:
        """Stop a prompt, whether it waits or runs; harmless if it does neither.

        Deleted first, because a waiting one may begin at any time; but a queue that does not answer
        keeps nothing from being interrupted.
        """
        deleting = asyncio.ensure_future(self._transport.post("/queue", {"delete": [prompt_id]}))
        try:
            # wait, unlike wait_for, does not cancel it when the time is over.
            await asyncio.wait({deleting}, timeout=HEAD_START)
            await self._interrupt(prompt_id)
            await deleting
        finally:
            deleting.cancel()
            await asyncio.gather(deleting, return_exceptions=True)

    async def _interrupt(self, prompt_id: str) -> None:
        """Older servers ignore the id and stop whatever runs (section 12): there, only while it is
        seen to run.
        """
        if self._stops_by_id or isinstance(await self._in_queue(prompt_id), Running):
            await self._transport.post("/interrupt", {"prompt_id": prompt_id})

    async def take_out(self, prompt_id: str) -> None:
        """Take a prompt that waits out of the queue; harmless to one that runs (PROTOCOL.md,
        section 6).
        """
        await self._transport.post("/queue", {"delete": [prompt_id]})

    async def drop_copies(self, prompt_id: str) -> None:
        """Leave one of a prompt that is in the queue several times: of two, one waits at least, and
        deleting removes one that waits (PROTOCOL.md, section 2).
        """
        copies = await self._queue(lambda queue: copies_in_queue(queue, prompt_id))
        for _ in range(copies - 1):
            await self._transport.post("/queue", {"delete": [prompt_id]})

    async def upload(self, name: str, content: bytes) -> str:
        """Give the server a picture; the same one again is the same. Gives what stands for it in a
        graph. Raises ServerFault where the server does not take it.
        """
        fields = {"type": "input", "subfolder": UPLOADS, "overwrite": "true"}
        answer = await self._transport.upload("/upload/image", name, content, fields)
        return await self._transport.said(answer, _uploaded)

    async def picture(
        self, file: OutputFile, *, limit: int | None = None, arrival: Arrival | None = None
    ) -> bytes:
        """The file, byte for byte; ``arrival`` knows how it comes. Raises PictureMissing where the
        server does not give it, TooLargeToHold where it is longer than ``limit`` bytes, or than
        what is held at all.
        """
        return await self._files.read(file, limit, arrival or Arrival())

    async def picture_into(self, place: Place, file: OutputFile, arrival: Arrival) -> None:
        """The same of any length, written to its ``place`` as it comes: what that raises, this
        does, too.
        """
        await self._files.write(place, file, arrival)

    async def _object(self, path: str, read: Callable[[JsonObject], T]) -> T:
        return await self._transport.get(path, lambda answer: read(self._checked(answer)))

    def _checked(self, answer: object) -> JsonObject:
        if isinstance(answer, dict):
            return answer
        raise self._senseless()

    def _senseless(self) -> ServerFault:
        return ServerFault(later("{address} does not answer like ComfyUI.", address=self.address))


def _uploaded(answer: JsonObject) -> str:
    """Servers may give it another name."""
    name = str(PurePosixPath(str(answer.get("subfolder", "")), str(answer["name"])))
    return clipped(name)
