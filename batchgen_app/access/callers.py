"""Who is behind a request, as the guard found out; and what they have under way ends when they may
no longer come in.
"""

import asyncio
from contextlib import suppress
from dataclasses import InitVar, dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from batchgen_app.access import words
from batchgen_app.access.hosts import same_network
from batchgen_app.access.policy import Grant, Role, Verb, may
from batchgen_app.access.sessions import Session
from batchgen_app.core.errors import Forbidden, SignedOut

KEY = "batchgen.caller"
"""Where the guard leaves the caller in an ASGI scope."""


@dataclass(frozen=True)
class Caller:
    """Whoever is behind a request. ``device`` is empty for somebody at this computer. Once their
    ``grant`` is over they may do nothing any more, whatever they still have open.
    """

    role: Role | None
    address: str = ""
    device: str = ""
    session: Session | None = None
    is_here: bool = False
    """Whether they sit at this computer."""
    is_among_others: bool = False
    """Whether others may come in, too."""
    by_code: InitVar[Grant | None] = None
    """Where a code let them in without a session: how long that holds."""
    grant: Grant = field(init=False, compare=False)
    """Ends with what let them in; at this computer, never."""

    def __post_init__(self, by_code: Grant | None) -> None:
        grant = self.session.grant if self.session else by_code or Grant()
        object.__setattr__(self, "grant", grant)

    def may(self, verb: Verb) -> bool:
        """Whether they may do this now."""
        return not self.is_gone and may(self.role, verb)

    def require(self, verb: Verb) -> None:
        """Raises Forbidden unless they may do this now."""
        if self.is_gone:
            raise SignedOut(words.SIGNED_OUT)
        if not self.may(verb):
            raise Forbidden(words.VIEW_ONLY)

    @property
    def is_gone(self) -> bool:
        """Whether what let them in holds no more."""
        return self.grant.is_over

    def is_same_as(self, other: "Caller") -> bool:
        """Whether both are one device that may stay; where each brings its code along, one
        address.
        """
        if self.is_gone or other.is_gone:
            return False
        if self.session or other.session:
            return self.session is other.session
        known = (self.role, self.is_here, self.is_here or same_network(self.address))
        theirs = (other.role, other.is_here, other.is_here or same_network(other.address))
        return self.role is not None and known == theirs

    def because(self, usual: str) -> str:
        """Why they stop something: who it was, where that can be more than one, else ``usual``."""
        if self.device:
            return words.cancelled_by(self.device)
        return words.CANCELLED_HERE if self.is_among_others else usual


NOBODY = Caller(None)


def caller_of(scope: Scope) -> Caller:
    """Who asks; nobody, where no guard has let them in."""
    caller: Caller = scope.get(KEY, NOBODY)
    return caller


POLICY_VIOLATION = 1008


class OutNow(ConnectionAbortedError):
    """Raised where the app sends to a caller who is out: as if the client had left."""


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
    """Run ``app`` for a websocket, which is closed once what let its caller in holds no more."""
    watching = asyncio.create_task(_close_after(caller, send), name="websocket watch")
    try:
        await app(scope, _heard_while(caller, receive), only_while(caller, send))
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def _heard_while(caller: Caller, receive: Receive) -> Receive:
    """``receive`` until the caller is out: what arrives then is not heard."""

    async def receive_while() -> Message:
        message = await receive()
        if caller.is_gone:
            return {"type": "websocket.disconnect", "code": POLICY_VIOLATION}
        return message

    return receive_while


async def _close_after(caller: Caller, send: Send) -> None:
    await caller.grant.ended()
    with suppress(OSError, RuntimeError):  # it is closed already, or not yet open
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
