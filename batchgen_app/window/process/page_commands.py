"""What the page in the window may ask of it. pywebview makes every public method callable from the
page, each call in a thread of its own.
"""

import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from batchgen_app.window.process import desktop, words
from batchgen_app.window.process.desktop import NotSaved


class Host(Protocol):
    """The window, as its commands need it."""

    address: str

    def choose_target(self, name: str) -> Path | None:
        """Where the person wants a file, or None if they changed their mind."""

    def note(self, text: str, **how: Any) -> None:
        """Tell in the page."""

    def retitle(self, title: str) -> None:
        """Show another title."""

    def zoom(self, step: int) -> None:
        """Show the page larger or smaller."""

    def was_asked(self) -> None:
        """The question is on the screen."""

    def show_file(self, path: Path) -> None:
        """Show a file or folder in the file manager."""


class PageCommands:
    """One public method for each call; the names are those in ``page.js``."""

    def __init__(self, host: Host, say: Callable[..., None]) -> None:
        self._host = host
        self._say = say
        self._saved: Path | None = None
        self._title_of = (0.0, 0)
        self._title_turn = threading.Lock()

    def title(self, text: str, page: float, number: int) -> None:
        """The page counts its titles: their threads may overtake each other."""
        with self._title_turn:
            last_page, last_number = self._title_of
            if page != last_page or number > last_number:
                self._title_of = (page, number)
                self._host.retitle(text)

    def zoom(self, step: int) -> None:
        self._host.zoom(int(step))

    def asked(self) -> None:
        self._host.was_asked()

    def answer(self, choice: str) -> None:
        self._say("answered", choice=choice)

    def show_in_folder(self, what: str) -> None:
        """The app knows where it is; the page does not."""
        self._say("folder_wanted", what=what)

    def browse(self, url: str) -> None:
        """A foreign address belongs into the person's own browser."""
        if url.startswith(("http://", "https://")):
            webbrowser.open(url)

    def save(self, url: str, proposed: str) -> None:
        """Ask where, then fetch and write; tell how it went."""
        if not url.startswith(f"{self._host.address}/"):
            return
        name = proposed or str(words.FILE)
        try:
            with desktop.fetching(url) as answer:
                name = desktop.name_of(answer, proposed)
                if target := self._host.choose_target(name):
                    desktop.write(answer, target)
                    self._tell_saved(target)
        except NotSaved as reason:
            self._host.note(words.not_saved(name, str(reason)), bad=True)

    def show_saved(self) -> None:
        if self._saved:
            self._host.show_file(self._saved)

    def _tell_saved(self, target: Path) -> None:
        self._saved = target
        self._host.note(words.saved(target.name), show=str(words.SHOW_IN_FOLDER))
