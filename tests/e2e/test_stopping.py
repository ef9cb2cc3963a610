"""The question before a batch is stopped."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.batches import begin
from tests.e2e.conftest import Stage
from tests.faulty_engine import HangWhileSampling, Hold, Moment

Open = Callable[..., Page]


def test_button_and_escape_ask_the_same_and_the_keyboard_answers(
    stage: Stage, open_page: Open
) -> None:
    page = open_page(begin(stage.play(HangWhileSampling(prompt=2)), count=3))
    expect(page.get_by_test_id("progress-label")).to_have_text("Image 2 of 3")
    question = page.get_by_role("dialog")
    for asked_by, key in (("body", "Escape"), ("[data-testid=cancel]", "Enter")):
        for leave in ("Enter", "Escape"):
            page.locator(asked_by).press(key)
            expect(page.get_by_test_id("stay")).to_be_focused()
            page.keyboard.press(leave)
            expect(question).to_have_count(0)
            if asked_by != "body":
                expect(page.locator(asked_by)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stay")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("completion-summary")).to_contain_text("1 of 3 images")


def test_the_question_on_stopping_follows_what_is_finished_and_goes_with_the_batch(
    stage: Stage, open_page: Open
) -> None:
    holds = [Hold(prompt=number, moment=Moment.SAMPLING) for number in (1, 2, 3)]
    page = open_page(begin(stage.play(*holds), count=3))
    expect(page.get_by_test_id("step-progress")).not_to_have_attribute("aria-valuenow", "0")
    page.get_by_test_id("cancel").click()
    question = page.get_by_role("dialog")
    for said in ("Nothing is finished yet", "The finished image stays", "The 2 finished"):
        expect(question).to_contain_text(said)
        stage.engine.release(holds.pop(0))
    expect(question).to_have_count(0)
    expect(page.get_by_test_id("completion-summary")).to_contain_text(re.compile("^3 of 3 images"))
