"""The window: carries out what the app tells on stdin, says on stdout what happens to it, in JSON
lines.
"""

import html
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import webview

from batchgen_app.language.choosing import usual
from batchgen_app.window.process import words
from batchgen_app.window.process.desktop import Background, Notifications, NotShown, show_file
from batchgen_app.window.process.page_commands import PageCommands
from batchgen_app.window.process.window_place import (
    MIN_HEIGHT,
    MIN_WIDTH,
    Placing,
    WindowPlace,
    WindowPlaceFile,
)

Command = dict[str, Any]
"""``do`` names what to do; the rest is what it needs."""


class Channel:
    """Both directions. What libraries print on stdout goes to stderr, where it disturbs nobody."""

    def __init__(self) -> None:
        self._out: TextIO = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._turn = threading.Lock()

    def say(self, what: str, /, **values: Any) -> None:
        """Tell the app. Harmless if nobody listens any more."""
        with self._turn, suppress(OSError, ValueError):
            self._out.write(json.dumps({"said": what, **values}) + "\n")
            self._out.flush()

    def commands(self) -> Iterator[Command]:
        """What the app tells, until it is gone."""
        for line in sys.stdin.buffer:
            yield json.loads(line)


SPLASH_SECONDS = 15.0
"""A splash that is not complete by then is left as it is."""
DECISION_SECONDS = 5.0
"""An app that says nothing for so long, when the window is to be closed, has no say in it."""
ASKED_SECONDS = 2.0
"""A page that does not show a question within this time is not able to."""
LEAVE_SECONDS = 2.0
"""A toolkit that has not closed its window by then is not waited for."""
WAITING = '<div class="wait"></div><p role="status">{}</p>'
ALERT = '<p role="alert">{}</p>'


@dataclass(frozen=True)
class Looks:
    """The app's files for the window, and its colours (``appearance`` as in the settings)."""

    assets: Path
    appearance: str
    is_hidden: bool = False

    def splash(self, fault: str = "") -> str:
        """The page shown until the app's own can be, or why it cannot."""
        page = (self.assets / "window" / "splash.html").read_text(encoding="utf-8")
        looks = {"LANGUAGE": usual(), "APPEARANCE": self.appearance}
        for name, value in looks.items():
            page = page.replace(name, value, 1)
        said = ALERT.format(html.escape(fault)) if fault else WAITING.format(words.STARTING)
        return page.replace("SAID", said, 1)

    def script(self) -> str:
        """What runs in every page of the app."""
        return (self.assets / "window" / "page.js").read_text(encoding="utf-8")

    @property
    def icon(self) -> Path:
        """A picture for title bars, task bars and notifications."""
        return self.assets / "icon.png"


