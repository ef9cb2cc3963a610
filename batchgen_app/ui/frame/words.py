"""Every text of the frame around the pages."""

APP = "BatchGen"
NAV_GENERATE = "Generate"
NAV_GALLERY = "Gallery"
NAV_SETTINGS = "Settings"
PAGES = "Pages"
SKIP = "Skip to the content"
DEMO_BANNER = (
    "Placeholder pictures, painted by the built-in demo engine. For real ones, start ComfyUI, then "
    "look for it here or set its address in the settings."
)
LOOK_FOR_COMFYUI = "Look for ComfyUI"
SHOW_RECOVERED = "Show"
PUT_AWAY = "Put this away"
STILL_LOST = "Still no answer from the server."
SHORTCUTS = "Keyboard shortcuts"
CLOSE = "Close"
KEYS = (
    ("Ctrl/⌘ + Enter", "Generate"),
    ("↑", "Earlier prompts, in the prompt"),
    ("← → ↑ ↓", "Move"),
    ("Space", "Select"),
    ("Enter", "Open large"),
    ("F", "Favourite"),
    ("1 – 5, 0", "Rate, clear the rating"),
    ("C", "Compare the selected"),
    ("Z", "Zoom to 100 % at the pointer"),
    ("D", "Download"),
    ("R", "Regenerate"),
    ("Delete", "Move to the trash"),
    ("Esc", "Leave, cancel"),
    ("?", "These shortcuts"),
)


def now_using(address: str) -> str:
    """After another server was chosen."""
    return f"Connected to ComfyUI at {address}."


def tab_progress(current: int, total: int) -> str:
    """In the browser's tab while a batch runs."""
    return f"{current} of {total} · {APP}"


def server_lost(address: str) -> str:
    """Shown while the server does not answer."""
    return (
        f"Cannot connect to server. Finished images are safe. Start ComfyUI at {address} or change "
        "the address in the settings, then Retry."
    )
