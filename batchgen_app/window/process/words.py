"""What people read in the window itself."""

APP = "BatchGen"
FILE = "The file"
STARTING = '<div class="wait"></div><p role="status">Starting…</p>'
SHOW_IN_FOLDER = "Show in folder"
BACKGROUND_OR_STAY = "OK: keep running in the background. Cancel: stay here."


def saved(name: str) -> str:
    """A file was saved."""
    return f"Saved {name}."


def not_saved(name: str, reason: str) -> str:
    """A file could not be saved."""
    return f"{name} was not saved: {reason}."


def not_shown(reason: str) -> str:
    """The file manager did not come."""
    return f"The folder cannot be shown: {reason}."


CUT_SHORT = "it ended too early. Try again"
GONE = "BatchGen does not answer. Try again"


def refused(status: int) -> str:
    """The app answered, but not with a file."""
    return f"BatchGen answered {status}. Reload the page and try again"


def unwritable(reason: str) -> str:
    """The place chosen for a file does not take it."""
    return f"{reason}. Choose another place"
