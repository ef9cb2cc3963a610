"""Access codes: one for each role, six digits, shown in the settings and changeable there."""

import json
import logging
import secrets
from hmac import compare_digest

from batchgen_app.access.roles import Role
from batchgen_app.core.errors import StorageError
from batchgen_app.keeping.keeper import Keeper
from batchgen_app.keeping.keyring import KeyringClosed

logger = logging.getLogger(__name__)

DIGITS = 6
KEPT_AS = "access-codes"


class Codes:
    """The codes, once they are loaded; before, none lets anybody in. They are ``for_now`` where a
    closed keyring has the lasting ones.
    """

    def __init__(self, keeper: Keeper) -> None:
        self.for_now = False
        self._keeper = keeper
        self._codes: dict[Role, str] = {}

    async def load(self) -> None:
        """The codes of earlier starts; new ones where there are none."""
        if self._codes:
            return
        try:
            kept = _read(await self._keeper.read(KEPT_AS))
        except KeyringClosed:
            logger.warning("The keyring is closed: new access codes hold until the app ends")
            self._codes, self.for_now = _complete({}), True
            return
        self._codes = _complete(kept)
        if self._codes != kept:
            await self._keep_if_possible()

    def __getitem__(self, role: Role) -> str:
        """The code of a role, as it is shown: "123 456"."""
        code = self._codes[role]
        return f"{code[:3]} {code[3:]}"

    async def renew(self, role: Role) -> None:
        """Another code; the old one lets nobody in any more."""
        self._codes = {**self._codes, role: _unused(self._codes)}
        await self._keep_if_possible()

    def role_of(self, typed: str) -> Role | None:
        """What a code lets people do; None for a wrong one. Spaces and hyphens do not matter."""
        plain = "".join(letter for letter in typed if letter not in " -\t\n\r").encode()
        matches = [
            role for role, code in self._codes.items() if compare_digest(plain, code.encode())
        ]
        return matches[0] if matches else None

    async def _keep_if_possible(self) -> None:
        """A disk that is full keeps nobody out."""
        try:
            await self._keeper.write(KEPT_AS, json.dumps(self._codes))
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
    while (code := f"{secrets.randbelow(10**DIGITS):0{DIGITS}}") in codes.values():
        pass
    return code


def _read(text: str | None) -> dict[Role, str]:
    try:
        kept = json.loads(text or "{}")
        codes = {role: str(kept[role]) for role in Role if role in kept}
    except (ValueError, TypeError):
        return {}
    return {role: code for role, code in codes.items() if len(code) == DIGITS and code.isdigit()}
