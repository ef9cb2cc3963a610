"""The system's notifications."""

import asyncio
import importlib
import logging
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from batchgen_app.window.process import words

logger = logging.getLogger(__name__)


class Notices:
    """Shows notifications; a click on one calls ``on_click``. Where the system has no place for
    them, nothing is shown.
    """

    def __init__(self, icon: Path, on_click: Callable[[], None] | None = None) -> None:
        self._icon = icon
        self._on_click = on_click
        self._notifier: Any = None

    async def show(self, title: str, text: str) -> None:
        """Show one; returns when the system has it."""
        logging.getLogger("desktop_notifier").setLevel(logging.CRITICAL)
        try:
            self._notifier = self._notifier or await asyncio.to_thread(self._make)
            await self._notifier.send(title=title, message=text, on_clicked=self._on_click)
        except Exception as fault:  # noqa: BLE001 - of the system's or the library's; nothing depends on it
            logger.info("No notification: %r", fault)

    def _make(self) -> Any:
        library = importlib.import_module("desktop_notifier")  # slow; no start waits for it
        return library.DesktopNotifier(app_name=words.APP, app_icon=library.Icon(path=self._icon))


class Background:
    """An event loop in a thread of its own, started when it is needed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it there; returns at once."""
        if not self._thread.is_alive():
            self._thread.start()
        asyncio.run_coroutine_threadsafe(work, self._loop)
