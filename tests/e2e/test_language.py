"""Language per device: two browsers read the same batch in two languages, and one that chooses
another has it at once. Issue 10, line 5.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.batches import begin, stop, truth
from tests.e2e.conftest import Served, Stage
from tests.e2e.test_form import ready
from tests.faulty_engine import FailAtNode

OpenPage = Callable[..., Page]
GERMAN = {"locale": "de-DE"}


def language_of(page: Page) -> str:
    """What the page says of itself to browsers and screen readers."""
    return str(page.locator("html").get_attribute("lang"))


def test_two_browsers_watch_one_batch_each_in_its_language(
    stage: Stage, open_page: OpenPage
) -> None:
    served = stage.play(FailAtNode(prompt=1), step_delay=0.05)
    address = begin(served, baseParameters={"steps": 150, "width": 64, "height": 64})
    english, german = open_page(address), open_page(address, **GERMAN)
    assert (language_of(english), language_of(german)) == ("en-US", "de")
    for page, text, title in (
        (english, "1 failed", "2 of 4 · BatchGen"),
        (german, "1 fehlgeschlagen", "2 von 4 · BatchGen"),
    ):
        expect(page.get_by_test_id("failed-count")).to_have_text(text)
        expect(page).to_have_title(title)
    stop(german)
    expect(english.get_by_text("Stopped: cancelled by hand")).to_be_visible()
    expect(german.get_by_text("Gestoppt: von Hand abgebrochen")).to_be_visible()
    for page, reason in ((english, "failed: The demo"), (german, "schlug fehl: The demo")):
        expect(page.get_by_text(reason).first).to_be_visible()
    told = truth(address)
    assert told["progress"]["endedBecause"] == "cancelled by hand"


@pytest.mark.console("400 (Bad Request)")
def test_a_language_is_chosen_on_a_device_for_that_device_at_once(
    own: Served, open_page: OpenPage
) -> None:
    settings = f"{own.address}/settings"
    chooser, other = open_page(settings), open_page(settings)
    expect(chooser.get_by_test_id("language-system")).to_be_checked()
    chooser.get_by_text("Deutsch", exact=True).click()
    expect(chooser.get_by_role("heading", level=1)).to_have_text("Einstellungen")
    expect(chooser.get_by_test_id("language-de")).to_be_checked()
    assert language_of(chooser) == "de"
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("Settings")
    said_in_german(chooser, own)
    french = open_page(settings, locale="fr-FR")
    assert language_of(french) == "de"  # the usual one now, for it was chosen at this computer
    chooser.goto(settings)
    chooser.get_by_text("Automatisch", exact=True).click()
    expect(chooser.get_by_role("heading", level=1)).to_have_text("Settings")


def said_in_german(page: Page, served: Served) -> None:
    """What the form refuses, what the server's address is refused for; and what a script is told
    is English all the same.
    """
    page.goto(served.address)
    ready(page)
    page.get_by_test_id("prompt").fill("")
    page.get_by_test_id("batch-count").fill("21")
    page.get_by_test_id("batch-count").blur()
    expect(page.get_by_test_id("field-error")).to_have_text("Ein Batch hat höchstens 20 Bilder")
    told = page.evaluate(
        "fetch('/api/batches', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: '{\"batchCount\": 21}'}).then(answer => answer.text())"
    )
    assert "Maximum 20 images allowed per batch" in told
    page.get_by_test_id("nav-settings").click()
    page.get_by_test_id("server-address").fill("http://there:0")
    page.get_by_test_id("test-connection").click()
    expect(page.get_by_test_id("field-error")).to_contain_text("0 ist kein Port")
