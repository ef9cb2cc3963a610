"""A quick engine, and a guest that is connected to it."""

from collections.abc import AsyncIterator

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.demo.guest import Guest, visiting
from tests.faulty_engine import FaultPlan

LAB_MODELS = {"checkpoints": ["lab-sd15-a.safetensors", "lab-sd15-b.safetensors"]}
"""The models of the server that was recorded."""


@pytest.fixture
def faults() -> FaultPlan:
    """What the engine does wrong: nothing, unless a test module says otherwise."""
    return FaultPlan()


@pytest.fixture
def settings(faults: FaultPlan) -> DemoSettings:
    """As quick as it goes; a test module may say otherwise."""
    return DemoSettings(step_delay=0.0, load_delay=0.0, hooks=faults)


@pytest.fixture
async def engine(settings: DemoSettings) -> AsyncIterator[DemoEngine]:
    async with DemoEngine(settings) as running:
        yield running


@pytest.fixture
async def guest(engine: DemoEngine) -> AsyncIterator[Guest]:
    async with visiting(engine.url) as connected:
        yield connected
