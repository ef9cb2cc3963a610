"""The event log on stdout, one JSON object a line."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from batchgen_app.cli.exits import tell, tell_all
from batchgen_app.core.events import Logged
from batchgen_app.core.wire import json_line
from batchgen_app.settings import Settings
from batchgen_app.storage.progress import InWords
from batchgen_app.storage.storage import Storage, open_storage


async def print_events(settings: Settings, after: int, *, follow: bool) -> None:
    """All events after ``after``; with ``follow``, also those to come. Raises StorageError."""
    tell_all(settings.notices)
    while follow:
        # Each time round in the database that has taken the place of a damaged one.
        after = await _print_as_they_come(settings, after)
    async with _open(settings) as storage:
        for logged in await storage.log.read(after):
            _print(logged)


async def _print_as_they_come(settings: Settings, after: int) -> int:
    """As long as the database is the same; gives the number of the last event."""
    async with _open(settings) as storage:
        async for logged in storage.log.follow(after):
            _print(logged)
            after = logged.seq
    return after


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Storage]:
    progress = InWords(tell)
    async with open_storage(settings.data_dir, settings.output_dir, progress=progress) as storage:
        tell_all(storage.notices)
        yield storage


def _print(logged: Logged) -> None:
    sys.stdout.write(json_line(logged.to_json()) + "\n")
    sys.stdout.flush()
