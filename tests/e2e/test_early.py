"""The first moments of a page: what is done before the app can hear of it is heard as soon as it
can.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.e2e.conftest import Served
from tests.e2e.test_form import field

OpenPage = Callable[..., Page]


class LateSocket:
    """Of a page, from its next address on: what the app says, its first word too, is held back."""

    def __init__(self, page: Page) -> None:
        self._held: list[tuple[WebSocketRoute, str | bytes]] = []
        self._is_open = False
        page.route_web_socket(re.compile("/_nicegui_ws/"), self._route)

    def let_through(self) -> None:
        """What was held back, and all that comes."""
        self._is_open = True
        for socket, said in self._held:
            socket.send(said)

    def _route(self, socket: WebSocketRoute) -> None:
        socket.connect_to_server().on_message(lambda said: self._hear(socket, said))

    def _hear(self, socket: WebSocketRoute, said: str | bytes) -> None:
        if self._is_open:
            socket.send(said)
        else:
            self._held.append((socket, said))


def is_heard(page: Page) -> bool:
    """Whether the app has greeted this page."""
    return bool(page.evaluate("window.socket.connected"))


def test_a_batch_that_is_asked_for_at_once_is_made_as_it_was_typed(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(f"{served.address}/gallery")
    late = LateSocket(page)
    page.goto(served.address)
    field(page, "prompt").fill("an early bird")
    field(page, "batch-count").fill("3")
    field(page, "generate").click()
    assert not is_heard(page)
    # Else each waits by itself, and which one comes first is a matter of luck.
    kept = page.evaluate("window.socket.sendBuffer.map(packet => JSON.stringify(packet.data))")
    assert "an early bird" in kept[0]
    late.let_through()
    expect(field(page, "progress-label")).to_contain_text("of 3")
    told = page.evaluate("fetch('/api/batches').then(answer => answer.json())")
    assert told["batches"][0]["request"]["prompt"] == "an early bird"


def test_what_is_chosen_in_the_settings_at_once_is_chosen(own: Served, open_page: OpenPage) -> None:
    page = open_page(f"{own.address}/gallery")
    for chosen, title in (("Deutsch", "Einstellungen"), ("Automatisch", "Settings")):
        late = LateSocket(page)  # the one that was there last is asked first
        page.goto(f"{own.address}/settings")
        page.get_by_text(chosen, exact=True).click()
        assert not is_heard(page)
        late.let_through()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)


TRIES = "sessionStorage.getItem('batchgen.loaded-again')"
BROKEN_OFF = pytest.mark.console("ERR_FAILED", "createApp is not defined", "(reading 'Lang')")
PARTS = ["**/nicegui.js", "**/components/**", "**/assets/early.js*", "**/assets/style.css*"]


@BROKEN_OFF
@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.strip("*/.").replace("/", "-"))
def test_a_page_of_which_a_part_was_broken_off_is_loaded_again(
    served: Served, open_page: OpenPage, part: str
) -> None:
    page = open_page(f"{served.address}/settings")
    page.route(part, lambda route: route.abort(), times=1)
    page.goto(served.address)
    field(page, "prompt").fill("a red fox")
    expect(page.get_by_test_id("generate")).to_be_enabled()
    assert page.evaluate(TRIES) is None


@BROKEN_OFF
def test_a_page_that_never_comes_up_is_not_loaded_for_ever(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(f"{served.address}/settings")
    loaded: list[Page] = []
    page.on("load", lambda _: loaded.append(page))
    page.route("**/nicegui.js", lambda route: route.abort())
    page.goto(served.address)
    while len(loaded) < 4:
        page.wait_for_event("load")
    assert page.evaluate(TRIES) == "3"
    page.unroute("**/nicegui.js")
    page.reload()
    expect(field(page, "prompt")).to_be_visible()
    assert page.evaluate(TRIES) is None
