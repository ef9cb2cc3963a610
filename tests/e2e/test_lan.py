"""Other devices, in a real browser: at this computer the switch, at another address a phone."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.access.neighbour import Neighbour
from tests.access.serving import SMALL, Served, asked, serving
from tests.e2e.batches import stop
from tests.e2e.chromium import QUIET_CHROMIUM, chromium_path
from tests.e2e.conftest import PHONE
from tests.e2e.faults import Faults

pytestmark = pytest.mark.console("401 (Unauthorized)", "ERR_CONTENT_LENGTH_MISMATCH")
"""Whoever is not signed in is told so, in the middle of an answer perhaps."""
Opening = Callable[..., Page]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Served]:
    """Not open to the network at first."""
    with serving(tmp_path) as served:
        yield served


@pytest.fixture
def phones(
    browser: Browser, neighbour: Neighbour, faults: Faults, tmp_path: Path
) -> Iterator[Opening]:
    """Opens an address in a browser of the neighbour's."""
    starter = tmp_path / "chromium"
    starter.write_text(f'#!/bin/sh\nexec {shlex.join([*neighbour.prefix, chromium_path()])} "$@"\n')
    starter.chmod(0o755)
    there = browser.browser_type.launch(executable_path=starter, args=list(QUIET_CHROMIUM))

    def opening(address: str, **options: object) -> Page:
        context = there.new_context(viewport=PHONE, **options)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        faults.watch(context, httpx.URL(address).netloc.decode())
        page = context.new_page()
        page.goto(address)
        return page

    yield opening
    there.close()


def test_the_lan_is_opened_and_closed_without_a_restart(
    app: Served, neighbour: Neighbour, open_page: Opening, phones: Opening
) -> None:
    settings = open_page(f"{app.address}/settings")
    with neighbour.client(app.port) as client, pytest.raises(httpx.ConnectError):
        client.get("/login")
    settings.get_by_test_id("lan-switch").check()
    expect(settings.get_by_test_id("code-full")).to_be_visible()
    phone = phones(f"http://{neighbour.address}:{app.port}/gallery")
    phone.get_by_test_id("login-code").fill("000 000")
    phone.get_by_test_id("login").click()
    expect(phone.get_by_test_id("login-fault")).to_have_text("This code is not right.")
    phone.get_by_test_id("login-code").fill(settings.get_by_test_id("code-full").inner_text())
    phone.get_by_test_id("login").click()
    expect(phone).to_have_url(f"http://{neighbour.address}:{app.port}/gallery")
    expect(phone.get_by_test_id("gallery-stats")).to_be_visible()
    expect(settings.get_by_test_id("device")).to_have_count(1)
    with neighbour.client(app.port) as client:
        assert client.get("/login").status_code == 200
        settings.get_by_test_id("lan-switch").uncheck()
        expect(settings.get_by_test_id("code-full")).to_be_hidden()
        with pytest.raises(httpx.TransportError):
            client.get("/login")
    expect(phone.locator("#popup")).to_be_visible()  # its connection was really ended
    expect(settings.get_by_test_id("nav-gallery")).to_be_visible()


@pytest.mark.console("403 (Forbidden)")
def test_a_phone_comes_in_by_a_picture_and_is_signed_out_at_once(
    app: Served, neighbour: Neighbour, open_page: Opening, phones: Opening
) -> None:
    settings = open_page(f"{app.address}/settings")
    settings.get_by_test_id("lan-switch").check()
    settings.get_by_test_id("qr-view").click()
    expect(settings.get_by_test_id("qr-image")).to_be_visible()
    link = httpx.URL(settings.get_by_test_id("qr-link").inner_text())
    seen = str(link.copy_with(host=neighbour.address))
    phone = phones(seen)
    expect(phone).to_have_url(f"http://{neighbour.address}:{app.port}/")
    expect(phone.get_by_text("Nothing is being made now")).to_be_visible()
    expect(phone.get_by_test_id("generate")).to_have_count(0)
    phone.go_back()
    assert "/enter/" not in phone.url
    replay = phones(seen)
    expect(replay.get_by_text("used already")).to_be_visible()
    expect(settings.get_by_test_id("qr-image")).to_have_count(0)
    phone.goto(f"http://{neighbour.address}:{app.port}/gallery")
    expect(phone.get_by_test_id("gallery-stats")).to_be_visible()
    settings.get_by_test_id("remove-device").click()
    expect(phone.get_by_test_id("login-code")).to_be_visible()


