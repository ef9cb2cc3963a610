"""How long the event loop was kept from its other work."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TICK = 0.001


@dataclass
class LoopLag:
    """Milliseconds by which each tick of a thousandth of a second came late; and for which this
    process worked meanwhile, which does not depend on what else the machine does.
    """

    late: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    @property
    def worst(self) -> float:
        """The longest time, in milliseconds."""
        return max(self.late, default=0.0)

    @property
    def worst_of_own(self) -> float:
        """The longest time by its own work, in milliseconds."""
        return max(map(min, zip(self.late, self.worked, strict=False)), default=0.0)

    def percentile(self, share: float) -> float:
        """The time that ``share`` (0 … 1) of the ticks kept within, in milliseconds."""
        return sorted(self.late)[int(share * (len(self.late) - 1))] if self.late else 0.0


@asynccontextmanager
async def loop_lag() -> AsyncIterator[LoopLag]:
    """Watch the running loop as long as the context lasts."""
    lag = LoopLag()
    watcher = asyncio.create_task(_watch(lag))
    try:
        yield lag
    finally:
        watcher.cancel()


async def _watch(lag: LoopLag) -> None:
    while True:
        before, worked = time.perf_counter(), time.process_time()
        await asyncio.sleep(TICK)
        lag.worked.append((time.process_time() - worked) * 1000)
        lag.late.append((time.perf_counter() - before - TICK) * 1000)
