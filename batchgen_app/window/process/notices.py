"""The system's notifications."""

import asyncio
import importlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from batchgen_app.window.process import words

logger = logging.getLogger(__name__)


async def show_notice(
    icon: Path, title: str, text: str, on_click: Callable[[], None] | None = None
) -> None:
    """Show one. Where the system has no place for notifications, nothing is shown."""
    try:
        library = await asyncio.to_thread(importlib.import_module, "desktop_notifier")
        notifier = library.DesktopNotifier(app_name=words.APP, app_icon=library.Icon(path=icon))
        await notifier.send(title=title, message=text, on_clicked=on_click)
    except Exception as fault:  # noqa: BLE001 - of the system's or the library's; nothing depends on it
        logger.warning("No notification: %r", fault)


class Notices:
    """Shows notifications from a thread of its own, where clicks on them are heard, too."""

    def __init__(self, icon: Path, on_click: Callable[[], None]) -> None:
        self._icon = icon
        self._on_click = on_click
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def show(self, title: str, text: str) -> None:
        """Show one; returns at once."""
        if not self._thread.is_alive():
            self._thread.start()
        notice = show_notice(self._icon, title, text, self._on_click)
        asyncio.run_coroutine_threadsafe(notice, self._loop)
