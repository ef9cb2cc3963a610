"""Each page in the language of its device, whoever sets in motion what is said there."""

from collections.abc import Iterator, Mapping

import pytest
from nicegui import Client, ElementFilter, ui

from batchgen_app.batches.server import Server
from batchgen_app.core.errors import ServerFault
from batchgen_app.language.choosing import COOKIE, SPOKEN, usual
from batchgen_app.language.message import later
from batchgen_app.settings import saved_settings
from tests.language.catalogs import messages, translated
from tests.studio import until
from tests.ui.conftest import Opening, Visit

TROUBLE = later("The server at {address} is in trouble (status {status}).", address="x", status=500)
CATALOG = messages(translated("de"))
TRANSLATED = [str(m.id) for m in CATALOG.values() if isinstance(m.id, str) and m.id != m.string]
ENGLISH, GERMAN = "x is in trouble", "hat ein Problem"


async def in_german(visit: Visit, path: str) -> Client:
    """The same page once more, on a device that wishes German; the first one stays open."""
    visit.user.http_client.headers["accept-language"] = "de-DE,de;q=0.9,en;q=0.5"
    return await visit.open(path)


def texts(page: Client) -> str:
    """All that stands on a page."""
    with page:
        found = ElementFilter(kind=ui.label, only_visible=True, local_scope=False)
        return "\n".join(label.text for label in found)


def said_on(page: Client) -> set[str]:
    """All that people read or hear there, hidden things too: texts, and props that hold words."""
    found = set[str]()
    for element in page.elements.values():
        found.add(str(getattr(element, "text", "")))
        said = {name: prop for name, prop in element.props.items() if not name.startswith("data-")}
        found |= set(strings(said))
    return found


def strings(value: object) -> Iterator[str]:
    """Every text in what goes to the browser as JSON."""
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from strings(inner)
        case list() | tuple():
            for inner in value:
                yield from strings(inner)


@pytest.mark.parametrize("path", ["/", "/gallery", "/trash", "/storage", "/workflows", "/settings"])
async def test_no_text_stays_english_on_a_german_page(opening: Opening, path: str) -> None:
    visit = await opening(path)
    assert said_on(visit.page) & set(TRANSLATED)
    batch = await visit.studio.make(batchCount=2)
    for address in (path, f"/batch/{batch.batch_id}"):
        page = await in_german(visit, address)
        await until(lambda page=page: len(page.elements) > 20)  # type: ignore[misc]
        assert said_on(page) & set(TRANSLATED) == set()


async def test_what_is_said_to_two_pages_at_once_comes_in_both_languages(
    opening: Opening,
) -> None:
    visit = await opening("/")
    english = visit.page
    german = await in_german(visit, "/")
    batch = await visit.studio.start(prompt="running", batchCount=3)
    await visit.studio.start(prompt="waiting", batchCount=3)
    await until(lambda: "3 images" in texts(english) and "3 Bilder" in texts(german))
    assert "Bilder" not in texts(english)
    await visit.studio.app.batch_service.cancel(batch.batch_id, later("cancelled by hand"))
    await until(lambda: visit.studio.app.queue.running is not batch)


async def test_what_one_page_does_is_said_on_the_other_in_its_own_language(
    opening: Opening,
) -> None:
    visit = await opening("/", step_delay=30.0)
    batch = await visit.studio.start(prompt="running", batchCount=2)
    english = await visit.open(f"/batch/{batch.batch_id}")
    german = await in_german(visit, f"/batch/{batch.batch_id}")
    await until(lambda: "The first picture appears here." in texts(english))
    await visit.stop()  # as the German one does
    await until(lambda: "Gestoppt: von Hand abgebrochen" in texts(german))
    await until(lambda: "Stopped: cancelled by hand" in texts(english))


async def test_the_server_s_trouble_is_told_on_each_page_in_its_language(
    opening: Opening,
) -> None:
    visit = await opening("/gallery")
    english = visit.page
    german = await in_german(visit, "/gallery")
    server: Server = visit.studio.app.server
    server.fault = ServerFault(TROUBLE)
    server.changed.emit()
    await until(lambda: ENGLISH in texts(english) and GERMAN in texts(german))
    assert GERMAN not in texts(english)


async def test_a_choice_counts_before_the_wish_and_the_usual_language_after_it(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await opening("/settings")
    assert "Settings" in texts(visit.page)
    visit.user.http_client.headers["accept-language"] = "fr, de;q=0.8, en;q=0.9"
    assert "Settings" in texts(await visit.open("/settings"))
    visit.user.http_client.cookies[COOKIE] = "de"
    assert "Einstellungen" in texts(await visit.open("/settings"))
    assert visit.one("language-de").value is True
    del visit.user.http_client.cookies[COOKIE], visit.user.http_client.headers["accept-language"]
    monkeypatch.setenv(SPOKEN, "de")
    assert "Einstellungen" in texts(await visit.open("/settings"))


async def test_what_is_chosen_at_this_computer_is_its_usual_language_at_once(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SPOKEN, "en")
    visit = await opening("/settings")
    visit.trigger("language-de", "change", args=True)

    await until(lambda: saved_settings(visit.studio.app.settings.data_dir).language == "de")
    await until(lambda: usual() == "de")
    assert "Einstellungen" in texts(await visit.open("/settings"))
