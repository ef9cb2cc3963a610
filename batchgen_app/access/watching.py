"""What is under way ends when the device behind it may no longer come in."""

import asyncio
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchgen_app.access.callers import Caller
from batchgen_app.access.sessions import Session

POLICY_VIOLATION = 1008


def only_while(caller: Caller, send: Send) -> Send:
    """Sends to a caller as long as they are signed in. Raises OSError afterwards, as if the client
    had left.
    """

    async def send_while(message: Message) -> None:
        if caller.is_gone:
            raise ConnectionAbortedError("signed out")
        await send(message)

    return send_while


async def end_with(
    caller: Caller, app: ASGIApp, scope: Scope, receive: Receive, send: Send
) -> None:
    """A websocket that is closed when its caller is signed out, or nobody may come in any more."""
    if caller.session is None:
        await app(scope, receive, send)
        return
    watching = asyncio.create_task(_close_after(caller.session, send), name="websocket watch")
    try:
        await app(scope, receive, only_while(caller, send))
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _close_after(session: Session, send: Send) -> None:
    await session.hung_up()
    with suppress(OSError, RuntimeError):  # it is closed already, or not yet open
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
