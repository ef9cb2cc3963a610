"""Whether a database that is open still fits together, after somebody else has written into it.

Another process of ours does so rightly, another program may have taken rows away. SQLite tells a
connection whether any other one has written since it asked last, next to free of charge
(sqlite.org, "PRAGMA data_version"): only then there is something to be asked.
"""

import sqlite3
from pathlib import Path

import aiosqlite

from batchgen_app.storage.checkup import FITS, is_harm
from batchgen_app.storage.faults import DAMAGED

_VERSION = "PRAGMA data_version"
_END = "SELECT ifnull(max(seq), 0) FROM events"
_IS_WHOLE = """
    SELECT last >= ? AND (SELECT count(*) FROM events) = last
    FROM (SELECT ifnull(max(seq), 0) AS last FROM events)
"""


class Integrity:
    """Of what stands at ``path``, as the one ``connection`` that writes into it sees it."""

    def __init__(self, path: Path, connection: aiosqlite.Connection) -> None:
        self._path = path
        self._connection = connection
        self._version = 0
        self._end = 0
        self._is_log_whole = True
        self._does_gallery_fit = True

    async def begin(self) -> None:
        """From now on, what others write is looked at. Raises sqlite3.Error."""
        self._version = await self._number(_VERSION)
        self.expect(await self._number(_END))

    def expect(self, end: int) -> None:
        """The log has an event of this number; one that ends before it has lost some."""
        self._end = max(self._end, end)

    async def check(self) -> bool:
        """Whether the gallery shows as many batches and images as it should. Raises DatabaseDamaged
        where events are missing, or sqlite3.Error.
        """
        version = await self._number(_VERSION)
        if version != self._version:
            self._is_log_whole = await self._is_so(_IS_WHOLE, self._end)
            self._does_gallery_fit = await self._is_so(FITS)
            self._version = version
        if not self._is_log_whole:
            missing = LookupError("events are missing")
            raise DAMAGED.error(self._path, self._path.parent, missing) from missing
        return self._does_gallery_fit

    async def _is_so(self, question: str, *about: int) -> bool:
        """What cannot be asked, because its table is gone, is not."""
        try:
            return list(await self._connection.execute_fetchall(question, about)) == [(1,)]
        except sqlite3.Error as error:
            if is_harm(error):
                return False
            raise

    async def _number(self, question: str) -> int:
        ((number,),) = await self._connection.execute_fetchall(question)
        return int(number)
