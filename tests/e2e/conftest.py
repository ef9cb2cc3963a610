"""A served app, a demo engine, a browser: what every story here needs.

What is costly to start is shared by all stories of a process: the browser, and ``served``, an app
on an engine. Each story has a browser context, batches, and an engine of its own, which does wrong
what the story says. A story about what an app keeps, its gallery, its settings, its end, has one of
its own: ``own``, or ``start.serve()``.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.access.neighbour import Neighbour, moved_in
from tests.e2e.chromium import QUIET_CHROMIUM, chromium_path
from tests.e2e.engine_thread import STEP_DELAY, EngineThread, engine_thread
from tests.e2e.faults import Faults
from tests.faulty_engine import Fault

LOOK_AGAIN = 0.05
"""Seconds; a browser story has no loop that could listen for the end."""
LOCALE = "en-US"
"""What a Chromium without a window says to servers only if it is told to."""
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


@pytest.fixture(scope="session", autouse=True)
def neighbour(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Neighbour]:
    """Somebody at another address, from the first story to the last, whichever process tells it: a
    network that comes or goes makes Chromium break off what any page is loading, or sending, just
    then (ERR_NETWORK_CHANGED).
    """
    own = tmp_path_factory.getbasetemp()
    with moved_in() as neighbour, _telling(own if worker_id == "master" else own.parent, worker_id):
        yield neighbour


@contextmanager
def _telling(folder: Path, worker_id: str) -> Iterator[None]:
    """Is left when the other processes of this run have left it, or have died."""
    with FileLock(folder / f"{worker_id}.telling"):
        yield
    for other in folder.glob("*.telling"):
        with FileLock(other):
            pass


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts what a story needs besides ``served``."""
    starter = Starter(tmp_path)
    yield starter
    starter.end()


@dataclass
class Stage:
    """An app and the engine that it uses, for one story after another."""

    engine: EngineThread
    served: Served
    seen: int = 0

    def play(self, *faults: Fault, step_delay: float = STEP_DELAY) -> Served:
        """The app, on an engine that does wrong what ``faults`` say. What an earlier story had
        asked for may have become a batch after that was cleared.
        """
        self.clear()
        self.engine.begin(*faults, step_delay=step_delay)
        return self.served

    def clear(self) -> None:
        """Nothing of a story goes on: its batches are cancelled, those that it did not delete, and
        have ended.
        """
        while events := self._news():
            for event in events:
                if event["type"] in {"batch_queued", "batch_resumed"}:
                    self._cancel(event["batchId"])
            while self._asked("health")["activeBatchId"]:
                time.sleep(LOOK_AGAIN)

    def _news(self) -> list[dict[str, Any]]:
        told = self._asked(f"events?limit=1000&after={self.seen}")
        self.seen = told["last"]
        return list(told["events"])

    def _asked(self, path: str) -> dict[str, Any]:
        answer = httpx.get(f"{self.served.address}/api/{path}", timeout=20)
        return dict(answer.raise_for_status().json())

    def _cancel(self, batch_id: str) -> None:
        address = f"{self.served.address}/api/batches/{batch_id}/cancel"
        answer = httpx.post(address, timeout=20)
        assert answer.status_code in {200, 404}, answer.text


@pytest.fixture(scope="session")
def shared_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Started once."""
    starter = Starter(tmp_path_factory.mktemp("app"))
    with engine_thread() as engine:
        yield Stage(engine, starter.serve("--comfyui", engine.url))
        starter.end()


@pytest.fixture
def stage(shared_stage: Stage) -> Iterator[Stage]:
    """``stage.play(a fault)`` gives the app on a server that has it."""
    yield shared_stage
    shared_stage.clear()


@pytest.fixture
def served(stage: Stage) -> Served:
    """The app on an engine without faults."""
    return stage.play()


@pytest.fixture
def own(stage: Stage, start: Starter) -> Served:
    """An app of the story's own, with nothing in it, on an engine without faults."""
    stage.play()
    return start.serve("--comfyui", stage.engine.url)


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


OPENED = pytest.StashKey[list[BrowserContext]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a story that fails, at its beginning or later, what its pages showed in the end."""
    report = yield
    if report.when != "teardown" and report.failed:
        for context in item.stash.get(OPENED, []):
            for page in context.pages:
                report.sections.append((page.url, page.locator("body").inner_text()))
    return report


@pytest.fixture
def open_page(
    browser: Browser, faults: Faults, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Opens an address as one more person would: ``open_page(url, viewport=PHONE)``."""
    contexts = request.node.stash[OPENED] = []

    def opening(url: str, **options: object) -> Page:
        context = browser.new_context(**{"viewport": DESKTOP, "locale": LOCALE, **options})  # type: ignore[arg-type]
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
