"""Keys: an element that carries one is clicked when it is pressed, in the browser, without a way
to the server and back. A key without Ctrl never fires while someone types (``assets/keys.js``).
"""

from typing import TypeVar

from nicegui import ui

from batchgen_app.ui import words
from batchgen_app.ui.fields import Text

Element = TypeVar("Element", bound=ui.element)


def on_key(element: Element, key: str) -> Element:
    """Let ``key`` click the element: a name as in JavaScript's ``event.key``, "Ctrl+" before it
    for Ctrl or Cmd.
    """
    return element.props(f'data-key="{key}"')


def keyboard() -> None:
    """Listen to keys on this page, with a button for the list of them."""
    ui.add_head_html('<script src="/assets/keys.js" defer></script>')
    dialog = _shortcuts()
    button = ui.button(icon="keyboard", color=None, on_click=dialog.open)
    button.props(f'flat round aria-label="{words.SHORTCUTS}" data-testid=shortcuts')
    on_key(button.classes("bg-shortcuts-button"), "?")


def _shortcuts() -> ui.dialog:
    with ui.dialog() as dialog, ui.card().classes("bg-dialog").props("flat"):
        ui.label(words.SHORTCUTS).classes("bg-dialog-title").props("role=heading aria-level=2")
        with ui.element("dl").classes("bg-keys"):
            for key, meaning in words.KEYS:
                with ui.element("dt"):
                    Text("kbd", key)
                Text("dd", meaning)
        ui.button(words.CLOSE, color=None, on_click=dialog.close).props("flat no-caps")
    return dialog
