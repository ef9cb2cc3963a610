"""The sections of the settings, in their order. What is not in order in one is not saved."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from batchgen_app.access import Verb
from batchgen_app.language.texts import Lazy
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.settings import words
from batchgen_app.ui.settings.appearance import appearance, language
from batchgen_app.ui.settings.downloads import downloads
from batchgen_app.ui.settings.folders import diagnostics, folders
from batchgen_app.ui.settings.form_defaults import form_defaults, image_timeout, prompts
from batchgen_app.ui.settings.lan import lan, this_device
from batchgen_app.ui.settings.licences import licences
from batchgen_app.ui.settings.servers import servers

Section = Callable[[PageContext], Awaitable[None]]

SECTIONS: tuple[tuple[Lazy, Section], ...] = (
    (words.SERVER, servers),
    (words.FOLDERS, folders),
    (words.LAN, lan),
    (words.APPEARANCE, appearance),
    (words.LANGUAGE, language),
    (words.DOWNLOADS, downloads),
    (words.DEFAULTS, form_defaults),
    (words.PROMPTS, prompts),
    (words.TIME_OUT, image_timeout),
    (words.DIAGNOSTICS, diagnostics),
    (words.LICENCES, licences),
)
"""Each under its title."""
FOR_EVERYBODY: tuple[tuple[Lazy, Section], ...] = (
    (words.LANGUAGE, language),
    (words.DOWNLOADS, downloads),
    (words.LICENCES, licences),
)
"""Of these, what is about one's own device, or nobody's."""


async def settings_page(context: PageContext) -> None:
    """The page's content."""
    with ui.element("div").classes("bg-settings"):
        ui.label(str(words.SETTINGS)).classes("bg-title").props("role=heading aria-level=1")
        if context.caller.session:
            await _section(str(words.THIS_DEVICE), this_device, context)
        for title, section in SECTIONS if context.may(Verb.SET) else FOR_EVERYBODY:
            await _section(str(title), section, context)


async def _section(title: str, section: Section, context: PageContext) -> None:
    with ui.element("section").classes("bg-section") as box:
        heading = ui.label(title).classes("bg-section-title").props("role=heading aria-level=2")
        box.props(f"aria-labelledby={heading.html_id}")
        with ui.element("div").classes("bg-section-body"):
            await section(context)
