"""The indicator and the row of thumbnails, held still in mid-batch."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from batchgen_app.demo import HangWhileSampling
from tests.e2e.batches import begin, stop
from tests.e2e.conftest import Stage


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
