"""Whose work is in the app, and on which terms."""

import asyncio
from typing import Any

from nicegui import ui

from batchgen_app.licences import Component, components
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.controls import busy, button, marked
from batchgen_app.ui.parts.fields import Text
from batchgen_app.ui.settings import words


async def licences(_: PageContext) -> None:
    """A list on request, and each text in it once it is opened: there are many."""
    ui.label(str(words.LICENCES_HINT)).classes("bg-hint")

    async def show() -> None:
        with busy(shower):
            found = await asyncio.to_thread(components)
        place.clear()
        with place, marked(ui.element("ul"), "licences").classes("bg-licences"):
            for component in found:
                with ui.element("li"):
                    _Terms(component)

    with ui.element("div").classes("bg-buttons"):
        shower = marked(button(str(words.SHOW_LICENCES), show), "show-licences")
    place = ui.element("div").classes("bg-section-body")


class _Terms(ui.element):
    """Those of one component."""

    def __init__(self, component: Component) -> None:
        super().__init__("details")
        self._component = component
        self._is_filled = False
        marked(self, "licence").on("toggle", self._fill, ["target.open"])
        about = component.licence or str(words.LICENCE_UNTOLD)
        with self:
            Text("summary", f"{component.name} {component.version} · {about}")

    async def _fill(self, _: Any) -> None:
        if not self._is_filled:
            self._is_filled = True
            text = await asyncio.to_thread(lambda: self._component.text)
            with self:
                Text("pre", text or str(words.NO_LICENCE_TEXT)).classes("bg-licence-text")
