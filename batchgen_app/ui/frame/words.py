"""Every text of the frame around the pages."""

from batchgen_app.language.texts import _, pgettext
from batchgen_app.ui.words import UNDO, UNDO_KEY

APP = "BatchGen"
NAV_GENERATE = _("Generate")
NAV_GALLERY = _("Gallery")
NAV_SETTINGS = _("Settings")
PAGES = _("Pages")
SKIP = _("Skip to the content")
DEMO_BANNER = _("Placeholder pictures, painted by the built-in demo engine.")
DEMO_WAY_OUT = _(
    "For real ones, start ComfyUI, then look for it here or set its address in the settings."
)
LOOK_FOR_COMFYUI = _("Look for ComfyUI")
SHOW_RECOVERED = _("Show")
PUT_AWAY = _("Put this away")
SERVER_LOST = _("Cannot connect to server. Finished images are safe.")
STILL_LOST = _("Still no answer from the server.")
SHORTCUTS = _("Keyboard shortcuts")
CLOSE = _("Close")
KEYS = (
    (_("Ctrl/⌘ + Enter"), _("Generate")),
    ("↑", _("Earlier prompts, in the prompt")),
    ("← → ↑ ↓", _("Move")),
    (pgettext("key", "Space"), _("Select")),
    (pgettext("key", "Enter"), _("Open large")),
    ("F", _("Favourite")),
    ("1 – 5, 0", _("Rate, clear the rating")),
    ("C", _("Compare the selected")),
    ("Z", _("Zoom to 100 % at the pointer")),
    ("D", _("Download")),
    ("R", _("Regenerate")),
    (pgettext("key", "Delete"), _("Move to the trash")),
    (UNDO_KEY, UNDO),
    (pgettext("key", "Esc"), _("Leave, cancel")),
    ("?", _("These shortcuts")),
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
