"""The settings: which server, which folders, how it looks. What is not in order is not saved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from nicegui import ui

from batchgen_app.settings import MAX_STALL_SECONDS, MIN_STALL_SECONDS, Appearance
from batchgen_app.ui import words
from batchgen_app.ui.controls import marked
from batchgen_app.ui.fields import Field, Text, Tick, as_number, number
from batchgen_app.ui.house import House
from batchgen_app.ui.settings_folders import folders
from batchgen_app.ui.settings_server import ServerForm
from batchgen_app.ui.toast import toast, tried


async def settings_form(house: House) -> None:
    """The page's content."""
    with ui.element("div").classes("bg-settings"):
        ui.label(words.SETTINGS).classes("bg-title").props("role=heading aria-level=1")
        with _section(words.SERVER):
            ServerForm(house)
        with _section(words.FOLDERS):
            await folders(house)
        with _section(words.APPEARANCE):
            _appearance(house)
        with _section(words.PATIENCE):
            _stall_field(house)


@contextmanager
def _section(title: str) -> Iterator[None]:
    with ui.element("section").classes("bg-section") as section:
        heading = ui.label(title).classes("bg-section-title").props("role=heading aria-level=2")
        section.props(f"aria-labelledby={heading.html_id}")
        with ui.element("div").classes("bg-section-body"):
            yield


def _appearance(house: House) -> None:
    """Saved and shown at once."""
    chosen = house.preferences.saved.appearance
    with ui.element("div").classes("bg-segments").props("role=radiogroup") as group:
        group.props["aria-label"] = words.APPEARANCE
        for appearance in Appearance:
            with Text("label").classes("bg-segment"):
                tick = Tick(f"appearance-{appearance}", kind="radio", value=appearance is chosen)
                tick.props["name"] = "appearance"
                change = partial(house.preferences.change, appearance=appearance)
                tick.on("change", lambda change=change: tried(change()), [])
                ui.label(words.APPEARANCES[appearance])


def _stall_field(house: House) -> None:
    """Saved when the field is left."""
    desk, preferences = house.workshop.desk, house.preferences
    field = Field("stallSeconds", words.STALL, number("stall-seconds", step="10"), as_number)
    field.offer(f"{preferences.saved.stall_seconds:g}")
    ui.label(words.STALL_HINT).classes("bg-hint")

    async def save() -> None:
        seconds = field.given
        is_fine = isinstance(seconds, int | float) and _is_patience(seconds)
        field.tell(None if is_fine else words.STALL_LIMITS)
        if not (is_fine and field.is_changed):
            return
        if await tried(preferences.change(stall_seconds=seconds)):
            desk.patience = replace(desk.patience, stall=preferences.saved.stall_seconds)
            field.offer(seconds)
            toast(words.STALL_SAVED)

    marked(field.control, "stall-seconds").on("blur", save, []).on("keydown.enter", save, [])


def _is_patience(seconds: float) -> bool:
    return MIN_STALL_SECONDS <= seconds <= MAX_STALL_SECONDS
