"""Watch it: from the first preview to the comparison, in a real browser."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.demo.graphs import txt2img
from tests.e2e.batches import begin, stop, truth
from tests.e2e.conftest import PHONE, Stage
from tests.faulty_engine import HangWhileSampling, Hold, Moment

Open = Callable[..., Page]

BROAD_AS_THE_SCREEN = "document.documentElement.scrollWidth <= window.innerWidth"


def test_pictures_arrive_in_their_places_and_the_comparison_comes_by_itself(
    stage: Stage, open_page: Open
) -> None:
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    page = open_page(begin(stage.play(hold), count=4))
    expect(page.get_by_test_id("progress-label")).to_have_text(re.compile(r"^Image \d of 4$"))
    expect(page.get_by_test_id("thumbnail")).to_have_count(4)
    expect(page.get_by_test_id("eta")).to_contain_text("left · done at")
    made = page.locator("[data-testid=thumbnail][data-status=completed] img").first
    expect(made).to_be_visible()
    stage.engine.release(hold)
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    expect(page.get_by_test_id("completion-summary")).to_contain_text("4 of 4 images")
    expect(page.get_by_test_id("comparison-tile")).to_have_count(4)
    expect(page.get_by_test_id("comparison-grid")).to_have_attribute("data-columns", "2")


def test_the_picture_is_seen_while_it_is_made(stage: Stage, open_page: Open) -> None:
    served = stage.play(HangWhileSampling(prompt=2, at_step=10))
    page = open_page(begin(served, count=2, baseParameters={"steps": 20}))
    preview = page.locator('[data-testid=live-preview][src^="/previews/"]')
    expect(preview).to_be_visible()
    page.wait_for_function("preview => preview.naturalWidth > 0", arg=preview.element_handle())
    expect(page.locator("[data-status=generating] .bg-ring").first).to_be_visible()


def test_the_numbers_are_asked_from_the_api_again_and_again_until_the_end(
    stage: Stage, open_page: Open
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    address = begin(stage.play(hold), count=3)
    asked = address.replace("/batch/", "/api/batches/")
    page = open_page(address)
    for _ in range(3):
        page.wait_for_event("request", lambda request: request.url == asked)
    stage.engine.release(hold)
    expect(page.get_by_test_id("comparison-view")).to_be_visible()


def test_a_title_without_a_space_does_not_make_a_phone_scroll_sideways(
    stage: Stage, open_page: Open
) -> None:
    graph = txt2img()
    graph["3"]["_meta"] = {"title": "W" * 80}
    served = stage.play(step_delay=5.0)
    address = begin(served, count=2, workflow=graph, model=None, baseParameters={})
    page = open_page(address, viewport=PHONE)
    expect(page.get_by_test_id("batch-progress")).to_contain_text("W" * 80)
    assert page.evaluate(BROAD_AS_THE_SCREEN)
    stop(page)


def test_a_queued_batch_says_that_it_waits_and_starts_by_itself(
    stage: Stage, open_page: Open
) -> None:
    served = stage.play(HangWhileSampling(prompt=1))
    first, second = begin(served, count=2), begin(served, count=2)
    page = open_page(second)
    expect(page.get_by_test_id("batch-progress")).to_contain_text("Waiting for its turn")
    stop(open_page(first))
    expect(page.get_by_test_id("completion-summary")).to_contain_text("2 of 2 images")


def test_whoever_comes_in_the_middle_or_comes_back_sees_how_far_it_is(
    stage: Stage, open_page: Open
) -> None:
    served = stage.play(HangWhileSampling(prompt=3))
    address = begin(served, count=5)
    first = open_page(address)
    expect(first.get_by_test_id("progress-label")).to_have_text("Image 3 of 5")
    first.reload()
    for page in (first, open_page(address)):
        expect(page.get_by_test_id("progress-label")).to_have_text("Image 3 of 5")
        expect(page.locator("[data-status=completed]")).to_have_count(2)
        expect(page.locator("[data-status=generating]")).to_have_attribute("data-index", "3")
        expect(page.locator("[data-status=pending]")).to_have_count(2)


def test_a_finished_picture_can_be_looked_at_while_the_others_are_made(
    stage: Stage, open_page: Open
) -> None:
    page = open_page(begin(stage.play(HangWhileSampling(prompt=2)), count=3))
    page.locator("[data-status=completed]").click()
    detail = page.get_by_test_id("image-detail")
    expect(detail).to_contain_text("Image 1 of 3")
    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    expect(page.get_by_test_id("batch-progress")).to_be_visible()


def test_a_cancel_keeps_what_is_finished_and_the_rest_can_be_made_later(
    stage: Stage, open_page: Open
) -> None:
    hanging = HangWhileSampling(prompt=2), HangWhileSampling(prompt=3)  # freed by the first
    address = begin(stage.play(*hanging), count=4)
    page, watching = open_page(address), open_page(address)
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 4")
    stop(page)
    for seen in (page, watching):
        expect(seen.get_by_test_id("comparison-tile")).to_have_count(1)
        expect(seen.get_by_test_id("completion-summary")).to_contain_text("1 of 4 images")
    planned = truth(address)["progress"]["seeds"]
    page.get_by_role("button", name="Make the missing 3").click()
    for seen in (page, watching):
        expect(seen.get_by_test_id("comparison-tile")).to_have_count(4)
    assert [image["seed"] for image in truth(address)["images"]] == planned


def test_escape_asks_before_it_stops_anything(stage: Stage, open_page: Open) -> None:
    page = open_page(begin(stage.play(HangWhileSampling(prompt=2)), count=3))
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Keep going").click()
    expect(page.get_by_text("Stop this batch?")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Stop the batch").click()
    expect(page.get_by_test_id("comparison-view")).to_be_visible()


def test_on_a_phone_nothing_is_wider_than_the_screen(stage: Stage, open_page: Open) -> None:
    hold = Hold(prompt=9, moment=Moment.SAMPLING)
    address = begin(stage.play(hold), count=9)
    page = open_page(address, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(page.get_by_test_id("thumbnail")).to_have_count(9)
    assert page.evaluate(BROAD_AS_THE_SCREEN)
    stage.engine.release(hold)
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    assert page.evaluate(BROAD_AS_THE_SCREEN)
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.evaluate(BROAD_AS_THE_SCREEN)
