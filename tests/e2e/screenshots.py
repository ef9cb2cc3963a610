"""Pictures of every moment of the app, dark and light, on a desktop and on a phone.

    python -m tests.e2e.screenshots FOLDER

Each is named after its moment and its look: ``comparison-phone-dark.png``.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect, sync_playwright

from batchgen_app.ui.batch_form import words as form_words
from batchgen_app.ui.gallery import words as gallery_words
from batchgen_app.ui.settings import words as settings_words
from tests.e2e.camera import PATIENCE_MS, PROMPTS, Camera, Stage
from tests.e2e.chromium import QUIET_CHROMIUM, chromium_path
from tests.e2e.conftest import Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.light_table_moments import held, light_table, remote
from tests.faulty_engine import FailAtNode, Fault, Hold, Moment

STEP_SECONDS = 0.05
FAR_ENOUGH = re.compile(r"Step [6-9] of")
"""Something of the picture can be seen by then."""


def everything(camera: Camera) -> None:
    """All moments, in the order in which a newcomer meets them."""
    with _stage() as stage:
        _empty(camera, stage)
        _running(camera, stage)
        _chosen(camera, stage)
        light_table(camera, stage)
        _gallery(camera, stage)
        _settings(camera, stage)
    with _stage(FailAtNode(prompt=2), FailAtNode(prompt=5)) as stage:
        _failures(camera, stage)
    hold = Hold(prompt=4, moment=Moment.SAMPLING)
    with _stage(hold) as stage:
        held(camera, stage, hold)
    with _stage(options=["--lan"]) as stage:
        remote(camera, stage)


def _empty(camera: Camera, stage: Stage) -> None:
    home = stage.served.address
    camera.take("empty", home, _form_ready)
    camera.take("form-more", home, _more)
    camera.take("form-errors", home, _all_wrong)
    camera.take("gallery-empty", f"{home}/gallery", _sees(str(gallery_words.NOTHING_YET)))


def _form_ready(page: Page) -> None:
    expect(page.get_by_test_id("model")).not_to_have_value("")


def _more(page: Page) -> None:
    _form_ready(page)
    page.get_by_text(str(form_words.MORE), exact=True).click()
    # Neither in a box that is still opening nor under the button at the foot.
    page.get_by_test_id("negative-prompt").click(trial=True)


def _all_wrong(page: Page) -> None:
    _form_ready(page)
    page.get_by_test_id("batch-count").fill("21")
    page.get_by_test_id("generate").click()
    expect(page.get_by_test_id("field-error")).to_have_count(2)


def _running(camera: Camera, stage: Stage) -> None:
    """Each look gets a batch of its own: a picture takes longer than some batches."""

    def pose(page: Page) -> None:
        page.goto(stage.batch(count=8))
        done = page.locator("[data-testid=thumbnail][data-status=completed]")
        expect(done.nth(2)).to_be_visible()
        expect(page.get_by_text(FAR_ENOUGH)).to_be_visible()

    camera.take("running", stage.served.address, pose)


def _chosen(camera: Camera, stage: Stage) -> None:
    address = stage.finished()
    camera.take("comparison", address, lambda page: _tiles(page, 6))
    camera.take("side-by-side", address, _two)
    camera.take("image-detail", address, _large)


def _tiles(page: Page, count: int) -> None:
    expect(page.get_by_test_id("comparison-tile")).to_have_count(count)
    page.wait_for_load_state("networkidle")


def _two(page: Page) -> None:
    _tiles(page, 6)
    for tick in page.get_by_test_id("select-image").all()[:2]:
        tick.check()
    page.get_by_test_id("side-by-side").click()
    expect(page.get_by_test_id("side-by-side-view")).to_be_visible()
    page.wait_for_load_state("networkidle")


def _large(page: Page) -> None:
    _tiles(page, 6)
    page.get_by_test_id("comparison-tile").first.locator("img").click()
    expect(page.get_by_test_id("image-detail")).to_be_visible()
    page.wait_for_load_state("networkidle")


def _gallery(camera: Camera, stage: Stage) -> None:
    for number, prompt in enumerate(PROMPTS):
        stage.finished(prompt, count=3 + number, side=256)
    address = f"{stage.served.address}/gallery"
    camera.take("gallery", address, _thumbnails)
    camera.take("gallery-open", address, _open_pile)
    camera.take("gallery-search", f"{address}?q=light", _thumbnails)
    _trash(camera, stage)


def _trash(camera: Camera, stage: Stage) -> None:
    address = f"{stage.served.address}/trash"
    camera.take("trash-empty", address, _sees(str(gallery_words.TRASH_NOTHING)))
    _delete_some(stage)
    camera.take("trash", address, _trashed)
    camera.take("trash-question", address, _asked_to_empty)


def _delete_some(stage: Stage) -> None:
    """One whole batch, and one image of another."""
    with httpx.Client(base_url=stage.served.address) as client:
        first, second = client.get("/api/batches", params={"limit": 2}).json()["batches"]
        client.delete(f"/api/batches/{first['batchId']}").raise_for_status()
        client.delete(f"/api/images/{second['images'][0]}").raise_for_status()


def _trashed(page: Page) -> None:
    expect(page.get_by_test_id("trash-item")).to_have_count(2)
    page.wait_for_load_state("networkidle")


def _asked_to_empty(page: Page) -> None:
    _trashed(page)
    page.get_by_test_id("empty-trash").click()
    expect(page.get_by_test_id("agree")).to_be_visible()


def _thumbnails(page: Page) -> None:
    expect(page.get_by_test_id("gallery-item").first.locator("img").first).to_be_visible()
    page.wait_for_load_state("networkidle")


def _open_pile(page: Page) -> None:
    page.get_by_role("button", name=str(gallery_words.SHOW_ALL)).nth(1).click()
    _thumbnails(page)


def _settings(camera: Camera, stage: Stage) -> None:
    address = f"{stage.served.address}/settings"
    camera.take("settings", address, _sees(str(settings_words.SERVER)))

    def tested(page: Page) -> None:
        page.get_by_test_id("server-address").fill(stage.engine.url)
        page.get_by_test_id("test-connection").click()
        expect(page.get_by_test_id("test-result")).to_contain_text(stage.engine.url)

    camera.take("settings-tested", address, tested)


def _failures(camera: Camera, stage: Stage) -> None:
    camera.take("failure", stage.finished(), lambda page: _tiles(page, 6))
    stage.engine.stop()
    camera.take("server-lost", stage.served.address, _sees("Cannot connect to server"))


def _sees(text: str) -> Callable[[Page], object]:
    return lambda page: expect(page.get_by_text(text).first).to_be_visible()


@contextmanager
def _stage(*faults: Fault, options: Sequence[str] = ()) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory() as home:
        starter = Starter(Path(home))
        try:
            with engine_thread(*faults, step_delay=STEP_SECONDS) as engine:
                yield Stage(starter.serve("--comfyui", engine.url, *options), engine)
        finally:
            starter.end()


def main(arguments: list[str]) -> int:
    """Take them all, into the folder that the argument names."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        sys.stderr.write(__doc__ or "")
        return 2
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    logging.disable(logging.ERROR)  # some images are told to fail
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=list(QUIET_CHROMIUM)
        )
        everything(Camera(browser, folder))
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
