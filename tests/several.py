"""A whole app on several demo engines, each with its own models, speed and faults."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from batchgen_app.app import build
from batchgen_app.batches.server import Server
from batchgen_app.core.server_list import ListedServer
from batchgen_app.core.state import BatchState
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import Settings
from tests.faulty_engine import Fault, FaultPlan
from tests.sketchbook import Sketchbook
from tests.studio import QUICK, Studio

NAMES = ("attic", "cellar", "shed")


@dataclass
class Several(Studio):
    """The app and its engines, the preferred one first."""

    engines: list[DemoEngine] = field(default_factory=list)

    @property
    def servers(self) -> tuple[Server, ...]:
        """As the app sees them."""
        return self.app.servers.all

    def made_on(self, batch: BatchState) -> str | None:
        """The name of the server that makes a batch, or has made it."""
        return batch.server.name if batch.server else None


@asynccontextmanager
async def several(
    folder: Path,
    *plans: tuple[Fault, ...],
    models: tuple[list[str] | None, ...] = (),
    enabled: tuple[bool, ...] = (),
    **demo: Any,
) -> AsyncIterator[Several]:
    """As many servers as there are ``plans`` of what they do wrong; ``models`` are the checkpoints
    of each, where it has not the usual ones.
    """
    async with AsyncExitStack() as stack:
        engines = [
            await stack.enter_async_context(
                DemoEngine(_settings(plan, models[i] if i < len(models) else None, **demo))
            )
            for i, plan in enumerate(plans)
        ]
        async with on_engines(folder, engines, enabled) as here:
            yield here


@asynccontextmanager
async def on_engines(
    folder: Path, engines: list[DemoEngine], enabled: tuple[bool, ...] = ()
) -> AsyncIterator[Several]:
    """The same on engines that are there already."""
    listed = tuple(
        ListedServer(
            name=NAMES[i], address=engine.url, enabled=enabled[i] if i < len(enabled) else True
        )
        for i, engine in enumerate(engines)
    )
    settings = Settings(data_dir=folder / "data", output_dir=folder / "images", servers=listed)
    async with build(settings, timeouts=QUICK) as app:
        yield Several(app, engines[0], folder, engines)


def _settings(plan: tuple[Fault, ...], models: list[str] | None, **demo: Any) -> DemoSettings:
    quick = {"step_delay": 0.0, "load_delay": 0.0, "easel": Sketchbook(), **demo}
    if models is not None:
        quick["models"] = {**DemoSettings().models, "checkpoints": models}
    return DemoSettings(hooks=FaultPlan(*plan), **quick)