def test_a_phone_is_let_into_a_batch_and_both_judge_it(
    app: Served, neighbour: Neighbour, open_page: Opening, phones: Opening
) -> None:
    batch_id = app.make()
    desk = open_page(f"{app.address}/batch/{batch_id}")
    desk.get_by_test_id("remote-qr").click()
    expect(desk.get_by_test_id("remote-closed")).to_contain_text("Other devices")
    desk.get_by_role("link", name="Open the settings").click()
    desk.get_by_test_id("lan-switch").check()
    expect(desk.get_by_test_id("code-full")).to_be_visible()
    desk.goto(f"{app.address}/batch/{batch_id}")
    desk.get_by_test_id("remote-qr").click()
    expect(desk.get_by_test_id("remote-qr-image")).to_be_visible()
    link = httpx.URL(desk.get_by_test_id("remote-qr-link").inner_text())
    phone = phones(str(link.copy_with(host=neighbour.address)), has_touch=True, is_mobile=True)
    expect(phone).to_have_url(f"http://{neighbour.address}:{app.port}/batch/{batch_id}")
    expect(desk.get_by_test_id("remote-qr-image")).to_have_count(0)
    hearts = [page.get_by_test_id("favourite") for page in (desk, phone)]
    for page in hearts:
        expect(page).to_have_count(2)
    hearts[1].nth(0).tap()
    expect(hearts[0].nth(0)).to_have_attribute("aria-pressed", "true")
    desk.get_by_test_id("comparison-tile").nth(1).hover()
    desk.keyboard.press("4")
    rating = phone.get_by_test_id("comparison-tile").nth(1).get_by_test_id("rating")
    expect(rating).to_have_attribute("data-value", "4")


def test_a_phone_signs_itself_out(
    app: Served, neighbour: Neighbour, open_page: Opening, phones: Opening
) -> None:
    settings = open_page(f"{app.address}/settings")
    settings.get_by_test_id("lan-switch").check()
    code = settings.get_by_test_id("code-view").inner_text()
    phone = phones(f"http://{neighbour.address}:{app.port}/settings", color_scheme="dark")
    phone.get_by_test_id("login-code").fill(code)
    phone.get_by_test_id("login").click()
    expect(phone.get_by_test_id("lan-switch")).to_have_count(0)
    phone.get_by_test_id("sign-out").click()
    expect(phone.get_by_test_id("login-code")).to_be_visible()
    expect(settings.get_by_test_id("device")).to_have_count(0)


