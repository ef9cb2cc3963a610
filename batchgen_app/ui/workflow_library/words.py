"""Every text of the pages of workflows."""

from datetime import datetime

from batchgen_app.language.message import Message, later
from batchgen_app.language.texts import _, lazy, ngettext
from batchgen_app.ui.words import when

WORKFLOWS = lazy("Workflows")
OWN = lazy("Your own")
BUILT_IN = lazy("Built-in")
SEARCH = lazy("Search workflows")
IMPORT = lazy("Import")
IMPORT_HINT = lazy(
    "A workflow of ComfyUI, or a PNG, WebP or JPEG that carries one. Files can be dropped anywhere "
    "on this page."
)
READING = lazy("Reading the workflows …")
NONE_YET = lazy("No workflow of your own yet")
NONE_YET_HINT = lazy(
    "Import one of ComfyUI, or a picture that was made with it. One that you choose in the form "
    "can be kept there."
)
NONE_FOR_VIEWERS = lazy("Who may make pictures can keep workflows here.")
NOT_FOUND = lazy("No workflow is called like that. Search for something else.")
USE = lazy("Use")
RENAME = lazy("Rename")
DUPLICATE = lazy("Duplicate")
EXPORT = lazy("Export as a file")
DELETE = lazy("Delete")
EDIT = lazy("What goes where")
NAME = lazy("Name")
DELETED = lazy("Deleted workflows")
RESTORE = lazy("Restore")
UNUSABLE = lazy("Files that cannot be used")
UNUSABLE_HINT = lazy("They lie in the folder of workflows and stay there as they are.")
LOADING = lazy("Asking the server …")
NOT_ASKED = lazy("The server does not answer, so it is not known what it lacks.")
NO_FILE = lazy("Choose pictures or JSON files of at most 15 MB.")
SAVE = lazy("Save")
SAVE_AND_USE = lazy("Save and use")
SAVED = lazy("Saved")
UNSAVED = lazy("Changed, not saved yet")
SAVED_AS = lazy("Saved. The form uses it like this from now on.")
LOAD_AGAIN = lazy("Load again")
LOAD_AGAIN_HINT = lazy("What you changed here and did not save is lost then.")
SHOWN_AS_NOW = lazy("Somebody else has changed this workflow. It is shown as it is now.")
CHANGED_ELSEWHERE = lazy(
    "Somebody else has changed this workflow meanwhile. What you changed here is not saved."
)
GONE = lazy("Not there any more")
GONE_HINT = lazy(
    "This workflow was deleted, or its file was renamed. What you change here stays, and can be "
    "saved when the workflow is back."
)
FOR_MAKERS = lazy("Who may only view cannot change workflows.")
FIXED = lazy("A built-in workflow cannot be changed. Duplicate it, and change the copy.")
BACK = lazy("All workflows")
FIELDS_HINT = lazy(
    "Where the form puts the prompt and the other values, and which further inputs it shows."
)


def count(own: int) -> str:
    """Above the cards."""
    return ngettext("{count} of your own", "{count} of your own", own)


def used(batches: int, last: datetime | None) -> str:
    """On a card."""
    if not batches or last is None:
        return _("Not used yet")
    often = ngettext("{count} batch", "{count} batches", batches)
    return _("{often} · last: {when}", often=often, when=when(last))


def lacks(more: int) -> str:
    """Behind the first thing that the server does not have."""
    return ngettext("And {count} more.", "And {count} more.", more)


def questions(count: int) -> str:
    """On the card of a workflow that asks which of several inputs is meant."""
    return ngettext("{count} question open", "{count} questions open", count)


def rename(name: str) -> str:
    """The question."""
    return _('Rename "{name}"', name=name)


def renamed(name: str) -> str:
    """After it was."""
    return _('It is called "{name}" now.', name=name)


def renamed_elsewhere(name: str) -> str:
    """To those who have it open."""
    return _('Somebody else has renamed this workflow. It is called "{name}" now.', name=name)


def deleted(name: str) -> str:
    """After it was."""
    return _('The workflow "{name}" is deleted.', name=name)


def restored(name: str) -> str:
    """After it was had back."""
    return _('The workflow "{name}" is back.', name=name)


def not_restored(name: str) -> Message:
    """Where its name is another one's."""
    return later(
        'There is another workflow "{name}" by now. Rename that one, then restore.', name=name
    )


def copy_of(name: str) -> str:
    """What a duplicate is called."""
    return _("{name} (copy)", name=name)


def kept(name: str) -> str:
    """After it was imported or duplicated."""
    return _('The workflow "{name}" is kept.', name=name)


def not_taken(filename: str, why: str) -> str:
    """Of one of the files that were imported."""
    return f"{filename}: {why}"
