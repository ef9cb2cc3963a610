"""Sessions: the devices that are signed in, under names by which people know them. They survive
restarts; their tokens are kept as hashes.

The file ``sessions.json`` in the data folder can be read by its owner alone.
"""

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ConfigDict, PrivateAttr, TypeAdapter

from batchgen_app.access.policy import Grant, Grants, Role
from batchgen_app.core.signal import Signal
from batchgen_app.core.wire import Wire
from batchgen_app.private_files import read_private, write_private

logger = logging.getLogger(__name__)

COOKIE = "batchgen_session"
LIFE = timedelta(days=30)
MOST = 200
"""Devices; the one that was seen longest ago makes room for another."""


class Session(Wire):
    """One signed-in device."""

    model_config = ConfigDict(frozen=False)

    id: str
    token_hash: str
    role: Role
    device: str
    address: str
    since: datetime
    seen: datetime
    _is_gone: bool = PrivateAttr(default=False)
    _grants: Grants = PrivateAttr(default_factory=Grants)

    @property
    def is_gone(self) -> bool:
        """Whether it was signed out."""
        return self._is_gone

    @property
    def grant(self) -> Grant:
        """How long what it opens now may stay open."""
        return self._grants.now

    def hang_up(self) -> None:
        """End its connections; it may come again."""
        self._grants.end()

    def end(self) -> None:
        """Sign it out, at once."""
        self._is_gone = True
        self.hang_up()

    @property
    def ends(self) -> datetime:
        """When it must sign in again."""
        return self.since + LIFE


FILE = TypeAdapter(list[Session])


def now() -> datetime:
    """The time, with its zone."""
    return datetime.now(UTC)


class Sessions:
    """Who is signed in. ``changed``: a device has come or gone."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = now) -> None:
        self.changed = Signal[[]]()
        self._path = path
        self._clock = clock
        self._by_hash: dict[str, Session] = {}
        self._turn = asyncio.Lock()

    @property
    def all(self) -> list[Session]:
        """Every signed-in device, the one seen last first."""
        alive = [session for session in self._by_hash.values() if not self._is_over(session)]
        return sorted(alive, key=lambda session: session.seen, reverse=True)

    async def load(self) -> None:
        """Those of earlier starts. Where they cannot be read, everybody signs in again."""
        try:
            text = await asyncio.to_thread(read_private, self._path)
            self._by_hash = {session.token_hash: session for session in FILE.validate_json(text)}
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            kind = type(error).__name__
            logger.warning("%s cannot be read (%s): every device must sign in.", self._path, kind)

    async def admit(self, role: Role, device: str, address: str) -> str:
        """Sign a device in; gives the token that stands for it, which is kept nowhere else."""
        token = secrets.token_urlsafe(32)
        session = Session(
            id=secrets.token_hex(8),
            token_hash=_hash(token),
            role=role,
            device=device,
            address=address,
            since=self._clock(),
            seen=self._clock(),
        )
        self._by_hash[session.token_hash] = session
        await self._end([*self._surplus()])
        return token

    def find(self, token: str, address: str) -> Session | None:
        """The device with this token, which was just seen at ``address``."""
        session = self._by_hash.get(_hash(token))
        if session is None or self._is_over(session):
            return None
        # Remembered now and then (SAVE_EVERY), not with each request.
        session.seen, session.address = self._clock(), address
        return session

    async def remove(self, session_id: str) -> None:
        """Sign a device out, at once. Harmless if it is gone."""
        await self._end([each for each in self._by_hash.values() if each.id == session_id])

    async def remove_all(self) -> None:
        """Sign every device out, at once."""
        await self._end([*self._by_hash.values()])

    async def end_old(self) -> None:
        """Sign out those whose time is over, whatever they still have open."""
        if old := [each for each in self._by_hash.values() if self._is_over(each)]:
            await self._end(old)

    def hang_up(self) -> None:
        """End the connections of all."""
        for session in self._by_hash.values():
            session.hang_up()

    async def save(self) -> None:
        """Remember them; a disk that is full signs nobody out."""
        async with self._turn:
            text = json.dumps(FILE.dump_python(self.all, mode="json", by_alias=True), indent=1)
            try:
                await asyncio.to_thread(write_private, self._path, text + "\n")
            except OSError as error:
                logger.warning("%s cannot be written: %s", self._path, error.strerror)

    async def _end(self, sessions: list[Session]) -> None:
        for session in sessions:
            session.end()
            self._by_hash.pop(session.token_hash, None)
        await self.save()
        self.changed.emit()

    def _surplus(self) -> list[Session]:
        over = [session for session in self._by_hash.values() if self._is_over(session)]
        return over + self.all[MOST:]

    def _is_over(self, session: Session) -> bool:
        return session.ends <= self._clock()


def _hash(token: str) -> str:
    """Enough for a token of 256 random bits; a code that can be guessed would need more."""
    return hashlib.sha256(token.encode()).hexdigest()


# In both, the first that is found counts: an iPhone also says "like Mac OS X", an Android also
# "Linux", and nearly all browsers say "Safari", many "Chrome" besides.
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS X": "Mac",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
BROWSERS = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox": "Firefox",
    "FxiOS": "Firefox",
    "Chrome": "Chrome",
    "CriOS": "Chrome",
    "Safari": "Safari",
}
LONGEST = 40
UNKNOWN = "Unknown device"


def device_name(user_agent: str) -> str:
    """Like "Safari on iPhone"; for what is no browser, the first word that it says of itself."""
    system, browser = _first(SYSTEMS, user_agent), _first(BROWSERS, user_agent)
    if system and browser:
        return f"{browser} on {system}"
    return system or browser or _first_word(user_agent) or UNKNOWN


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")


def _first_word(user_agent: str) -> str:
    word = next(iter(user_agent.split()), "").split("/")[0]
    return "".join(letter for letter in word if letter.isascii() and letter.isprintable())[:LONGEST]
