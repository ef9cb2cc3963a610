"""What to send along when something does not work."""

from nicegui import ui

from batchgen_app.ui.house import House
from batchgen_app.ui.parts.busy import busy
from batchgen_app.ui.parts.controls import CopyButton, button, marked
from batchgen_app.ui.settings import words


async def diagnostics(house: House) -> None:
    """Shown before it is copied: people see what they give away."""
    ui.label(str(words.DIAGNOSTICS_HINT)).classes("bg-hint")

    async def show() -> None:
        with busy(collect):
            text = await house.administration.diagnostics(house.caller)
        place.clear()
        with place:
            copy = marked(CopyButton(text, str(words.COPY_DIAGNOSTICS)), "copy-diagnostics")
            copy.classes("bg-copy-diagnostics")
            shown = marked(ui.label(text), "diagnostics").classes("bg-diagnostics")
            shown.props("tabindex=0 role=region").props["aria-label"] = str(words.DIAGNOSTICS)

    with ui.element("div").classes("bg-buttons"):
        collect = marked(button(str(words.SHOW_DIAGNOSTICS), show), "show-diagnostics")
    place = ui.element("div").classes("bg-section-body")
