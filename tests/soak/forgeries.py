"""Somebody who may only view, who knows every id of everybody's pages, and says on their sockets
whatever comes to mind: nothing comes of it but marks.
"""

import json
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import socketio.exceptions  # type: ignore[import-untyped]

from tests.access.forging import PLACE, Device, Listener, Page, device
from tests.access.serving import Served, asked
from tests.studio import until

PAGES = (
    "/",
    "/gallery",
    "/trash",
    "/storage",
    "/workflows",
    "/settings",
    "/batch/{running}",
    "/batch/{ended}",
)
MARKS = {"image_favourited", "image_rated", "image_rejected", "image_tagged"}
"""The events that come of what viewers may do."""
SLOW = {"baseParameters": {"steps": 150, "width": 64, "height": 64}}
MANY = 20
"""Images of a batch that is still being made when the forging ends."""
CALLS = (
    ("POST", "/batches"),
    ("POST", "/batches/{}/cancel"),
    ("POST", "/batches/{}/resume"),
    ("POST", "/batches/{}/restore"),
    ("DELETE", "/batches/{}"),
    ("POST", "/images/{}-001/prove"),
    ("DELETE", "/images/{}-001"),
)


@dataclass
class Household:
    """An app with a batch that has ended, one that is being made and one that waits; every page of
    it, open on a device for everything and on one for viewing.
    """

    app: Served
    full: Device
    viewer: Device
    batches: dict[str, str]
    theirs: list[Page] = field(default_factory=list)
    """Of those who may do everything."""
    own: list[Page] = field(default_factory=list)
    """Of the one who forges."""

    async def state(self) -> dict[str, Any]:
        """All that must stay as it is."""
        events = (await self.full.get("/api/events", params={"limit": 1000})).json()["events"]
        made = {"image_submitted", "image_completed"}
        sessions = json.loads((self.app.data / "sessions.json").read_text(encoding="utf-8"))
        return {
            "events": [e for e in events if e["type"] not in made | MARKS],
            "files": {n: _text(self.app.data / n) for n in ("settings.json", "secrets.json")},
            "devices": {(session["id"], session["role"]) for session in sessions},
            "queue": [(await self._progress(id_))["status"] for id_ in self.batches.values()],
            "outside": (await self.viewer.get("/api/health")).json().get("server"),
        }

    async def _progress(self, batch_id: str) -> dict[str, Any]:
        progress: dict[str, Any] = (await self.full.get(f"/api/batches/{batch_id}")).json()
        return dict(progress["progress"])

    def page(self, path: str) -> Page:
        """Of those who may do everything."""
        return next(page for page in self.theirs if page.path == path)


@asynccontextmanager
async def household(app: Served) -> AsyncIterator[Household]:
    """With every page open, and its socket."""
    ended = app.make()
    async with AsyncExitStack() as stack:
        full = await stack.enter_async_context(device(app))
        viewer = await stack.enter_async_context(device(app, app.view_code))
        begun = [(await full.post("/api/batches", json=asked(MANY, **SLOW))) for _ in range(2)]
        assert [answer.status_code for answer in begun] == [201, 201], begun[0].text
        running, waiting = (answer.json()["batchId"] for answer in begun)
        batches = {"ended": ended, "running": running, "waiting": waiting}
        house = Household(app, full, viewer, batches)
        for who, pages in ((full, house.theirs), (viewer, house.own)):
            for path in PAGES:
                page = await who.load(path.format(**batches))
                await page.connect()
                stack.push_async_callback(page.close)
                pages.append(page)
        settings = house.page("/settings")
        await until(lambda: any(each.mark == "new-code-view" for each in settings.listeners))
        yield house


@dataclass
class ForgeReport:
    """What was tried."""

    messages: int = 0
    sockets: int = 0
    requests: int = 0

    def __str__(self) -> str:
        return (
            f"Forged {self.messages} messages, {self.sockets} sockets and {self.requests} requests"
            "; nothing came of them but marks"
        )


