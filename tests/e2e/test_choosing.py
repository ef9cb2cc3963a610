"""Choose: the comparison in a real browser, by hand and by keyboard alone; and what only a browser
tells: Back, double clicks, what lies over what.
"""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.batches import PROMPT, begin, made, truth
from tests.e2e.conftest import PHONE, Served, Stage
from tests.e2e.test_light_table import side_by_side
from tests.faulty_engine import HangWhileSampling, Hold, Moment

PRESS_WHILE_IT_LEAVES = """(dialog, [key, place]) => new MutationObserver((_, watching) => {
    if (!dialog.querySelector("[class*='-leave-active']")) return;
    watching.disconnect();
    const pressed = new KeyboardEvent("keydown", { key, bubbles: true });
    const target = document.querySelector(place);
    target.focus();
    target.dispatchEvent(pressed);
}).observe(dialog, { subtree: true, attributeFilter: ["class"] })"""
WITH_FIRST_PREVIEW = """() => {
    if (!document.querySelector("[data-testid=live-preview][src*=previews]")) return "";
    const seen = document.querySelector(".bg-waiting").checkVisibility();
    return seen ? "preview and words" : "preview";
}"""
DOTS_THAT_BEGIN_A_LINE = """facts => {
    const seen = (dot) => getComputedStyle(dot, "::before").content !== "none";
    const begins = facts.getBoundingClientRect().left
        + parseFloat(getComputedStyle(facts).clipPath.split(" ").at(-1));
    const lines = Object.groupBy([...facts.children].filter((e) => e.offsetWidth),
        (e) => Math.round(e.getBoundingClientRect().top));
    const first = Object.values(lines).map((line) => line[0]).filter(seen);
    const half = (e) => parseFloat(getComputedStyle(e, "::before").width) / 2;
    const middle = (e) => e.getBoundingClientRect().left + half(e);
    return [Object.keys(lines).length, first.filter((e) => !(middle(e) < begins)).length];
}"""
IS_WHOLE = """line => {
    const { left, bottom } = line.getBoundingClientRect();
    return line.contains(document.elementFromPoint(left + 1, bottom - 1));
}"""
LONG = {"steps": 150, "width": 64, "height": 64}
TINY = {**LONG, "steps": 1}
Open = Callable[..., Page]
Finished = Callable[..., tuple[Page, str]]


@pytest.fixture
def finished(served: Served, open_page: Open) -> Finished:
    """Gives the page of a batch that has ended, and its address."""

    def finish(count: int = 3, **options: object) -> tuple[Page, str]:
        address = begin(served, count=count)
        page = open_page(address, **options)
        expect(page.get_by_test_id("comparison-view")).to_be_visible()
        return page, address

    return finish


def test_the_zip_holds_exactly_the_chosen_pictures(
    finished: Finished, served: Served, tmp_path: Path
) -> None:
    page, address = finished(4)
    page.get_by_test_id("select-all").check()
    expect(page.get_by_test_id("download-selected")).to_contain_text("Download 4")
    page.get_by_test_id("select-image").nth(1).uncheck()
    expect(page.get_by_test_id("select-all")).not_to_be_checked()
    expect(page.get_by_test_id("download-selected")).to_contain_text("Download 3")
    with page.expect_download() as downloading:
        page.get_by_test_id("download-selected").click()
    target = tmp_path / "chosen.zip"
    downloading.value.save_as(target)
    folder = served.images / "batches" / address.rsplit("/", 1)[-1]
    wanted = {image["filename"] for image in truth(address)["images"] if image["index"] != 2}
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        pictures = {Path(name).name: name for name in archive.namelist() if name.endswith(".png")}
        assert set(pictures) == wanted
        for filename, name in pictures.items():
            assert archive.read(name) == (folder / filename).read_bytes()


def test_hearts_and_stars_are_remembered_and_seen_by_everybody(
    finished: Finished, open_page: Open
) -> None:
    page, address = finished(2)
    other = open_page(address)
    page.get_by_test_id("favourite").nth(1).click()
    page.get_by_test_id("comparison-tile").nth(1).hover()
    page.keyboard.press("4")
    for seen in (page, other):
        tile = seen.get_by_test_id("comparison-tile").nth(1)
        expect(tile.get_by_test_id("favourite")).to_have_attribute("aria-pressed", "true")
        expect(tile.locator(".bg-stars")).to_have_attribute("data-value", "4")
    page.reload()
    expect(page.get_by_test_id("favourite").nth(1)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("favourite").nth(0)).to_have_attribute("aria-pressed", "false")
    assert [image["rating"] for image in truth(address)["images"]] == [0, 4]


