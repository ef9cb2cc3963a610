"""A batch that is held: what its page says, in the order in which a person does it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.batches import begin
from tests.e2e.conftest import Stage
from tests.faulty_engine import HangWhileSampling, Hold, Moment

Open = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


def test_a_batch_is_paused_grows_goes_on_skips_and_ends_early(
    stage: Stage, open_page: Open
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    served = stage.play(hold, HangWhileSampling(prompt=4))
    page = open_page(begin(served, count=4, keep=4), viewport=PHONE, has_touch=True)
    label, thumbnails = page.get_by_test_id("progress-label"), page.get_by_test_id("thumbnail")
    expect(label).to_have_text("Image 2 of 4")
    pause = page.get_by_test_id("pause")
    expect(pause.get_by_text("Pause", exact=True)).to_be_visible()
    pause.click()
    expect(page.get_by_test_id("batch-progress")).to_contain_text("Pauses after this image")
    words = {"pause": "Resume", "skip": "Skip", "finish": "Last one", "cancel": "Cancel"}
    for mark, word in words.items():
        assert page.get_by_test_id(mark).get_by_text(word, exact=True).is_visible()
        box = page.get_by_test_id(mark).bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert min(box["width"], box["height"]) >= 40
    stage.engine.release(hold)
    expect(label).to_have_text("Paused after image 2 of 4")
    expect(pause).to_have_accessible_name("Resume with the next image")
    expect(pause).to_contain_text("Resume")
    page.keyboard.press("ArrowRight")
    expect(thumbnails.first).to_be_focused()
    page.keyboard.press("x")
    expect(thumbnails).to_have_count(5)
    expect(thumbnails.first).to_have_attribute("data-rejected", "true")
    expect(label).to_have_text("Paused after image 2 of 5")
    pause.click()
    expect(label).to_have_text(re.compile("Image [34] of 5"))
    expect(page.get_by_test_id("step-progress")).not_to_have_attribute("aria-valuenow", "0")
    page.get_by_test_id("finish").click()
    expect(page.get_by_test_id("batch-progress")).to_contain_text("Ends after this image")
    page.get_by_test_id("skip").click()
    expect(page.get_by_test_id("completion-summary")).to_contain_text("of 5 images")
    expect(page.get_by_test_id("completion-summary")).to_contain_text("ended early by hand")
