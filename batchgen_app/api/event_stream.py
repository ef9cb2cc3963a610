"""The event log as server-sent events (HTML Standard, "Server-sent events")."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Sequence
from contextlib import aclosing, suppress
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from batchgen_app.api.errors import Responses, failing
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.wire import one_line
from batchgen_app.services.values import Told

BEAT_SECONDS = 15.0
"""Between two signs of life, by which a reader notices that the connection is dead, and proxies
that it is not.
"""
RETRY_MS = 1000
"""After which a browser comes again."""
BEAT = ":\n\n"
STREAM: Responses = {
    200: {
        "description": "The events, without an end",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **failing(400),
}


class EventStream(StreamingResponse):
    """Ends as soon as one of ``ends`` is there, also where its reader takes nothing any more; and
    when the events cannot be read, whereupon the reader comes again.
    """

    media_type = "text/event-stream"

    def __init__(
        self,
        pieces: AsyncGenerator[Sequence[Told], None],
        ends: Sequence[Coroutine[Any, Any, None]],
    ) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(_frames(pieces), headers=headers)
        self._ends = ends

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told: list[bool] = []  # of each message, whether more of the answer follows

        async def telling(message: Message) -> None:
            told.append(message.get("more_body", message["type"] == "http.response.start"))
            await send(message)

        answering = asyncio.create_task(super().__call__(scope, receive, telling))
        ends = [asyncio.create_task(end) for end in self._ends]
        try:
            await asyncio.wait([answering, *ends], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (answering, *ends):
                await _given_up(task)
        if told and told[-1]:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _given_up(task: asyncio.Task[None]) -> None:
    """Raises what it has failed with."""
    if task.done():
        task.result()
        return
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _frames(pieces: AsyncGenerator[Sequence[Told], None]) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MS}\n\n"
    with suppress(BatchGenError):  # it is told by the next answer, if it lasts
        async with aclosing(pieces):
            async for piece in pieces:
                yield "".join(map(_frame, piece)) or BEAT


def _frame(entry: Told) -> str:
    return f"id: {entry.seq}\nevent: {entry.type}\ndata: {one_line(entry.text)}\n\n"