def test_everything_by_keyboard(finished: Finished) -> None:
    page, address = finished(4)
    tiles = page.get_by_test_id("comparison-tile")
    for key in ("ArrowRight", "ArrowDown", "ArrowRight", "f", "3", " ", "ArrowUp", " "):
        page.keyboard.press(key)
    for key, at in (("End", 3), ("Home", 0)):
        page.keyboard.press(key)
        expect(tiles.nth(at).locator("[data-focus]")).to_be_focused()
    expect(tiles.nth(3).get_by_test_id("favourite")).to_have_attribute("aria-pressed", "true")
    expect(tiles.nth(3).locator(".bg-stars")).to_have_attribute("data-value", "3")
    expect(page.get_by_test_id("side-by-side")).to_be_enabled()
    page.keyboard.press("c")
    expect(page.get_by_test_id("side-by-side-view")).to_contain_text("Image 4")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("side-by-side-view")).to_have_count(0)
    tiles.nth(0).locator("[data-focus]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("image-detail")).to_contain_text("Image 1 of 4")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("image-detail")).to_contain_text("Image 2 of 4")
    page.keyboard.press("Escape")
    page.get_by_test_id("image-detail").wait_for(state="detached")
    page.keyboard.press("r")
    expect(page.get_by_test_id("toast")).to_contain_text("4 more queued")
    assert page.url == address


def test_a_key_counts_as_soon_as_the_dialog_before_it_leaves(finished: Finished) -> None:
    page, _ = finished(2)
    page.get_by_test_id("comparison-tile").first.locator("[data-focus]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("image-detail")).to_be_visible()
    page.locator(".q-dialog").evaluate(PRESS_WHILE_IT_LEAVES, ["r", "body"])
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("toast")).to_contain_text("2 more queued")


def test_what_is_deleted_can_be_brought_back(finished: Finished) -> None:
    page, address = finished(3)
    tiles = page.locator("[data-testid=comparison-tile]:visible")
    tiles.nth(1).locator("[data-focus]").focus()
    page.keyboard.press("Delete")
    expect(tiles).to_have_count(2)
    expect(page.get_by_test_id("toast")).to_contain_text("Image 2 is in the trash")
    page.get_by_test_id("undo").click()
    expect(tiles).to_have_count(3)
    assert len(truth(address)["images"]) == 3


def test_the_large_view_tells_all_about_a_picture(finished: Finished) -> None:
    page, address = finished(2)
    page.get_by_test_id("comparison-tile").nth(0).click()
    detail = page.get_by_test_id("image-detail")
    image = truth(address)["images"][0]
    for told in (PROMPT, str(image["seed"]), image["filename"], "256 × 192", "euler"):
        expect(detail).to_contain_text(told)
    page.keyboard.press("f")
    page.keyboard.press("5")
    expect(detail.get_by_test_id("favourite")).to_have_attribute("aria-pressed", "true")
    with page.expect_download() as downloading:
        page.keyboard.press("d")
    assert downloading.value.suggested_filename == image["filename"]


def test_the_seed_is_copied_also_where_the_browser_gives_no_clipboard(finished: Finished) -> None:
    page, address = finished(2)
    seed = str(truth(address)["images"][0]["seed"])
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name=f"Seed {seed}: copy").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    page.evaluate("document.body.appendChild(document.createElement('textarea')).focus()")
    page.keyboard.press("Control+V")
    assert page.evaluate("document.activeElement.value") == seed


def test_the_same_again_with_new_seeds(finished: Finished) -> None:
    page, address = finished(2)
    page.get_by_test_id("regenerate").click()
    expect(page.get_by_test_id("toast")).to_contain_text("2 more queued")
    expect(page.get_by_test_id("comparison-tile")).to_have_count(2)
    assert page.url == address
    page.get_by_test_id("toast-link").click()
    page.wait_for_url(lambda url: "/batch/" in url and url != address)
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    old, new = truth(address)["progress"]["seeds"], truth(page.url)["progress"]["seeds"]
    assert len(new) == 2
    assert not set(old) & set(new)
    ancestors = page.get_by_test_id("ancestors")
    assert ancestors.evaluate(IS_WHOLE), "nothing lies over the lower edge of its letters"
    ancestors.get_by_role("link").click()
    page.wait_for_url(address)


def test_a_change_is_typed_and_begun_without_a_mouse(finished: Finished) -> None:
    page, address = finished(2)
    page.get_by_test_id("try-a-change").press("Enter")
    prompt = page.get_by_role("dialog").get_by_test_id("prompt")
    expect(prompt).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("a blue fox")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(lambda url: "/batch/" in url and url != address)
    expect(page.get_by_test_id("changes")).to_contain_text("a blue fox")


