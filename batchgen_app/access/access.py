"""Access: who may come in. The guard asks it, the settings show it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from starlette.requests import HTTPConnection

from batchgen_app.access import words
from batchgen_app.access.callers import Caller
from batchgen_app.access.codes import Codes, Invitations
from batchgen_app.access.hosts import Names, party
from batchgen_app.access.lan import Lan
from batchgen_app.access.policy import Role
from batchgen_app.access.proxies import is_here
from batchgen_app.access.rate_limits import LoginAttempts
from batchgen_app.access.responses import LoginPage, Refused, SignInFirst
from batchgen_app.access.sessions import COOKIE, Session, Sessions, device_name
from batchgen_app.core.signal import Signal
from batchgen_app.places import assets_dir
from batchgen_app.secrets_store.store import KeyringStore, SecretsStore

logger = logging.getLogger(__name__)

SAVE_EVERY = 60.0
"""Seconds after which it is remembered when devices were seen."""


class Access:
    """Codes, devices, links and the switch of the LAN. ``changed``: what the settings show
    of them is another.
    """

    def __init__(
        self,
        data_dir: Path,
        host: str,
        secrets: SecretsStore,
        allowed_hosts: Collection[str] = (),
        root_path: str = "",
    ) -> None:
        self.changed = Signal[[]]()
        self.names = Names(host, allowed_hosts)
        self.codes = Codes(secrets)
        self.sessions = Sessions(data_dir / "sessions.json")
        self.invitations = Invitations()
        self.lan = Lan(host)
        self.page = LoginPage(assets_dir(), root_path)
        self._attempts = LoginAttempts()
        for signal in (self.sessions.changed, self.invitations.used, self.lan.changed):
            signal.subscribe(self.changed.emit)

    async def begin(self, *, lan: bool) -> None:
        """Let others in at once if ``lan`` is wanted, or if the app listens outside anyway. Raises
        BatchGenError as ``open_lan`` does.
        """
        if lan:
            await self.open_lan()
        elif self.lan.is_fixed:
            await self._prepare()

    async def open_lan(self) -> None:
        """Let others in from now on. Raises BatchGenError where the system does not let us."""
        await self._prepare()
        # Behind the codes: once the socket is there, anybody may come and try one.
        await self.lan.open()

    async def close_lan(self) -> None:
        """Let nobody in any more, and hang up on everybody from outside, also on those behind a
        proxy at this computer.
        """
        self.invitations.withdraw()
        self._hang_up()
        await self.lan.close()

    async def told_at_start(self) -> str:
        """Where others come in, and with which codes; empty if they do not."""
        if not self.lan.is_open:
            return ""
        where = await self.lan.addresses()
        told = words.shared(where, self.codes[Role.FULL], self.codes[Role.VIEW])
        return f"{words.CODES_REPLACED}\n{told}" if self.codes.were_replaced else told

    async def renew(self, role: Role) -> None:
        """Another code. Who is signed in stays so; who brings the old one along is out."""
        await self.codes.renew(role)
        self.invitations.withdraw()
        self.changed.emit()

    async def sign_out_all(self) -> None:
        """Sign every device out, and hang up on those that bring a code along."""
        self.codes.hang_up()
        await self.sessions.remove_all()

    async def identify(self, request: HTTPConnection) -> Caller:
        """Who asks. Raises Refused for strangers."""
        address = request.client.host if request.client else ""
        if is_here(request):
            return Caller(Role.FULL, address, is_here=True, is_among_others=self.lan.is_open)
        if not self.lan.is_open:
            raise self.farewell()
        if session := self.session_of(request):
            return Caller(session.role, address, session.device, session)
        scheme, _, code = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not code.strip():
            raise SignInFirst
        role = await self.role_of(code, party(request.scope))
        device = device_name(request.headers.get("user-agent", ""))
        return Caller(role, address, device, by_code=self.codes.grant(role))

    def farewell(self) -> Refused:
        """What is said to somebody who was let in and is out now."""
        return SignInFirst() if self.lan.is_open else Refused(403, "lan_off", words.LAN_OFF)

    def session_of(self, request: HTTPConnection) -> Session | None:
        """The session that a cookie stands for."""
        token = request.cookies.get(COOKIE)
        address = request.client.host if request.client else ""
        return self.sessions.find(token, address) if token else None

    async def role_of(self, code: str, address: str) -> Role:
        """What a code lets ``address`` do, one device's or one household's. Raises Refused for a
        wrong one, and then takes its time; after ten of them, for every one.
        """
        self._check_tries(address)
        if role := self.codes.role_of(code):
            return role
        if code.strip():  # what never arrived was no guess
            await self._attempts.wrong(address)
            self._check_tries(address)
        message = words.wrong_code(self._attempts.left(address))
        raise Refused(401, "wrong_code", message, {"www-authenticate": "Bearer"})

    def _hang_up(self) -> None:
        self.sessions.hang_up()
        self.codes.hang_up()

    async def _prepare(self) -> None:
        await self.codes.load()
        await self.names.learn()

    def _check_tries(self, address: str) -> None:
        if seconds := self._attempts.wait(address):
            logger.warning("Too many wrong access codes from %s", address)
            headers = {"retry-after": str(round(seconds))}
            raise Refused(429, "locked", words.locked(seconds), headers)


@asynccontextmanager
async def open_access(
    data_dir: Path,
    host: str,
    secrets: SecretsStore | None = None,
    *,
    allowed_hosts: Collection[str] = (),
    root_path: str = "",
) -> AsyncIterator[Access]:
    """Access with all that it remembers; ``host`` is where the app listens, ``allowed_hosts`` are
    the names besides the machine's own, ``root_path`` what its pages lie below.
    """
    access = Access(data_dir, host, secrets or KeyringStore(data_dir), allowed_hosts, root_path)
    await access.sessions.load()
    saving = asyncio.create_task(_keep_saving(access.sessions), name="sessions")
    try:
        yield access
    finally:
        saving.cancel()
        with suppress(asyncio.CancelledError):
            await saving
        await access.close_lan()
        if access.sessions.all:
            await access.sessions.save()


async def _keep_saving(sessions: Sessions) -> None:
    while True:
        await asyncio.sleep(SAVE_EVERY)
        await sessions.end_old()
        if sessions.all:
            await sessions.save()
