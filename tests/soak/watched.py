"""``batchgen`` that tells what it holds: ``python -m tests.soak.watched FILE serve …``.

At each SIGUSR1 it writes to FILE how many tasks, listeners and batches there are.
"""

import asyncio
import gc
import json
import signal
import sys
from pathlib import Path
from typing import Any

from batchgen_app.batches.prompt_tracker import PromptRouter
from batchgen_app.batches.queue import BatchQueue
from batchgen_app.batches.server import Server
from batchgen_app.cli import main
from batchgen_app.core.state import BatchState


def held() -> dict[str, int]:
    gc.unfreeze()  # what the app has put out of the downloader's sight is counted, too
    gc.collect()
    everything = gc.get_objects()
    return {
        "tasks": len(asyncio.all_tasks(asyncio.get_running_loop())),
        "listeners": sum(len(x.changed) for x in everything if isinstance(x, BatchQueue | Server))
        + sum(len(x._followed) for x in everything if isinstance(x, PromptRouter)),
        "batches": sum(isinstance(x, BatchState) for x in everything),
    }


def begin() -> None:
    _, file, *arguments = sys.argv

    def write(*_: Any) -> None:
        partial = Path(f"{file}.partial")
        partial.write_text(json.dumps(held()), encoding="utf-8")
        partial.replace(file)

    signal.signal(signal.SIGUSR1, write)
    sys.argv = ["batchgen", *arguments]
    main()


if __name__ == "__main__":
    begin()
