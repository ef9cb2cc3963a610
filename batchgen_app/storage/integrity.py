"""Whether a database that is open still fits together, after somebody else has written into it.

Another process of ours does so rightly, another program may have taken rows away. SQLite tells a
connection whether any other one has written since it asked last, next to free of charge
(sqlite.org, "PRAGMA data_version"): only then there is something to be asked.
"""

import sqlite3
from pathlib import Path

from batchgen_app.storage.checkup import FITS, is_harm
from batchgen_app.storage.faults import DAMAGED

_VERSION = "PRAGMA data_version"
_END = "SELECT ifnull(max(seq), 0) FROM events"
_IS_WHOLE = """
    SELECT last >= ? AND (SELECT count(*) FROM events) = last
    FROM (SELECT ifnull(max(seq), 0) AS last FROM events)
"""


class Integrity:
    """Of what stands at ``path``, as the one connection that writes into it sees it. That is handed
    in each time: what is asked of it is asked in its thread.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._version = 0
        self._end = 0
        self._is_log_whole = True
        self._does_gallery_fit = True

    def begin(self, connection: sqlite3.Connection) -> None:
        """From now on, what others write is looked at. Raises sqlite3.Error."""
        self._version = _number(connection, _VERSION)
        self.expect(_number(connection, _END))

    def expect(self, end: int) -> None:
        """The log has an event of this number; one that ends before it has lost some."""
        self._end = max(self._end, end)

    def check(self, connection: sqlite3.Connection) -> bool:
        """Whether the gallery shows as many batches and images as it should. Raises DatabaseDamaged
        where events are missing, or sqlite3.Error.
        """
        version = _number(connection, _VERSION)
        if version != self._version:
            self._is_log_whole = _is_so(connection, _IS_WHOLE, self._end)
            self._does_gallery_fit = _is_so(connection, FITS)
            self._version = version
        if not self._is_log_whole:
            missing = LookupError("events are missing")
            raise DAMAGED.error(self._path, self._path.parent, missing) from missing
        return self._does_gallery_fit


def _is_so(connection: sqlite3.Connection, question: str, *about: int) -> bool:
    """What cannot be asked, because its table is gone, is not."""
    try:
        return connection.execute(question, about).fetchall() == [(1,)]
    except sqlite3.Error as error:
        if is_harm(error):
            return False
        raise


def _number(connection: sqlite3.Connection, question: str) -> int:
    ((number,),) = connection.execute(question).fetchall()
    return int(number)
