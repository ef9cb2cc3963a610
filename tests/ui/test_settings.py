"""Settings: what is in order is saved and used, the rest is pointed out."""

import threading
from pathlib import Path
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.batches.server import BUSY
from batchgen_app.core import limits
from batchgen_app.core.form_defaults import FormDefaults
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.services import preferences
from batchgen_app.settings import (
    Appearance,
    SavedSettings,
    save_settings,
    saved_settings,
)
from batchgen_app.ui.settings import words
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_theme import colours, toasted, usually_at

NOBODY = "http://127.0.0.1:1"
SECRET = "Bearer 1234"
KEPT = {"Authorization": SECRET}
WIDTH = "baseParameters.width"
USUAL = {
    "batch-count": "8",
    "randomize-seeds": False,
    "width": "768",
    "steps": "30",
    "sampler": "dpmpp_2m",
    "negative-prompt": "blurry",
}
"""Other values for a new form than the original ones."""


def saved(visit: Visit) -> Any:
    return saved_settings(visit.studio.app.settings.data_dir)


def told(visit: Visit) -> str:
    """What stands below the server's buttons."""
    return " ".join(label.text for label in visit.inside(visit.one("test-result"), ui.label))


async def notice(visit: Visit, text: str) -> None:
    """Wait for a message at the foot of the page."""
    await until(lambda: bool(visit.all("toast")) and text in toasted(visit))


async def test_a_tested_server_tells_about_itself_and_nothing_is_saved(opening: Opening) -> None:
    visit = await opening("/settings")
    visit.fill("server-address", visit.studio.engine.url)
    visit.click("test-connection")
    await until(lambda: "answers at" in told(visit))
    assert visit.studio.engine.settings.comfyui_version in told(visit)
    assert "Previews On" in told(visit)
    assert saved(visit).comfyui_url is None


async def test_previews_that_are_off_come_with_how_to_switch_them_on(opening: Opening) -> None:
    visit = await opening("/settings", previews=False)
    visit.fill("server-address", visit.studio.engine.url)
    visit.click("test-connection")
    await until(lambda: "--preview-method auto" in told(visit))


