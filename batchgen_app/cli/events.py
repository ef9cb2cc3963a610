"""The event log on stdout, one JSON object a line."""

import json
import sys

from batchgen_app.cli.faults import tell, tell_all
from batchgen_app.core.events import Logged
from batchgen_app.settings import Settings
from batchgen_app.storage.memory import open_memory
from batchgen_app.storage.progress import InWords


async def print_events(settings: Settings, after: int, *, follow: bool) -> None:
    """All events after ``after``; with ``follow``, also those to come. Raises StorageError."""
    progress = InWords(tell)
    async with open_memory(settings.data_dir, settings.output_dir, progress=progress) as memory:
        tell_all(settings.notices, memory.notices)
        if follow:
            async for logged in memory.log.follow(after):
                _print(logged)
        else:
            for logged in await memory.log.read(after):
                _print(logged)


def _print(logged: Logged) -> None:
    sys.stdout.write(json.dumps(logged.to_json(), ensure_ascii=False) + "\n")
    sys.stdout.flush()
