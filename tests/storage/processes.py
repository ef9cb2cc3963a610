"""Other processes that use the same files: ``python -m tests.storage.processes <what> <folder>``.

What a process has done it says on its standard output, one JSON value per line.
"""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.housekeeping.moving import Mover
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.storage import DATABASE_NAME, open_storage
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
    again_and_again(lambda turn: save_all(ImageStore(folder / str(turn)), turn))


def mending_killed(folder: Path) -> None:
    """The same with copies of what is in the folder: in each, the log is lost while it is in use,
    and mended.
    """
    again_and_again(lambda turn: lose_and_mend(folder, folder.with_name(str(turn)), turn))


def moving_killed(folder: Path) -> None:
    """The same where the pictures in the folder move, each time to another folder."""
    again_and_again(lambda turn: move(folder, folder.with_name(str(turn)), turn))


def again_and_again(work: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    turn, status = 0, -1
    while status:
        turn += 1
        if (child := os.fork()) == 0:
            asyncio.run(work(turn))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        say(status)


async def save_all(store: ImageStore, turn: int) -> None:
    die_at(turn)
    await save(store, 1)
    await store.write_batch(BATCH, {"status": "complete"})


async def lose_and_mend(folder: Path, copy: Path, turn: int) -> None:
    shutil.copytree(folder, copy)
    async with open_storage(copy / "data", copy / "images") as storage:
        with closing(sqlite3.connect(copy / "data" / DATABASE_NAME)) as other:
            other.execute("DROP TABLE events")
        die_at(turn)
        await storage.mend()
        os._exit(0)


async def move(source: Path, target: Path, turn: int) -> None:
    die_at(turn)
    mover = Mover(source, target)
    mover.begin()
    mover.copy()
    mover.catch_up()


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
    what(where) if what in {killed, mending_killed, moving_killed} else asyncio.run(what(where))
