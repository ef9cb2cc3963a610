"""Every text of the login and of the guard. What programs are told, too, is a message; what
stands in the terminal and in the log is English.
"""

from math import ceil

from batchgen_app.language.message import Message, counted, later
from batchgen_app.language.texts import lazy

APP = "BatchGen"

SIGN_IN = lazy("Sign in")
CODE = lazy("Access code")
CODE_HINT = lazy(
    "It stands in BatchGen's settings, on the computer where it runs. Capitals and hyphens do not "
    "matter."
)
WRONG_CODE = later("This code is not right.")
LINK_OVER = lazy(
    "This link was used already or is too old. Make a new one in the settings, or sign in."
)
SIGN_IN_FIRST = later(
    "Sign in first: with a session from /login, or with “Authorization: Bearer” and the code."
)

UNKNOWN_HOST = later(
    "BatchGen is not known by this name. Use the address that it shows when it starts, or start it "
    "with --allowed-host and this name."
)
FOREIGN_ORIGIN = later("This was asked for by a page of another site, and so is refused.")
LAN_OFF = later("BatchGen is not shared on the network now. Switch it on in the settings.")
VIEW_ONLY = later("Your access code is for viewing only. Ask for the other code to do this.")
ONLY_HERE = later("This can only be asked for at the computer where BatchGen runs.")
NOT_YOURS = later("This belongs to a page on another device. Load the page again.")
SIGNED_OUT = later("This device was signed out. Load the page again and sign in.")
TOO_SLOW = later("The request took too long to arrive. Try again.")
TOO_OFTEN = later("Too many requests from this device. Wait a moment.")
REFUSED = lazy("Not here")
BACK = lazy("To the start page")


def too_large(size: int) -> Message:
    """A body of more than ``size`` bytes."""
    limit = f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} kB"
    return later("More than {limit} are too much.", limit=limit)


def wrong_code(left: int) -> Message:
    """With a warning when only few tries are left."""
    if left > 5:
        return WRONG_CODE
    return counted(
        "This code is not right. {count} try is left.",
        "This code is not right. {count} tries are left.",
        left,
    )


def locked(seconds: float) -> Message:
    """After too many wrong codes."""
    return counted(
        "Too many wrong codes. Try again in a minute.",
        "Too many wrong codes. Try again in {count} minutes.",
        ceil(seconds / 60),
    )


CODES_REPLACED = later(
    "The access codes were too short and could be guessed: there are new ones. Devices that are "
    "signed in stay so; scripts need the new code."
)
CANCELLED_HERE = later("Cancelled at the computer where BatchGen runs")


def cancelled_by(device: str) -> str:
    """Why a batch ended that somebody on another device stopped."""
    return later("Cancelled by {device}", device=device)


def shared(addresses: list[str], code: str, view_code: str) -> str:
    """What is said at the start when others may come in."""
    where = addresses[0] if addresses else "no address on a network yet"
    return f"On your network: {where}\nAccess code: {code}\nView-only code: {view_code}"
