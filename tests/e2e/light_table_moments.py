"""Moments of choosing: the light table, and what leads to it."""

import time
from collections.abc import Callable
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.batches import begin, made, truth
from tests.e2e.camera import PROMPTS, Camera, Stage, sized
from tests.e2e.conftest import LOOK_AGAIN
from tests.faulty_engine import Hold

Pose = Callable[[Page], object]
COUNT = 9
MADE_BEFORE_HOLD = 3


def light_table(camera: Camera, stage: Stage) -> None:
    """Of one batch whose pictures are marked, and of one that came of it."""
    address = made(stage.served, COUNT, prompt=PROMPTS[0], baseParameters=sized(512))
    for place, marks in ((0, {"rating": 5}), (1, {"favourite": True}), (4, {"rejected": True})):
        _mark(stage, address, place, marks)
    camera.take("nine-selected", address, _selected)
    camera.take("filters", address, _filtered)
    camera.take("large-strip", address, _large)
    for count in (2, COUNT):
        camera.take(f"side-by-side-{count}", address, _beside(count))
    for moment, key in (("slider", "m"), ("difference", "e")):
        camera.take(moment, address, _beside(2, key))
    camera.take("blink", address, _blinking)
    camera.take("ranking", address, _ranked)
    camera.take("pairs", _changed(stage, address), _paired)


def remote(camera: Camera, stage: Stage) -> None:
    """The code for a phone; ``stage`` lets other devices in."""
    address = made(stage.served, COUNT, prompt=PROMPTS[0], baseParameters=sized(512))
    camera.take("remote", address, _remote)


def held(camera: Camera, stage: Stage, hold: Hold) -> None:
    """A batch of which five are to be kept: one was rejected, and then it pauses."""
    address = begin(stage.served, 5, prompt=PROMPTS[3], keep=5, baseParameters=sized(512))
    while len(truth(address)["images"]) < MADE_BEFORE_HOLD:
        time.sleep(LOOK_AGAIN)
    _mark(stage, address, 0, {"rejected": True})
    camera.take("keep", address, _sees("thumbnail", 6))
    api = address.replace("/batch/", "/api/batches/")
    httpx.post(f"{api}/pause").raise_for_status()
    stage.engine.release(hold)
    while truth(address)["progress"]["currentImage"]:
        time.sleep(LOOK_AGAIN)
    camera.take("paused", address, _sees("thumbnail", 6))
    httpx.post(f"{api}/cancel").raise_for_status()


def _mark(stage: Stage, address: str, place: int, marks: dict[str, Any]) -> None:
    image = truth(address)["images"][place]["id"]
    httpx.patch(f"{stage.served.address}/api/images/{image}", json=marks).raise_for_status()


def _changed(stage: Stage, address: str) -> str:
    """The same seeds with other words."""
    seeds = truth(address)["progress"]["seeds"][:3]
    origin = {"batchId": address.rpartition("/")[2], "how": "changed"}
    asked = {"seeds": seeds, "basedOn": origin, "prompt": f"{PROMPTS[0]}, at night"}
    return made(stage.served, 3, baseParameters=sized(512), **asked)


def _sees(mark: str, count: int) -> Pose:
    def pose(page: Page) -> None:
        expect(page.get_by_test_id(mark)).to_have_count(count)
        page.wait_for_load_state("networkidle")

    return pose


def _choose(page: Page, count: int) -> None:
    _sees("comparison-tile", COUNT)(page)
    for tick in page.get_by_test_id("select-image").all()[:count]:
        tick.check()


def _selected(page: Page) -> None:
    _choose(page, 3)
    expect(page.get_by_test_id("selection-bar")).to_be_visible()


def _filtered(page: Page) -> None:
    _sees("comparison-tile", COUNT)(page)
    page.locator("[data-testid=filter][data-filter=hide-rejected]").click()
    expect(page.locator("[data-testid=comparison-tile]:visible")).to_have_count(COUNT - 1)


def _remote(page: Page) -> None:
    _sees("comparison-tile", COUNT)(page)
    page.get_by_test_id("remote-qr").click()
    expect(page.get_by_test_id("remote-qr-image")).to_be_visible()
    page.wait_for_load_state("networkidle")


def _large(page: Page) -> None:
    _sees("comparison-tile", COUNT)(page)
    page.locator("[data-place='2']").click()
    expect(page.get_by_test_id("filmstrip")).to_be_visible()
    page.wait_for_load_state("networkidle")


def _beside(count: int, *keys: str) -> Pose:
    def pose(page: Page) -> None:
        _choose(page, count)
        page.get_by_test_id("side-by-side").click()
        expect(page.get_by_test_id("pane").locator(".bg-own")).to_have_count(count)
        page.wait_for_load_state("networkidle")
        for key in keys:
            page.keyboard.press(key)

    return pose


def _blinking(page: Page) -> None:
    _beside(2)(page)
    page.keyboard.down("b")
    expect(page.locator(".bg-pane[data-held=true]")).to_have_count(1)


def _ranked(page: Page) -> None:
    _beside(2)(page)
    for _ in range(COUNT - 2):
        page.keyboard.press("k")
    expect(page.get_by_test_id("ranked").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def _paired(page: Page) -> None:
    _sees("pair", 3)(page)
