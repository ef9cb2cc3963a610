"""A demo engine as a process of its own: ``python -m tests.faults.engine PORT FOLDER DELAY``.

It keeps its pictures in FOLDER, so that they outlive it; its queue and its history do not.
"""

import asyncio
import sys
from pathlib import Path

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.sketchbook import Sketchbook


async def serve(port: int, folder: Path, step_delay: float) -> None:
    settings = DemoSettings(
        step_delay=step_delay, load_delay=0.0, output_dir=folder, easel=Sketchbook()
    )
    async with DemoEngine(settings, port=port) as engine:
        print(f"Demo engine at {engine.url}", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])))
