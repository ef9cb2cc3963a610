"""Every text of the entrance and of the guard."""

from math import ceil

APP = "BatchGen"

SIGN_IN = "Sign in"
CODE = "Access code"
CODE_HINT = "It stands in BatchGen's settings, on the computer where it runs."
WRONG_CODE = "This code is not right."
LINK_OVER = "This link was used already or is too old. Make a new one in the settings, or sign in."
SIGN_IN_FIRST = (
    "Sign in first: with a session from /login, or with “Authorization: Bearer” and the code."
)

UNKNOWN_HOST = "BatchGen is not known by this name. Use the address that it shows when it starts."
FOREIGN_ORIGIN = "This was asked for by a page of another site, and so is refused."
LAN_OFF = "BatchGen is not shared on the network now. Switch it on in the settings."
VIEW_ONLY = "Your access code is for viewing only. Ask for the other code to do this."
SIGNED_OUT = "This device was signed out. Load the page again and sign in."
TOO_SLOW = "The request took too long to arrive. Try again."
TOO_OFTEN = "Too many requests from this device. Wait a moment."
REFUSED = "Not here"
BACK = "To the start page"


def too_large(size: int) -> str:
    """A body of more than ``size`` bytes."""
    limit = f"{size // 1_000_000} MB" if size >= 1_000_000 else f"{size // 1000} kB"
    return f"More than {limit} are too much."


def wrong_code(left: int) -> str:
    """With a warning when only few tries are left."""
    if left > 5:
        return WRONG_CODE
    tries = "1 try is" if left == 1 else f"{left} tries are"
    return f"{WRONG_CODE} {tries} left."


def locked(seconds: float) -> str:
    """After too many wrong codes."""
    minutes = ceil(seconds / 60)
    wait = "a minute" if minutes == 1 else f"{minutes} minutes"
    return f"Too many wrong codes. Try again in {wait}."


def cancelled_by(device: str) -> str:
    """Why a batch ended that somebody on another device stopped."""
    return f"Cancelled by {device}"


def shared(addresses: list[str], code: str, view_code: str) -> str:
    """What is said at the start when others may come in."""
    where = addresses[0] if addresses else "no address on a network yet"
    return f"On your network: {where}\nAccess code: {code}\nView-only code: {view_code}"
