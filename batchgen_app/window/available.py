"""Whether a window can be had here, and if not, why."""

import importlib.util
import os
import platform
import re

from batchgen_app.window import words

MISSING_LIBRARY = re.compile(r"(\S+\.so[.\d]*): cannot open shared object file")
NO_PLATFORM = re.compile(
    r"could not connect to display|no Qt platform plugin|Cannot open display", re.IGNORECASE
)
XCB = re.compile(r"xcb-cursor0|Could not load the Qt platform plugin \"xcb\"")
NO_TOOLKIT = re.compile(r"You must have either")


def has_display() -> bool:
    """Whether a window could be shown."""
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def toolkits() -> list[str]:
    """Those worth trying, the best first, as pywebview names them; "" is the system's own."""
    if not _is_installed("webview"):
        return []
    if platform.system() != "Linux":
        return [""]
    needs = {"qt": ("qtpy", "PySide6"), "gtk": ("gi",)}
    return [gui for gui, modules in needs.items() if all(map(_is_installed, modules))]


def _is_installed(module: str) -> bool:
    return importlib.util.find_spec(module) is not None


def why_none() -> str | None:
    """What stands in the way of any window; None if it is worth a try."""
    if not has_display():
        return words.NO_DISPLAY
    if not _is_installed("webview"):
        return words.NOT_INSTALLED
    return None if toolkits() else words.NO_TOOLKIT


def back_end() -> str:
    """What would show a window here, or what stands in the way of one, for whoever helps."""
    return why_none() or ", ".join(filter(None, toolkits())) or "the system's own"


def why_it_died(said: str) -> str:
    """What a window that was never shown said, in words for people."""
    if library := MISSING_LIBRARY.search(said):
        return words.library_missing(library[1])
    if NO_TOOLKIT.search(said):
        return words.NO_TOOLKIT
    if XCB.search(said) and "could not connect to display" not in said:
        return f"{words.LIBRARY_MISSING} ({words.INSTALL})"
    return words.NO_DISPLAY if NO_PLATFORM.search(said) else words.DIED