def test_what_was_asked_for_again_is_taken_back_by_a_key(stage: Stage, open_page: Open) -> None:
    served = stage.play()
    address = begin(served, count=2, prompt="a quince that is asked for again")
    page = open_page(address)
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    stage.play(HangWhileSampling())
    running = begin(served, count=2)
    page.keyboard.press("r")
    page.keyboard.press("Control+z")  # also before the page offers it
    expect(page.get_by_test_id("toast")).to_contain_text("Taken back before it began.")
    assert not truth(running)["batch"]
    page.goto(f"{served.address}/gallery?q=quince")
    expect(page.get_by_test_id("gallery-item")).to_have_count(1)  # nothing of what never began


def test_a_new_batch_begins_with_these_settings(finished: Finished) -> None:
    page, _ = finished(2)
    page.get_by_test_id("new-batch").click()
    prompt = page.get_by_test_id("prompt")
    expect(prompt.or_(prompt.locator("textarea")).last).to_have_value(PROMPT)


ON_TO_A_PICTURE = """async () => {
    document.querySelector("[data-testid=fold-form]").click();
    await new Promise((turn) => setTimeout(turn));
    document.querySelector("[data-testid=comparison-tile] [data-focus]").focus();
}"""
"""Before the app has sent the form."""


def test_a_form_that_comes_late_takes_no_keys_from_the_picture_that_one_went_to(
    finished: Finished,
) -> None:
    page, address = finished(2)
    page.evaluate(ON_TO_A_PICTURE)
    expect(page.get_by_test_id("prompt")).to_be_visible()
    page.keyboard.press("4")
    stars = page.get_by_test_id("comparison-tile").first.locator(".bg-stars")
    expect(stars).to_have_attribute("data-value", "4")
    assert truth(address)["images"][0]["rating"] == 4


def test_on_a_phone_every_action_is_there_without_hovering(finished: Finished) -> None:
    page, _ = finished(5, viewport=PHONE, has_touch=True, is_mobile=True)
    tile = page.get_by_test_id("comparison-tile").first
    expect(tile.get_by_role("button", name="Move to the trash")).to_be_visible()
    expect(tile.get_by_test_id("favourite")).to_be_visible()
    box = tile.get_by_test_id("favourite").bounding_box()
    assert box
    assert min(box["width"], box["height"]) >= 40


CALLED_OFF = """(control) => new Promise((isShown) => {
    document.addEventListener("view-shown", isShown, { once: true });
    control.click();
    history.back();
})"""
"""Back in the moment in which a view is asked for; done when the app has opened it all the same."""


def opened(page: Page) -> Locator:
    """The large view of the first picture."""
    page.get_by_test_id("comparison-tile").first.locator("[data-focus]").click()
    detail = page.get_by_test_id("image-detail")
    expect(detail).to_be_visible()
    return detail


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE, "has_touch": True, "is_mobile": True}])
def test_back_closes_the_large_view_and_a_second_back_leaves_the_page(
    finished: Finished, served: Served, look: dict[str, object]
) -> None:
    page, address = finished(2, **look)
    page.goto(f"{served.address}/settings")
    page.goto(address)
    detail = opened(page)
    page.go_back()
    expect(detail).to_have_count(0)
    assert page.url == address
    view = side_by_side(page, 2)
    page.go_back()
    expect(view).to_have_count(0)
    assert page.url == address
    page.go_back()
    page.wait_for_url("**/settings")


def test_back_before_the_app_has_opened_a_view_calls_it_off(
    finished: Finished, served: Served
) -> None:
    page, address = finished(2)
    page.goto(f"{served.address}/settings")
    page.goto(address)
    for tick in page.get_by_test_id("select-image").all():
        tick.check()
    beside = page.get_by_test_id("side-by-side").first
    expect(beside).to_be_enabled()
    for view, control in (
        ("image-detail", page.locator("[data-place='1']")),
        ("side-by-side-view", beside),
    ):
        control.evaluate(CALLED_OFF)
        expect(page.get_by_test_id(view)).to_have_count(0)
        assert page.url == address
    page.keyboard.press("Escape")
    detail = opened(page)
    page.go_back()
    expect(detail).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/settings")


