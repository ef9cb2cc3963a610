"""Every text of the settings."""

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
FOLDER_SAVED = "Saved. It is used from the next start of BatchGen on."
FOLDER_NOT_WHOLE = "Write the whole path of the folder, from the top of the disk."
APPEARANCE = "Appearance"
APPEARANCES = {"system": "System", "dark": "Dark", "light": "Light"}
PATIENCE = "Time-out"
STALL = "Give an image up after this many seconds without progress"
STALL_HINT = "Progress starts the count anew, so slow computers are not punished."
STALL_LIMITS = "The time-out must be between 10 and 86400 seconds"
STALL_SAVED = "Saved. It holds for batches that you start from now on."
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


def other_folder(used: str, free: str) -> str:
    """While another folder is used than the one that is saved."""
    return (
        f"Until the next start, pictures go to {used} ({free}). Those made so far stay there: move "
        "its contents along to see them in the gallery."
    )
