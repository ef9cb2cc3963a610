"""A screen that nobody sees, with a window manager: what stands on it, and a person's keys."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageGrab


@dataclass(frozen=True)
class Shown:
    """A window on the screen: its content's place and size, without the frame."""

    id: str
    title: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Screen:
    """An X display."""

    display: str

    @property
    def environment(self) -> dict[str, str]:
        """For programs that are to show themselves there."""
        return {**os.environ, "DISPLAY": self.display, "WAYLAND_DISPLAY": ""}

    def windows(self) -> list[Shown]:
        """All that a person can see or bring back, the oldest first."""
        listed = self._run("wmctrl", "-lG").stdout.splitlines()
        return [_shown(line.split(None, 7)) for line in listed]

    def titles(self) -> list[str]:
        """Of all windows."""
        return [window.title for window in self.windows()]

    def active(self) -> str:
        """The title of the window that gets the keys; empty if none does."""
        return self._run("xdotool", "getactivewindow", "getwindowname").stdout.strip()

    def close(self, window: Shown) -> None:
        """Click on the cross in its title bar."""
        self._run("wmctrl", "-ic", window.id)

    def put(self, window: Shown, x: int, y: int, width: int, height: int) -> None:
        """Move and resize it; ``x`` and ``y`` are those of its frame."""
        self._run("wmctrl", "-ir", window.id, "-e", f"0,{x},{y},{width},{height}")

    def minimize(self, window: Shown) -> None:
        """Out of sight."""
        self._run("xdotool", "windowminimize", "--sync", str(int(window.id, 16)))

    def keys(self, *names: str) -> None:
        """Press them one after the other, in whatever window is active."""
        self._run("xdotool", "key", *names)

    def write(self, text: str) -> None:
        """Type it."""
        self._run("xdotool", "type", text)

    def picture(self, path: Path | None = None) -> Image.Image:
        """What a person sees."""
        seen = ImageGrab.grab(xdisplay=self.display)
        if path:
            seen.save(path)
        return seen

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=20
        )


def _shown(fields: list[str]) -> Shown:
    identity, _, x, y, width, height, _, *title = fields
    return Shown(identity, "".join(title), int(x), int(y), int(width), int(height))


@contextmanager
def new_screen() -> Iterator[Screen]:
    """A display of its own, as long as the context lasts."""
    reading, writing = os.pipe()
    command = (
        "Xvfb",
        "-displayfd",
        str(writing),
        "-screen",
        "0",
        "1400x1000x24",
        "-nolisten",
        "tcp",
    )
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, pass_fds=[writing], stdout=quiet, stderr=quiet)
    os.close(writing)
    with os.fdopen(reading) as told:
        screen = Screen(f":{told.readline().strip()}")
    manager = subprocess.Popen("openbox", env=screen.environment, stdout=quiet, stderr=quiet)
    try:
        yield screen
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=20)
