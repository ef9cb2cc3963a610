"""The language of this device, from the next page on: this one is loaded anew."""

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.language.choosing import COOKIE, COOKIE_SECONDS, SYSTEM, choose, chosen_on
from batchgen_app.language.texts import each
from batchgen_app.ui.house import House
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.segments import segments

KEEP = """
    document.cookie = "{name}={value}; path=/; max-age={seconds}; samesite=lax";
    location.reload();
"""


async def language(house: House) -> None:
    """Kept by the browser. What is chosen at the computer where the app runs is its usual language,
    too: that of its window, and of devices that ask for none that it knows.
    """
    is_usual = house.caller.is_here and house.may(Verb.SET)

    async def change(language: str) -> None:
        if is_usual:
            await house.preferences.change(house.caller, language=language)
            choose(language)
        seconds = 0 if language == SYSTEM else COOKIE_SECONDS
        ui.run_javascript(KEEP.format(name=COOKIE, value=language, seconds=seconds))

    chosen = chosen_on(ui.context.client.request.cookies) or SYSTEM
    segments("language", str(words.LANGUAGE), each(words.LANGUAGES), chosen, change)
    hint = words.LANGUAGE_HINT_HERE if is_usual else words.LANGUAGE_HINT
    ui.label(str(hint)).classes("bg-hint")
