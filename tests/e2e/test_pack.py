"""The light table of a delivery pack, opened from a disk with the network off."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.batches import made, truth
from tests.e2e.conftest import DESKTOP, PHONE, Served
from tests.hard_prompts import PROMPTS

Opening = Callable[..., Page]


def packed(served: Served, batch_id: str, folder: Path, **more: str) -> Path:
    """The page of a batch's pack, unpacked into ``folder``."""
    address = f"{served.address}/api/batches/{batch_id}/archive"
    answer = httpx.get(address, params={"pack": "true", **more}, timeout=60).raise_for_status()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        archive.extractall(folder)
    return folder / "light-table.html"


def opened(open_page: Opening, page: Path, **options: object) -> tuple[Page, list[str]]:
    """The page as somebody sees it who double-clicks it, and what it asked for."""
    seen = open_page("about:blank", offline=True, **options)
    asked: list[str] = []
    seen.on("request", lambda request: asked.append(request.url))
    seen.goto(page.as_uri())
    return seen, asked


def test_where_pictures_have_several_prompts_each_has_its_own(
    served: Served, open_page: Opening, tmp_path: Path
) -> None:
    colours = "{red|blue|green|yellow|white|black}"
    address = made(served, prompt=f"a {colours} fox, {colours}, in the snow", dynamicPrompt=True)
    batch_id = address.rpartition("/")[2]
    page, _ = opened(open_page, packed(served, batch_id, tmp_path / "pack"))
    prompts = [image["prompt"] for image in truth(address)["images"]]
    tiles = page.get_by_test_id("tile")
    expect(page.locator(".tile-prompt")).to_have_text(prompts)
    page.keyboard.press("Control+a")
    page.keyboard.press("c")
    for pane, prompt in zip(page.get_by_test_id("pane").all(), prompts, strict=True):
        expect(pane).to_contain_text(prompt)
    alike = made(served, count=2).rpartition("/")[2]
    page.goto(packed(served, alike, tmp_path / "alike").as_uri())
    expect(tiles).to_have_count(2)
    expect(page.locator(".tile-prompt")).to_have_count(0)


def test_pictures_are_compared_and_marked_without_any_network(
    served: Served, open_page: Opening, tmp_path: Path
) -> None:
    batch_id = made(served, prompt="a pack for somebody", count=4).rpartition("/")[2]
    httpx.patch(f"{served.address}/api/images/{batch_id}-002", json={"rating": 3})
    file = packed(served, batch_id, tmp_path / "a pack", names="{prompt} {seed}")
    page, asked = opened(open_page, file)
    expect(page.get_by_test_id("tile")).to_have_count(4)
    expect(page.get_by_test_id("tile").nth(1)).to_contain_text("★★★")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("f")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    expect(page.get_by_test_id("chosen")).to_have_text("2 selected")
    page.keyboard.press("Control+a")
    expect(page.get_by_test_id("chosen")).to_have_text("4 selected")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Space")
    expect(page.get_by_test_id("chosen")).to_have_text("2 selected")
    page.keyboard.press("c")
    expect(page.get_by_test_id("pane")).to_have_count(2)
    for picture in page.locator("[data-testid=pane] img").all():
        expect(picture).to_have_js_property("complete", value=True)
        assert picture.evaluate("picture => picture.naturalWidth") == 256
        assert "pictures/" in str(picture.get_attribute("src"))
    page.keyboard.press("+")
    moved = "images => images.map((image) => image.style.transform)"
    one, other = page.locator(".bg-layer > img").evaluate_all(moved)
    assert one == other, "one zoom and pan"
    page.keyboard.press("w")
    expect(page.get_by_role("slider", name="Slider")).to_be_visible()
    page.keyboard.press("x")
    page.keyboard.press("u")
    page.keyboard.press("5")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("table")).to_be_hidden()
    page.keyboard.press("m")
    marks = json.loads(page.get_by_test_id("marks-text").input_value())["marks"]
    assert [(m["index"], m["favourite"], m["rating"], m["rejected"]) for m in marks] == [
        (1, True, 5, False),
        (2, False, 3, False),
        (3, False, 0, False),
        (4, False, 0, False),
    ]
    page.get_by_role("button", name="CSV").click()
    with page.expect_download() as download:
        page.get_by_test_id("marks-save").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
    assert [row["rating"] for row in rows] == ["5", "3", "0", "0"]
    page.keyboard.press("Escape")
    page.reload()
    expect(page.get_by_test_id("tile").first).to_contain_text("♥ ★★★★★")
    assert {url.partition(":")[0] for url in asked} <= {"file", "blob", "data"}


