"""A picture that was made, or is dropped or pasted anywhere, becomes the one to start from; nothing
that is dropped takes the page's place.
"""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import APIResponse, Locator, Page, Route, expect

from tests.api.test_uploads import from_photo, photo
from tests.e2e.batches import made
from tests.e2e.conftest import DESKTOP, PHONE, Served
from tests.e2e.test_form import field, make_small, ready
from tests.e2e.test_own_workflow import sent

OpenPage = Callable[..., Page]
BOTH = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
HAND_OVER = """(element, [kinds, files, text]) => {
    const data = new DataTransfer();
    for (const [name, type, content] of files) {
        const decoded = () => Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
        const bytes = typeof content === "number" ? new Uint8Array(content) : decoded();
        data.items.add(new File([bytes], name, { type }));
    }
    if (text) data.setData("text/plain", text);
    const seen = [];
    for (const kind of kinds) {
        const how = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
        const Kind = kind === "paste" ? ClipboardEvent : DragEvent;
        const event = new Kind(kind, how);
        element.dispatchEvent(event);
        seen.push(event.defaultPrevented);
    }
    return seen;
}"""
"""What a browser does with what is dragged over an element, dropped or pasted there; tells of each
event whether the page has taken it."""
File = tuple[str, str, bytes | int]
"""Its name, its type, and what is in it: so many zeros, where it is a number."""
ME = ("me.png", "image/png", photo())
ENTER, DROP, PASTE = ("dragenter", "dragover"), ("dragenter", "dragover", "drop"), ("paste",)


def hand_over(element: Locator, kinds: tuple[str, ...], *files: File, text: str = "") -> list[bool]:
    packed = [(name, kind, _packed(content)) for name, kind, content in files]
    taken: list[bool] = element.evaluate(HAND_OVER, [list(kinds), packed, text])
    return taken


def _packed(content: bytes | int) -> str | int:
    return content if isinstance(content, int) else base64.b64encode(content).decode()


def everywhere(page: Page) -> Locator:
    return page.locator("body")


def thumbnail(page: Page) -> Locator:
    return page.get_by_test_id("input-image").locator("img")


def begun(page: Page, served: Served) -> dict[str, Any]:
    """Generate; gives the workflow that was queued."""
    page.get_by_test_id("generate").click()
    expect(page).to_have_url(re.compile("/batch/"))  # later than the pictures, and by itself
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    return sent(served)[-1]


