"""How long the event loop was kept from its other work."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

TICK = 0.001


@dataclass
class LoopLag:
    """Milliseconds by which each tick of a thousandth of a second came late."""

    late: list[float] = field(default_factory=list)

    @property
    def worst(self) -> float:
        """The longest time, in milliseconds."""
        return max(self.late, default=0.0)

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
        before = time.perf_counter()
        await asyncio.sleep(TICK)
        lag.late.append((time.perf_counter() - before - TICK) * 1000)
