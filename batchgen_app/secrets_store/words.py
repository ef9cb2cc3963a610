"""What people read of what is kept."""

from collections.abc import Sequence
from pathlib import Path

from batchgen_app.language.message import Message, later

IN_KEYRING = later("Their values are kept in this system's keyring.")
IN_FILE = later("No keyring took their values: they are kept in a file that only you can read.")
CODES_FOR_NOW = later("The system's keyring is closed, so these codes hold until BatchGen ends.")


def keyring_closed(names: Sequence[str]) -> Message:
    """The values of these headers cannot be had."""
    return later(
        "The system's keyring is closed, so ComfyUI does not get {names}. Unlock it and test the "
        "connection in the settings, or enter the value there again.",
        names=_listed(names),
    )


def keyring_empty(names: Sequence[str]) -> Message:
    """The values of these headers are gone."""
    return later(
        "The system's keyring no longer has the value of {names}, so ComfyUI does not get it. "
        "Enter it again in the settings.",
        names=_listed(names),
    )


def not_written(path: Path, reason: str | None) -> Message:
    """Nothing is remembered."""
    return later(
        "{path} cannot be written ({reason}), so this is not remembered. Free some space or allow "
        "writing there.",
        path=path,
        reason=reason,
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
