"""Invitations: links that let one device in, once, for a few minutes. Kept in memory only."""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from batchgen_app.access.policy import Role
from batchgen_app.core.signal import Signal

SECONDS = 300.0
MOST = 50


@dataclass(frozen=True)
class Invitation:
    """What a link is good for, and until when (monotonic seconds)."""

    role: Role
    until: float


class Invitations:
    """The links that were not used yet. ``used``: one of them was."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.used = Signal[[]]()
        self._clock = clock
        self._open: dict[bytes, Invitation] = {}

    def issue(self, role: Role) -> str:
        """A new token, good for one use within ``SECONDS``."""
        self._forget_old()
        token = secrets.token_urlsafe(24)
        self._open[_hash(token)] = Invitation(role, self._clock() + SECONDS)
        return token

    def redeem(self, token: str) -> Role | None:
        """What the token is good for; from now on, nothing."""
        self._forget_old()
        invitation = self._open.pop(_hash(token), None)
        if invitation is None:
            return None
        self.used.emit()
        return invitation.role

    def withdraw(self) -> None:
        """No link that was not used yet is good for anything any more."""
        self._open.clear()

    def _forget_old(self) -> None:
        now = self._clock()
        alive = {key: each for key, each in self._open.items() if each.until > now}
        self._open = dict([*alive.items()][-MOST:])


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
