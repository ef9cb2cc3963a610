"""What people read in the window itself."""

from batchgen_app.language.texts import _, lazy

APP = "BatchGen"
FILE = lazy("The file")
STARTING = lazy("Starting…")
SHOW_IN_FOLDER = lazy("Show in folder")
BACKGROUND_OR_STAY = lazy("OK: keep running in the background. Cancel: stay here.")


def saved(name: str) -> str:
    """A file was saved."""
    return _("Saved {name}.", name=name)


def not_saved(name: str, reason: str) -> str:
    """A file could not be saved."""
    return _("{name} was not saved: {reason}.", name=name, reason=reason)


def not_shown(reason: str) -> str:
    """The file manager did not come."""
    return _("The folder cannot be shown: {reason}.", reason=reason)


CUT_SHORT = lazy("it ended too early. Try again")
GONE = lazy("BatchGen does not answer. Try again")


def refused(status: int) -> str:
    """The app answered, but not with a file."""
    return _("BatchGen answered {status}. Reload the page and try again", status=status)


def unwritable(reason: str) -> str:
    """The place chosen for a file does not take it."""
    return _("{reason}. Choose another place", reason=reason)
