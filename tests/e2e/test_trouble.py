"""Images that fail, servers that go away, an app that is stopped: what a person sees of it."""

from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from batchgen_app.storage.storage import DATABASE_NAME
from tests.batches.test_live_repair import without_a_gallery
from tests.e2e.batches import begin, made, stop
from tests.e2e.conftest import Served, Stage, Starter
from tests.e2e.test_form import field
from tests.faulty_engine import FailAtNode, HangWhileSampling

Open = Callable[..., Page]


def test_one_image_fails_the_others_go_on_and_it_can_be_tried_again(
    stage: Stage, open_page: Open
) -> None:
    fault = FailAtNode(prompt=2, message="no such luck")
    page = open_page(begin(stage.play(fault, HangWhileSampling(prompt=4)), count=4))
    failed = page.locator("[data-testid=thumbnail][data-status=failed]")
    expect(failed).to_have_attribute("data-index", "2")
    expect(page.get_by_test_id("failed-count")).to_have_text("1 failed")
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 4 of 4")
    failed.hover()
    expect(page.get_by_text("no such luck")).to_be_visible()
    stop(page)
    summary = page.get_by_test_id("completion-summary")
    expect(summary).to_contain_text("2 of 4 images · 1 failed")
    page.get_by_role("button", name="Retry this image").click()
    expect(summary).to_contain_text("3 of 4 images")
    page.get_by_role("button", name="Make the missing image").click()
    expect(summary).to_contain_text("4 of 4 images")
    expect(page.get_by_test_id("comparison-tile")).to_have_count(4)


def test_all_images_fail_and_the_page_says_why(stage: Stage, open_page: Open) -> None:
    page = open_page(begin(stage.play(FailAtNode(message="no such luck")), count=3))
    summary = page.get_by_test_id("completion-summary")
    expect(summary).to_contain_text("Batch generation failed")
    expect(summary).to_contain_text("no such luck")
    expect(summary).to_contain_text("0 of 3 images · 3 failed")
    stage.engine.faults.clear()
    page.get_by_role("button", name="Retry failed").click()
    finished = page.locator("[data-testid=comparison-tile][data-status=completed]")
    expect(finished).to_have_count(3)


def test_a_server_that_goes_away_in_the_middle_is_waited_for_and_retry_asks_at_once(
    stage: Stage, open_page: Open
) -> None:
    page = open_page(begin(stage.play(HangWhileSampling(prompt=2)), count=3))
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
    stage.engine.stop()
    expect(page.get_by_test_id("server-error")).to_contain_text("Cannot connect to server")
    expect(page.get_by_test_id("server-error")).to_contain_text("image is safe")
    stage.engine.faults.clear()
    stage.engine.start()
    page.get_by_test_id("retry").click()
    expect(page.get_by_test_id("comparison-tile")).to_have_count(3)
    expect(page.get_by_test_id("server-error")).to_have_count(0)


def test_a_batch_can_be_cancelled_while_its_server_is_away(stage: Stage, open_page: Open) -> None:
    page = open_page(begin(stage.play(HangWhileSampling(prompt=2)), count=3))
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
    stage.engine.stop()
    expect(page.get_by_test_id("server-error")).to_be_visible()
    stop(page)
    expect(page.get_by_test_id("comparison-tile")).to_have_count(1)
    expect(page.get_by_test_id("server-error")).to_be_visible()


def test_regenerate_without_a_server_says_so_and_offers_to_try_again(
    stage: Stage, open_page: Open
) -> None:
    address = begin(stage.play(), count=2)
    page = open_page(address)
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    stage.engine.stop()
    here = page.get_by_test_id("comparison-view")
    here.get_by_test_id("regenerate").click()
    expect(here.get_by_test_id("server-error")).to_contain_text("Cannot connect")
    expect(here.get_by_test_id("retry")).to_be_visible()
    stage.engine.start()
    expect(page.get_by_test_id("server-error")).to_have_count(0)
    here.get_by_test_id("regenerate").press("Enter")  # a click so soon in the same place is none
    expect(page.get_by_test_id("toast")).to_contain_text("2 more queued")


def test_the_page_notices_that_the_app_itself_does_not_answer(
    stage: Stage, start: Starter, open_page: Open
) -> None:
    stage.play(HangWhileSampling(prompt=2))
    served = start.serve("--comfyui", stage.engine.url)
    page = open_page(begin(served, count=3))
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
    thumbnail = page.locator("[data-testid=thumbnail][data-status=completed] img")
    expect(thumbnail).to_have_js_property("complete", value=True)
    served.process.kill()
    expect(page.get_by_text("BatchGen does not answer.")).to_be_visible()
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")


def test_after_a_database_was_mended_open_pages_show_it_anew_and_keep_what_was_typed(
    own: Served, open_page: Open, start: Starter
) -> None:
    address = made(own, 2)
    form, gallery = open_page(own.address), open_page(f"{own.address}/gallery")
    expect(gallery.get_by_test_id("gallery-item")).to_have_count(1)
    field(form, "prompt").fill("typed and not sent")
    for page in (form, gallery):
        page.evaluate("window.isFromBefore = true")
    without_a_gallery(start.folder / "data" / DATABASE_NAME)
    found = httpx.get(f"{own.address}/api/batches").raise_for_status().json()["batches"]
    assert [f"{own.address}/batch/{batch['batchId']}" for batch in found] == [address]
    for page in (form, gallery):
        page.wait_for_function("!window.isFromBefore")
    expect(gallery.get_by_test_id("gallery-item")).to_have_count(1)
    expect(field(form, "prompt")).to_have_value("typed and not sent")
