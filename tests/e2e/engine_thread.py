"""A demo engine in a thread of its own, so that a story can tell it what to do wrong, stop it and
start it again while the browser is driven from the main thread.
"""

import asyncio
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

from batchgen_app.demo import DemoEngine, DemoSettings, demo_models
from tests.faulty_engine import Fault, FaultPlan, Hold
from tests.sketchbook import Sketchbook

TIMEOUT = 30.0
STEP_DELAY = 0.02
"""Seconds: quick, yet what happens meanwhile can be seen."""


@dataclass
class EngineThread:
    """The engine, and the loop it lives in."""

    loop: asyncio.AbstractEventLoop
    faults: FaultPlan = field(default_factory=FaultPlan)
    engine: DemoEngine | None = None
    port: int = 0

    @property
    def url(self) -> str:
        """Its base address; stays the same whatever happens to it."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Like a server that is killed."""
        if self.engine:
            self.do(self.engine.stop())

    def start(self) -> None:
        """On the same port, with nothing in memory."""
        if self.engine:
            self.do(self.engine.start())

    def begin(
        self,
        *faults: Fault,
        step_delay: float = STEP_DELAY,
        models: Mapping[str, Sequence[str]] | None = None,
        **demo: Any,
    ) -> None:
        """Another engine on the same port, that does wrong what ``faults`` say."""
        self.leave()
        self.faults = FaultPlan(*faults)
        settings = DemoSettings(
            step_delay=step_delay,
            load_delay=0.0,
            hooks=self.faults,
            easel=Sketchbook(),
            models=models or demo_models(),
            **demo,
        )
        self.engine = DemoEngine(settings, port=self.port)
        self.do(self.engine.__aenter__())
        self.port = int(self.engine.url.rpartition(":")[2])

    def leave(self) -> None:
        """Without a trace."""
        if self.engine:
            self.do(self.engine.__aexit__(None, None, None))
            self.engine = None

    def release(self, hold: Hold) -> None:
        """Let the engine go on."""
        self.loop.call_soon_threadsafe(hold.released.set)

    def do(self, work: Coroutine[Any, Any, object]) -> None:
        """Run something in the engine's thread, to its end."""
        asyncio.run_coroutine_threadsafe(work, self.loop).result(TIMEOUT)


@contextmanager
def engine_thread(*faults: Fault, step_delay: float = STEP_DELAY) -> Iterator[EngineThread]:
    """A quick engine that does wrong what ``faults`` say, as long as the block lasts."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever, name="demo engine")
    running = EngineThread(loop)
    thread.start()
    try:
        running.begin(*faults, step_delay=step_delay)
        yield running
    finally:
        running.leave()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(TIMEOUT)
        loop.close()
