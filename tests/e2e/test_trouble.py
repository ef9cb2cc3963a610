"""Images that fail, servers that go away, an app that is stopped: what a person sees of it."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from batchgen_app.demo import FailAtNode, HangWhileSampling
from tests.e2e.batches import begin, stop
from tests.e2e.conftest import Starter
from tests.e2e.engine_thread import engine_thread

Open = Callable[..., Page]


def test_one_image_fails_the_others_go_on_and_it_can_be_tried_again(
    start: Starter, open_page: Open
) -> None:
    fault = FailAtNode(prompt=2, message="no such luck")
    with engine_thread(fault, HangWhileSampling(prompt=4)) as engine:
        page = open_page(begin(start.serve("--comfyui", engine.url), count=4))
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


def test_all_images_fail_and_the_page_says_why(start: Starter, open_page: Open) -> None:
    with engine_thread(FailAtNode(message="no such luck")) as engine:
        page = open_page(begin(start.serve("--comfyui", engine.url), count=3))
        summary = page.get_by_test_id("completion-summary")
        expect(summary).to_contain_text("Batch generation failed")
        expect(summary).to_contain_text("no such luck")
        expect(summary).to_contain_text("0 of 3 images · 3 failed")
        engine.faults.clear()
        page.get_by_role("button", name="Retry failed").click()
        finished = page.locator("[data-testid=comparison-tile][data-status=completed]")
        expect(finished).to_have_count(3)


def test_a_server_that_goes_away_in_the_middle_is_waited_for_and_retry_asks_at_once(
    start: Starter, open_page: Open
) -> None:
    with engine_thread(HangWhileSampling(prompt=2)) as engine:
        page = open_page(begin(start.serve("--comfyui", engine.url), count=3))
        expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
        engine.stop()
        expect(page.get_by_test_id("server-error")).to_contain_text("Cannot connect to server")
        expect(page.get_by_test_id("server-error")).to_contain_text("image is safe")
        engine.faults.clear()
        engine.start()
        page.get_by_test_id("retry").click()
        expect(page.get_by_test_id("comparison-tile")).to_have_count(3)
        expect(page.get_by_test_id("server-error")).to_have_count(0)


def test_a_batch_can_be_cancelled_while_its_server_is_away(start: Starter, open_page: Open) -> None:
    with engine_thread(HangWhileSampling(prompt=2)) as engine:
        page = open_page(begin(start.serve("--comfyui", engine.url), count=3))
        expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
        engine.stop()
        expect(page.get_by_test_id("server-error")).to_be_visible()
        stop(page)
        expect(page.get_by_test_id("comparison-tile")).to_have_count(1)
        expect(page.get_by_test_id("server-error")).to_be_visible()


def test_regenerate_without_a_server_says_so_and_offers_to_try_again(
    start: Starter, open_page: Open
) -> None:
    with engine_thread() as engine:
        address = begin(start.serve("--comfyui", engine.url), count=2)
        page = open_page(address)
        expect(page.get_by_test_id("comparison-view")).to_be_visible()
        engine.stop()
        page.get_by_test_id("regenerate").click()
        expect(page.get_by_test_id("server-error").first).to_contain_text("Cannot connect")
        engine.start()
        page.get_by_test_id("comparison-view").get_by_test_id("retry").click()
        page.wait_for_url(lambda url: url != address)


def test_the_page_notices_that_the_app_itself_does_not_answer(
    start: Starter, open_page: Open
) -> None:
    with engine_thread(HangWhileSampling(prompt=2)) as engine:
        served = start.serve("--comfyui", engine.url)
        page = open_page(begin(served, count=3))
        expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
        served.process.kill()
        expect(page.get_by_text("BatchGen does not answer.")).to_be_visible()
        expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