class Shell:
    """One window, from the splash to its end."""

    def __init__(
        self, channel: Channel, looks: Looks, file: WindowPlaceFile, save_in: Path
    ) -> None:
        self.address = ""
        """Of the app, once it can be reached."""
        self._channel = channel
        self._looks = looks
        self._save_in = save_in
        self._window = _make(looks, file.place, PageCommands(self, channel.say))
        self._placing = Placing(self._window, file, looks.appearance)
        self._notices = Notifications(looks.icon, self._placing.to_front)
        self._background = Background()
        self._may_close = True
        self._decided = threading.Event()
        self._asked = threading.Event()
        self._follow()

    def run(self, storage: Path) -> None:
        """Show it until it is closed; what pages keep is kept in ``storage``."""
        threading.Thread(target=self._listen, daemon=True).start()
        icon = str(self._looks.icon)
        # In pywebview's private mode, the usual one, pages would keep nothing.
        webview.start(private_mode=False, storage_path=str(storage), icon=icon)

    # What the page asks for (page_commands.Host).

    def choose_target(self, name: str) -> Path | None:
        """The folder is offered again the next time."""
        chosen = self._window.create_file_dialog(
            webview.FileDialog.SAVE, directory=str(self._save_in), save_filename=name
        )
        if not chosen:
            return None
        target = Path(chosen if isinstance(chosen, str) else chosen[0])
        self._save_in = target.parent
        return target

    def note(self, text: str, **how: Any) -> None:
        self._in_page("note", text, how)

    def retitle(self, title: str) -> None:
        self._window.set_title(title or words.APP)

    def zoom(self, step: int) -> None:
        self._placing.zoom(step)

    def was_asked(self) -> None:
        self._asked.set()

    def show_file(self, path: Path) -> None:
        try:
            show_file(path)
        except NotShown as reason:
            self.note(words.not_shown(str(reason)), bad=True)

    # What the app tells.

    def _listen(self) -> None:
        """Each command in a thread of its own: a page that hangs must not keep the window from
        hearing that the app has gone.
        """
        for command in self._channel.commands():
            threading.Thread(target=self._obey, args=(command,), daemon=True).start()
        self._leave()

    def _obey(self, command: Command) -> None:
        verbs: dict[str, Callable[..., None]] = {
            "load": self._load,
            "fault": self._tell_fault,
            "raise": self._placing.to_front,
            "ask": self._ask,
            "notify": self._notify,
            "show_file": lambda path: self.show_file(Path(path)),
            "close": self._leave,
        }
        verbs[command.pop("do")](**command)

    def _load(self, url: str, page: str = "") -> None:
        """The app at ``url`` can be reached; ``page`` is what it shows first. Pywebview must be
        through with the splash: what it has a page do while the page is left is never answered, and
        it then has no later page do anything.
        """
        self._may_close = False
        self._window.events.loaded.wait(SPLASH_SECONDS)
        self.address = url
        self._window.load_url(url + page)

    def _tell_fault(self, text: str) -> None:
        self.address = ""
        self._may_close = True
        self._window.load_html(self._looks.splash(fault=text))

    def _ask(self, title: str, text: str, choices: list[list[str]]) -> None:
        """In the page; where the page cannot, by the system."""
        self._decided.set()
        self._asked.clear()
        question = {"title": title, "text": text, "choices": choices}
        threading.Thread(target=self._in_page, args=("ask", question), daemon=True).start()
        # run_js above has a thread of its own: in a page that hangs, it never comes back.
        if not self._asked.wait(ASKED_SECONDS):
            self._ask_natively(title, text)

    def _ask_natively(self, title: str, text: str) -> None:
        asked = f"{text}\n\n{words.BACKGROUND_OR_STAY}"
        goes = self._window.create_confirmation_dialog(title, asked)
        self._channel.say("answered", choice="background" if goes else "cancel")

    def _notify(self, title: str, text: str) -> None:
        if webview.active_window() is None:
            self._background.do(self._notices.show(title, text))

    def _leave(self) -> None:
        self._decided.set()
        self._may_close = True
        self._placing.settle()
        last_resort = threading.Timer(LEAVE_SECONDS, os._exit, (0,))
        last_resort.daemon = True
        last_resort.start()
        self._window.destroy()

    # What happens to the window.

    def _follow(self) -> None:
        events = self._window.events
        events.shown += lambda: self._channel.say("shown")
        events.loaded += self._equip
        events.closing += self._closing
        events.closed += lambda: self._channel.say("closed")

    def _equip(self) -> None:
        """Every page of the app gets what a window can do for it; the splash needs nothing."""
        if self.address:
            self._placing.zoom_as_before()
            self._window.run_js(self._looks.script())

    def _closing(self) -> bool:
        """Whether it may; where an app runs, that decides. Called in the toolkit's thread."""
        if not self._may_close:
            self._decided.clear()
            self._channel.say("close_wanted")
            threading.Thread(target=self._leave_unless_decided, daemon=True).start()
        return self._may_close

    def _leave_unless_decided(self) -> None:
        if not self._decided.wait(DECISION_SECONDS):
            self._leave()

    def _in_page(self, function: str, *values: Any) -> None:
        listed = ", ".join(map(json.dumps, values))
        self._window.run_js(f"window.batchgenWindow.{function}({listed})")


def _make(looks: Looks, place: WindowPlace, commands: PageCommands) -> webview.Window:
    window = webview.create_window(
        words.APP,
        html=looks.splash(),
        js_api=commands,
        width=place.width,
        height=place.height,
        maximized=place.maximized,
        min_size=(MIN_WIDTH, MIN_HEIGHT),
        hidden=looks.is_hidden,
        text_select=True,
        draggable=True,
    )
    assert window, "only a handler of `initialized` could have refused it"
    return window
