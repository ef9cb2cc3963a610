"""Another program that keeps a database locked."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path


@asynccontextmanager
async def locked(path: Path, *last: str) -> AsyncIterator[Callable[[], object]]:
    """Nobody else can write until the block is left, or what it gives is called; what ``last``
    says is done to the database then.
    """
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30.0)
    with closing(other):
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield lambda: [other.execute(statement) for statement in (*last, "COMMIT")]
