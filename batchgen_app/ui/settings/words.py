"""Every text of the settings; ``moving_words`` has those of pictures on their way."""

from collections.abc import Sequence
from datetime import datetime

from batchgen_app.language.texts import Lazy, _, lazy
from batchgen_app.services.values import ServerStats
from batchgen_app.ui.words import amount, when

SETTINGS = lazy("Settings")
SERVER = lazy("ComfyUI server")
ADDRESS = lazy("Address")
ADDRESS_HINT = lazy("Empty: BatchGen looks for ComfyUI on this computer.")
HEADERS = lazy("Extra headers")
HEADERS_HINT = lazy("For servers behind a proxy or an access key. They go with every request.")
HEADER_NAME = lazy("Header name")
HEADER_VALUE = lazy("Value")
HEADER_KEPT = lazy("•••••••• (saved)")
HEADER_NAME_FAULT = lazy("A header needs a name of letters, digits and hyphens.")
ADD_HEADER = lazy("Add a header")
TEST = lazy("Test connection")
SAVE = lazy("Save")
SAVE_ANYWAY = lazy("Save anyway")
FOLDERS = lazy("Folders")
OUTPUT_FOLDER = lazy("Pictures")
DATA_FOLDER = lazy("Settings, history and logs")
SEE_STORAGE = lazy("How much room they take, and whether all are in order")
SAVE_FOLDER = lazy("Save folder")
FOLDER_COUNTS = lazy("Another folder is used from the next start of BatchGen on.")
FOLDER_SAVED = lazy("Saved. It is used from the next start of BatchGen on.")
FOLDER_NOT_WHOLE = lazy("Write the whole path of the folder, from the top of the disk.")
DOWNLOADS = lazy("Downloads")
NAME_PATTERN = lazy("File names")
NAMES_SAVED = lazy("Downloads are called so from now on.")
LANGUAGE = lazy("Language")
LANGUAGES = {"system": lazy("Automatic"), "en": Lazy("English"), "de": Lazy("Deutsch")}
"""Each in itself, for whoever looks for theirs in a strange one."""
LANGUAGE_HINT = lazy("Holds for this device, at once. Other devices have their own.")
LANGUAGE_HINT_HERE = lazy(
    "Holds for this browser, at once. Chosen at this computer, it is the language of BatchGen's "
    "window, too, and of devices that ask for no language that BatchGen knows."
)
APPEARANCE = lazy("Appearance")
APPEARANCES = {"system": lazy("System"), "dark": lazy("Dark"), "light": lazy("Light")}
LAN = lazy("Other devices")
LAN_SWITCH = lazy("Let others on this network in")
LAN_HINT = lazy("Phones and computers on your network can then open BatchGen with an access code.")
LAN_FIXED = lazy("BatchGen was started for this network, so this cannot be switched off here.")
LAN_OPENED = lazy("Others can come in now.")
LAN_CLOSED = lazy("Nobody from outside is connected any more.")
LAN_ADDRESS = lazy("Address")
LAN_NOWHERE = lazy("This computer is on no network now.")
CODES = {"full": lazy("Access code"), "view": lazy("View-only code")}
CODE_HINTS = {
    "full": lazy("Whoever has it can do everything."),
    "view": lazy("Sees progress and gallery, and marks favourites. Nothing else."),
}
NEW_CODE = lazy("New code")
CODE_CHANGED = lazy("The old code lets nobody in any more. Who is signed in stays signed in.")
QR = {"full": lazy("QR code for a phone"), "view": lazy("QR code, view only")}
QR_HINT = lazy("Point the phone's camera here. It lets one device in, once, within 5 minutes.")
QR_CLOSE = lazy("Hide")
DEVICES = lazy("Signed-in devices")
NO_DEVICES = lazy("None.")
SIGN_OUT_EVERYONE = lazy("Sign out everyone")
SIGNED_OUT = lazy("Signed out.")
THIS_DEVICE = lazy("This device")
SIGN_OUT = lazy("Sign out")
ROLES = {"full": lazy("can do everything"), "view": lazy("view only")}
DEFAULTS = lazy("New batches")
DEFAULTS_HINT = lazy("What the form begins with. Pages that are open already stay as they are.")
SAVE_DEFAULTS = lazy("Save these values")
ORIGINAL_DEFAULTS = lazy("Back to the original values")
DEFAULTS_SAVED = lazy("Saved. New forms begin with these values.")
DEFAULTS_TAKEN_BACK = lazy("New forms begin with the original values again.")
PROMPTS = lazy("Prompts")
TIME_OUT = lazy("Time-out")
STALL = lazy("Give an image up after this many seconds without progress")
STALL_HINT = lazy("Progress starts the count anew, so slow computers are not punished.")
STALL_LIMITS = lazy("The time-out must be between 10 and 86400 seconds")
STALL_SAVED = lazy("Saved. It holds for batches that you start from now on.")
DIAGNOSTICS = lazy("Diagnostics")
DIAGNOSTICS_HINT = lazy(
    "Versions, folders, counts and the last lines of the log, for whoever helps. No prompts, no "
    "access codes, no headers."
)
SHOW_DIAGNOSTICS = lazy("Show diagnostics")
COPY_DIAGNOSTICS = lazy("Copy diagnostics")
LICENCES = lazy("Licences")
LICENCES_HINT = lazy("BatchGen is free software, and so is all that it is made of.")
SHOW_LICENCES = lazy("Show licences")
LICENCE_UNTOLD = lazy("it names none")
NO_LICENCE_TEXT = lazy("It brings no text of its own; its name says which one holds.")
PREVIEWS_OFF = lazy(
    "Off. Start ComfyUI with --preview-method auto to see pictures while they are made."
)
UNKNOWN = lazy("Not told by the server")


def longer_than(characters: int) -> str:
    """What is allowed with it."""
    return _("Longer prompts than {characters} characters", characters=characters)


def long_prompts_hint(characters: int) -> str:
    """What it means."""
    return _(
        "Up to {characters} characters then. How much of it a model heeds depends on the model. "
        "Batches with long prompts stay as they are also after this is off again.",
        characters=characters,
    )


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
        (_("Version"), stats.version or str(UNKNOWN)),
        (_("Device"), stats.device or str(UNKNOWN)),
        (_("Memory"), memory(stats)),
        (
            _("Previews"),
            {True: _("On"), False: str(PREVIEWS_OFF), None: str(UNKNOWN)}[stats.previews],
        ),
    ]


def memory(stats: ServerStats) -> str:
    """Of the graphics card, or of the computer where there is none."""
    for free, total in ((stats.vram_free, stats.vram_total), (stats.ram_free, stats.ram_total)):
        if free is not None and total:
            return _("{free} of {total} free", free=amount(free), total=amount(total))
    return str(UNKNOWN)


def server_saved(address: str | None) -> str:
    """After the server was saved."""
    if not address:
        return _("Saved.")
    return _("Saved. Pictures are made at {address}.", address=address)


def header_value(name: str) -> str:
    """Name of the field for the value of a header."""
    return _("Value of {name}", name=name) if name else str(HEADER_VALUE)


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


def name_fields(names: Sequence[str]) -> str:
    """Below the pattern: what may stand in it."""
    fields = " ".join(f"{{{name}}}" for name in names)
    return _("Empty: the names on disk. Fields: {fields}", fields=fields)


def name_preview(name: str) -> str:
    """What a pattern makes of a name."""
    return _("For example: {name}", name=name)
