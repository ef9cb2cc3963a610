"""Where the window stood, how large it was, and how large its page is shown: remembered in a file,
and brought back.
"""

import json
import math
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Protocol

import webview

from batchgen_app.window.process.toolkit import BACKGROUND, AnyToolkit, Toolkit, toolkit_of

MIN_WIDTH, MIN_HEIGHT = 420, 480
MIN_SEEN = 80
"""Pixels of the title bar that have to be on some screen, to be able to drag it."""
ZOOMS = (0.5, 0.67, 0.75, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
MOST_BYTES = 100_000
"""Of the file; it is a line."""
QUIET_SECONDS = 0.3
"""A window that is dragged moves all the time: written is where it comes to rest."""


class Area(Protocol):
    """A screen, in pixels."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class WindowPlace:
    """Pixels from the corner of all screens together; without ``x`` and ``y``, in the middle."""

    x: int | None = None
    y: int | None = None
    width: int = 1280
    height: int = 860
    maximized: bool = False
    zoom: float = 1.0

    def on(self, screens: Iterable[Area]) -> "WindowPlace":
        """This place as these screens allow it: reachable, and no larger than the largest."""
        areas = list(screens)
        if not areas:
            return self
        sized = replace(
            self,
            width=max(MIN_WIDTH, min(self.width, max(area.width for area in areas))),
            height=max(MIN_HEIGHT, min(self.height, max(area.height for area in areas))),
        )
        seen = any(sized.is_reachable_on(area) for area in areas)
        return sized if seen else replace(sized, x=None, y=None)

    def zoomed(self, step: int) -> "WindowPlace":
        """One step larger or smaller; 0 for the usual size."""
        if step == 0:
            return replace(self, zoom=1.0)
        nearest = min(range(len(ZOOMS)), key=lambda place: abs(ZOOMS[place] - self.zoom))
        chosen = min(max(nearest + step, 0), len(ZOOMS) - 1)
        return replace(self, zoom=ZOOMS[chosen])

    def is_reachable_on(self, area: Area) -> bool:
        """Whether enough of the title bar is there to drag it."""
        if self.x is None or self.y is None:
            return False
        across = min(self.x + self.width, area.x + area.width) - max(self.x, area.x)
        return across >= MIN_SEEN and area.y <= self.y < area.y + area.height - MIN_SEEN


class WindowPlaceFile:
    """The place, remembered. Never raises: a window is worth more than its place."""

    def __init__(self, path: Path) -> None:
        self.place = _read(path)
        self._path = path
        self._passing: dict[str, Any] = {}
        self._turn = threading.Lock()
        self._rest: threading.Timer | None = None

    def move(self, **geometry: int) -> None:
        """The window is being moved or resized; what counts is where it comes to rest."""
        with self._turn:
            self._passing |= geometry
        self._write_soon()

    def change(self, **changes: Any) -> None:
        """Something else about it has changed."""
        with self._turn:
            self.place = replace(self.place, **changes)
        self._write_soon()

    def write(self) -> None:
        """Write it now, in one step. A maximized window keeps the size it had before."""
        with self._turn, suppress(OSError):
            passing, self._passing = self._passing, {}
            if not self.place.maximized:
                self.place = replace(self.place, **passing)
            self._replace_file()

    def _write_soon(self) -> None:
        if self._rest:
            self._rest.cancel()
        self._rest = threading.Timer(QUIET_SECONDS, self.write)
        self._rest.daemon = True
        self._rest.start()

    def _replace_file(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_name(f".{self._path.name}.partial")
        partial.unlink(missing_ok=True)
        partial.write_text(json.dumps(asdict(self.place)), encoding="utf-8")
        partial.replace(self._path)


def _read(path: Path) -> WindowPlace:
    try:
        if not path.is_file():
            return WindowPlace()
        with path.open("rb") as file:
            content = json.loads(file.read(MOST_BYTES))
        return WindowPlace(
            **{field.name: _checked(field.name, content) for field in fields(WindowPlace)}
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return WindowPlace()


def _checked(name: str, content: dict[str, Any]) -> Any:
    """A value of the file, or TypeError: people and other versions write files, too."""
    value = content[name]
    if name == "maximized":
        return bool(value)
    if name in {"x", "y"} and value is None:
        return None
    if not math.isfinite(value):
        raise TypeError(name)
    return min(max(float(value), ZOOMS[0]), ZOOMS[-1]) if name == "zoom" else int(value)


class Placing:
    """Follows one window; knows its toolkit as soon as pywebview does."""

    def __init__(self, window: webview.Window, file: WindowPlaceFile, appearance: str) -> None:
        self._window = window
        self._file = file
        self._appearance = appearance
        self._toolkit: Toolkit = AnyToolkit()
        self._minimized = False
        self._zooming = threading.Lock()
        self._follow()

    def to_front(self) -> None:
        """Bring it before all others."""
        self._toolkit.to_front(self._window, minimized=self._minimized)

    def zoom(self, step: int) -> None:
        """Show the page one step larger or smaller; 0 as it is usual."""
        with self._zooming:  # two steps at once are two steps
            self._file.change(zoom=self._file.place.zoomed(step).zoom)
        self.zoom_as_before()

    def zoom_as_before(self) -> None:
        """A page that has just been loaded has forgotten it."""
        self._toolkit.zoom(self._window, self._file.place.zoom)

    def settle(self) -> None:
        """Write down how things are now."""
        self._file.write()

    def _follow(self) -> None:
        events = self._window.events
        events.initialized += self._fit
        events.before_show += lambda: self._toolkit.prepare(self._window)
        events.moved += self._moved
        events.resized += self._resized
        events.minimized += lambda: self._is(minimized=True)
        events.maximized += lambda: self._is(maximized=True)
        events.restored += self._is

    def _fit(self, renderer: str) -> None:
        """Screens are only known once the toolkit is there; the window is not, yet."""
        self._toolkit = toolkit_of(renderer)
        screens = webview.screens
        place, window = self._file.place.on(screens), self._window
        window.initial_width, window.initial_height = place.width, place.height
        if place.x is not None and place.y is not None:
            # pywebview counts from the corner of the first screen.
            window.initial_x, window.initial_y = place.x - screens[0].x, place.y - screens[0].y
        window.background_color = BACKGROUND["dark" if self._is_dark() else "light"]

    def _is_dark(self) -> bool:
        if self._appearance == "system":
            return self._toolkit.is_dark()
        return self._appearance == "dark"

    def _moved(self, x: float, y: float) -> None:
        left, top = self._toolkit.position(self._window, (int(x), int(y)))
        if not self._minimized:
            self._file.move(x=left, y=top)

    def _resized(self, width: float, height: float) -> None:
        if not self._minimized:
            self._file.move(width=int(width), height=int(height))

    def _is(self, *, maximized: bool = False, minimized: bool = False) -> None:
        self._minimized = minimized
        if not minimized:
            self._file.change(maximized=maximized)
