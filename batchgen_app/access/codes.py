"""Codes: one for each role, shown in the settings and changeable there. Invitations: links that let
one device in, once, for a few minutes, kept in memory only.

A code has twelve letters and digits in groups of four, like “7KQM-4XTP-9WDF”: 24^12, or 3.7 *
10^16 codes. The two that are valid are found within a month of guessing, a thousand times a
second (see ``rate_limits``), with a probability of 1.4 * 10^-7.
"""

import hashlib
import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from batchgen_app.access.policy import Grant, Grants, Role
from batchgen_app.core.errors import StorageError
from batchgen_app.core.signal import Signal
from batchgen_app.secrets_store.store import KeyringClosed, SecretsStore

logger = logging.getLogger(__name__)

LETTERS = "23456789CDFHJKMNPQRTVWXY"
"""None that looks like another in some typeface or hand, and no vowels: no code is a word."""
LENGTH = 12
GROUP = 4
MEANT = str.maketrans("BGSZ", "8652")
"""What somebody may have read instead."""
KEPT_AS = "access-codes"


class Codes:
    """The codes, once they are loaded; before, none lets anybody in. They are ``for_now`` where a
    closed keyring has the lasting ones, and ``were_replaced`` where this start found some that were
    too short.
    """

    def __init__(self, secrets: SecretsStore) -> None:
        self.for_now = False
        self.were_replaced = False
        self._secrets = secrets
        self._codes: dict[Role, str] = {}
        self._grants = {role: Grants() for role in Role}

    async def load(self) -> None:
        """The codes of earlier starts; new ones where there are none."""
        if self._codes:
            return
        try:
            found = _read(await self._secrets.read(KEPT_AS))
        except KeyringClosed:
            logger.warning("The keyring is closed: new access codes hold until the app ends")
            self._codes, self.for_now = _complete({}), True
            return
        kept = {role: code for role, code in found.items() if _is_long_enough(code)}
        self._codes, self.were_replaced = _complete(kept), len(kept) < len(found)
        if self.were_replaced:
            logger.warning("The access codes were too short: there are new ones")
        if self._codes != kept:
            await self._keep_if_possible()

    def __getitem__(self, role: Role) -> str:
        """The code of a role, as it is shown."""
        code = self._codes[role]
        return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))

    async def renew(self, role: Role) -> None:
        """Another code; the old one lets nobody in any more, and whoever it let in is out."""
        self._codes = {**self._codes, role: _unused(self._codes)}
        self._grants[role].end()
        await self._keep_if_possible()

    def grant(self, role: Role) -> Grant:
        """How long what is opened with the code of a role now may stay open."""
        return self._grants[role].now

    def hang_up(self) -> None:
        """End all that was opened with a code; it may be opened again."""
        for grants in self._grants.values():
            grants.end()

    def role_of(self, typed: str) -> Role | None:
        """What a code lets people do; None for a wrong one. Capitals, hyphens and spaces do not
        matter.
        """
        # Both codes are always compared, and in a time that does not tell how much is right.
        plain = "".join(filter(str.isalnum, typed)).upper().translate(MEANT).encode()
        matches = [
            role for role, code in self._codes.items() if compare_digest(plain, code.encode())
        ]
        return matches[0] if matches else None

    async def _keep_if_possible(self) -> None:
        """A disk that is full keeps nobody out."""
        try:
            await self._secrets.write(KEPT_AS, json.dumps(self._codes))
        except StorageError as error:
            logger.warning("%s", error)
        self.for_now = False


def _complete(codes: dict[Role, str]) -> dict[Role, str]:
    """With new ones for the roles that have none."""
    for role in Role:
        if role not in codes:
            codes = {**codes, role: _unused(codes)}
    return codes


def _unused(codes: dict[Role, str]) -> str:
    while (code := "".join(secrets.choice(LETTERS) for _ in range(LENGTH))) in codes.values():
        pass
    return code


def _is_long_enough(code: str) -> bool:
    """Earlier ones had six digits."""
    return len(code) == LENGTH and not set(code) - set(LETTERS)


def _read(text: str | None) -> dict[Role, str]:
    try:
        kept = json.loads(text or "{}")
        return {role: str(kept[role]) for role in Role if role in kept}
    except (ValueError, TypeError):
        return {}


INVITATION_SECONDS = 300.0
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
        """A new token, good for one use within ``INVITATION_SECONDS``."""
        self._forget_old()
        token = secrets.token_urlsafe(24)
        self._open[_hash(token)] = Invitation(role, self._clock() + INVITATION_SECONDS)
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
