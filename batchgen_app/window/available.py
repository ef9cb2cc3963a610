"""Whether a window can be had here, and if not, why; and whether one really opens."""

import asyncio
import importlib.util
import os
import platform
import re

from batchgen_app.window import words
from batchgen_app.window.handle import WindowProcess
from batchgen_app.window.opener import Opener

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


TRIAL_SECONDS = 20.0


async def why_no_window(opener: Opener) -> str | None:
    """What stands in its way, in words for people; None if it opens."""
    if reason := why_none():
        return reason
    said = ""
    while opener.can_open:
        window = opener.open("--hidden")
        if await _opens(window):
            return None
        said = window.last_words()
        opener.give_up_toolkit()
    return why_it_died(said)


async def _opens(window: WindowProcess) -> bool:
    """Whether it does; it is ended in any case."""
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            return await window.is_shown()
    except TimeoutError:
        return False
    finally:
        await asyncio.to_thread(window.end)
