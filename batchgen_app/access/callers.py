"""Callers: who is behind a request, as the guard found out."""

from dataclasses import InitVar, dataclass, field

from starlette.types import Scope

from batchgen_app.access import words
from batchgen_app.access.names import same_network
from batchgen_app.access.policy import Role, Verb, may
from batchgen_app.access.sessions import Session
from batchgen_app.access.stays import Stay
from batchgen_app.core.errors import Forbidden, SignedOut

KEY = "batchgen.caller"
"""Where the guard leaves the caller in an ASGI scope."""


@dataclass(frozen=True)
class Caller:
    """Whoever is behind a request. ``device`` is empty for somebody at this computer. Once their
    ``stay`` is over they may do nothing any more, whatever they still have open.
    """

    role: Role | None
    address: str = ""
    device: str = ""
    session: Session | None = None
    is_here: bool = False
    """Whether they sit at this computer."""
    is_among_others: bool = False
    """Whether others may come in, too."""
    by_code: InitVar[Stay | None] = None
    """Where a code let them in without a session: how long that holds."""
    stay: Stay = field(init=False, compare=False)
    """Ends with what let them in; at this computer, never."""

    def __post_init__(self, by_code: Stay | None) -> None:
        stay = self.session.stay if self.session else by_code or Stay()
        object.__setattr__(self, "stay", stay)

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
        return self.stay.is_over

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
        """The reason of what they stop: who it was, if that can be more than one."""
        if self.device:
            return words.cancelled_by(self.device)
        return words.CANCELLED_HERE if self.is_among_others else usual


NOBODY = Caller(None)


def caller_of(scope: Scope) -> Caller:
    """Who asks; nobody, where no guard has let them in."""
    caller: Caller = scope.get(KEY, NOBODY)
    return caller