def test_forward_opens_what_back_has_closed_at_the_picture_seen_last(
    finished: Finished, served: Served
) -> None:
    page, address = finished(2)
    page.goto(f"{served.address}/settings")
    page.goto(address)
    detail = opened(page)
    page.keyboard.press("ArrowRight")
    for _ in range(2):
        expect(detail).to_contain_text("Image 2 of 2")
        page.go_back()
        expect(detail).to_have_count(0)
        expect(page.locator("[data-place='2']")).to_be_focused()
        page.go_forward()
    expect(detail).to_contain_text("Image 2 of 2")
    page.go_back()
    expect(detail).to_have_count(0)
    view = side_by_side(page, 2)
    page.go_back()
    expect(view).to_have_count(0)
    page.go_forward()
    expect(view).to_be_visible()
    page.go_back()
    expect(view).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/settings")


def test_forward_to_a_picture_that_is_in_the_trash_by_now_is_no_step(
    finished: Finished, served: Served
) -> None:
    page, address = finished(2)
    page.goto(f"{served.address}/settings")
    page.goto(address)
    detail = opened(page)
    page.go_back()
    expect(detail).to_have_count(0)
    page.locator("[data-place='1']").press("Delete")
    expect(page.locator("[data-place='1']")).to_be_hidden()
    page.go_forward()
    page.wait_for_function("history.state?.isOfView !== true")
    expect(detail).to_have_count(0)
    page.go_back()
    page.wait_for_url("**/settings")


@pytest.mark.console("ERR_FAILED")
def test_a_page_whose_script_for_back_was_lost_shows_pictures_all_the_same(
    served: Served, open_page: Open
) -> None:
    page = open_page(f"{served.address}/settings")
    page.route("**/back.js*", lambda route: route.abort())
    page.goto(begin(served, count=2))
    detail = opened(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Image 2 of 2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    expect(page.locator("[data-place='2']")).to_be_focused()


def test_a_picture_that_is_deleted_while_its_view_leaves_is_not_followed_by_its_neighbour(
    finished: Finished, served: Served
) -> None:
    page, address = finished(2)
    page.goto(f"{served.address}/settings")
    page.goto(address)
    detail = opened(page)
    leaving = ["Delete", "[data-place='1']"]
    page.locator(".q-dialog").evaluate(PRESS_WHILE_IT_LEAVES, leaving)
    page.go_back()
    expect(detail).to_have_count(0)
    expect(page.locator("[data-place='1']")).to_be_hidden()
    page.go_forward()
    page.wait_for_function("history.state?.isOfView !== true")
    expect(detail).to_have_count(0)


def test_what_was_closed_otherwise_needs_no_further_back(
    finished: Finished, served: Served
) -> None:
    page, address = finished(2)
    page.goto(f"{served.address}/settings")
    page.goto(address)
    detail = opened(page)
    page.keyboard.press("Escape")
    expect(detail).to_have_count(0)
    opened(page)
    page.get_by_role("button", name="Close (Esc)").click()
    expect(detail).to_have_count(0)
    opened(page)
    page.reload()
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    page.wait_for_function("history.state?.isOfView !== true")
    page.go_back()
    page.wait_for_url("**/settings")


def test_two_quick_taps_on_generate_make_one_batch_and_a_later_one_another(
    served: Served, open_page: Open
) -> None:
    page = filled(open_page(served.address), "a vole")
    page.evaluate("Object.defineProperty(Event.prototype, 'timeStamp', { get: () => clock })")
    button = page.get_by_test_id("generate")
    page.evaluate("clock = 1000")
    button.click()
    expect(button).to_have_attribute("data-answers", "1")
    page.evaluate("clock = 1300")
    button.click()  # the second of a double click
    page.get_by_test_id("prompt").fill("another vole")
    page.keyboard.down("Control")
    for _ in range(4):
        page.keyboard.down("Enter")  # held down
    page.keyboard.up("Control")
    expect(button).to_have_attribute("data-answers", "2")
    page.evaluate("clock = 5000")
    button.click()
    expect(button).to_have_attribute("data-answers", "3")
    made = batches(served, "vole")
    for batch in made:
        httpx.post(f"{served.address}/api/batches/{batch['batchId']}/cancel").raise_for_status()
    assert [batch["prompt"] for batch in made] == ["another vole", "another vole", "a vole"]


def batches(served: Served, words: str) -> list[dict[str, Any]]:
    """Those with these words in the prompt, the newest first."""
    found = httpx.get(f"{served.address}/api/batches", params={"q": words}).raise_for_status()
    listed: list[dict[str, Any]] = found.json()["batches"]
    return listed


def filled(page: Page, prompt: str) -> Page:
    """The form of a batch of small pictures that take long."""
    expect(page.get_by_test_id("model")).to_have_value(re.compile("demo-dreams-xl"))
    page.get_by_text("More", exact=True).click()
    for mark, value in (("width", 64), ("height", 64), ("steps", 150)):
        page.get_by_test_id(mark).fill(str(value))
    page.get_by_test_id("prompt").fill(prompt)
    return page


def test_the_first_preview_hides_the_words_that_stood_there_and_the_way_back_leads_to_the_row(
    stage: Stage, open_page: Open
) -> None:
    first = Hold(prompt=1, moment=Moment.SAMPLING)
    served = stage.play(first, HangWhileSampling(prompt=3))
    page = open_page(begin(served, count=3), reduced_motion="reduce")
    assert page.wait_for_function(WITH_FIRST_PREVIEW).json_value() == "preview"
    stage.engine.release(first)
    row = page.get_by_test_id("thumbnail")
    expect(page.locator("[data-testid=thumbnail][data-status=completed]")).to_have_count(2)
    row.nth(0).click()
    expect(page.get_by_test_id("image-detail")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("image-detail")).to_contain_text("Image 2 of 3")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("image-detail")).to_have_count(0)
    expect(row.nth(1)).to_be_focused()


