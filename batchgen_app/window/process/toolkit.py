"""What the toolkits below pywebview each do in their own way. The window is handed in as pywebview
has it: ``native`` is the toolkit's own window, of no common type.
"""

import importlib
import json
import os
import platform
from typing import Any, Protocol

BACKGROUND = {"light": "#f6f7f9", "dark": "#0f1115"}
COME_BACK_MS = 500
"""A page that dies again and again must leave the machine some rest."""


class Toolkit(Protocol):
    """What the shell needs besides pywebview's own verbs."""

    def is_dark(self) -> bool:
        """Whether the system prefers dark colours."""

    def prepare(self, window: Any) -> None:
        """What has to be done once, before the window is shown."""

    def to_front(self, window: Any, *, minimized: bool) -> None:
        """Bring the window before all others, as large as it was."""

    def zoom(self, window: Any, factor: float) -> None:
        """Show the page so much larger."""

    def position(self, window: Any, moved_to: tuple[int, int]) -> tuple[int, int]:
        """Where the window's frame stands, when pywebview says that it moved."""


class AnyToolkit:
    """WebView2 and WKWebView, and what suits most."""

    def is_dark(self) -> bool:
        return False

    def prepare(self, window: Any) -> None:
        """Nothing."""

    def to_front(self, window: Any, *, minimized: bool) -> None:
        window.show()
        if minimized:
            window.restore()
        # To be put on top raises it; there it must not stay.
        window.on_top = True
        window.on_top = False

    def zoom(self, window: Any, factor: float) -> None:
        window.run_js(f"document.documentElement.style.zoom = {json.dumps(factor)}")

    def position(self, window: Any, moved_to: tuple[int, int]) -> tuple[int, int]:
        return moved_to


class Qt(AnyToolkit):
    """QtWebEngine. Its widgets may only be touched in its own thread."""

    def is_dark(self) -> bool:
        from qtpy.QtCore import Qt as Constants  # noqa: PLC0415 - only there with this toolkit
        from qtpy.QtGui import QGuiApplication  # noqa: PLC0415

        dark = QGuiApplication.styleHints().colorScheme() == Constants.ColorScheme.Dark
        return bool(dark)

    def prepare(self, window: Any) -> None:
        """A page that is not there yet is not white, pictures are not on the disk twice, and a page
        whose process has died comes back.
        """
        from qtpy.QtCore import QTimer  # noqa: PLC0415
        from qtpy.QtGui import QColor  # noqa: PLC0415
        from qtpy.QtWebEngineCore import QWebEngineProfile  # noqa: PLC0415

        native = window.native
        native.webview.page().setBackgroundColor(QColor(window.background_color))
        native.profile.setHttpCacheType(QWebEngineProfile.HttpCacheType.MemoryHttpCache)
        again = QTimer(native, interval=COME_BACK_MS, singleShot=True)
        again.timeout.connect(native.webview.reload)
        native.webview.page().renderProcessTerminated.connect(lambda *_: again.start())

    def to_front(self, window: Any, *, minimized: bool) -> None:
        self._later(window, lambda: self._raise(window.native))

    def zoom(self, window: Any, factor: float) -> None:
        self._later(window, lambda: window.native.webview.setZoomFactor(factor))

    @staticmethod
    def _raise(native: Any) -> None:
        from qtpy.QtCore import Qt as Constants  # noqa: PLC0415

        native.setWindowState(native.windowState() & ~Constants.WindowState.WindowMinimized)
        native.show()
        native.raise_()
        native.activateWindow()

    @staticmethod
    def _later(window: Any, act: Any) -> None:
        from qtpy.QtCore import QTimer  # noqa: PLC0415

        QTimer.singleShot(0, window.native, act)


class Gtk(AnyToolkit):
    """WebKitGTK. Likewise."""

    def to_front(self, window: Any, *, minimized: bool) -> None:
        window.restore()

    def zoom(self, window: Any, factor: float) -> None:
        view = window.gui.BrowserView.instances[window.uid].webview
        importlib.import_module("gi.repository.GLib").idle_add(view.set_zoom_level, factor)

    def position(self, window: Any, moved_to: tuple[int, int]) -> tuple[int, int]:
        # Not what pywebview tells: that is where the page begins, below the title.
        x, y = window.native.get_position()
        return int(x), int(y)


def toolkit_of(renderer: str) -> Toolkit:
    """The toolkit by the name that pywebview has for its page engine."""
    kinds = {"qtwebengine": Qt, "gtkwebkit2": Gtk}
    return kinds.get(renderer, AnyToolkit)()


def set_environment(gui: str) -> None:
    """Before anything of a toolkit is imported. ``gui`` is as pywebview names it; empty: Qt on
    Linux, where pywebview would try GTK first, and the system's own elsewhere.
    """
    if gui or platform.system() == "Linux":
        os.environ["PYWEBVIEW_GUI"] = gui or "qt"
    os.environ.setdefault("QT_API", "pyside6")
    if os.name == "posix" and os.geteuid() == 0:
        os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # QtWebEngine refuses to start as root
