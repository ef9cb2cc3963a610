"""Several servers in a browser: one is added, two make batches at once, one dies, its batch moves
on.
"""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.batches import begin, truth
from tests.e2e.conftest import PHONE, Served, Starter

Opening = Callable[..., Page]
pytestmark = pytest.mark.console("503", "Failed to load resource")


def shot(page: Page, name: str) -> None:
    """A picture for whoever looks at it, where a folder for them is named."""
    if folder := os.environ.get("BATCHGEN_TEST_SHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def add(page: Page, name: str, address: str) -> None:
    """As a person does it in the settings."""
    page.get_by_test_id("add-server").click()
    page.get_by_test_id("new-server-name").fill(name)
    page.get_by_test_id("new-server-address").fill(address)
    page.get_by_test_id("test-new-server").click()
    expect(page.get_by_test_id("new-server-result")).to_contain_text("answers: ComfyUI")
    page.get_by_test_id("keep-server").click()


def server_ids(served: Served) -> list[str]:
    """Of all servers, in order."""
    servers = httpx.get(f"{served.address}/api/servers").json()["servers"]
    return [server["id"] for server in servers]


def test_one_is_added_two_work_at_once_one_dies_and_its_batch_moves_on(
    start: Starter, open_page: Opening
) -> None:
    attic = start.demo_engine("--port", "0", "--step-delay", "0.3")
    cellar = start.demo_engine("--port", "0", "--step-delay", "1.5")
    served = start.serve("--comfyui", attic.address)
    settings = open_page(f"{served.address}/settings")
    expect(settings.get_by_test_id("server-address")).to_be_visible()
    add(settings, "Cellar", cellar.address)
    rows = settings.get_by_test_id("server")
    expect(rows).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("Cellar")
    expect(rows.nth(1).get_by_test_id("server-state")).to_contain_text("Free")
    first, second = server_ids(served)
    doomed = begin(served, 2, server=second)
    begin(served, 4, server=first)
    waiting = begin(served, 2, server=first, prompt="a red fox in the snow")
    expect(rows.nth(1).get_by_test_id("server-state")).to_contain_text("At work")
    page = open_page(doomed, color_scheme="dark")
    expect(page.get_by_test_id("made-on")).to_have_text("On Cellar")
    expect(page.get_by_test_id("at-work")).to_have_count(2)
    expect(page.get_by_test_id("queued-because")).to_contain_text("which makes another batch.")
    page.get_by_test_id("queue-remove").scroll_into_view_if_needed()
    shot(page, "two-at-work")
    phone = open_page(waiting, viewport=PHONE, color_scheme="light")
    expect(phone.get_by_test_id("waits-because")).to_contain_text("which makes another batch.")
    shot(phone, "waits-on-a-phone")
    shot(settings, "settings-several")
    cellar.process.kill()
    expect(page.get_by_test_id("move-batch")).to_be_visible()
    expect(rows.nth(1).get_by_test_id("server-state")).to_have_text("Does not answer")
    shot(page, "one-died")
    page.get_by_test_id("move-batch").click()
    expect(page.get_by_test_id("made-on")).to_have_text(f"On {attic.address.partition('//')[2]}")
    expect(page.get_by_test_id("comparison-view")).to_be_visible(timeout=60_000)
    told = truth(doomed)
    assert (told["progress"]["server"], told["progress"]["completedImages"]) == (first, 2)
    expect(open_page(waiting).get_by_test_id("comparison-view")).to_be_visible(timeout=60_000)


def test_they_are_put_in_order_renamed_switched_off_and_removed_with_a_way_back(
    start: Starter, open_page: Opening
) -> None:
    attic, cellar = start.demo_engine("--port", "0"), start.demo_engine("--port", "0")
    served = start.serve("--comfyui", attic.address, "--comfyui", cellar.address)
    page = open_page(f"{served.address}/settings", viewport=PHONE, color_scheme="light")
    rows = page.get_by_test_id("server")
    expect(rows).to_have_count(2)
    rows.nth(1).get_by_test_id("server-up").click()
    expect(rows.nth(0)).to_contain_text(cellar.address.partition("//")[2])
    expect(rows.nth(0).get_by_test_id("server-down")).to_be_focused()
    rows.nth(0).get_by_test_id("server-edit").click()
    page.get_by_test_id("new-server-name").fill("Cellar")
    page.get_by_test_id("keep-server").click()
    expect(rows.nth(0)).to_contain_text("Cellar")
    rows.nth(1).get_by_test_id("server-on").uncheck()
    expect(rows.nth(1).get_by_test_id("server-state")).to_contain_text("Switched off")
    shot(page, "settings-phone")
    rows.nth(0).get_by_test_id("server-remove").click()
    expect(page.get_by_test_id("server-address")).to_have_value(attic.address)
    expect(rows).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("Cellar")


def test_a_batch_that_was_moved_and_waits_says_for_what_over_its_last_picture(
    start: Starter, open_page: Opening
) -> None:
    attic = start.demo_engine("--port", "0", "--step-delay", "0.3")
    cellar = start.demo_engine("--port", "0", "--step-delay", "60")
    served = start.serve("--comfyui", attic.address, "--comfyui", cellar.address)
    first, second = server_ids(served)
    begin(served, 2, server=second)
    moved = begin(served, 4, server=first)
    page = open_page(moved, viewport=PHONE, color_scheme="light")
    expect(page.get_by_test_id("made-on")).to_have_text(f"On {attic.address.partition('//')[2]}")
    expect(page.get_by_test_id("thumbnail").first).to_have_attribute("data-status", "completed")
    attic.process.kill()
    trouble = page.get_by_test_id("move-batch")
    expect(page.get_by_text("or have another server make it.")).to_be_visible()
    trouble.click()
    why = page.get_by_test_id("waits-because")
    expect(why).to_contain_text("which makes another batch.")
    expect(page.get_by_test_id("made-on")).to_be_hidden()
    shot(page, "moved-waits-on-a-phone")
    covered_by = """label => {
        const { x, y, width, height } = label.getBoundingClientRect();
        return document.elementFromPoint(x + width / 2, y + height / 2) !== label;
    }"""
    assert not why.evaluate(covered_by)


def test_the_focus_stays_where_servers_are_added_changed_and_switched_off(
    start: Starter, open_page: Opening
) -> None:
    attic, cellar = start.demo_engine("--port", "0"), start.demo_engine("--port", "0")
    served = start.serve("--comfyui", attic.address, "--comfyui", cellar.address)
    page = open_page(f"{served.address}/settings")
    rows = page.get_by_test_id("server")
    rows.nth(1).get_by_test_id("server-on").press("Space")
    expect(rows.nth(1).get_by_test_id("server-state")).to_contain_text("Switched off")
    expect(rows.nth(1).get_by_test_id("server-on")).to_be_focused()
    rows.nth(0).get_by_test_id("server-edit").press("Enter")
    expect(page.get_by_test_id("new-server-name")).to_be_focused()
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(rows.nth(0).get_by_test_id("server-edit")).to_be_focused()
    cellar.process.kill()
    rows.nth(1).get_by_test_id("server-on").press("Space")
    expect(rows.nth(1).get_by_test_id("server-state")).to_have_text("Does not answer")
    expect(rows.nth(1).get_by_test_id("server-on")).to_be_focused()
    page.get_by_test_id("add-server").press("Enter")
    expect(page.get_by_test_id("new-server-name")).to_be_focused()
    page.get_by_role("button", name="Cancel").press("Enter")
    expect(page.get_by_test_id("add-server")).to_be_focused()


def test_a_box_to_tick_keeps_its_size_beside_words_of_two_lines(
    start: Starter, open_page: Opening
) -> None:
    served = start.serve()
    page = open_page(f"{served.address}/settings", viewport=PHONE, locale="de-DE")
    page.get_by_test_id("add-server").click()
    box = page.get_by_test_id("server-is-fleet").bounding_box()
    assert box
    assert box["width"] == box["height"]
