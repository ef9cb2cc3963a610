"""The language of a page: that of its device, as it was when it asked for the page, whoever sets in
motion what is said there later.
"""

from typing import cast

from nicegui import Client, ui
from nicegui.language import Language

from batchgen_app.adapters.nicegui import page_here
from batchgen_app.language.choosing import of_device
from batchgen_app.language.texts import language

AS_NICEGUI_SAYS: dict[str, Language] = {"en": "en-US", "de": "de"}
"""Its names for the languages that we know."""
KEPT_AS = "language"


class Page(ui.page):
    """A page whose frame and whose ``lang`` are in the language of whoever asks for it."""

    def resolve_language(self) -> Language:
        return AS_NICEGUI_SAYS[language()]


def language_here() -> str | None:
    """That of the page whose slot is entered; None where none is, or where it has gone."""
    page = page_here()
    return language_of(page) if page else None


def language_of(page: Client) -> str:
    """As its device had chosen, or its browser asked for, when it asked for the page."""
    if KEPT_AS not in page.storage:
        asked = page.request
        page.storage[KEPT_AS] = of_device(asked.cookies, asked.headers.get("accept-language", ""))
    return cast("str", page.storage[KEPT_AS])
