"""Where the window stood and how large it was, and how large its text: remembered in a file."""

import json
import math
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Protocol

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
class Place:
    """Pixels from the corner of all screens together; without ``x`` and ``y``, in the middle."""

    x: int | None = None
    y: int | None = None
    width: int = 1280
    height: int = 860
    maximized: bool = False
    zoom: float = 1.0

    def on(self, screens: Iterable[Area]) -> "Place":
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

    def zoomed(self, step: int) -> "Place":
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


class PlaceFile:
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


def _read(path: Path) -> Place:
    try:
        if not path.is_file():
            return Place()
        with path.open("rb") as file:
            content = json.loads(file.read(MOST_BYTES))
        return Place(**{field.name: _checked(field.name, content) for field in fields(Place)})
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Place()


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
