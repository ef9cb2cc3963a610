"""The indicator and the row of thumbnails, held still in mid-batch."""

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.e2e.batches import begin, made, stop, truth
from tests.e2e.conftest import Stage
from tests.faulty_engine import HangWhileSampling, Hold, Moment


def test_it_counts_what_is_done_beside_a_row_of_thumbnails(
    stage: Stage, open_page: Callable[..., Page]
) -> None:
    served = stage.play(HangWhileSampling(prompt=3))
    page = open_page(begin(served, count=4))
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 3 of 4")
    expect(page.locator("[data-testid=thumbnail][data-status=completed]")).to_have_count(2)
    done = int(page.get_by_test_id("progress-bar").get_attribute("aria-valuenow") or 0)
    assert 50 <= done < 75
    boxes = [place.bounding_box() for place in page.get_by_test_id("thumbnail").all()]
    places = [(box["x"], box["y"]) for box in boxes if box]
    assert len({y for _, y in places}) == 1
    assert [x for x, _ in places] == sorted({x for x, _ in places})
    stop(page)
    expect(page.get_by_test_id("completion-summary")).to_contain_text("2 of 4 images")


BARS = """window.bars = [];
new MutationObserver(() => {
    const bar = document.querySelector("[data-testid=progress-bar]");
    const done = Number(bar?.getAttribute("aria-valuenow") ?? -1);
    if (done >= 0 && done !== window.bars.at(-1)) window.bars.push(done);
}).observe(document, { subtree: true, childList: true, attributes: true });"""
"""Notes each value that the bar shows, also the shortest."""


def test_a_page_that_is_slow_to_come_never_shows_what_is_past(
    stage: Stage, open_page: Callable[..., Page]
) -> None:
    first = Hold(prompt=1, moment=Moment.ARRIVED)
    served = stage.play(first, HangWhileSampling(prompt=3))
    address = begin(served, count=4)
    page = open_page(f"{served.address}/settings")
    page.add_init_script(BARS)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/poller.js", hold)
    with page.expect_request("**/poller.js"):
        page.goto(address, wait_until="commit")
    stage.engine.release(first)
    while truth(address)["progress"]["currentImage"] != 3:
        page.wait_for_timeout(50)
    held[0].continue_()
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 3 of 4")
    with page.expect_response("**/api/batches/*"):
        expect(page.locator("[data-testid=thumbnail][data-status=completed]")).to_have_count(2)
    bars = page.evaluate("window.bars")
    assert bars == sorted(bars)
    stop(page)


def test_a_server_that_does_not_answer_yet_is_what_is_waited_for(
    stage: Stage, open_page: Callable[..., Page]
) -> None:
    made(stage.play(), count=2)
    hold = Hold(prompt=1, moment=Moment.ARRIVED)
    page = open_page(begin(stage.play(hold), count=2))
    numbers = page.locator(".bg-numbers-line")
    expect(numbers).to_contain_text("Image 1 of 2")
    expect(numbers).to_contain_text("Sending it to the server")
    expect(page.get_by_test_id("eta")).to_be_empty()
    stage.engine.release(hold)
    expect(page.get_by_test_id("completion-summary")).to_contain_text("2 of 2 images")
