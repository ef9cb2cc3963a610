"""What stands beside the pictures is true: how many, what can be done, what went wrong."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.batches import begin, stop
from tests.e2e.conftest import Served, Stage
from tests.faulty_engine import FailAtNode, HangWhileSampling, out_of_memory

Open = Callable[..., Page]


@pytest.mark.console("404 (Not Found)")  # a picture may be asked for when it is in the trash
def test_counts_are_true_after_deleting_and_after_undo(served: Served, open_page: Open) -> None:
    page = open_page(begin(served, count=3))
    summary = page.get_by_test_id("completion-summary")
    expect(summary).to_contain_text("3 of 3 images")
    page.locator("[data-focus]").first.click()
    detail = page.get_by_test_id("image-detail")
    expect(detail).to_contain_text("Image 1 of 3")
    page.keyboard.press("ArrowRight")
    expect(detail).to_contain_text("Image 2 of 3")
    page.keyboard.press("ArrowLeft")
    expect(detail).to_contain_text("Image 1 of 3")
    page.keyboard.press("Delete")
    expect(detail).to_contain_text("Image 2 · 1 of 2")
    expect(summary).to_contain_text("2 of 3 images · 1 deleted")
    expect(page.get_by_test_id("undo")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(detail).to_contain_text("Image 1 of 3")
    expect(summary).to_contain_text("3 of 3 images")
    expect(summary).not_to_contain_text("deleted")


def test_a_cancelled_batch_without_pictures_has_no_tools_for_pictures(
    stage: Stage, open_page: Open
) -> None:
    page = open_page(begin(stage.play(HangWhileSampling(prompt=1)), count=3))
    stop(page)
    expect(page.get_by_test_id("completion-summary")).to_contain_text("0 of 3 images")
    for mark in ("select-all", "side-by-side", "download-selected"):
        expect(page.get_by_test_id(mark)).to_be_hidden()
    expect(page.get_by_test_id("regenerate")).to_be_visible()


def test_one_error_is_told_once_and_too_little_memory_leads_to_a_smaller_size(
    stage: Stage, open_page: Open
) -> None:
    page = open_page(begin(stage.play(out_of_memory()), count=3))
    summary = page.get_by_test_id("completion-summary")
    expect(summary).to_contain_text("0 of 3 images · 3 failed")
    expect(page.get_by_text("would exceed allowed memory")).to_have_count(1)
    expect(summary).to_contain_text("Choose a smaller size")
    stage.engine.faults.clear()
    page.get_by_role("button", name="Make the missing 3 at 128 × 128").click()
    expect(summary).to_contain_text("3 of 3 images")
    page.get_by_test_id("comparison-tile").first.locator("[data-focus]").click()
    expect(page.get_by_test_id("image-detail")).to_contain_text("128 × 128")


def test_errors_that_differ_are_told_with_the_numbers_of_their_images(
    stage: Stage, open_page: Open
) -> None:
    said = {1: "burnt", 2: "cold", 4: "burnt"}
    faults = (FailAtNode(prompt=number, message=text) for number, text in said.items())
    page = open_page(begin(stage.play(*faults), count=4))
    summary = page.get_by_test_id("completion-summary")
    expect(summary).to_contain_text(re.compile(r"Images 1, 4: .*burnt"))
    expect(summary).to_contain_text(re.compile(r"Image 2: .*cold"))
    expect(page.get_by_text("burnt")).to_have_count(1)
