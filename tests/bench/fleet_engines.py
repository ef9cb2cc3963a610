"""``python -m tests.bench.fleet_engines COUNT SECONDS``: so many demo engines in one process, each
of which takes so long for an image. Their addresses are its first line; ``REST`` seconds after it
one dies, any of them, and comes back, and so on until the process is told to end. How many did is
its last line.
"""

import asyncio
import random
import signal
import sys
from contextlib import AsyncExitStack

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.sketchbook import Sketchbook

STEPS = 2
REST, DEAD = 4.0, 3.0


async def main(count: int, seconds: float) -> None:
    """Until SIGTERM."""
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    speed = DemoSettings(step_delay=seconds / STEPS, load_delay=0.0, easel=Sketchbook())
    async with AsyncExitStack() as stack:
        engines = [await stack.enter_async_context(DemoEngine(speed)) for _ in range(count)]
        _say(" ".join(engine.url for engine in engines))
        dying = asyncio.create_task(_die(engines))
        await ended.wait()
        dying.cancel()


async def _die(engines: list[DemoEngine]) -> None:
    chance, deaths = random.Random(1), 0
    try:
        while True:
            await asyncio.sleep(REST)
            engine = chance.choice(engines)
            await engine.stop()
            deaths += 1
            await asyncio.sleep(DEAD)
            await engine.start()
    finally:
        _say(str(deaths))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