@BOTH
def test_a_picture_that_was_made_is_gone_on_with_and_what_was_typed_stays(
    own: Served, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    batch = made(own, 2).rpartition("/")[2]
    page = open_page(own.address, viewport=viewport)
    make_small(ready(page))
    field(page, "prompt").fill("a fox in the snow")
    page.goto(f"{own.address}/gallery")
    page.get_by_test_id("open-pile").click()
    page.get_by_test_id("use-picture").first.click()
    expect(thumbnail(page)).to_have_attribute("src", f"/api/images/{batch}-001/thumbnail")
    expect(page).to_have_url(f"{own.address}/")
    expect(field(page, "prompt")).to_have_value("a fox in the snow")
    field(page, "denoise").fill("0.2")
    page.reload()
    expect(thumbnail(page)).to_have_attribute("src", f"/api/images/{batch}-001/thumbnail")
    expect(field(page, "denoise")).to_have_value("0.2")
    graph = begun(page, own)
    assert graph["picture"]["inputs"]["image"].startswith("batchgen/")
    assert graph["sampler"]["inputs"]["denoise"] == 0.2
    page.get_by_test_id("use-picture").first.scroll_into_view_if_needed()
    page.locator(".bg-tile-picture").first.click()
    page.get_by_test_id("image-detail").get_by_test_id("use-picture").click()
    expect(thumbnail(page)).to_have_count(1)


@BOTH
def test_a_picture_is_dropped_anywhere_and_the_page_says_before_what_will_be(
    own: Served, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    page = ready(open_page(own.address, viewport=viewport))
    make_small(page)
    field(page, "prompt").fill("a red box")
    zone = page.get_by_test_id("drop-zone")
    assert all(hand_over(everywhere(page), ENTER, ME))
    expect(zone).to_be_visible()
    page.keyboard.press("Escape")
    expect(zone).to_have_count(0)
    assert hand_over(everywhere(page), ("drop",), ME) == [True]
    expect(thumbnail(page)).to_have_count(0)
    assert all(hand_over(everywhere(page), DROP, ME, ("two.png", "image/png", photo())))
    expect(page.get_by_test_id("toast")).to_contain_text("me.png")
    expect(thumbnail(page)).to_be_visible()
    expect(zone).to_have_count(0)
    expect(field(page, "prompt")).to_have_value("a red box")
    assert begun(page, own)["picture"]["inputs"]["image"].startswith("batchgen/")


def test_a_picture_on_the_clipboard_is_taken_wherever_one_is(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    prompt = field(page, "prompt")
    assert hand_over(prompt, PASTE, text="a fox") == [False]
    assert hand_over(prompt, PASTE, ME, text="a fox") == [False]
    assert hand_over(everywhere(page), PASTE, text="a fox") == [False]
    assert hand_over(prompt, PASTE, ME) == [True]
    expect(thumbnail(page)).to_be_visible()


def test_a_workflow_on_the_clipboard_is_used_and_its_place_gets_the_picture(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    hand_over(everywhere(page), DROP, ME)
    expect(thumbnail(page)).to_be_visible()
    graph = json.dumps(from_photo())
    assert hand_over(field(page, "prompt"), PASTE, text=graph) == [False]
    assert hand_over(everywhere(page), PASTE, text=graph) == [True]
    expect(page.get_by_test_id("workflow-file")).to_have_text("Pasted workflow.json")
    expect(page.get_by_test_id("input-image")).to_have_attribute("data-slot", "photo.image")
    expect(thumbnail(page)).to_be_visible()
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("input-image")).to_have_attribute("data-slot", "picture.image")
    expect(thumbnail(page)).to_be_visible()


def test_what_is_dragged_within_a_text_is_the_browsers(served: Served, open_page: OpenPage) -> None:
    page = ready(open_page(served.address))
    assert hand_over(field(page, "prompt"), DROP, text="fox") == [False, False, False]
    expect(page.get_by_test_id("drop-zone")).to_have_count(0)


@pytest.mark.parametrize("path", ["/gallery", "/settings", "/trash", "/batch/"])
def test_no_page_is_left_for_a_file_that_is_dropped(
    served: Served, open_page: OpenPage, path: str
) -> None:
    page = open_page(made(served, 2) if path == "/batch/" else served.address + path)
    expect(page.get_by_test_id("nav-generate")).to_be_visible()
    page.wait_for_load_state("load")
    assert hand_over(everywhere(page), ("dragover", "drop"), ME) == [True, True]
    assert hand_over(everywhere(page), ("dragover",), text="words") == [False]


@pytest.mark.console("ERR_FAILED")
def test_what_is_too_large_or_lost_on_its_way_is_said_and_can_be_given_again(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    hand_over(everywhere(page), DROP, ("huge.png", "image/png", 15_000_001))
    toast = page.get_by_test_id("toast").last
    expect(toast).to_contain_text("at most 15 MB")
    page.route("**/upload/*", lambda route: route.abort())
    hand_over(everywhere(page), DROP, ME)
    expect(toast).to_contain_text("lost on its way")
    page.unroute("**/upload/*")
    hand_over(everywhere(page), DROP, ME)
    expect(thumbnail(page)).to_be_visible()


def test_one_that_takes_long_tells_how_far_it_is_and_can_be_stopped(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    page.route("**/upload/*", lambda _: None)
    hand_over(everywhere(page), DROP, ME)
    sending = page.get_by_test_id("sending")
    expect(sending).to_contain_text("me.png")
    hand_over(everywhere(page), DROP, ME)
    expect(page.get_by_test_id("toast")).to_contain_text("Wait until")
    sending.get_by_role("button").click()
    expect(sending).to_have_count(0)
    page.unroute("**/upload/*")
    hand_over(everywhere(page), DROP, ME)
    expect(thumbnail(page)).to_be_visible()


def test_an_answer_that_comes_after_the_pages_own_news_breaks_nothing_off(
    served: Served, open_page: OpenPage
) -> None:
    page = ready(open_page(served.address))
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/_nicegui/**/upload/**", lambda route: held.append((route, route.fetch())))
    assert all(hand_over(everywhere(page), DROP, ME))
    expect(thumbnail(page)).to_be_visible()
    arrived, answer = held.pop()
    arrived.fulfill(response=answer)
    page.unroute("**/_nicegui/**/upload/**")
    expect(page.get_by_test_id("sending")).to_have_count(0)
    first = thumbnail(page).get_attribute("src")
    assert all(hand_over(everywhere(page), DROP, ("two.png", "image/png", photo(colour="blue"))))
    expect(thumbnail(page)).not_to_have_attribute("src", str(first))
    expect(page.get_by_text("lost on its way")).to_have_count(0)
