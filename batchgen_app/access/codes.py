"""Access codes: one for each role, six digits, shown in the settings and changeable there."""

import asyncio
import json
import secrets
from hmac import compare_digest

from batchgen_app.access.keeping import Keeper
from batchgen_app.access.roles import Role

DIGITS = 6
KEPT_AS = "access-codes"


class Codes:
    """The codes, once they are loaded; before, none lets anybody in."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._codes: dict[Role, str] = {}

    async def load(self) -> None:
        """The codes of earlier starts; new ones where there are none."""
        if not self._codes:
            self._codes = _read(await asyncio.to_thread(self._keeper.read, KEPT_AS))
            for role in Role:
                if role not in self._codes:
                    await self.renew(role)

    def __getitem__(self, role: Role) -> str:
        """The code of a role, as it is shown: "123 456"."""
        code = self._codes[role]
        return f"{code[:3]} {code[3:]}"

    async def renew(self, role: Role) -> None:
        """Another code; the old one lets nobody in any more."""
        await self._keep({**self._codes, role: self._unused()})

    def role_of(self, typed: str) -> Role | None:
        """What a code lets people do; None for a wrong one. Spaces and hyphens do not matter."""
        plain = "".join(letter for letter in typed if letter not in " -\t\n\r").encode()
        matches = [
            role for role, code in self._codes.items() if compare_digest(plain, code.encode())
        ]
        return matches[0] if matches else None

    def _unused(self) -> str:
        while (code := f"{secrets.randbelow(10**DIGITS):0{DIGITS}}") in self._codes.values():
            pass
        return code

    async def _keep(self, codes: dict[Role, str]) -> None:
        self._codes = codes
        await asyncio.to_thread(self._keeper.write, KEPT_AS, json.dumps(codes))


def _read(text: str | None) -> dict[Role, str]:
    try:
        kept = json.loads(text or "{}")
        codes = {role: str(kept[role]) for role in Role if role in kept}
    except (ValueError, TypeError):
        return {}
    return {role: code for role, code in codes.items() if len(code) == DIGITS and code.isdigit()}
