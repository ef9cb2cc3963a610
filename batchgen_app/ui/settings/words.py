"""Every text of the settings."""

from datetime import datetime

from batchgen_app.comfy.client import ServerStats
from batchgen_app.ui.words import amount

SETTINGS = "Settings"
SERVER = "ComfyUI server"
ADDRESS = "Address"
ADDRESS_HINT = "Empty: BatchGen looks for ComfyUI on this computer."
HEADERS = "Extra headers"
HEADERS_HINT = "For servers behind a proxy or an access key. They go with every request."
HEADER_NAME = "Header name"
HEADER_VALUE = "Value"
HEADER_KEPT = "•••••••• (saved)"
HEADER_NAME_FAULT = "A header needs a name of letters, digits and hyphens."
ADD_HEADER = "Add a header"
TEST = "Test connection"
SAVE = "Save"
SAVE_ANYWAY = "Save anyway"
FOLDERS = "Folders"
OUTPUT_FOLDER = "Pictures"
DATA_FOLDER = "Settings, history and logs"
SAVE_FOLDER = "Save folder"
FOLDER_COUNTS = "Another folder is used from the next start of BatchGen on."
FOLDER_SAVED = "Saved. It is used from the next start of BatchGen on."
FOLDER_NOT_WHOLE = "Write the whole path of the folder, from the top of the disk."
APPEARANCE = "Appearance"
APPEARANCES = {"system": "System", "dark": "Dark", "light": "Light"}
LAN = "Other devices"
LAN_SWITCH = "Let others on this network in"
LAN_HINT = "Phones and computers on your network can then open BatchGen with an access code."
LAN_FIXED = "BatchGen was started for this network, so this cannot be switched off here."
LAN_OPENED = "Others can come in now."
LAN_CLOSED = "Nobody from outside is connected any more."
LAN_ADDRESS = "Address"
LAN_NOWHERE = "This computer is on no network now."
CODES = {"full": "Access code", "view": "View-only code"}
CODE_HINTS = {
    "full": "Whoever has it can do everything.",
    "view": "Sees progress and gallery, and marks favourites. Nothing else.",
}
NEW_CODE = "New code"
CODE_CHANGED = "The old code lets nobody in any more. Who is signed in stays signed in."
QR = {"full": "QR code for a phone", "view": "QR code, view only"}
QR_HINT = "Point the phone's camera here. It lets one device in, once, within 5 minutes."
QR_CLOSE = "Hide"
DEVICES = "Signed-in devices"
NO_DEVICES = "None."
SIGN_OUT_EVERYONE = "Sign out everyone"
SIGNED_OUT = "Signed out."
THIS_DEVICE = "This device"
SIGN_OUT = "Sign out"
ROLES = {"full": "can do everything", "view": "view only"}
DEFAULTS = "New batches"
DEFAULTS_HINT = "What the form begins with. Pages that are open already stay as they are."
SAVE_DEFAULTS = "Save these values"
ORIGINAL_DEFAULTS = "Back to the original values"
DEFAULTS_SAVED = "Saved. New forms begin with these values."
DEFAULTS_TAKEN_BACK = "New forms begin with the original values again."
PATIENCE = "Time-out"
STALL = "Give an image up after this many seconds without progress"
STALL_HINT = "Progress starts the count anew, so slow computers are not punished."
STALL_LIMITS = "The time-out must be between 10 and 86400 seconds"
STALL_SAVED = "Saved. It holds for batches that you start from now on."
DIAGNOSTICS = "Diagnostics"
DIAGNOSTICS_HINT = (
    "Versions, folders, counts and the last lines of the log, for whoever helps. No prompts, no "
    "access codes, no headers."
)
SHOW_DIAGNOSTICS = "Show diagnostics"
COPY_DIAGNOSTICS = "Copy diagnostics"
PREVIEWS_OFF = "Off. Start ComfyUI with --preview-method auto to see pictures while they are made."
UNKNOWN = "Not told by the server"


def answers(address: str, *, is_demo: bool) -> str:
    """After a successful test."""
    return f"{'A demo engine' if is_demo else 'ComfyUI'} answers at {address}."


def server_status(address: str, state: str) -> str:
    """The server that is used now; ``state`` is good, demo, bad or wait."""
    texts = {
        "good": f"Connected to {address}",
        "demo": f"Demo engine at {address}: placeholder pictures",
        "bad": f"No answer from {address}",
        "wait": f"Waiting for an answer from {address}",
    }
    return texts[state]


def server_facts(stats: ServerStats) -> list[tuple[str, str]]:
    """What a server tells about itself, name by name."""
    return [
        ("Version", stats.version or UNKNOWN),
        ("Device", stats.device or UNKNOWN),
        ("Memory", memory(stats)),
        ("Previews", {True: "On", False: PREVIEWS_OFF, None: UNKNOWN}[stats.previews]),
    ]


def memory(stats: ServerStats) -> str:
    """Of the graphics card, or of the computer where there is none."""
    for free, total in ((stats.vram_free, stats.vram_total), (stats.ram_free, stats.ram_total)):
        if free is not None and total:
            return f"{amount(free)} of {amount(total)} free"
    return UNKNOWN


def server_saved(address: str | None) -> str:
    """After the server was saved."""
    return f"Saved. Pictures are made at {address}." if address else "Saved."


def header_value(name: str) -> str:
    """Name of the field for the value of a header."""
    return f"Value of {name}" if name else HEADER_VALUE


def header_value_fault(name: str) -> str:
    """What a header's value must be."""
    return f"The value of {name} must be plain text without line breaks."


def header_again(name: str) -> str:
    """A saved value is not sent to another address."""
    return f"The address is another one: enter the value of {name} again."


def remove_header(name: str) -> str:
    """The cross beside a header."""
    return f"Remove {name}" if name else "Remove this header"


def room(free_bytes: int) -> str:
    """On a disk."""
    return f"{amount(free_bytes)} free"


def this_folder(free: str) -> str:
    """While the folder that is saved is in use."""
    return f"{free}. {FOLDER_COUNTS}"


def other_folder(saved: str, used: str, free: str) -> str:
    """While another folder is used than the one that is saved."""
    return (
        f"Until BatchGen ends, pictures go to {used} ({free}). {saved} is used from the next start "
        "on, unless that start names another folder. Pictures made so far stay where they are: "
        "move them along to see them in the gallery."
    )


def sign_out(device: str) -> str:
    """The cross beside a device."""
    return f"Sign out {device}"


def device_facts(role: str, address: str, seen: datetime) -> str:
    """Below the name of a device; ``seen`` is shown in this computer's time."""
    when = seen.astimezone().strftime("%d %b %H:%M")
    return f"{ROLES[role]} · {address} · seen {when}"


def signed_in_as(device: str, role: str) -> str:
    """On a page of that device."""
    return f"{device}: {ROLES[role]}"
