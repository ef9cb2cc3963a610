"""The stage before anything was made: prompts to begin with, and frames for what will come."""

from collections.abc import Callable

from nicegui import ui

from batchgen_app.ui.batch_form import words
from batchgen_app.ui.parts.controls import button, marked, own_direction


def examples(use: Callable[[str], None]) -> None:
    """Three prompts; ``use`` gets the one that is clicked."""
    with ui.element("div").classes("bg-start"):
        ui.icon("auto_awesome").classes("bg-start-icon").props("aria-hidden=true")
        ui.label(str(words.EXAMPLES_TITLE)).classes("bg-start-title").props(
            "role=heading aria-level=1"
        )
        ui.label(str(words.EXAMPLES_HINT)).classes("bg-hint")
        with ui.element("div").classes("bg-examples"):
            for prompt in words.EXAMPLES:
                _example(prompt, use)


def nothing_yet() -> None:
    """For those who may only view."""
    with ui.element("div").classes("bg-start"):
        ui.icon("hourglass_empty").classes("bg-start-icon").props("aria-hidden=true")
        ui.label(str(words.NOTHING_YET)).classes("bg-start-title").props(
            "role=heading aria-level=1"
        )
        ui.label(str(words.NOTHING_YET_HINT)).classes("bg-hint")


def _example(prompt: str, use: Callable[[str], None]) -> None:
    made = own_direction(marked(button(prompt, lambda: use(prompt)), "example"))
    made.props("align=left").classes("bg-example")
