"""The person's browser."""

import os
import platform
import webbrowser


def has_display() -> bool:
    """Whether a window could be shown. Without one, ``webbrowser`` may start a text browser that
    takes over the terminal.
    """
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def show(address: str) -> None:
    """Open ``address`` where a person can see it, if there is such a place."""
    if has_display():
        webbrowser.open(address)