class Forger:
    """Says one thing after another."""

    def __init__(self, house: Household, rng: random.Random) -> None:
        self.report = ForgeReport()
        self._house = house
        self._rng = rng
        self._pages = [*house.theirs, *house.own]
        self._values: tuple[Any, ...] = (
            *(None, True, -1, 0, 1, 2**63, 1e308, "", "\x00", "2", [], {}, [1, 2, 3], {"value": 1}),
            *(["ArrowUp", 0, 0, 5], {"label": "x", "value": 0}, "x" * 5000, "http://127.0.0.1:9"),
            *house.batches.values(),
            *(page.client_id for page in self._pages),
        )

    async def use_everything(self) -> None:
        """Each thing that can be used on any page, in the name of that page."""
        for page in self._pages:
            own = page if page in self._house.own else self._any(self._house.own)
            for listener in page.listeners:
                await own.use(listener, *self._arguments(), page=page)
                self.report.messages += 1
        for page in self._house.own:
            await page.settle()

    async def go_on(self, rounds: int) -> None:
        """Whatever comes to mind."""
        ways = (self._say_event, self._say_other, self._say_nonsense, self._open, self._ask)
        for _ in range(rounds):
            (way,) = self._rng.choices(ways, weights=(60, 20, 10, 3, 7))
            await way()
        for page in self._house.own:
            await page.settle()

    def _any(self, things: Any) -> Any:
        return self._rng.choice(things)

    def _arguments(self) -> list[Any]:
        return [self._any(self._values) for _ in range(self._any((0, 1, 1, 1, 2)))]

    def _listener(self, page: Page) -> Listener:
        """Of the page itself, mostly; else of another one, or of none."""
        known: Listener = self._any(page.listeners)
        other: Listener = self._any(self._any(self._pages).listeners)
        mixed = known._replace(element=other.element)
        (chosen,) = self._rng.choices((known, other, mixed), weights=(70, 20, 10))
        return chosen

    async def _emit(self, kind: str, *said: Any) -> None:
        self.report.messages += 1
        page: Page = self._any(self._house.own)
        await page.wire.emit(kind, tuple(said) if len(said) != 1 else said[0])

    async def _say_event(self) -> None:
        page: Page = self._any(self._pages)
        own = page if page in self._house.own else self._any(self._house.own)
        await own.use(self._listener(page), *self._arguments(), page=page)
        self.report.messages += 1

    async def _say_other(self) -> None:
        page: Page = self._any(self._pages)
        of = {"client_id": page.client_id, "tab_id": page.tab_id, "document_id": page.tab_id}
        said = {
            "handshake": {**of, "next_message_id": self._any(self._values)},
            "ack": {**of, "next_message_id": self._any(self._values)},
            "log": {**of, "level": self._any(("info", "error", None)), "message": "forged"},
            "javascript_response": {
                **of,
                "request_id": self._any([*page.requests, "x"]),
                "result": self._any(self._values),
            },
        }
        kind = self._any([*said])
        await self._emit(kind, said[kind])

    async def _say_nonsense(self) -> None:
        kind = self._any(("event", "handshake", "ack", "log", "javascript_response", "update"))
        said = {name: self._any(self._values) for name in ("client_id", "id", "listener_id")}
        if self._rng.random() < 0.5:
            said["client_id"] = self._any(self._pages).client_id
        await self._emit(kind, *self._any(([], [None], [said], [said, said], ["x"], [[said]])))

    async def _open(self) -> None:
        """A socket for somebody else's page, or an earlier connection of somebody else."""
        self.report.sockets += 1
        theirs: Page = self._any(self._house.theirs)
        mine = Page(self._house.viewer, "", theirs.client_id, {})
        try:
            await mine.connect(theirs)
        except socketio.exceptions.ConnectionError:
            return
        raise AssertionError(f"A viewer's socket was opened for {theirs.path}")

    async def _ask(self) -> None:
        """Over HTTP."""
        self.report.requests += 1
        theirs: Page = self._any(self._house.theirs)
        method, call = self._any(CALLS)
        path = "/api" + call.format(self._any([*self._house.batches.values()]))
        upload = f"/_nicegui/client/{theirs.client_id}/upload/{self._any([*theirs.elements])}"
        connection = f"{PLACE}/?EIO=4&transport=polling&sid={theirs.wire.eio.sid}"
        for verb, address in ((method, path), ("POST", upload), ("POST", connection)):
            answer = await self._house.viewer.request(verb, address, json=asked())
            assert answer.status_code == 403, (verb, address, answer.status_code)


async def forge(app: Served, rounds: int, seed: int) -> ForgeReport:
    """Try everything; AssertionError says what came of it."""
    async with household(app) as house:
        before = await house.state()
        forger = Forger(house, random.Random(seed))
        await forger.use_everything()
        await forger.go_on(rounds)
        assert await house.state() == before
        await check_that_own_buttons_work(house)
        files = (await house.state())["files"]
        assert files.pop("secrets.json") != before["files"].pop("secrets.json")
        assert files == before["files"]
    return forger.report


async def check_that_own_buttons_work(house: Household) -> None:
    """Or all of this would show nothing: the same event, on the page's own socket."""
    secrets, settings = house.app.data / "secrets.json", house.page("/settings")
    before = _text(secrets)
    await settings.use(settings.listener("new-code-view"))
    await until(lambda: _text(secrets) != before)


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""