def test_on_a_phone_no_line_of_facts_begins_with_a_dot(served: Served, open_page: Open) -> None:
    address = begin(served, count=2, prompt="a weasel", baseParameters=LONG)
    httpx.post(f"{address.replace('/batch/', '/api/batches/')}/cancel").raise_for_status()
    page = open_page(f"{served.address}/gallery?q=weasel", viewport=PHONE)
    expect(page.get_by_test_id("gallery-item")).to_contain_text("stopped")
    lines, dots = page.locator(".bg-pile-facts").evaluate(DOTS_THAT_BEGIN_A_LINE)
    assert lines > 1
    assert dots == 0


def test_hearts_and_stars_of_a_pile_stand_in_one_line_at_any_width(
    served: Served, open_page: Open
) -> None:
    address = made(served, count=20, prompt="a polecat", baseParameters=TINY)
    image = truth(address)["images"][0]["id"]
    httpx.patch(f"{served.address}/api/images/{image}", json={"favourite": True, "rating": 4})
    page = open_page(f"{served.address}/gallery?q=polecat", viewport=PHONE)
    facts = page.locator(".bg-pile-facts")
    for width in (320, 340, 360, 390, 700, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        hearts, stars = facts.get_by_text("♥ 1"), facts.get_by_test_id("rating")
        tops = [box["y"] for shown in (hearts, stars) if (box := shown.bounding_box())]
        assert len(tops) == 2
        assert abs(tops[0] - tops[1]) < 4, width


def test_a_device_downloads_without_settings_once_it_says_so(
    finished: Finished, open_page: Open, tmp_path: Path
) -> None:
    page, address = finished(2)

    def downloaded(use: Callable[[], None], name: str) -> bytes:
        with page.expect_download() as downloading:
            use()
        called.append(downloading.value.suggested_filename)
        downloading.value.save_as(tmp_path / name)
        return (tmp_path / name).read_bytes()

    called: list[str] = []
    one = page.get_by_role("link", name="Download", exact=True).first
    assert b"BatchGen" in downloaded(one.click, "with.png")
    page.get_by_test_id("without-settings").check()
    clean = downloaded(one.click, "without.png")
    assert b"BatchGen" not in clean
    number = called[0].partition("_")[0]
    assert called[1] == f"{number}.png", "the seed is a setting, too"
    page.get_by_test_id("select-all").check()
    expect(page.get_by_test_id("download-selected")).to_contain_text("Download 2")
    packed = downloaded(page.get_by_test_id("download-selected").click, "without.zip")
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    assert clean in kept.values()
    assert not any(b"BatchGen" in content for content in kept.values())
    page.goto(address.replace("/api/batches/", "/batch/"))
    expect(page.get_by_test_id("without-settings")).to_be_checked()
    page.get_by_test_id("without-settings").uncheck()
    assert b"BatchGen" in downloaded(one.click, "again.png")
    assert called[-1].startswith(f"{number}_")
    page.get_by_test_id("without-settings").check()
    one.evaluate("link => { link.download = '001_7.mp4' }")
    one.click()
    expect(page.get_by_test_id("toast")).to_contain_text("001_7.mp4 cannot be given without")
    page.get_by_test_id("select-all").check()
    several = page.get_by_test_id("download-selected")
    expect(several).to_have_attribute("data-clean", "true")
    several.evaluate("link => { link.dataset.clean = 'false' }")
    several.click()
    said = page.get_by_test_id("toast").filter(has_text="None of these files can be given")
    expect(said).to_be_visible()
