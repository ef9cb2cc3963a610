"""A demo engine in a thread of its own, so that a story can tell it what to do wrong, stop it and
start it again while the browser is driven from the main thread.
"""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any

from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.demo.faults import Fault, FaultPlan

PATIENCE = 30.0


@dataclass
class EngineThread:
    """The engine, and the loop it lives in."""

    engine: DemoEngine
    faults: FaultPlan
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        """Its base address; stays the same when it is started again."""
        return self.engine.url

    def stop(self) -> None:
        """Like a server that is killed."""
        self.do(self.engine.stop())

    def start(self) -> None:
        """On the same port, with nothing in memory."""
        self.do(self.engine.start())

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something in the engine's thread, to its end."""
        asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)


@contextmanager
def engine_thread(*faults: Fault, step_delay: float = 0.02) -> Iterator[EngineThread]:
    """A quick engine that does wrong what ``faults`` say, as long as the block lasts."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="demo engine")
    plan = FaultPlan(*faults)
    engine = DemoEngine(DemoSettings(step_delay=step_delay, load_delay=0.0, faults=plan))
    running = EngineThread(engine, plan, loop)
    thread.start()
    try:
        running.do(engine.__aenter__())
        try:
            yield running
        finally:
            running.do(engine.__aexit__(None, None, None))
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
        loop.close()
