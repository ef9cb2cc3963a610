"""The language of pages and window, from the next start on."""

from nicegui import ui

from batchgen_app.ui.house import House
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.segments import segments


async def language(house: House) -> None:
    """Saved at once; what holds until then is said in every language."""
    chosen = house.preferences.saved.language
    segments("language", words.LANGUAGE, words.LANGUAGES, chosen, house)
    with ui.element("div"):
        for code, text in words.LANGUAGE_COUNTS.items():
            ui.label(text).classes("bg-hint").props(f"lang={code}")
