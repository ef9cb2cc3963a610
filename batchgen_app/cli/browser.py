"""The person's browser."""

import webbrowser

from batchgen_app.window.available import has_display


def show(address: str) -> None:
    """Open ``address`` where a person can see it, if there is such a place: without a display,
    ``webbrowser`` may start a text browser that takes over the terminal.
    """
    if has_display():
        webbrowser.open(address)
