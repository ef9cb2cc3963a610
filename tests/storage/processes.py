"""Other processes that use the same files: ``python -m tests.storage.processes <what> <folder>``.

What a process has done it says on its standard output, one JSON value per line.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.lock import Locks
from tests.core.stories import queued
from tests.storage import making

BATCH = "20261122-141500-000000-9f3a"
APPENDS = 40


async def append(folder: Path) -> None:
    """Appends one event after the other, when the word is given on standard input."""
    async with await open_database(folder / "batchgen.db") as db:
        log = EventLog(db)
        say("ready")
        await asyncio.to_thread(sys.stdin.readline)
        for _ in range(APPENDS):
            say((await log.append(queued())).seq)


async def save(store: ImageStore, turn: int) -> Any:
    return await store.save(BATCH, turn, turn, making.png(making.picture(48)), "a fox")


async def hold(folder: Path) -> None:
    """Holds the lock that the next argument names, until it is killed."""
    async with Locks(folder) as locks:
        say(await locks.take(sys.argv[3]))
        await asyncio.Event().wait()


def killed(folder: Path) -> None:
    """Saves a picture and a batch file in a process that is killed at its first call of the system
    that changes a folder or a disk; again at the second; until one comes through.
    """
    turn, status = 0, -1
    while status:
        turn += 1
        if (child := os.fork()) == 0:
            die_at(turn)
            asyncio.run(save_all(ImageStore(folder / str(turn))))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        say(status)


async def save_all(store: ImageStore) -> None:
    await save(store, 1)
    await store.write_batch(BATCH, {"status": "complete"})


def die_at(turn: int) -> None:
    """Have this process killed when it makes that call, before anything is done."""
    left = turn

    def dangerous(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **options)

        return called

    for name in ("fsync", "link", "rename", "replace", "unlink", "mkdir"):
        setattr(os, name, dangerous(getattr(os, name)))


def say(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201


if __name__ == "__main__":
    what, where = globals()[sys.argv[1]], Path(sys.argv[2])
    what(where) if what is killed else asyncio.run(what(where))
