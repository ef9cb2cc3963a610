"""aiosqlite, where several statements belong together: each that is awaited is a way to the
connection's thread and back, which costs more than most of ours do.
"""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

import aiosqlite

T = TypeVar("T")


async def at_once(connection: aiosqlite.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """What ``work`` gives, which has the connection to itself, in its thread. Raises what it
    raises, and ValueError where the connection is closed. Whoever stops waiting does not end it.
    """
    result: T = await connection._execute(work, connection._conn)  # type: ignore[no-untyped-call]  # noqa: SLF001
    return result
