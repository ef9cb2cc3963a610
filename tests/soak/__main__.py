"""``python -m tests.soak [SEED]``: 200 deaths, 500 harmed databases, then 200 batches of five in
one life, then 20,000 forged messages, then 500 damaged folders.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from tests import forkserver
from tests.access.serving import serving
from tests.faults.scene import scene
from tests.soak.damages import damage_often
from tests.soak.folders import damage_folders
from tests.soak.forgeries import forge
from tests.soak.growth import grow, grown
from tests.soak.kills import kill_often

KILLS = 200
DAMAGES = 500
BATCHES = 200
WARM_UP = 20
FORGERIES = 20_000
DAMAGED_FOLDERS = 500
FLAT = 1.10


async def main(seed: int) -> int:
    """The exit code: 0 if nothing is lost, double or growing."""
    started = time.monotonic()
    forkserver.install()
    say(f"Seed {seed}")
    with tempfile.TemporaryDirectory() as folder:
        async with scene(Path(folder)) as here:
            say(str(await kill_often(here, KILLS, seed)))
    with tempfile.TemporaryDirectory() as folder:
        say(str(await damage_often(Path(folder), DAMAGES, seed)))
    with tempfile.TemporaryDirectory() as folder:
        async with scene(Path(folder), step_delay=0.0) as here:
            before, after = await grow(here, WARM_UP, BATCHES - WARM_UP)
    say(f"After {WARM_UP} batches: {before}")
    say(f"After {BATCHES} batches: {after}")
    faults = grown(before, after)
    if after.megabytes > FLAT * before.megabytes:
        faults.append("memory")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), "--lan") as served:
        say(str(await forge(served, FORGERIES, seed)))
    with tempfile.TemporaryDirectory() as folder:
        say(str(await damage_folders(Path(folder), DAMAGED_FOLDERS, seed)))
    say(f"Grown: {', '.join(faults) or 'nothing'}; {time.monotonic() - started:.0f} s in all")
    return 1 if faults else 0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main(int((sys.argv[1:] or ["1"])[0]))))
