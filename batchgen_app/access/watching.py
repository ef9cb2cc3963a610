"""What is under way ends when whoever opened it may no longer come in."""

import asyncio
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchgen_app.access.callers import Caller

POLICY_VIOLATION = 1008


class OutNow(ConnectionAbortedError):
    """To the app it looks as if the client had left."""


def only_while(caller: Caller, send: Send) -> Send:
    """Sends to a caller as long as they may stay. Raises OutNow afterwards."""

    async def send_while(message: Message) -> None:
        if caller.is_gone:
            raise OutNow
        await send(message)

    return send_while


async def end_with(
    caller: Caller, app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    """A websocket that is closed when what let its caller in holds no more."""
    watching = asyncio.create_task(_close_after(caller, send), name="websocket watch")
    try:
        await app(scope, _heard_while(caller, receive), only_while(caller, send))
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def _heard_while(caller: Caller, receive: Receive) -> Receive:
    """What arrived too late is not heard."""

    async def receive_while() -> Message:
        message = await receive()
        if caller.is_gone:
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
        return message

    return receive_while


async def _close_after(caller: Caller, send: Send) -> None:
    await caller.stay.ended()
    with suppress(OSError, RuntimeError):  # it is closed already, or not yet open
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
