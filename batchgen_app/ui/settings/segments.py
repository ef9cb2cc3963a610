"""One of a few, side by side: saved at once."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from nicegui import ui

from batchgen_app.ui.parts.fields import Text, Tick
from batchgen_app.ui.parts.toast import tried


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
