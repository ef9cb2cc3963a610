"""What people read about the window: in it, in their language; in the terminal, in English."""

from batchgen_app.language.message import later
from batchgen_app.language.texts import _, lazy, ngettext

NOT_INSTALLED = "pywebview is not installed (pip install 'batchgen[native]')"
NO_TOOLKIT = "neither Qt nor GTK is installed for this Python (pip install 'batchgen[native]')"
NO_DISPLAY = "there is no display"
DIED = "its process ended at once"
LIBRARY_MISSING = "a library of the system is missing"
QT_PACKAGES = (
    "libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-xkb1 "
    "libxkbcommon-x11-0 libegl1 libgl1 libnss3 libnspr4 libasound2"
)
INSTALL = f"on Debian: sudo apt-get install {QT_PACKAGES}"

READY = "The window can be opened"
CRASHED = (
    "The window ended unexpectedly, so BatchGen has ended, too. What is missing of unfinished "
    "batches can be made after the next start."
)
RAISED = "BatchGen is already running: its window is in front."

BATCH_RUNS = lazy("A batch is still running")
SHARED = lazy("Others can use this BatchGen")
OTHERS = lazy("BatchGen is open to your network.")
ENDS_BY_ITSELF = lazy("In the background, BatchGen ends by itself when the batch is done.")
START_AGAIN = lazy("Start BatchGen again to see the window.")
KEEP_RUNNING = lazy("Keep running in the background")
STOP_AFTER_IMAGE = lazy("Stop after this image")
END_FOR_ALL = lazy("End it for everyone")
STAY = lazy("Stay here")
STOPPED = later("The window was closed.")
PAUSED = lazy("It is paused.")


def browser_instead(reason: str) -> str:
    """Why there is no window."""
    return f"No window: {reason}. The browser is used instead."


def not_started(reason: str | None) -> str:
    """The system does not start the window's process."""
    return f"its process cannot be started ({reason})"


def library_missing(name: str) -> str:
    """Which of the system's libraries."""
    return f"the library {name} is missing ({INSTALL})"


def being_made(image: int | None, of: int) -> str:
    """How far a batch is."""
    if not image:
        return _("It waits for its turn.")
    return _("Image {image} of {of} is being made.", image=image, of=of)


def ended(done: int, of: int) -> str:
    """The title of the news that a batch has ended."""
    if done == 0:
        return _("The batch failed")
    if done < of:
        return _("{done} of {of} pictures are ready", done=done, of=of)
    return ngettext("The picture is ready", "{count} pictures are ready", of)
