"""Marks are painted at the key, and where they are refused, taken back with words."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from batchgen_app.storage.storage import DATABASE_NAME
from tests.e2e.conftest import DESKTOP, PHONE, Served, Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.test_all_images import VIEW, cell, make, truth
from tests.e2e.test_large_view import MARKED_IN_THE_NEXT_FRAME

Open = Callable[..., Page]
FRAME_IN_THE_NEXT_FRAME = """async (key) => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
    return document.querySelector(".bg-frame[aria-current] .bg-frame-marks")?.textContent ?? "";
}"""
CELL_IN_THE_NEXT_FRAME = """async (key) => {
    const cell = document.activeElement;
    cell.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
    return cell.querySelector(".bg-image-marks")?.textContent ?? "";
}"""
TILE_IN_THE_NEXT_FRAME = """async (key) => {
    const tile = document.activeElement.closest("[data-tile]");
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
    return tile.dataset.soonFavourite ?? "";
}"""
REFUSED = re.compile("nothing new")


@pytest.fixture
def quick(start: Starter) -> Iterator[Served]:
    """The app on a demo engine that takes no time."""
    with engine_thread(step_delay=0.0) as engine:
        yield start.serve("--comfyui", engine.url)


@contextmanager
def refusing(start: Starter) -> Iterator[None]:
    """The database takes no event."""
    path = start.folder / "data" / DATABASE_NAME
    says = "BEGIN SELECT RAISE(FAIL, 'nothing new'); END"
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as other:
        other.execute(f"CREATE TRIGGER refusing BEFORE INSERT ON events {says}")
        yield
        other.execute("DROP TRIGGER refusing")


@pytest.mark.parametrize(
    "device", [{"viewport": DESKTOP}, {"viewport": PHONE}], ids=["desk", "phone"]
)
def test_what_is_refused_is_painted_as_it_was_and_said(
    quick: Served, start: Starter, open_page: Open, device: dict[str, Any]
) -> None:
    fox = make(quick, "A red Fox", count=2)
    page = open_page(f"{quick.address}{VIEW}", **device)
    toast = page.get_by_test_id("toast")
    with refusing(start):
        cell(page, fox[0]).focus()
        assert page.evaluate(CELL_IN_THE_NEXT_FRAME, "f") == "♥"
        expect(toast.filter(has_text=REFUSED)).to_have_count(1)
        expect(cell(page, fox[0]).locator(".bg-image-marks")).to_have_count(0)
        cell(page, fox[0]).click()
        detail = page.get_by_test_id("image-detail")
        expect(detail).to_contain_text("1 of 2")
        assert page.evaluate(MARKED_IN_THE_NEXT_FRAME, "4") == "★ 4"
        assert page.evaluate(FRAME_IN_THE_NEXT_FRAME, "f") == "♥ ★ 4"
        expect(detail.locator(".bg-large-marks")).to_have_count(0)
        expect(page.locator(".bg-frame-marks")).to_have_count(0)
    page.goto(f"{quick.address}/batch/{fox[0][:-4]}")
    tile = page.locator("[data-place='2']")
    tile.focus()
    with refusing(start):
        assert page.evaluate(TILE_IN_THE_NEXT_FRAME, "f") == "true"
        expect(page.get_by_test_id("server-error")).to_contain_text(REFUSED)
        expect(page.locator("[data-soon-favourite=true]")).to_have_count(0)
        tile.click()
        expect(page.get_by_test_id("image-detail")).to_contain_text("Image 2 of 2")
        assert page.evaluate(MARKED_IN_THE_NEXT_FRAME, "x") == "✕"
        expect(page.get_by_test_id("image-detail")).to_contain_text(REFUSED)
        expect(page.locator(".bg-large-marks")).to_have_count(0)
    page.get_by_test_id("image-detail").get_by_test_id("retry").click()
    expect(page.locator(".bg-large-marks")).to_have_text("✕")
    assert truth(quick, fox[0])["favourite"] is False
