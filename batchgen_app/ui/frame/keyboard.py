"""Shortcuts of a whole page: a key clicks the control that carries it, in the browser, without a
way to the server and back (``assets/shortcuts.js``).
"""

from nicegui import ui

from batchgen_app import __version__
from batchgen_app.ui.frame import words
from batchgen_app.ui.parts.controls import button, icon_button, marked, shortcut
from batchgen_app.ui.parts.fields import Text

SCRIPT = f'<script src="/assets/shortcuts.js?v={__version__}" defer></script>'


def keyboard() -> None:
    """Listen to keys on this page; gives a button for the list of them."""
    ui.add_head_html(SCRIPT)
    dialog = _list_of_keys()
    opener = marked(icon_button("keyboard", str(words.SHORTCUTS), dialog.open), "shortcuts")
    shortcut(opener, "?").classes("bg-shortcuts")


def _list_of_keys() -> ui.dialog:
    with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
        ui.label(str(words.SHORTCUTS)).classes("bg-dialog-title").props("role=heading aria-level=2")
        with ui.element("dl").classes("bg-keys"):
            for key, meaning in words.KEYS:
                with ui.element("dt"):
                    Text("kbd", str(key))
                Text("dd", str(meaning))
        button(str(words.CLOSE), dialog.close)
    dialog.props["aria-label"] = str(words.SHORTCUTS)
    return dialog
