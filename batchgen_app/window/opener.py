"""Opens windows, one at a time. Quick to import: the first one is opened before everything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.window.handle import WindowProcess

BELL = "/window"
"""Where another copy of the app rings, to have the window shown."""


@dataclass(frozen=True)
class WindowFiles:
    """Where the window finds what it shows, keeps what it remembers, and offers to save."""

    assets: Path
    data_dir: Path
    downloads: Path

    @property
    def icon(self) -> Path:
        """A picture for title bars, task bars and notifications."""
        return self.assets / "icon.png"

    def options(self) -> list[str]:
        """For the window's process."""
        named = {
            "--assets": self.assets,
            "--data-dir": self.data_dir,
            "--downloads": self.downloads,
        }
        return [text for name, path in named.items() for text in (name, str(path))]

    @property
    def log(self) -> Path:
        """What the window's toolkit had to say, for when it does not come."""
        return self.data_dir / "logs" / "window.log"


class Opener:
    """Uses the first of ``toolkits`` (as pywebview names them) that works. ``appearance`` as in the
    settings.
    """

    def __init__(self, files: WindowFiles, appearance: str, toolkits: Sequence[str]) -> None:
        self.files = files
        self.window: WindowProcess | None = None
        """The one that is open."""
        self._appearance = appearance
        self._toolkits = list(toolkits)

    @property
    def can_open(self) -> bool:
        """Whether some toolkit is left that may work."""
        return bool(self._toolkits)

    def open(self, *more: str) -> WindowProcess:
        """A new window, with the splash, as soon as its process can. ``more`` are its options."""
        looks = ("--gui", self._toolkits[0], "--appearance", self._appearance)
        self.window = WindowProcess((*self.files.options(), *looks, *more), self.files.log)
        return self.window

    def give_up_toolkit(self) -> None:
        """The one that was used last does not work here."""
        self._toolkits.pop(0)

    def end(self, fault: str = "") -> None:
        """Close the window; with a fault, after the person has read it there. Blocks."""
        if self.window is None:
            return
        if fault:
            self.window.tell("fault", text=fault)
            self.window.wait()
        self.window.end()
