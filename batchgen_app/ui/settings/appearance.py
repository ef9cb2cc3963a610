"""Dark, light, or as the system has it; and the language of this device, from the next page on:
this one is loaded anew.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.language.choosing import COOKIE, COOKIE_SECONDS, SYSTEM, choose, chosen_on
from batchgen_app.language.texts import each
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.fields import Text, Tick
from batchgen_app.ui.parts.toast import tried
from batchgen_app.ui.settings import words


def segments(
    setting: str,
    label: str,
    choices: Mapping[str, str],
    chosen: str,
    change: Callable[..., Awaitable[None]],
) -> None:
    """Radio buttons for a setting; ``change`` is called as ``change(setting=value)``."""
    with ui.element("div").classes("bg-segments").props("role=radiogroup") as group:
        group.props["aria-label"] = label
        for value, text in choices.items():
            with Text("label").classes("bg-segment"):
                tick = Tick(f"{setting}-{value}", kind="radio", value=value == chosen)
                tick.props["name"] = setting
                save = partial(change, **{setting: value})
                tick.on("change", lambda save=save: tried(save()), [])
                ui.label(text)


async def appearance(context: PageContext) -> None:
    """Saved and shown at once."""
    chosen = context.preferences.saved.appearance
    change = partial(context.preferences.change, context.caller)
    segments("appearance", str(words.APPEARANCE), each(words.APPEARANCES), chosen, change)


KEEP = """
    document.cookie = "{name}={value}; path=/; max-age={seconds}; samesite=lax";
    location.reload();
"""


async def language(context: PageContext) -> None:
    """Kept by the browser. What is chosen at the computer where the app runs is its usual language,
    too: that of its window, and of devices that ask for none that it knows.
    """
    is_usual = context.caller.is_here and context.may(Verb.SET)

    async def change(language: str) -> None:
        if is_usual:
            await context.preferences.change(context.caller, language=language)
            choose(language)
        # With 0 seconds, the browser forgets it.
        seconds = 0 if language == SYSTEM else COOKIE_SECONDS
        ui.run_javascript(KEEP.format(name=COOKIE, value=language, seconds=seconds))

    chosen = chosen_on(ui.context.client.request.cookies) or SYSTEM
    segments("language", str(words.LANGUAGE), each(words.LANGUAGES), chosen, change)
    hint = words.LANGUAGE_HINT_HERE if is_usual else words.LANGUAGE_HINT
    ui.label(str(hint)).classes("bg-hint")
