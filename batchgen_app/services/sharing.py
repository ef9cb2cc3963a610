"""Sharing: who may come in from other devices, asked about and changed. Each is told for whom, and
raises Forbidden for all but those who may do everything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from batchgen_app.access.access import Access
from batchgen_app.access.callers import Caller
from batchgen_app.access.login import INVITATION
from batchgen_app.access.policy import Role, Verb


@dataclass(frozen=True)
class Doors:
    """Where others come in (the likeliest address first), and with which codes; both empty where
    nobody can. ``are_fixed``: how the app was started decides. ``codes_for_now``: they hold until
    the app ends; ``codes_were_replaced``: this start found some that were too short.
    """

    are_open: bool
    are_fixed: bool
    addresses: Sequence[str]
    codes: Mapping[Role, str]
    codes_for_now: bool
    codes_were_replaced: bool


@dataclass(frozen=True)
class Device:
    """A device that is signed in, what it may do, and where and when it was seen last."""

    session_id: str
    name: str
    role: Role
    address: str
    seen: datetime


class Sharing:
    """``changed``: the doors or the devices are not as they were."""

    def __init__(self, access: Access) -> None:
        self.changed = access.changed
        self._access = access

    @property
    def is_on(self) -> bool:
        """Whether others may come in: no secret to anybody who is in."""
        return self._access.lan.is_open

    async def doors(self, caller: Caller) -> Doors:
        """Where and with which codes others come in now."""
        caller.require(Verb.SET)
        lan, codes = self._access.lan, self._access.codes
        return Doors(
            lan.is_open,
            lan.is_fixed,
            await lan.addresses() if lan.is_open else (),
            {role: codes[role] for role in Role} if lan.is_open else {},
            codes.for_now,
            codes.were_replaced,
        )

    def devices(self, caller: Caller) -> Sequence[Device]:
        """The devices that are signed in."""
        caller.require(Verb.SET)
        return [
            Device(each.id, each.device, each.role, each.address, each.seen)
            for each in self._access.sessions.all
        ]

    async def begin(self, caller: Caller) -> None:
        """Let others in. Raises BatchGenError where the system does not let us."""
        caller.require(Verb.SET)
        await self._access.open_lan()

    async def end(self, caller: Caller) -> None:
        """Let nobody in any more, and hang up on everybody from outside."""
        caller.require(Verb.SET)
        await self._access.close_lan()

    async def renew(self, caller: Caller, role: Role) -> None:
        """Another code for a role. Who is signed in stays so."""
        caller.require(Verb.SET)
        await self._access.renew(role)

    def invite(self, caller: Caller, role: Role, place: str = "") -> str:
        """The path of a link that lets one device in, once, for a few minutes, and leads to
        ``place`` then, a path of ours; without one to the start page.
        """
        caller.require(Verb.SET)
        leads = f"?{urlencode({'next': place})}" if place else ""
        return f"{INVITATION}{self._access.invitations.issue(role)}{leads}"

    async def sign_out(self, caller: Caller, session_id: str) -> None:
        """Sign a device out, at once."""
        caller.require(Verb.SET)
        await self._access.sessions.remove(session_id)

    async def sign_out_all(self, caller: Caller) -> None:
        """Sign every device out, at once."""
        caller.require(Verb.SET)
        await self._access.sign_out_all()
