"""What the window asks of the desktop: a file or folder shown in the file manager, a file saved
whole or not at all, the system's notifications.
"""

import asyncio
import importlib
import logging
import os
import shutil
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import ProxyHandler, build_opener

from batchgen_app.window.process import words

logger = logging.getLogger(__name__)


class NotShown(Exception):
    """Why it is not."""


def show_file(path: Path) -> None:
    """Open its folder with the file selected; a folder itself. Raises NotShown."""
    from showinfm.showinfm import show_in_file_manager  # noqa: PLC0415 - the window waits for nothing

    try:
        show_in_file_manager(str(path), open_not_select_directory=True)
    except Exception as fault:  # the library tells a missing file manager in many ways
        raise NotShown(str(fault) or type(fault).__name__) from fault


TIMEOUT_SECONDS = 60.0
CHUNK_BYTES = 1024 * 1024


class NotSaved(Exception):
    """Why there is no file."""


@contextmanager
def fetching(url: str) -> Iterator[HTTPResponse]:
    """The app's answer, its body still to be read. Raises NotSaved."""
    try:
        # A proxy for the web has no business between this window and its own machine.
        answer = build_opener(ProxyHandler({})).open(url, timeout=TIMEOUT_SECONDS)
    except HTTPError as error:
        raise NotSaved(words.refused(error.code)) from error
    except (URLError, HTTPException, OSError) as error:
        raise NotSaved(str(words.GONE)) from error
    with answer:
        yield answer


def name_of(answer: HTTPResponse, proposed: str) -> str:
    """How the file is called: as the page proposes, as the app says, or as its address ends."""
    said = answer.headers.get_filename()
    return Path(proposed or said or unquote(urlsplit(answer.url).path)).name or words.APP


def write(answer: HTTPResponse, target: Path) -> None:
    """Put the body into ``target``; raises NotSaved, and then ``target`` is as it was."""
    partial = target.with_name(f".{target.name}.partial")
    try:
        _copy(answer, partial)
        partial.replace(target)
    except (HTTPException, ConnectionError, TimeoutError) as error:
        raise NotSaved(str(words.CUT_SHORT)) from error
    except OSError as error:
        raise NotSaved(words.unwritable(error.strerror or str(error))) from error
    finally:
        partial.unlink(missing_ok=True)


def _copy(answer: HTTPResponse, partial: Path) -> None:
    with partial.open("wb") as file:
        shutil.copyfileobj(answer, file, CHUNK_BYTES)
        if answer.length:  # bytes that were promised and did not come
            raise NotSaved(str(words.CUT_SHORT))
        file.flush()
        os.fsync(file.fileno())


class Notifications:
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
