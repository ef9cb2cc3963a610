"""A picture whose file cannot be shown: which file, why, what to do, wherever it would stand."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, Served, Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.test_all_images import VIEW, cell, make, truth

Open = Callable[..., Page]
DEVICES = [{"viewport": DESKTOP}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}]
NOT_BROKEN = """() => [...document.images].every(({ complete, naturalWidth, src }) =>
    !src || !complete || naturalWidth > 0)"""
"""Whether no picture is drawn as a broken one."""
COMES_BACK = "dispatchEvent(new Event('focus'))"


@pytest.fixture
def quick(start: Starter) -> Iterator[Served]:
    """The app on a demo engine that takes no time."""
    with engine_thread(step_delay=0.0) as engine:
        yield start.serve("--comfyui", engine.url)


def file_of(served: Served, image: str) -> Path:
    """Where a picture lies."""
    return served.images / "batches" / image[:-4] / str(truth(served, image)["filename"])


def without_thumbnail(file: Path) -> Path:
    (file.parent / "thumbnails" / f"{file.name[:3]}.webp").unlink()
    return file


def fault(inside: Page | Locator, kind: str) -> Locator:
    return inside.locator(f"[data-testid=fault][data-kind={kind}]")


@pytest.mark.console("404 (Not Found)")
@pytest.mark.parametrize("device", DEVICES, ids=["desk", "phone"])
def test_what_is_missing_damaged_or_something_else_is_said_everywhere(
    quick: Served, open_page: Open, device: dict[str, Any]
) -> None:
    gone, cut, folder, _ = make(quick, "A red Fox")
    files = {image: file_of(quick, image) for image in (gone, cut, folder)}
    kept = {image: file.read_bytes() for image, file in files.items()}
    without_thumbnail(files[gone]).unlink()
    without_thumbnail(files[cut]).write_bytes(kept[cut][:-100])
    without_thumbnail(files[folder]).unlink()
    files[folder].mkdir()
    page = open_page(f"{quick.address}{VIEW}", **device)
    for image, kind in ((gone, "missing"), (cut, "damaged"), (folder, "unusable")):
        told = fault(cell(page, image), kind)
        expect(told).to_have_count(1)
        expect(told).to_have_attribute("title", re.compile(files[image].name))
    assert page.evaluate(NOT_BROKEN)

    cell(page, gone).click()
    detail = page.get_by_test_id("image-detail")
    large = detail.locator("[data-offset='0']")
    expect(fault(large, "missing")).to_contain_text(f"{files[gone].name} of batch {gone[:-4]}")
    expect(fault(large, "missing")).to_contain_text("Put it back")
    expect(detail.get_by_test_id("filmstrip").locator("[data-kind]")).to_have_count(3)
    expect(large.get_by_test_id("make-again")).to_have_attribute(
        "href", f"/?like={gone[:-4]}&image=4"
    )
    page.keyboard.press("ArrowRight")
    expect(fault(large, "damaged")).to_contain_text("Put a whole copy")
    page.keyboard.press("ArrowRight")
    expect(fault(large, "unusable")).to_contain_text("Move it away.")
    page.keyboard.press("ArrowRight")
    expect(large.locator("img")).to_have_count(1)
    expect(large.get_by_test_id("fault")).to_have_count(0)
    assert page.evaluate(NOT_BROKEN)
    page.keyboard.press("Home")
    expect(fault(large, "missing")).to_have_count(1)
    files[gone].write_bytes(kept[gone])
    large.get_by_test_id("look-again").click()
    expect(large.locator("img")).to_have_js_property("naturalWidth", 64)
    page.keyboard.press("ArrowRight")
    expect(fault(large, "damaged")).to_have_count(1)
    files[cut].write_bytes(kept[cut])
    page.evaluate(COMES_BACK)
    expect(large.locator("img")).to_have_js_property("naturalWidth", 64)
    expect(page.locator("[data-kind=damaged], [data-kind=missing]")).to_have_count(0)


@pytest.mark.console("404 (Not Found)")
@pytest.mark.parametrize("device", DEVICES, ids=["desk", "phone"])
def test_a_batch_its_pile_and_the_light_table_say_it_too(
    quick: Served, open_page: Open, device: dict[str, Any]
) -> None:
    gone, cut, *_ = make(quick, "A red Fox")
    lost, damaged = file_of(quick, gone), file_of(quick, cut)
    without_thumbnail(lost).unlink()
    damaged.write_bytes(damaged.read_bytes()[:-100])
    page = open_page(f"{quick.address}/gallery", **device)
    expect(fault(page.get_by_test_id("gallery-item"), "missing")).to_have_count(1)
    page.get_by_test_id("open-pile").click()
    expect(fault(page.locator(".bg-fan-card"), "missing")).to_have_count(1)
    page.goto(f"{quick.address}/batch/{gone[:-4]}")
    tile = page.locator("[data-testid=comparison-tile][data-index='4']")
    expect(fault(tile, "missing")).to_have_attribute("title", re.compile(lost.name))
    for index in (1, 3, 4):
        page.locator(f"[data-index='{index}']").get_by_test_id("select-image").check()
    page.get_by_test_id("side-by-side").click()
    panes = page.get_by_test_id("pane")
    expect(panes).to_have_count(3)
    expect(panes.nth(0).locator(".bg-own")).to_have_count(1)
    expect(fault(panes.nth(1), "damaged")).to_contain_text(damaged.name)
    expect(fault(panes.nth(2), "missing")).to_contain_text("make it again with the same seed")
    assert page.evaluate(NOT_BROKEN)


@pytest.mark.console("ERR_FAILED")
def test_what_only_the_network_breaks_off_is_asked_for_again(
    quick: Served, open_page: Open
) -> None:
    (image,) = make(quick, "A red Fox", count=2)[:1]
    page = open_page(f"{quick.address}/settings")
    page.route(f"**/{image}/thumbnail", lambda route: route.abort(), times=1)
    page.goto(f"{quick.address}{VIEW}")
    expect(cell(page, image).locator("img")).to_have_js_property("naturalWidth", 64)
    expect(page.get_by_test_id("fault")).to_have_count(0)