def test_a_phone_that_may_only_watch_chooses_its_own_language(
    app: Served, neighbour: Neighbour, open_page: Opening, phones: Opening
) -> None:
    settings = open_page(f"{app.address}/settings")
    settings.get_by_test_id("lan-switch").check()
    code = settings.get_by_test_id("code-view").inner_text()
    phone = phones(f"http://{neighbour.address}:{app.port}/settings", locale="de-DE")
    expect(phone.get_by_test_id("login")).to_have_text("Anmelden")
    _sign_in(phone, code)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Einstellungen")
    phone.get_by_text("English", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Settings")
    expect(phone.get_by_test_id("language-en")).to_be_checked()
    settings.reload()
    expect(settings.get_by_test_id("language-system")).to_be_checked()
    phone.get_by_test_id("sign-out").click()
    expect(phone.get_by_test_id("login")).to_have_text("Sign in")


def test_who_signs_out_leaves_no_draft_in_any_tab(
    app: Served, neighbour: Neighbour, open_page: Opening, phones: Opening
) -> None:
    settings = open_page(f"{app.address}/settings")
    settings.get_by_test_id("lan-switch").check()
    code = settings.get_by_test_id("code-full").inner_text()
    tab = phones(f"http://{neighbour.address}:{app.port}/")
    _sign_in(tab, code)
    tab.get_by_test_id("prompt").fill("a red fox")
    leaving = tab.context.new_page()
    leaving.goto(f"http://{neighbour.address}:{app.port}/settings")
    leaving.get_by_test_id("sign-out").click()
    _sign_in(leaving, code)
    for page in (leaving, tab):
        page.goto(f"http://{neighbour.address}:{app.port}/")
        expect(page.get_by_test_id("model")).not_to_have_value("")
        expect(page.get_by_test_id("prompt")).to_have_value("")


def _sign_in(page: Page, code: str) -> None:
    page.get_by_test_id("login-code").fill(code)
    page.get_by_test_id("login").click()
    expect(page.get_by_test_id("login-code")).to_have_count(0)


@pytest.mark.console("403 (Forbidden)")
def test_two_people_share_one_queue_and_each_is_told_who_cancelled(
    tmp_path: Path, neighbour: Neighbour, open_page: Opening, phones: Opening
) -> None:
    with serving(tmp_path, "--lan") as app:
        there = f"http://{neighbour.address}:{app.port}"
        batch_service = open_page(app.address)
        phone, viewer = (phones(there, user_agent=PHONE_AGENT) for _ in range(2))
        for page, code in ((phone, app.code), (viewer, app.view_code)):
            page.get_by_test_id("login-code").fill(code)
            page.get_by_test_id("login").click()
            expect(page.get_by_test_id("nav-gallery")).to_be_visible()
        mine, theirs = (
            _begun(batch_service, "from the batch_service"),
            _begun(phone, "from the phone"),
        )
        for page in (batch_service, phone, viewer):
            expect(page.get_by_test_id("batch-progress")).to_contain_text("from the batch_service")
            expect(page.get_by_test_id("queued")).to_have_count(1)
            expect(page.get_by_test_id("queued")).to_contain_text("from the phone")
        expect(batch_service.get_by_test_id("demo-banner")).to_contain_text("in the settings")
        expect(viewer.get_by_test_id("demo-banner")).not_to_contain_text("in the settings")
        expect(viewer.get_by_test_id("queue-remove")).to_be_hidden()
        expect(viewer.get_by_test_id("cancel")).to_have_count(0)
        assert viewer.evaluate(POST, [f"/api/batches/{mine}/cancel", None])[0] == 403
        stop(phone)
        batch_service.goto(f"{app.address}/batch/{mine}")
        summary = batch_service.get_by_test_id("completion-summary")
        expect(summary).to_contain_text("Cancelled by Safari on iPhone")
        batch_service.goto(f"{app.address}/batch/{theirs}")
        stop(batch_service)
        phone.goto(f"{there}/batch/{theirs}")
        at_the_desk = "Cancelled at the computer where BatchGen runs"
        expect(phone.get_by_test_id("completion-summary")).to_contain_text(at_the_desk)
        progress = httpx.get(f"{app.address}/api/batches/{theirs}").json()["progress"]
        assert progress["endedBecause"] == at_the_desk


PHONE_AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile Safari/604.1"
POST = """([path, asked]) => fetch(path, {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(asked)
}).then(async answer => [answer.status, await answer.json()])"""


def _begun(page: Page, prompt: str) -> str:
    """A slow batch that the person on this page started; gives its id."""
    slow = {"baseParameters": {**SMALL, "steps": 150}}
    _, answer = page.evaluate(POST, ["/api/batches", asked(3, prompt=prompt, **slow)])
    return str(answer["batchId"])
