"""A screen that nobody sees, with a window manager: what stands on it, and a person's keys."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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

    def is_managed(self) -> bool:
        """Whether its window manager is at work."""
        return self._run("wmctrl", "-m").returncode == 0

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
    with _server() as display:
        screen = Screen(display)
        with _running(("openbox",), env=screen.environment) as manager:
            while not screen.is_managed():
                assert manager.poll() is None, "the window manager has ended"
            yield screen


@contextmanager
def _server() -> Iterator[str]:
    """A new X server; gives its display. Without ``-noreset`` it would begin anew, and refuse who
    comes meanwhile, whenever the only one who looks at it leaves.
    """
    reading, writing = os.pipe()
    form = ("-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-noreset")
    with _running(("Xvfb", "-displayfd", str(writing), *form), pass_fds=[writing]):
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        yield f":{number}"


@contextmanager
def _running(command: Sequence[str], **how: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A program, as long as the context lasts."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet, **how)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)
