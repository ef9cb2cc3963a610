"""One picture of many in the whole window: the strip, the keys, and a finger on a phone."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.e2e.batches import REJECTED, made, truth
from tests.e2e.conftest import PHONE, Served

Open = Callable[..., Page]
SMALL = {"baseParameters": {"steps": 1, "width": 64, "height": 96}}
NEIGHBOURS_ARE_THERE = """() => {
    const images = [...document.querySelectorAll(".bg-layer > img")];
    return images.length === 3 && images.every((image) => image.complete && image.naturalWidth);
}"""
IN_THE_NEXT_FRAME = """async (key) => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
    const shown = document.querySelector("[data-offset='0'] > img");
    return [shown.alt.match(/image (\\d+)/)[1], shown.complete && shown.naturalWidth > 0];
}"""
MARKED_IN_THE_NEXT_FRAME = """async (key) => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    await new Promise(requestAnimationFrame);
    return document.querySelector(".bg-large-marks")?.textContent ?? "";
}"""
"""Before the app can answer."""
FADING = """window.fading = [];
document.addEventListener("transitionrun", ({ target }) => {
    const covers = target.matches(".q-dialog__inner, .q-dialog__backdrop");
    if (covers) window.fading.push(target.className);
});"""


def opened(page: Page, index: int = 1) -> Locator:
    """The large view of a picture."""
    page.locator(f"[data-place='{index}']").click()
    detail = page.get_by_test_id("image-detail")
    expect(detail).to_contain_text(f"Image {index} of")
    return detail


def test_the_next_picture_is_there_at_once_and_marks_are_for_the_one_that_is_seen(
    served: Served, open_page: Open
) -> None:
    address = made(served, count=7, **SMALL)
    page = open_page(address)
    detail = opened(page)
    frames = detail.get_by_test_id("filmstrip").locator("[data-index]")
    expect(frames).to_have_count(7)
    page.wait_for_function(NEIGHBOURS_ARE_THERE)
    assert page.evaluate(IN_THE_NEXT_FRAME, "ArrowRight") == ["2", True]
    for key, place in (("End", 7), ("PageUp", 2), ("PageDown", 7), ("Home", 1)):
        page.keyboard.press(key)
        expect(detail).to_contain_text(f"Image {place} of 7")
        expect(frames.nth(place - 1)).to_have_attribute("aria-current", "true")
        expect(frames.nth(place - 1)).to_be_in_viewport()
        assert detail.locator(".bg-layer").count() <= 5
    frames.nth(3).click()
    for key in ("ArrowRight", "5", "f", "ArrowRight", "x"):
        page.keyboard.press(key)
    expect(frames.nth(4)).to_contain_text("♥ ★ 5")
    expect(frames.nth(5)).to_contain_text(REJECTED)
    page.keyboard.press("Shift+Digit3")
    expect(detail).to_contain_text("Image 7 of 7")
    assert page.evaluate(MARKED_IN_THE_NEXT_FRAME, "f") == "♥"
    assert page.evaluate(MARKED_IN_THE_NEXT_FRAME, "f") == ""
    page.keyboard.press("ArrowLeft")
    expect(detail.locator(".bg-large-marks")).to_have_text(f"★ 3{REJECTED}")
    page.keyboard.press("u")
    expect(detail.locator(".bg-large-marks")).to_have_text(REJECTED)
    marks = [(i["favourite"], i["rating"], i["rejected"]) for i in truth(address)["images"]]
    untouched = (False, 0, False)
    assert marks == [*[untouched] * 4, (True, 5, False), (False, 0, True), untouched]
    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    expect(page.locator("[data-place='6']")).to_be_focused()
    opened(page, 6).get_by_test_id("use-settings").click()
    expect(page.get_by_test_id("base-seed")).to_have_value(str(truth(address)["images"][5]["seed"]))


def test_what_covers_the_page_is_there_at_once_so_that_no_fading_delays_the_first_key(
    served: Served, open_page: Open
) -> None:
    page = open_page(made(served, count=2, **SMALL))
    page.evaluate(FADING)
    detail = opened(page)
    page.keyboard.press("ArrowRight")
    expect(detail).to_contain_text("Image 2 of 2")
    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    expect(page.locator("[data-place='2']")).to_be_focused()
    assert page.evaluate("window.fading") == []


class Finger:
    """One that touches a page."""

    def __init__(self, page: Page) -> None:
        self._devtools: CDPSession = page.context.new_cdp_session(page)

    def down(self, x: float, y: float) -> None:
        """Put it there."""
        self._tell("touchStart", [{"x": x, "y": y}])

    def move(self, x: float, y: float) -> None:
        """Lead it there."""
        self._tell("touchMove", [{"x": x, "y": y}])

    def up(self) -> None:
        """Take it away."""
        self._tell("touchEnd", [])

    def swipe(self, begin: tuple[float, float], by: tuple[float, float]) -> None:
        """In several steps."""
        self.down(*begin)
        for part in (0.25, 0.5, 0.75, 1):
            self.move(begin[0] + by[0] * part, begin[1] + by[1] * part)
        self.up()

    def _tell(self, kind: str, touches: list[dict[str, Any]]) -> None:
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})


def test_on_a_phone_swipes_lead_on_keep_and_reject_and_pan_what_is_zoomed(
    served: Served, open_page: Open
) -> None:
    address = made(served, count=3, **SMALL)
    page = open_page(address, viewport=PHONE, has_touch=True, is_mobile=True)
    detail, finger, start = opened(page), Finger(page), (200.0, 200.0)
    shown, hint = detail.locator("[data-offset='0']"), detail.locator("[data-will]")
    page.wait_for_function("document.querySelectorAll('.bg-layer > img').length === 3")

    finger.down(*start)
    finger.move(170, 200)
    finger.move(160, 200)
    expect(shown).to_have_attribute("style", "transform: translate(-40px, 0px); transition: none;")
    finger.move(190, 200)
    finger.up()
    expect(detail).to_contain_text("Image 1 of 3")
    finger.swipe(start, (-150, 0))
    expect(detail).to_contain_text("Image 2 of 3")

    finger.down(*start)
    finger.move(200, 170)
    expect(hint).to_have_attribute("data-armed", "false")
    finger.move(200, 90)
    expect(hint).to_contain_text("Keep")
    expect(hint).to_have_attribute("data-armed", "true")
    finger.up()
    expect(detail.locator(".bg-large-marks")).to_have_text("♥")
    expect(page.get_by_test_id("toast")).to_contain_text("Image 2 is a favourite")
    page.get_by_test_id("undo").tap()
    expect(detail.locator(".bg-large-marks")).to_have_count(0)
    finger.swipe(start, (0, 150))
    expect(detail.locator(".bg-large-marks")).to_have_text(REJECTED)

    page.emulate_media(reduced_motion="reduce")
    finger.swipe(start, (-150, 0))
    expect(detail).to_contain_text("Image 3 of 3")
    expect(shown).to_have_attribute("style", "transform: translate(0px, 0px); transition: none;")
    for _ in range(3):
        detail.get_by_role("button", name="Larger").tap()
    zoomed = shown.locator("img").get_attribute("style")
    finger.swipe(start, (60, 40))
    expect(detail).to_contain_text("Image 3 of 3")
    assert shown.locator("img").get_attribute("style") != zoomed
    marks = [(i["favourite"], i["rejected"]) for i in truth(address)["images"]]
    assert marks == [(False, False), (False, True), (False, False)]

    panel = detail.locator(".bg-panel")
    finger.swipe((200, 600), (150, 30))
    expect(detail).to_contain_text("Image 2 of 3")
    finger.swipe((200, 600), (-150, 30))
    expect(detail).to_contain_text("Image 3 of 3")
    assert panel.evaluate("(panel) => panel.scrollTop") == 0
    finger.swipe((200, 700), (0, -160))
    page.wait_for_function("(panel) => panel.scrollTop > 0", arg=panel.element_handle())


def test_a_tap_right_after_a_flick_is_heard(served: Served, open_page: Open) -> None:
    address = made(served, count=2, **SMALL)
    page = open_page(address, viewport=PHONE, has_touch=True, is_mobile=True)
    detail, finger = opened(page), Finger(page)
    for _ in range(5):
        finger.swipe((200.0, 200.0), (0, -120))
        expect(detail.locator(".bg-large-marks")).to_have_text("♥")
        page.get_by_test_id("undo").tap()
        expect(detail.locator(".bg-large-marks")).to_have_count(0)
    assert not truth(address)["images"][0]["favourite"]
