"""Chromium from the system: Playwright's own cannot be had everywhere."""

import shutil

# The one without any window of its own loads a page with less than half the processor.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")
QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str:
    """Where it is installed."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Chromium is needed: packaging/dev.py test installs it where it can."
    return path
