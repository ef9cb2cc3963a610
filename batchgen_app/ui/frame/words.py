"""Every text of the frame around the pages."""

from batchgen_app.language.texts import _, lazy, plazy
from batchgen_app.ui.words import UNDO, UNDO_KEY

APP = "BatchGen"
NAV_GENERATE = lazy("Generate")
NAV_GALLERY = lazy("Gallery")
NAV_WORKFLOWS = lazy("Workflows")
NAV_SETTINGS = lazy("Settings")
PAGES = lazy("Pages")
SKIP = lazy("Skip to the content")
DEMO_BANNER = lazy("Placeholder pictures, painted by the demo engine.")
DEMO_WAY_OUT = lazy(
    "For real ones, start ComfyUI, then look for it here or set its address in the settings."
)
LOOK_FOR_COMFYUI = lazy("Look for ComfyUI")
SHOW_RECOVERED = lazy("Show")
PUT_AWAY = lazy("Put this away")
SERVER_LOST = lazy("Cannot connect to server. Finished images are safe.")
STILL_LOST = lazy("Still no answer from the server.")
SHORTCUTS = lazy("Keyboard shortcuts")
KEYS = (
    (lazy("Ctrl/⌘ + Enter"), lazy("Generate")),
    ("↑", lazy("Earlier prompts, in the prompt")),
    (lazy("Alt + ↓"), lazy("List of earlier prompts, in the prompt")),
    (lazy("Ctrl/⌘ + ↑ ↓"), lazy("Weigh the words at the caret, in a prompt")),
    ("E", lazy("Fold or unfold the form")),
    ("← → ↑ ↓", lazy("Move")),
    (lazy("Home, End"), lazy("To the first picture, to the last")),
    (plazy("key", "Space"), lazy("Select")),
    (lazy("Ctrl/⌘ + A"), lazy("Select all that is found")),
    ("A", lazy("Select those with enough stars, of a batch")),
    ("/", lazy("To the search")),
    (plazy("key", "Enter"), lazy("Open large")),
    (lazy("Home, End, PageUp, PageDown"), lazy("Through the pictures, in large")),
    ("F", lazy("Favourite")),
    ("1 – 5, 0", lazy("Rate, clear the rating")),
    ("X", lazy("Reject")),
    (lazy("Shift + F, X, 0 – 5"), lazy("Mark, and go on to the next one")),
    ("U", lazy("Take the last mark back")),
    ("T", lazy("Add to a collection")),
    ("C", lazy("Compare the selected, up to nine")),
    ("− +", lazy("Smaller, larger pictures")),
    ("Z", lazy("Zoom to 100 % at the pointer")),
    ("D", lazy("Download")),
    ("R", lazy("Regenerate")),
    (plazy("key", "Delete"), lazy("Move to the trash")),
    (UNDO_KEY, UNDO),
    (plazy("key", "Esc"), lazy("Leave, cancel")),
    ("?", lazy("These shortcuts")),
)


def now_using(address: str) -> str:
    """After another server was chosen."""
    return _("Connected to ComfyUI at {address}.", address=address)


def tab_progress(current: int, total: int) -> str:
    """In the browser's tab while a batch runs."""
    return _("{current} of {total} · BatchGen", current=current, total=total)


def way_back(address: str) -> str:
    """After ``SERVER_LOST``, for those who may do it."""
    return _(
        "Start ComfyUI at {address} or change the address in the settings, then Retry.",
        address=address,
    )
