"""Every text of the settings."""

from datetime import datetime

from batchgen_app.language.texts import _
from batchgen_app.services.values import ServerStats
from batchgen_app.ui.words import amount, when

SETTINGS = _("Settings")
SERVER = _("ComfyUI server")
ADDRESS = _("Address")
ADDRESS_HINT = _("Empty: BatchGen looks for ComfyUI on this computer.")
HEADERS = _("Extra headers")
HEADERS_HINT = _("For servers behind a proxy or an access key. They go with every request.")
HEADER_NAME = _("Header name")
HEADER_VALUE = _("Value")
HEADER_KEPT = _("•••••••• (saved)")
HEADER_NAME_FAULT = _("A header needs a name of letters, digits and hyphens.")
ADD_HEADER = _("Add a header")
TEST = _("Test connection")
SAVE = _("Save")
SAVE_ANYWAY = _("Save anyway")
FOLDERS = _("Folders")
OUTPUT_FOLDER = _("Pictures")
DATA_FOLDER = _("Settings, history and logs")
SAVE_FOLDER = _("Save folder")
FOLDER_COUNTS = _("Another folder is used from the next start of BatchGen on.")
FOLDER_SAVED = _("Saved. It is used from the next start of BatchGen on.")
FOLDER_NOT_WHOLE = _("Write the whole path of the folder, from the top of the disk.")
LANGUAGE = _("Language")
LANGUAGES = {"system": _("System"), "en": "English", "de": "Deutsch"}
LANGUAGE_COUNTS = {
    "en": "Another language is used from the next start of BatchGen on.",
    "de": "Eine andere Sprache gilt ab dem nächsten Start von BatchGen.",
}
"""For whoever looks for their language in a strange one."""
APPEARANCE = _("Appearance")
APPEARANCES = {"system": _("System"), "dark": _("Dark"), "light": _("Light")}
LAN = _("Other devices")
LAN_SWITCH = _("Let others on this network in")
LAN_HINT = _("Phones and computers on your network can then open BatchGen with an access code.")
LAN_FIXED = _("BatchGen was started for this network, so this cannot be switched off here.")
LAN_OPENED = _("Others can come in now.")
LAN_CLOSED = _("Nobody from outside is connected any more.")
LAN_ADDRESS = _("Address")
LAN_NOWHERE = _("This computer is on no network now.")
CODES = {"full": _("Access code"), "view": _("View-only code")}
CODE_HINTS = {
    "full": _("Whoever has it can do everything."),
    "view": _("Sees progress and gallery, and marks favourites. Nothing else."),
}
NEW_CODE = _("New code")
CODE_CHANGED = _("The old code lets nobody in any more. Who is signed in stays signed in.")
QR = {"full": _("QR code for a phone"), "view": _("QR code, view only")}
QR_HINT = _("Point the phone's camera here. It lets one device in, once, within 5 minutes.")
QR_CLOSE = _("Hide")
DEVICES = _("Signed-in devices")
NO_DEVICES = _("None.")
SIGN_OUT_EVERYONE = _("Sign out everyone")
SIGNED_OUT = _("Signed out.")
THIS_DEVICE = _("This device")
SIGN_OUT = _("Sign out")
ROLES = {"full": _("can do everything"), "view": _("view only")}
DEFAULTS = _("New batches")
DEFAULTS_HINT = _("What the form begins with. Pages that are open already stay as they are.")
SAVE_DEFAULTS = _("Save these values")
ORIGINAL_DEFAULTS = _("Back to the original values")
DEFAULTS_SAVED = _("Saved. New forms begin with these values.")
DEFAULTS_TAKEN_BACK = _("New forms begin with the original values again.")
PATIENCE = _("Time-out")
STALL = _("Give an image up after this many seconds without progress")
STALL_HINT = _("Progress starts the count anew, so slow computers are not punished.")
STALL_LIMITS = _("The time-out must be between 10 and 86400 seconds")
STALL_SAVED = _("Saved. It holds for batches that you start from now on.")
DIAGNOSTICS = _("Diagnostics")
DIAGNOSTICS_HINT = _(
    "Versions, folders, counts and the last lines of the log, for whoever helps. No prompts, no "
    "access codes, no headers."
)
SHOW_DIAGNOSTICS = _("Show diagnostics")
COPY_DIAGNOSTICS = _("Copy diagnostics")
PREVIEWS_OFF = _(
    "Off. Start ComfyUI with --preview-method auto to see pictures while they are made."
)
UNKNOWN = _("Not told by the server")


def answers(address: str, *, is_demo: bool) -> str:
    """After a successful test."""
    if is_demo:
        return _("A demo engine answers at {address}.", address=address)
    return _("ComfyUI answers at {address}.", address=address)


def server_status(address: str, state: str) -> str:
    """The server that is used now; ``state`` is good, demo, bad or wait."""
    texts = {
        "good": _("Connected to {address}", address=address),
        "demo": _("Demo engine at {address}: placeholder pictures", address=address),
        "bad": _("No answer from {address}", address=address),
        "wait": _("Waiting for an answer from {address}", address=address),
    }
    return texts[state]


def server_facts(stats: ServerStats) -> list[tuple[str, str]]:
    """What a server tells about itself, name by name."""
    return [
        (_("Version"), stats.version or UNKNOWN),
        (_("Device"), stats.device or UNKNOWN),
        (_("Memory"), memory(stats)),
        (_("Previews"), {True: _("On"), False: PREVIEWS_OFF, None: UNKNOWN}[stats.previews]),
    ]


def memory(stats: ServerStats) -> str:
    """Of the graphics card, or of the computer where there is none."""
    for free, total in ((stats.vram_free, stats.vram_total), (stats.ram_free, stats.ram_total)):
        if free is not None and total:
            return _("{free} of {total} free", free=amount(free), total=amount(total))
    return UNKNOWN


def server_saved(address: str | None) -> str:
    """After the server was saved."""
    if not address:
        return _("Saved.")
    return _("Saved. Pictures are made at {address}.", address=address)


def header_value(name: str) -> str:
    """Name of the field for the value of a header."""
    return _("Value of {name}", name=name) if name else HEADER_VALUE


def header_value_fault(name: str) -> str:
    """What a header's value must be."""
    return _("The value of {name} must be plain text without line breaks.", name=name)


def header_again(name: str) -> str:
    """A saved value is not sent to another address."""
    return _("The address is another one: enter the value of {name} again.", name=name)


def remove_header(name: str) -> str:
    """The cross beside a header."""
    return _("Remove {name}", name=name) if name else _("Remove this header")


def room(free_bytes: int) -> str:
    """On a disk."""
    return _("{amount} free", amount=amount(free_bytes))


def this_folder(free: str) -> str:
    """While the folder that is saved is in use."""
    return f"{free}. {FOLDER_COUNTS}"


def other_folder(saved: str, used: str, free: str) -> str:
    """While another folder is used than the one that is saved."""
    return _(
        "Until BatchGen ends, pictures go to {used} ({free}). {saved} is used from the next start "
        "on, unless that start names another folder. Pictures made so far stay where they are: "
        "move them along to see them in the gallery.",
        used=used,
        free=free,
        saved=saved,
    )


def sign_out(device: str) -> str:
    """The cross beside a device."""
    return _("Sign out {device}", device=device)


def device_facts(role: str, address: str, seen: datetime) -> str:
    """Below the name of a device; ``seen`` is shown in this computer's time."""
    said = _("seen {when}", when=when(seen))
    return f"{ROLES[role]} · {address} · {said}"


def signed_in_as(device: str, role: str) -> str:
    """On a page of that device."""
    return f"{device}: {ROLES[role]}"