async def test_a_server_that_does_not_answer_is_only_saved_when_one_insists(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    visit.fill("server-address", NOBODY)
    visit.click("save-server")
    await until(lambda: "Cannot connect to server" in told(visit))
    assert saved(visit).comfyui_url is None
    visit.click("save-anyway")
    await until(lambda: saved(visit).comfyui_url == NOBODY)
    await visit.sees("server-error", NOBODY)
    assert visit.texts("server-status") == [f"No answer from {NOBODY}"]


async def test_a_saved_server_is_used_at_once(opening: Opening) -> None:
    visit = await opening("/settings")
    async with DemoEngine(DemoSettings(comfyui_version="0.9.9")) as other:
        visit.fill("server-address", f"{other.url}/ ")
        visit.click("save-server")
        await notice(visit, other.url)
        assert saved(visit).comfyui_url == other.url
        assert visit.studio.app.server.client.address == other.url
        batch = await visit.studio.make(batchCount=2)
        assert batch.versions
        assert batch.versions.server == "0.9.9"


async def test_the_server_stays_while_a_batch_needs_it(opening: Opening) -> None:
    visit = await opening("/settings", step_delay=0.5)
    batch = await visit.studio.start()
    async with DemoEngine(DemoSettings()) as other:
        visit.fill("server-address", other.url)
        visit.click("save-server")
        await until(lambda: BUSY in told(visit))
    assert saved(visit).comfyui_url is None
    assert visit.studio.app.server.client.address == visit.studio.engine.url
    await visit.studio.app.batch_service.cancel(batch.batch_id, because="the test is over")


async def test_an_empty_address_means_looking_for_a_server(
    opening: Opening, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(tmp_path / "data", comfyui_url=NOBODY)
    visit = await opening("/settings")
    assert visit.one("server-address").value == NOBODY
    async with DemoEngine(DemoSettings()) as usual:
        usually_at(monkeypatch, usual.url)
        visit.fill("server-address", "")
        visit.click("save-server")
        await notice(visit, usual.url)
        assert saved(visit).comfyui_url is None
        assert visit.studio.app.server.client.address == usual.url


@pytest.mark.parametrize("address", ["ftp://studio", "http://me:secret@studio", "http://"])
async def test_what_is_no_address_is_pointed_out(opening: Opening, address: str) -> None:
    visit = await opening("/settings")
    visit.fill("server-address", address)
    visit.click("save-server")
    await until(lambda: bool(visit.all("field-error")))
    assert saved(visit).comfyui_url is None


async def test_headers_go_along_and_their_values_never_come_back(
    opening: Opening, tmp_path: Path
) -> None:
    visit = await opening("/settings")
    visit.fill("server-address", visit.studio.engine.url)
    visit.click("add-header")
    visit.fill("header-name", "Authorization")
    visit.fill("header-value", SECRET)
    visit.click("save-server")
    await until(lambda: visit.studio.app.headers.values_for(saved(visit).comfyui_url) == KEPT)
    assert visit.studio.app.server.client.headers == KEPT
    page = await visit.user.http_client.get("/settings")
    assert "Authorization" in page.text
    assert SECRET not in page.text


async def test_kept_headers_stay_when_something_else_is_saved(
    opening: Opening, tmp_path: Path
) -> None:
    visit = await with_kept_header(opening, tmp_path)
    visit.click("save-server")
    await until(lambda: bool(visit.all("save-anyway")))
    visit.click("save-anyway")
    await until(lambda: visit.studio.app.server.client.headers == KEPT)
    assert visit.studio.app.headers.values_for(saved(visit).comfyui_url) == KEPT


async def test_a_kept_secret_is_not_sent_to_another_address(
    opening: Opening, tmp_path: Path
) -> None:
    visit = await with_kept_header(opening, tmp_path)
    visit.fill("server-address", visit.studio.engine.url)
    visit.click("test-connection")
    await until(lambda: visit.texts("field-error") == [words.header_again("Authorization")])


async def test_a_header_can_be_removed(opening: Opening, tmp_path: Path) -> None:
    visit = await with_kept_header(opening, tmp_path)
    visit.click("remove-header")
    visit.click("save-server")
    await until(lambda: bool(visit.all("save-anyway")))
    visit.click("save-anyway")
    await until(lambda: visit.studio.app.headers.names == ())


@pytest.mark.parametrize(("name", "value"), [("no name", "x"), ("", "x"), ("X", "two\nlines")])
async def test_what_is_no_header_is_pointed_out(opening: Opening, name: str, value: str) -> None:
    visit = await opening("/settings")
    visit.click("add-header")
    visit.fill("header-name", name)
    visit.fill("header-value", value)
    visit.click("test-connection")
    await until(lambda: bool(visit.all("field-error")))
    assert not told(visit)


async def test_another_folder_for_pictures_counts_from_the_next_start_on(
    opening: Opening, tmp_path: Path
) -> None:
    save_settings(tmp_path / "data", output_dir=tmp_path / "images")
    visit = await opening("/settings")
    assert str(words.FOLDER_COUNTS) in visit.texts("output-folder-hint")[0]
    elsewhere = tmp_path / "elsewhere" / "pictures"
    visit.fill("output-folder", str(elsewhere))
    visit.click("save-output-folder")
    await notice(visit, str(words.FOLDER_SAVED))
    assert saved(visit).output_dir == elsewhere
    (hint,) = visit.texts("output-folder-hint")
    assert f"{elsewhere} is used from the next start on" in hint
    assert f"Until BatchGen ends, pictures go to {visit.studio.app.settings.output_dir}" in hint
    assert visit.texts("data-folder") == [str(tmp_path / "data")]


async def test_a_folder_that_cannot_be_used_is_not_saved(opening: Opening, tmp_path: Path) -> None:
    visit = await opening("/settings")
    (tmp_path / "a file").write_text("")
    below_a_file = str(tmp_path / "a file" / "pictures")
    for folder, fault in (("pictures", str(words.FOLDER_NOT_WHOLE)), (below_a_file, below_a_file)):
        visit.fill("output-folder", folder)
        visit.click("save-output-folder")
        await visit.sees("field-error", fault)
    assert saved(visit).output_dir is None


async def test_the_appearance_changes_at_once_and_stays(opening: Opening) -> None:
    visit = await opening("/settings")
    visit.trigger("appearance-light", "change", args=True)
    await until(lambda: saved(visit).appearance is Appearance.LIGHT)
    await until(lambda: colours(visit).value is False)
    await visit.open("/settings")
    assert visit.one("appearance-light").value is True


async def test_the_time_out_holds_from_then_on_within_its_limits(opening: Opening) -> None:
    visit = await opening("/settings")
    visit.fill("stall-seconds", "3")
    visit.trigger("stall-seconds", "blur")
    await until(lambda: visit.texts("field-error") == [str(words.STALL_LIMITS)])
    visit.fill("stall-seconds", "60")
    visit.trigger("stall-seconds", "blur")
    await until(lambda: saved(visit).stall_seconds == 60)
    await until(lambda: visit.studio.app.batch_service.timeouts.stall == 60)
    assert not visit.all("field-error")


async def test_new_forms_begin_with_what_the_settings_say(opening: Opening) -> None:
    visit = await opening("/settings")
    await until(lambda: "dpmpp_2m" in visit.one("sampler").options)
    assert (visit.one("batch-count").value, visit.one("width").value) == ("5", "1024")
    visit.fill("width", "65")
    visit.click("save-defaults")
    await until(lambda: visit.texts("field-error") == [limits.MESSAGES[WIDTH][limits.ANY]])
    assert saved(visit).defaults == FormDefaults()
    for mark, value in USUAL.items():
        visit.fill(mark, value)
    visit.click("save-defaults")
    await notice(visit, str(words.DEFAULTS_SAVED))
    await visit.open("/")
    assert {mark: visit.one(mark).value for mark in USUAL} == USUAL
    await visit.open("/settings")
    visit.click("original-defaults")
    await notice(visit, str(words.DEFAULTS_TAKEN_BACK))
    assert visit.one("width").value == "1024"
    await visit.open("/")
    assert (visit.one("batch-count").value, visit.one("sampler").value) == ("5", "euler")


async def with_kept_header(opening: Opening, tmp_path: Path) -> Visit:
    """The settings of an app that has a secret header for a server that is away."""
    save_settings(tmp_path / "data", comfyui_url=NOBODY, comfyui_headers=KEPT)
    visit = await opening("/settings")
    assert visit.one("header-name").value == "Authorization"
    assert visit.one("header-value").value == ""
    return visit


async def test_diagnostics_are_shown_before_they_are_copied(opening: Opening) -> None:
    visit = await opening("/settings")
    assert not visit.all("copy-diagnostics")
    visit.click("show-diagnostics")
    await visit.sees("diagnostics", f"Server: demo engine at {visit.studio.engine.url}")
    assert visit.one("copy-diagnostics").props["text"] == visit.texts("diagnostics")[0]


async def test_longer_prompts_can_be_allowed(opening: Opening) -> None:
    visit = await opening("/settings")
    visit.trigger("long-prompts", "change", args=True)
    await until(lambda: saved(visit).long_prompts)
    await until(lambda: visit.studio.app.batch_service.prompt_limit == 10_000)
    await visit.open("/")
    visit.fill("prompt", "x" * 501)
    await visit.sees("prompt-length", "501 / 10000")
    visit.trigger("prompt", "blur")
    assert not visit.all("field-error")


async def test_downloads_are_called_by_a_pattern_which_is_shown_as_it_is_typed(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    assert "003_1234567.png" in visit.one("name-preview").text
    visit.fill("name-pattern", "{date} {prompt}")
    await until(lambda: "2026-03-01 a red fox in the snow.png" in visit.one("name-preview").text)
    visit.fill("name-pattern", "{sead}")
    await until(lambda: "{seed}" in visit.one("field-error").text)
    visit.trigger("name-pattern", "blur")
    visit.fill("name-pattern", "{prompt} {seed}")
    visit.trigger("name-pattern", "blur")
    await until(lambda: saved(visit).name_pattern == "{prompt} {seed}")
    visit.fill("name-pattern", "")
    visit.trigger("name-pattern", "blur")
    await until(lambda: saved(visit).name_pattern is None)


async def test_what_is_typed_while_a_pattern_is_saved_stays_and_is_saved(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked, may_go_on = threading.Event(), threading.Event()
    patterns: list[str | None] = []

    def slowly(*given: Any, **changes: Any) -> SavedSettings:
        is_asked.set()
        may_go_on.wait()
        now = save_settings(*given, **changes)
        patterns.append(now.name_pattern)
        return now

    visit = await opening("/settings")
    monkeypatch.setattr(preferences, "save_settings", slowly)
    visit.fill("name-pattern", "{prompt} {seed}")
    visit.trigger("name-pattern", "blur")
    await until(is_asked.is_set)
    visit.fill("name-pattern", "")
    visit.trigger("name-pattern", "blur")
    may_go_on.set()
    await until(lambda: patterns == ["{prompt} {seed}", None])
    assert not visit.one("name-pattern").value


async def test_licences_are_listed_on_request_and_each_text_once_it_is_opened(
    opening: Opening,
) -> None:
    visit = await opening("/settings")
    visit.click("show-licences")
    await until(lambda: bool(visit.all("licences")))
    first = visit.all("licence")[0]
    UserInteraction(visit.user, {first}, None).trigger("toggle", True)
    await visit.user.should_see("Permission is hereby granted")
