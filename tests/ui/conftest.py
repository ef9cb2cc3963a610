"""The pages on a real app and a demo engine, opened by a simulated person: no browser."""

import asyncio
import gc
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from nicegui import Client, ElementFilter, ui
from nicegui.functions.download import download
from nicegui.functions.navigate import Navigate
from nicegui.functions.notify import notify
from nicegui.testing import User
from nicegui.testing.general import nicegui_reset_globals
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.access.access import open_access
from batchgen_app.access.guard import Guard
from batchgen_app.ui.live import LiveBatchState
from batchgen_app.web import build_web
from tests.faulty_engine import Fault
from tests.studio import TIMEOUT_OF_THE_TEST, Studio, studio, until

E = TypeVar("E", bound=ui.element)


@dataclass
class Visit:
    """One person with one open page, and the app behind it."""

    studio: Studio
    user: User
    remembered: str | None = None
    """What the browser kept of an earlier visit, whatever it is asked for."""

    def __post_init__(self) -> None:
        recall = {re.compile(r"localStorage\.getItem"): lambda _: self.remembered}
        self.user.javascript_rules = {**self.user.javascript_rules, **recall}

    async def open(self, path: str) -> Client:
        """Open a page and wait until it is built."""
        return await self.user.open(path)

    @property
    def page(self) -> Client:
        """The open page; ``with visit.page:`` to act in its context."""
        assert self.user.client
        return self.user.client

    def all(self, mark: str) -> list[ui.element]:
        """The visible elements with this ``data-testid``, in the order in which they stand."""
        marked = (e for e in self.page.layout.descendants() if e.props.get("data-testid") == mark)
        return [e for e in marked if all(above.visible for above in (e, *e.ancestors()))]

    def inside(self, parent: ui.element, kind: type[E]) -> list[E]:
        """The visible elements of a kind inside of another."""
        with self.page:
            found = ElementFilter(kind=kind, only_visible=True, local_scope=False)
            return list(found.within(instance=parent))

    def one(self, mark: str) -> Any:
        """The only visible element with this ``data-testid``."""
        found = self.all(mark)
        assert len(found) == 1, f"{len(found)} visible elements are marked {mark}"
        return found[0]

    def texts(self, mark: str) -> list[str]:
        """What the elements with this ``data-testid`` say."""
        return [str(getattr(element, "text", "")) for element in self.all(mark)]

    def click(self, mark: str) -> None:
        """Click the only element with this ``data-testid``."""
        UserInteraction(self.user, {self.one(mark)}, None).click()

    async def open_picture(self) -> None:
        """Click on a thumbnail of the watched batch, once one shows its picture: a page follows its
        batch a moment later.
        """

        def made() -> list[ui.element]:
            return [e for e in self.all("thumbnail") if e.props["data-status"] == "completed"]

        await until(lambda: bool(made()))
        UserInteraction(self.user, {made()[0]}, None).trigger("click")

    async def stop(self) -> None:
        """Stop the batch that is watched, as a person does."""
        self.click("cancel")
        await until(lambda: bool(self.all("agree")))
        self.click("agree")

    async def fade(self) -> None:
        """Wait until a question is closed, and tell as a browser does that it is out of sight."""
        (dialog,) = (e for e in self.one("agree").ancestors() if isinstance(e, ui.dialog))
        await until(lambda: not dialog.value)
        UserInteraction(self.user, {dialog}, None).trigger("hide")

    def trigger(self, mark: str, event: str, args: Any = None) -> None:
        """Let an event such as ``blur`` reach the only element with this ``data-testid``."""
        UserInteraction(self.user, {self.one(mark)}, None).trigger(event, args)

    def fill(self, mark: str, value: object) -> None:
        """Put a value into the only element with this ``data-testid``, as typing does."""
        with self.page:
            self.one(mark).value = value

    async def sees(self, mark: str, text: str = "") -> None:
        """Wait until an element with this ``data-testid`` is visible and contains ``text``."""
        await until(lambda: any(text in shown for shown in self.texts(mark)))


Opening = Callable[..., Awaitable[Visit]]


@asynccontextmanager
async def visiting(folder: Path, *faults: Fault, **demo: Any) -> AsyncIterator[Visit]:
    """The whole app with its pages, without a socket between it and the person."""
    with nicegui_reset_globals():
        gc.freeze()  # what other stories have left behind, or NiceGUI looks through it at each end
        async with (
            studio(folder, *faults, new_state=LiveBatchState, **demo) as running,
            open_access(folder / "data", "127.0.0.1") as access,
        ):
            web = build_web(running.app, access)
            try:
                async with web.router.lifespan_context(web), _client(Guard(web, access)) as client:
                    yield Visit(running, User(client))
                    for left in Client.instances.values():
                        left.outbox.stop()  # else each may wait for two seconds for its end
            finally:
                ui.navigate, ui.notify, ui.download = Navigate(), notify, download
                Client.page_routes.clear()  # else NiceGUI forgets the imported modules of the app


def _client(web: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(web), base_url="http://127.0.0.1:8420")


@pytest.fixture
async def opening(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Opening]:
    """``await opening("/", *faults, step_delay=0.1)`` gives a Visit. An error in the log fails the
    story, and so does a polled binding.
    """
    async with AsyncExitStack() as stack:

        async def open_one(path: str = "/", *faults: Fault, **demo: Any) -> Visit:
            visit = await stack.enter_async_context(visiting(tmp_path, *faults, **demo))
            async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
                await visit.open(path)
            return visit

        yield open_one
    told = [r.getMessage() for r in caplog.get_records("call") if r.name.startswith("nicegui")]
    assert not told
