"""Keeps a window where it was left: size and place, whether it fills the screen, how large its page
is shown.
"""

import threading

import webview

from batchgen_app.window.process.place import PlaceFile
from batchgen_app.window.process.toolkit import BACKGROUND, AnyToolkit, Toolkit, toolkit_of


class Placing:
    """Follows one window; knows its toolkit as soon as pywebview does."""

    def __init__(self, window: webview.Window, file: PlaceFile, appearance: str) -> None:
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
