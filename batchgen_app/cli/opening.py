"""``batchgen`` alone: the app in a window of its own, or in the person's browser.

The window is started before anything slow is imported: it is there at once, the app comes into it.
"""

import webbrowser
from collections.abc import Sequence
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

from batchgen_app.cli.exits import in_own_words, tell
from batchgen_app.core.errors import AlreadyRunning, BatchGenError
from batchgen_app.language.message import english
from batchgen_app.places import assets_dir, default_save_dir
from batchgen_app.settings import Settings, saved_settings
from batchgen_app.storage.running_instance import RunningInstance
from batchgen_app.window import words
from batchgen_app.window.available import has_display, toolkits, why_none
from batchgen_app.window.opener import BELL, Opener, WindowFiles


def show(address: str) -> None:
    """Open ``address`` where a person can see it, if there is such a place: without a display,
    ``webbrowser`` may start a text browser that takes over the terminal.
    """
    if has_display():
        webbrowser.open(address)


BELL_SECONDS = 5.0


def open_app(settings: Settings, host: str, ports: Sequence[int], *, browser: bool) -> None:
    """Show the app and serve it until that is closed. A copy that runs already is shown instead."""
    reason = "" if browser else why_none()
    if reason:
        tell(words.browser_instead(reason))
    if browser or reason:
        _open_browser(settings, host, ports)
    elif not _ring(RunningInstance.of(settings.data_dir).glance()):
        _open_window_or_browser(settings, host, ports)


def _open_browser(settings: Settings, host: str, ports: Sequence[int]) -> None:
    from batchgen_app.cli.serving import serve_here  # noqa: PLC0415

    serve_here(settings, host, ports, show)


def _open_window_or_browser(settings: Settings, host: str, ports: Sequence[int]) -> None:
    appearance = saved_settings(settings.data_dir).appearance.value
    opener = Opener(
        WindowFiles(assets_dir(), settings.data_dir, default_save_dir()), appearance, toolkits()
    )
    try:
        opener.open()
    except OSError as error:
        tell(words.browser_instead(words.not_started(error.strerror)))
        _open_browser(settings, host, ports)
    else:
        _come_into(settings, host, ports, opener)


def _come_into(settings: Settings, host: str, ports: Sequence[int], opener: Opener) -> None:
    """Serve in the window that is open. What stands in the way is read there, too."""
    fault = ""
    try:
        with in_own_words():
            try:
                _serve_in_window(settings, host, ports, opener)
            except BatchGenError as error:
                fault = str(error)
                raise
    finally:
        opener.end(fault)


def _serve_in_window(settings: Settings, host: str, ports: Sequence[int], opener: Opener) -> None:
    from batchgen_app.cli import serving  # noqa: PLC0415
    from batchgen_app.window.window_controller import WindowController  # noqa: PLC0415

    controller = WindowController(opener, without=_use_browser)
    try:
        serving.serve_beside(settings, host, ports, controller)
    except AlreadyRunning as running:
        # Another copy was not there at the glance, and has started since.
        if not _ring(running.address):
            serving.point_to(running, show)
    if controller.fault:
        raise BatchGenError(english(controller.fault))


def _use_browser(reason: str, address: str) -> None:
    tell(words.browser_instead(reason))
    if reason != words.NO_DISPLAY:
        show(address)


def _ring(address: str | None) -> bool:
    """Whether a copy that runs already has shown its window. The address may be one that a copy
    which died has left: then nobody answers there.
    """
    if not address:
        return False
    try:
        request = Request(address + BELL, method="POST")  # noqa: S310 - our own, on this machine
        # A proxy for the web has no business between two copies on one machine.
        with build_opener(ProxyHandler({})).open(request, timeout=BELL_SECONDS):
            tell(words.RAISED)
            return True
    except (URLError, OSError):
        return False
