"""Policy: who may do what. ``ALLOWED`` is the one table of it: the guard reads it for each request,
the services for each command, and pages to know what to offer; all of them through ``may()``.

Until when: what let somebody in is a grant, and when that ends, so does all that they have open.
"""

import asyncio
import re
from collections.abc import Mapping
from enum import StrEnum, auto

from batchgen_app.adapters.addresses import SOCKET


class Role(StrEnum):
    """What a code lets people do."""

    FULL = auto()
    VIEW = auto()


class Verb(StrEnum):
    """What people do with the app; ``SET`` is also whatever no other word stands for."""

    LOOK = auto()
    MARK = auto()
    """Say what one thinks of an image. Where a batch keeps a number (``keep``), a rejected one
    makes room for another while it runs: who made the batch has asked for that, up to 20 in all.
    """
    MAKE = auto()
    """Have images made."""
    CANCEL = auto()
    """Stop a batch, or change the queue."""
    DELETE = auto()
    """Throw away, have back, empty the trash."""
    SET = auto()
    """Change how the app is set up, and see what only those may see who can."""


ALLOWED: Mapping[Role, frozenset[Verb]] = {
    Role.FULL: frozenset(Verb),
    Role.VIEW: frozenset({Verb.LOOK, Verb.MARK}),
}

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""What changes nothing."""
_BATCH, _IMAGE = "/api/batches/[^/]+", "/api/images/[^/]+"
_REQUESTS: tuple[tuple[str, str, Verb], ...] = (
    ("POST", f"{SOCKET}.*", Verb.LOOK),  # what is said on it, its page checks
    ("PATCH", f"{_IMAGE}|/api/images", Verb.MARK),
    ("POST", "/api/batches", Verb.MAKE),
    ("POST", f"{_BATCH}/(regenerate|resume)", Verb.MAKE),
    ("POST", f"{_IMAGE}/prove", Verb.MAKE),
    ("POST", "/api/workflows/inspect", Verb.MAKE),
    ("POST", "/api/import", Verb.MAKE),
    ("POST", "/api/uploads", Verb.MAKE),
    ("POST", "/api/workflows", Verb.MAKE),
    ("PATCH", "/api/workflows/[^/]+", Verb.MAKE),
    ("DELETE", "/api/workflows/[^/]+", Verb.DELETE),
    ("POST", "/api/workflows/[^/]+/restore", Verb.DELETE),
    ("POST", "/api/(import/)?styles", Verb.MAKE),
    ("PATCH", "/api/styles/.+", Verb.MAKE),
    ("DELETE", "/api/styles/.+", Verb.DELETE),
    ("PATCH", "/api/models", Verb.MAKE),
    ("POST", f"{_BATCH}/(cancel|pause|continue|skip|finish|move)", Verb.CANCEL),
    ("POST", f"({_BATCH}|{_IMAGE})/restore", Verb.DELETE),
    ("DELETE", f"{_BATCH}|{_IMAGE}|/api/images", Verb.DELETE),
)


def may(role: Role | None, verb: Verb) -> bool:
    """Whether ``role`` allows ``verb``; nobody (None) may do anything."""
    return role is not None and verb in ALLOWED[role]


def verb_of(method: str, path: str) -> Verb:
    """What a request does, as far as its first line tells; the services ask again."""
    if method in READING:
        return Verb.LOOK
    for of, pattern, verb in _REQUESTS:
        if method == of and re.fullmatch(pattern, path):
            return verb
    return Verb.SET


class Grant:
    """From when somebody is let in until that holds no more, whatever the reason."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self._over.is_set()

    def end(self) -> None:
        """End it, at once."""
        self._over.set()

    async def ended(self) -> None:
        """Wait until it has ended."""
        await self._over.wait()


class Grants:
    """The grants of one session or one code: all that it lets in share the present one, ``now``."""

    def __init__(self) -> None:
        self.now = Grant()

    def end(self) -> None:
        """End the present one; who is let in again from now on begins another."""
        ended, self.now = self.now, Grant()
        ended.end()
