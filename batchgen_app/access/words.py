"""Every text of the entrance and of the guard. What programs are told, too, is a ``Phrase``; what
stands in the terminal and in the log is English.
"""

from math import ceil

from batchgen_app.language.said import later
from batchgen_app.language.texts import Phrase, _, phrase, phrases

APP = "BatchGen"

SIGN_IN = _("Sign in")
CODE = _("Access code")
CODE_HINT = _(
    "It stands in BatchGen's settings, on the computer where it runs. Capitals and hyphens do not "
    "matter."
)
WRONG_CODE = phrase("This code is not right.")
LINK_OVER = _(
    "This link was used already or is too old. Make a new one in the settings, or sign in."
)
SIGN_IN_FIRST = phrase(
    "Sign in first: with a session from /login, or with “Authorization: Bearer” and the code."
)

UNKNOWN_HOST = phrase(
    "BatchGen is not known by this name. Use the address that it shows when it starts."
)
FOREIGN_ORIGIN = phrase("This was asked for by a page of another site, and so is refused.")
LAN_OFF = phrase("BatchGen is not shared on the network now. Switch it on in the settings.")
VIEW_ONLY = phrase("Your access code is for viewing only. Ask for the other code to do this.")
ONLY_HERE = phrase("This can only be asked for at the computer where BatchGen runs.")
NOT_YOURS = phrase("This belongs to a page on another device. Load the page again.")
SIGNED_OUT = phrase("This device was signed out. Load the page again and sign in.")
TOO_SLOW = phrase("The request took too long to arrive. Try again.")
TOO_OFTEN = phrase("Too many requests from this device. Wait a moment.")
REFUSED = _("Not here")
BACK = _("To the start page")


def too_large(size: int) -> Phrase:
    """A body of more than ``size`` bytes."""
    limit = f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} kB"
    return phrase("More than {limit} are too much.", limit=limit)


def wrong_code(left: int) -> Phrase:
    """With a warning when only few tries are left."""
    if left > 5:
        return WRONG_CODE
    return phrases(
        "This code is not right. {count} try is left.",
        "This code is not right. {count} tries are left.",
        left,
    )


def locked(seconds: float) -> Phrase:
    """After too many wrong codes."""
    return phrases(
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
