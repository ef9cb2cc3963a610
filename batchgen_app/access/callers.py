"""Callers: who is behind a request, as the guard found out."""

from dataclasses import dataclass

from starlette.types import Scope

from batchgen_app.access import words
from batchgen_app.access.names import same_network
from batchgen_app.access.policy import Role, Verb, may
from batchgen_app.access.sessions import Session
from batchgen_app.core.errors import Forbidden

KEY = "batchgen.caller"
"""Where the guard leaves the caller in an ASGI scope."""


@dataclass(frozen=True)
class Caller:
    """Whoever is behind a request. ``device`` is empty for somebody at this computer. One who was
    signed out may do nothing any more, whatever they still have open.
    """

    role: Role | None
    address: str = ""
    device: str = ""
    session: Session | None = None
    is_here: bool = False
    """Whether they sit at this computer."""
    is_among_others: bool = False
    """Whether others may come in, too."""

    def may(self, verb: Verb) -> bool:
        """Whether they may do this now."""
        return not self.is_gone and may(self.role, verb)

    def require(self, verb: Verb) -> None:
        """Raises Forbidden unless they may do this now."""
        if not self.may(verb):
            raise Forbidden(words.SIGNED_OUT if self.is_gone else words.VIEW_ONLY)

    @property
    def is_gone(self) -> bool:
        """Whether they were signed out."""
        return self.session is not None and self.session.is_gone

    def is_same_as(self, other: "Caller") -> bool:
        """Whether both are one device; where each brings its code along, one address."""
        if self.session or other.session:
            return self.session is other.session and not self.is_gone
        known = (self.role, self.is_here, self.is_here or same_network(self.address))
        theirs = (other.role, other.is_here, other.is_here or same_network(other.address))
        return self.role is not None and known == theirs

    def because(self, usual: str) -> str:
        """The reason of what they stop: who it was, if that can be more than one."""
        if self.device:
            return words.cancelled_by(self.device)
        return words.CANCELLED_HERE if self.is_among_others else usual


NOBODY = Caller(None)


def caller_of(scope: Scope) -> Caller:
    """Who asks; nobody, where no guard has let them in."""
    caller: Caller = scope.get(KEY, NOBODY)
    return caller
