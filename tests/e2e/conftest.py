"""A served app, a demo engine, a browser: what every story here needs."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.chromium import QUIET_CHROMIUM, chromium_path
from tests.e2e.faults import Faults

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


@dataclass
class Served:
    """A running process of the app: where it is, and where it keeps its files."""

    address: str
    process: subprocess.Popen[str]
    images: Path


@dataclass
class Starter:
    """Starts commands of the app and ends them with the test."""

    folder: Path
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def serve(self, *arguments: str) -> Served:
        """`batchgen serve`; without arguments, on the built-in demo engine."""
        process = self._start("serve", "--port", "0", *(arguments or ("--demo",)))
        return Served(self._address(process), process, self.folder / "images")

    def demo_engine(self, *arguments: str) -> Served:
        """`batchgen demo-engine` as a process of its own, to be stopped and started."""
        process = self._start("demo-engine", *(arguments or ("--port", "0")))
        return Served(self._address(process), process, self.folder)

    def end(self) -> None:
        """End all that still runs."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.communicate(timeout=20)

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        # NiceGUI behaves otherwise where it finds traces of pytest in its environment.
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "NICEGUI_"))}
        process = subprocess.Popen(
            [sys.executable, "-m", "batchgen_app", *arguments],
            env={
                **clean,
                "BATCHGEN_DATA_DIR": str(self.folder / "data"),
                "BATCHGEN_OUTPUT_DIR": str(self.folder / "images"),
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        self.running.append(process)
        return process

    @staticmethod
    def _address(process: subprocess.Popen[str]) -> str:
        assert process.stdout
        return process.stdout.readline().split()[-1]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts what a story needs besides ``served``."""
    starter = Starter(tmp_path)
    yield starter
    starter.end()


@pytest.fixture
def served(start: Starter) -> Served:
    """The app on its built-in demo engine."""
    return start.serve()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from the system: Playwright's own cannot be had everywhere."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET_CHROMIUM), headless=True
        )
        yield browser
        browser.close()


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> Iterator[Faults]:
    """What goes wrong unseen in any page fails its story. Where that is what the story is about, it
    says which: ``@pytest.mark.console("404 (Not Found)")``.
    """
    faults = Faults()
    yield faults
    expected = [text for mark in request.node.iter_markers("console") for text in mark.args]
    assert faults.besides(expected) == []


@pytest.fixture
def open_page(browser: Browser, faults: Faults) -> Iterator[Callable[..., Page]]:
    """Opens an address as one more person would: ``open_page(url, viewport=PHONE)``."""
    contexts: list[BrowserContext] = []

    def opening(url: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, **options})  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        contexts.append(context)
        faults.watch(context, httpx.URL(url).netloc.decode())
        page = context.new_page()
        page.goto(url)
        return page

    expect.set_options(timeout=20_000)
    yield opening
    for context in contexts:
        context.close()
