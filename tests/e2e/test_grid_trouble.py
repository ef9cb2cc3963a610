"""Find it: the grid of all pictures where the network, or the app, fails it."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Served, Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.test_all_images import VIEW, cells, make, shown

Open = Callable[..., Page]
PICTURES = re.compile(r"/gallery/images\?")
NO_ANSWER = re.compile("does not answer")
BROKEN_OFF = "ERR_FAILED"


@pytest.fixture
def quick(start: Starter) -> Iterator[Served]:
    """The app on a demo engine that takes no time."""
    with engine_thread(step_delay=0.0) as engine:
        yield start.serve("--comfyui", engine.url)


class Network:
    """What becomes of each request for pictures: the first ones as it is said, others as ever."""

    def __init__(self, page: Page, *fates: Callable[[Route], None]) -> None:
        self._fates = list(fates)
        page.route(PICTURES, self._meet)

    def _meet(self, route: Route) -> None:
        fate = self._fates.pop(0) if self._fates else Route.continue_
        fate(route)


def never(_: Route) -> None:
    """There is no answer."""


@pytest.mark.console(BROKEN_OFF)
def test_what_a_network_that_changes_breaks_off_is_asked_for_again(
    quick: Served, open_page: Open
) -> None:
    fox, sea = make(quick, "A red Fox"), make(quick, "a calm sea")
    page = open_page(f"{quick.address}{VIEW}")
    Network(page, Route.abort, Route.abort)
    page.get_by_test_id("gallery-search").fill("fox")
    expect(cells(page)).to_have_count(4)
    assert shown(page) == fox
    expect(page.get_by_test_id("grid-trouble")).to_have_count(0)
    page.unroute(PICTURES)
    Network(page, Route.abort)
    page.get_by_test_id("gallery-search").fill("")
    expect(cells(page)).to_have_count(8)
    assert shown(page) == [*sea, *fox]


def test_an_answer_that_never_comes_holds_up_none_that_is_typed_for(
    quick: Served, open_page: Open
) -> None:
    fox = make(quick, "A red Fox")
    make(quick, "a calm sea")
    page = open_page(f"{quick.address}/settings")
    page.clock.install()
    page.goto(f"{quick.address}{VIEW}")
    expect(cells(page)).to_have_count(8)
    Network(page, never)
    with page.expect_request(PICTURES):
        page.get_by_test_id("gallery-search").fill("calm")
    page.get_by_test_id("gallery-search").fill("fox")
    expect(cells(page)).to_have_count(4)
    assert shown(page) == fox
    page.unroute(PICTURES)
    Network(page, never)
    with page.expect_request(PICTURES):
        page.get_by_test_id("gallery-search").fill("")
    page.clock.fast_forward("00:16")
    expect(cells(page)).to_have_count(8)


@pytest.mark.console(BROKEN_OFF)
def test_where_the_app_does_not_answer_for_a_while_the_grid_says_so_and_goes_on_by_itself(
    quick: Served, open_page: Open
) -> None:
    make(quick, "A red Fox")
    make(quick, "a calm sea")
    page = open_page(f"{quick.address}{VIEW}")
    page.route(PICTURES, lambda route: route.abort())
    page.get_by_test_id("gallery-search").fill("fox")
    expect(page.get_by_test_id("grid-trouble")).to_have_text(NO_ANSWER)
    page.unroute(PICTURES)
    expect(cells(page)).to_have_count(4)
    expect(page.get_by_test_id("grid-trouble")).to_have_count(0)


def test_what_is_made_while_an_answer_is_on_its_way_is_seen_too(
    quick: Served, open_page: Open
) -> None:
    fox = make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}")
    sea: list[str] = []

    def late(route: Route) -> None:
        answer = route.fetch()
        sea.extend(make(quick, "a calm sea"))
        route.fulfill(response=answer)

    Network(page, late)
    page.get_by_test_id("gallery-search").fill("a")
    expect(cells(page)).to_have_count(8)
    assert shown(page) == [*sea, *fox]


def test_escape_clears_the_search_though_what_was_offered_is_of_an_earlier_text(
    quick: Served, open_page: Open
) -> None:
    make(quick, "A red Fox")
    page = open_page(f"{quick.address}{VIEW}")
    field = page.get_by_test_id("gallery-search")
    field.press_sequentially("fox t")
    expect(page.get_by_test_id("suggestion").first).to_contain_text("tag:")
    page.route("**/gallery/suggestions?*", never)
    field.press_sequentially("rot")
    expect(page.get_by_test_id("suggestions")).to_be_hidden()
    expect(cells(page)).to_have_count(0)
    field.press("Escape")
    expect(field).to_have_value("")
    expect(cells(page)).to_have_count(4)
