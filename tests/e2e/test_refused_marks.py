"""Marks are painted at the key, and where they are refused, taken back with words."""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from batchgen_app.storage.storage import DATABASE_NAME
from tests.e2e.batches import REJECTED
from tests.e2e.conftest import DESKTOP, PHONE, Served, Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.test_all_images import VIEW, cell, make, truth

Open = Callable[..., Page]
MARKED_AT_ONCE = """async ([key, marks]) => {
    const has = document.activeElement.matches("[data-at], [data-place]");
    const target = has ? document.activeElement : document.body;
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await null;
    return document.querySelector(marks)?.textContent ?? "";
}"""
TILE_AT_ONCE = """(key) => {
    const tile = document.activeElement.closest("[data-tile]");
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    return tile.dataset.soonFavourite ?? "";
}"""
"""Before any answer can come."""
IN_LARGE, IN_STRIP = ".bg-large-marks", ".bg-frame[aria-current] .bg-frame-marks"
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
        assert page.evaluate(MARKED_AT_ONCE, ["f", ".bg-image-marks"]) == "♥"
        expect(toast.filter(has_text=REFUSED)).to_have_count(1)
        expect(cell(page, fox[0]).locator(".bg-image-marks")).to_have_count(0)
        cell(page, fox[0]).click()
        detail = page.get_by_test_id("image-detail")
        expect(detail).to_contain_text("1 of 2")
        assert page.evaluate(MARKED_AT_ONCE, ["4", IN_LARGE]) == "★ 4"
        expect(detail.locator(".bg-large-marks")).to_have_count(0)
        assert page.evaluate(MARKED_AT_ONCE, ["f", IN_STRIP]) == "♥"
        expect(detail.locator(".bg-large-marks")).to_have_count(0)
        expect(page.locator(".bg-frame-marks")).to_have_count(0)
    page.goto(f"{quick.address}/batch/{fox[0][:-4]}")
    tile = page.locator("[data-place='2']")
    tile.focus()
    with refusing(start):
        assert page.evaluate(TILE_AT_ONCE, "f") == "true"
        expect(page.get_by_test_id("server-error")).to_contain_text(REFUSED)
        expect(page.locator("[data-soon-favourite=true]")).to_have_count(0)
        tile.click()
        expect(page.get_by_test_id("image-detail")).to_contain_text("Image 2 of 2")
        assert page.evaluate(MARKED_AT_ONCE, ["x", IN_LARGE]) == REJECTED
        expect(page.get_by_test_id("image-detail")).to_contain_text(REFUSED)
        expect(page.locator(".bg-large-marks")).to_have_count(0)
    page.get_by_test_id("image-detail").get_by_test_id("retry").click()
    expect(page.locator(".bg-large-marks")).to_have_text(REJECTED)
    assert truth(quick, fox[0])["favourite"] is False
