"""Prompts of more than 500 characters, allowed in the settings while a form is open."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served
from tests.e2e.test_form import field, make_small, ready

OpenPage = Callable[..., Page]
LONG = "a very detailed forest, " * 25


def test_an_open_form_follows_and_what_was_made_stays(own: Served, open_page: OpenPage) -> None:
    form = ready(open_page(own.address))
    make_small(form)
    field(form, "batch-count").fill("2")
    field(form, "prompt").fill(LONG)
    expect(form.get_by_test_id("prompt-length")).to_have_text("600 / 500")
    form.get_by_test_id("generate").click()
    expect(form.get_by_test_id("field-error")).to_have_text("Prompt exceeds 500 character limit")
    settings = form.context.new_page()
    settings.goto(f"{own.address}/settings")
    settings.get_by_test_id("long-prompts").check()
    expect(form.get_by_test_id("prompt-length")).to_have_text("600 / 10000")
    form.get_by_test_id("generate").click()
    expect(form).to_have_url(re.compile("/batch/"))
    settings.get_by_test_id("long-prompts").uncheck()
    form.reload()
    expect(form.get_by_role("heading", level=1)).to_have_text(LONG.strip())
