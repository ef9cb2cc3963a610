"""Stays: what let somebody in holds until it is ended, and then so is all that they have open."""

import asyncio


class Stay:
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


class Stays:
    """Those that one session or one code has let in, as one: ``now``."""

    def __init__(self) -> None:
        self.now = Stay()

    def end(self) -> None:
        """End the present one; who is let in again from now on begins another."""
        ended, self.now = self.now, Stay()
        ended.end()
