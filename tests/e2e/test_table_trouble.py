"""The light table where something comes in between: a reload, a picture that goes, little room."""

from collections.abc import Callable

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.batches import made, truth
from tests.e2e.conftest import PHONE, Served
from tests.e2e.test_light_table import (
    SMALL,
    alike,
    centre,
    changed,
    drawn,
    filled,
    indexes,
    side_by_side,
)

OpenPage = Callable[..., Page]


def test_a_comparison_that_was_left_or_lost_by_a_reload_goes_on(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, 5, **SMALL))
    view = side_by_side(page, 2)
    expect(view.get_by_test_id("go-on")).to_have_count(0)
    for key, shown in (("k", ["1", "3"]), ("l", ["4", "3"])):
        page.keyboard.press(key)
        expect(view.get_by_test_id("pane").first).to_have_attribute("data-index", shown[0])
        expect(view.get_by_test_id("pane").last).to_have_attribute("data-index", shown[1])
    page.reload()
    expect(view).to_have_count(0)
    page.keyboard.press("Control+a")
    page.keyboard.press("c")
    filled(page, 5)
    page.keyboard.press("g")
    filled(page, 2)
    assert indexes(view) == ["4", "3"]
    expect(view.get_by_role("status", name="Not compared yet: 1")).to_be_visible()
    page.keyboard.press("Backspace")
    expect(view.get_by_test_id("pane").first).to_have_attribute("data-index", "1")
    for key in "lll":
        page.keyboard.press(key)
    ranked = view.get_by_test_id("ranked")
    expect(ranked).to_have_count(5)
    assert [one.get_attribute("data-index") for one in ranked.all()] == ["3", "5", "4", "1", "2"]


def test_a_finger_whose_picture_went_away_leaves_the_next_one_alone(
    served: Served, open_page: OpenPage
) -> None:
    address = made(served, 4, **SMALL)
    page = open_page(address, viewport=PHONE, has_touch=True, is_mobile=True)
    view = side_by_side(page, 4)
    fitting = drawn(view)
    panes = view.get_by_test_id("pane")
    devtools = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y, "id": at} for at, (x, y) in enumerate(points)]
        told = {"type": kind, "touchPoints": touches}
        devtools.send("Input.dispatchTouchEvent", told)

    touch("touchStart", centre(panes.nth(3)))
    image = truth(address)["images"][3]["id"]
    httpx.delete(f"{served.address}/api/images/{image}").raise_for_status()
    expect(panes).to_have_count(3)
    touch("touchMove", (195, 820))  # over the tools
    touch("touchEnd")
    whole = changed(view, fitting)  # three are larger than four
    x, y = centre(panes.first)
    touch("touchStart", (x, y))
    touch("touchMove", (x - 30, y - 40))
    touch("touchMove", (x - 60, y - 80))
    touch("touchEnd")
    view.locator("[data-key=x]").tap()
    expect(panes.first.get_by_test_id("reject")).to_have_attribute("aria-pressed", "true")
    assert drawn(view) == whole  # what is whole is not panned, and one finger does not zoom
    assert alike(whole)


def test_in_a_small_window_or_at_twice_the_size_captions_leave_each_other_room(
    served: Served, open_page: OpenPage
) -> None:
    page = open_page(made(served, 2, **SMALL), viewport={"width": 640, "height": 400})
    view = side_by_side(page, 2)
    page.keyboard.press("m")
    expect(view.get_by_role("slider")).to_be_visible()
    left, right = (one.bounding_box() for one in view.locator(".bg-caption").all())
    assert left
    assert right
    assert left["x"] + left["width"] <= right["x"]
    page.set_viewport_size({"width": 320, "height": 480})
    page.keyboard.press("m")
    for tool in view.locator(".bg-tool:visible, .bg-star:visible").all():
        box = tool.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
    stage = view.locator(".bg-stage-panes").bounding_box()
    assert stage
    assert stage["height"] > 300
