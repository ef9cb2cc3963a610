"""Every test here runs against the demo engine and, when its address is given, a real ComfyUI."""

import os
from collections.abc import AsyncIterator

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.contract.visitor import Visitor, visiting

VARIABLE = "BATCHGEN_TEST_COMFYUI_URL"
REAL_URL = os.environ.get(VARIABLE)
ENGINES = ["demo", "comfyui"] if REAL_URL else ["demo"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run per engine."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ENGINES, indirect=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out."""
    if not REAL_URL:
        terminalreporter.write_line(
            "tests/contract: the half against a real ComfyUI was left out; "
            f"set {VARIABLE} to its address to run it."
        )


@pytest.fixture
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The address of a server that keeps the contract."""
    if request.param == "comfyui" and REAL_URL:
        yield REAL_URL
        return
    async with DemoEngine(DemoSettings(step_delay=0.02, load_delay=0.0)) as demo:
        yield demo.url


@pytest.fixture
async def visitor(engine: str) -> AsyncIterator[Visitor]:
    """A connected client of the engine."""
    async with visiting(engine) as connected:
        yield connected
