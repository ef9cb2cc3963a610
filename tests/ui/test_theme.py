"""The frame around every page: where one is, what is said about the server, how it looks."""

import asyncio
from functools import partial
from typing import Any

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.batches import server as servers
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import save_settings
from batchgen_app.ui import words as common
from batchgen_app.ui.frame import words
from batchgen_app.ui.parts import toast as toasts
from tests.studio import MODEL, TIMEOUT_OF_THE_TEST, until
from tests.ui.conftest import Opening, Visit


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("/", "nav-generate"),
        ("/gallery", "nav-gallery"),
        ("/workflows", "nav-workflows"),
        ("/settings", "nav-settings"),
    ],
)
async def test_the_navigation_says_where_one_is(opening: Opening, path: str, mark: str) -> None:
    visit = await opening(path)
    marks = ("nav-generate", "nav-gallery", "nav-workflows", "nav-settings")
    assert [m for m in marks if visit.one(m).props.get("aria-current") == "page"] == [mark]


async def test_a_keyboard_reaches_the_content_without_the_navigation(opening: Opening) -> None:
    visit = await opening("/gallery")
    with visit.page:
        first = visit.page.layout.default_slot.children[0]
    assert isinstance(first, ui.skip_link)
    assert first.text == str(words.SKIP)


async def test_placeholder_pictures_are_called_so_with_a_way_out(opening: Opening) -> None:
    visit = await opening("/gallery")
    (banner,) = visit.all("demo-banner")
    said = " ".join(label.text for label in visit.inside(banner, ui.label))
    assert "Placeholder pictures" in said
    assert "start ComfyUI" in said


async def test_a_lost_server_is_said_on_every_page_and_gone_when_it_is_back(
    opening: Opening,
) -> None:
    visit = await opening("/gallery")
    assert not visit.all("server-error")
    await visit.studio.engine.stop()
    await visit.sees("server-error", "Cannot connect to server")
    assert visit.studio.engine.url in visit.texts("server-error")[0]
    assert not visit.all("demo-banner")
    await visit.studio.engine.start()
    visit.click("retry")
    await until(lambda: not visit.all("server-error"))
    assert visit.one("demo-banner")


async def test_a_retry_that_helps_nothing_says_so(opening: Opening) -> None:
    visit = await opening("/gallery")
    await visit.studio.engine.stop()
    await visit.sees("server-error")
    visit.click("retry")
    await until(lambda: bool(visit.all("toast")))
    assert toasted(visit) == str(words.STILL_LOST)
    assert "loading" not in visit.one("retry").props


async def test_comfyui_that_was_started_since_is_found_from_the_banner(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await opening("/gallery")
    async with DemoEngine(DemoSettings()) as started_since:
        usually_at(monkeypatch, started_since.url)
        click_look(visit)
        await until(lambda: visit.studio.app.server.client.address == started_since.url)
        await until(lambda: bool(visit.all("toast")))
        assert toasted(visit) == words.now_using(started_since.url)


async def test_where_no_comfyui_is_found_the_banner_says_so(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await opening("/gallery")
    usually_at(monkeypatch)
    click_look(visit)
    await until(lambda: bool(visit.all("toast")))
    assert toasted(visit) == common.NO_COMFYUI


async def test_a_message_goes_away_by_itself(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "SECONDS", 0.01)
    visit = await opening("/gallery")
    with visit.page:
        toasts.toast("going")
        assert toasted(visit) == "going"
    await until(lambda: not visit.all("toast"))


async def test_a_message_stays_as_long_as_somebody_points_at_it_or_has_the_focus_in_it(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "SECONDS", 0.2)
    visit = await opening("/gallery")
    with visit.page, visit.page.layout:
        toasts.toast("read me")
        held = visit.one("toast")
        elsewhere = toasts.Messages()
    person = UserInteraction(visit.user, {held}, None)
    for hold in ("mouseenter", "focusin"):
        person.trigger(hold)
    for let_go in ("mouseleave", "focusout"):
        with visit.page:
            elsewhere.tell(toasts.Message("nobody reads me", None))
        await until(lambda: visit.all("toast") == [held])
        person.trigger(let_go)
    await until(lambda: not visit.all("toast"))


async def test_no_message_hides_another_one_and_what_is_said_again_is_there_once(
    opening: Opening,
) -> None:
    visit = await opening("/gallery")
    with visit.page:
        for text in ("first", "second", "first"):
            toasts.toast(text)
    assert all_toasted(visit) == ["second", "first"]


async def test_of_what_can_be_taken_back_the_last_is_seen_and_then_the_one_before(
    opening: Opening,
) -> None:
    visit = await opening("/gallery")
    taken_back: list[str] = []
    with visit.page:
        for text in ("first", "second"):
            toasts.toast(text, undo=partial(noted, taken_back, text))
        toasts.toast("it failed")
    visit.click("undo")
    await until(lambda: all_toasted(visit) == ["it failed", "first"])
    visit.click("undo")
    await until(lambda: all_toasted(visit) == ["it failed"])
    assert taken_back == ["second", "first"]


async def noted(where: list[str], what: str) -> None:
    where.append(what)


async def test_the_tab_tells_how_far_the_batch_is(opening: Opening) -> None:
    visit = await opening("/gallery", step_delay=0.05)
    assert visit.page.title == "Gallery · BatchGen"
    titles: list[str | None] = []
    batch = await visit.studio.start(batchCount=2, model=MODEL)
    while not batch.ended:
        titles.append(visit.page.title)
        await asyncio.sleep(0)
    await visit.studio.end(batch)
    assert [t for t in dict.fromkeys(titles) if t and " of " in t] == [
        "1 of 2 · BatchGen",
        "2 of 2 · BatchGen",
    ]
    await until(lambda: visit.page.title == "Gallery · BatchGen")


@pytest.mark.parametrize(("appearance", "is_dark"), [("dark", True), ("light", False)])
async def test_the_appearance_that_was_saved_is_shown(
    opening: Opening, tmp_path: Any, appearance: str, *, is_dark: bool
) -> None:
    save_settings(tmp_path / "data", appearance=appearance)
    visit = await opening("/gallery")
    assert colours(visit).value is is_dark


async def test_without_a_choice_the_system_decides(opening: Opening) -> None:
    assert colours(await opening("/gallery")).value is None


def colours(visit: Visit) -> ui.dark_mode:
    """The element that decides between dark and light."""
    with visit.page:
        (found,) = visit.inside(visit.page.layout, ui.dark_mode)
    return found


def toasted(visit: Visit) -> str:
    """What the last message at the foot of the page says."""
    return (all_toasted(visit) or [""])[-1]


def all_toasted(visit: Visit) -> list[str]:
    """What every message says that is seen, the first one first."""
    return [visit.inside(message, ui.label)[0].text for message in visit.all("toast")]


def click_look(visit: Visit) -> None:
    """Click "Look for ComfyUI"."""
    visit.click("look-for-comfyui")


def usually_at(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Where ComfyUI is looked for; a busy machine is no fault of the server's."""
    monkeypatch.setattr(servers, "USUAL_ADDRESSES", addresses)
    monkeypatch.setattr(servers, "LOOK_SECONDS", TIMEOUT_OF_THE_TEST)