def test_without_settings_the_light_table_works_and_knows_no_seed(
    served: Served, open_page: Opening, tmp_path: Path
) -> None:
    batch_id = made(served, prompt="a secret of ours", count=2).rpartition("/")[2]
    page, _ = opened(open_page, packed(served, batch_id, tmp_path, metadata="none"))
    expect(page.locator("h1")).to_have_text("Pictures")
    page.locator(".tile-picture").first.click()
    expect(page.locator("[data-testid=pane] img")).to_have_js_property("naturalWidth", 256)
    expect(page.locator("[data-testid=pane] figcaption")).to_contain_text("Image 1")
    assert "secret" not in page.content()
    page.keyboard.press("5")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.get_by_role("button", name="CSV").click()
    (first, _) = csv.DictReader(io.StringIO(page.get_by_test_id("marks-text").input_value()))
    assert list(first) == ["file", "id", "index", "favourite", "rating", "rejected"]
    assert (first["file"], first["rating"]) == ("pictures/001.png", "5")


def test_hard_prompts_are_text_and_nothing_else(
    served: Served, open_page: Opening, tmp_path: Path
) -> None:
    prompt = "\n".join([PROMPTS["markup"], PROMPTS["quotes"], PROMPTS["rtl"], "</script><b>x</b>"])
    batch_id = made(served, prompt=prompt, count=2).rpartition("/")[2]
    page, asked = opened(open_page, packed(served, batch_id, tmp_path, names="{prompt}"))
    assert page.locator("h1").text_content() == prompt
    page.locator(".tile-picture").first.click()
    picture = page.locator("[data-testid=pane] img")
    expect(picture).to_have_js_property("naturalWidth", 256)
    assert page.evaluate("window.pwned") is None
    assert page.locator("b").count() == 0
    assert all(url.startswith("file:") for url in asked if not url.startswith("data:"))


def test_where_nothing_is_kept_it_is_said_and_all_else_works(
    served: Served, open_page: Opening, tmp_path: Path
) -> None:
    batch_id = made(served, count=2).rpartition("/")[2]
    file = packed(served, batch_id, tmp_path)
    page = open_page("about:blank", offline=True, viewport=PHONE)
    refusing = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
    page.add_init_script(refusing)
    page.goto(file.as_uri())
    expect(page.get_by_test_id("not-kept")).to_contain_text("keeps nothing")
    page.locator(".tile-picture").first.click()
    page.get_by_test_id("favourite").click()
    page.get_by_test_id("close").click()
    expect(page.get_by_test_id("tile").first).to_contain_text("♥")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_test_id("open-help").click()
    expect(page.get_by_test_id("help")).to_contain_text("Take the last mark back")


def test_what_is_missing_is_said_in_the_page(
    served: Served, open_page: Opening, tmp_path: Path
) -> None:
    batch_id = made(served, count=2).rpartition("/")[2]
    first = min((served.images / "batches" / batch_id).glob("*.png"))
    first.unlink()
    page, _ = opened(open_page, packed(served, batch_id, tmp_path), viewport=DESKTOP)
    expect(page.get_by_test_id("missing")).to_contain_text(f"pictures/{first.name}")
    expect(page.locator("[data-missing=true]")).to_have_count(1)
