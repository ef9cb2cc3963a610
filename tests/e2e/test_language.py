"""The language: chosen on one start, spoken from the next one on."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Starter


def test_german_is_spoken_from_the_next_start_on(
    start: Starter, open_page: Callable[..., Page]
) -> None:
    served = start.serve()
    page = open_page(f"{served.address}/settings")
    expect(page.locator("html")).to_have_attribute("lang", "en-US")
    page.get_by_text("Deutsch", exact=True).click()
    expect(page.get_by_test_id("language-de")).to_be_checked()
    page.goto(f"{served.address}/")
    expect(page.get_by_test_id("generate")).to_contain_text("Generate 5 images")
    start.end()
    page = open_page(start.serve().address)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_test_id("generate")).to_contain_text("5 Bilder erzeugen")
    page.get_by_test_id("prompt").fill("")
    page.get_by_test_id("batch-count").fill("21")
    page.get_by_test_id("batch-count").blur()
    expect(page.get_by_test_id("field-error")).to_have_text("Ein Batch hat höchstens 20 Bilder")
    page.get_by_test_id("nav-settings").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Einstellungen")
    expect(page.get_by_test_id("language-de")).to_be_checked()
    page.get_by_test_id("server-address").fill("http://there:0")
    page.get_by_test_id("test-connection").click()
    expect(page.get_by_test_id("field-error")).to_contain_text("0 ist kein Port")
