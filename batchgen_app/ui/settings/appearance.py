"""Dark, light, or as the system has it."""

from functools import partial

from nicegui import ui

from batchgen_app.settings import Appearance
from batchgen_app.ui.house import House
from batchgen_app.ui.parts.fields import Text, Tick
from batchgen_app.ui.parts.toast import tried
from batchgen_app.ui.settings import words


async def appearance(house: House) -> None:
    """Saved and shown at once."""
    chosen = house.preferences.saved.appearance
    with ui.element("div").classes("bg-segments").props("role=radiogroup") as group:
        group.props["aria-label"] = words.APPEARANCE
        for look in Appearance:
            with Text("label").classes("bg-segment"):
                tick = Tick(f"appearance-{look}", kind="radio", value=look is chosen)
                tick.props["name"] = "appearance"
                change = partial(house.preferences.change, appearance=look)
                tick.on("change", lambda change=change: tried(change()), [])
                ui.label(words.APPEARANCES[look])
