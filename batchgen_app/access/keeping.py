"""Keeper: where secrets lie. In the system's keyring where there is one, else in a file of the data
folder that its owner alone can read.
"""

import hashlib
import json
import logging
from pathlib import Path
from typing import Protocol

from batchgen_app.settings import write_private

logger = logging.getLogger(__name__)

SERVICE = "BatchGen"
FILE_NAME = "secrets.json"


class Keeper(Protocol):
    """Keeps texts under names. Both verbs may take long: not for the event loop."""

    def read(self, name: str) -> str | None:
        """What was written; None if nothing was."""

    def write(self, name: str, value: str | None) -> None:
        """Keep a value, or (None) keep it no longer."""


class SystemKeeper:
    """The keyring, and the file for what it will not take."""

    def __init__(self, data_dir: Path) -> None:
        self._file = FileKeeper(data_dir / FILE_NAME)
        # Several data folders of one person must not share their codes.
        self._folder = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]

    def read(self, name: str) -> str | None:
        return self._of_keyring(name) or self._file.read(name)

    def write(self, name: str, value: str | None) -> None:
        taken = self._to_keyring(name, value)
        self._file.write(name, None if taken else value)

    def _of_keyring(self, name: str) -> str | None:
        import keyring  # noqa: PLC0415 - a fifth of a second, for those who let others in

        try:
            return keyring.get_password(SERVICE, f"{name} {self._folder}")
        except Exception as error:  # noqa: BLE001 - back ends raise what their systems raise
            logger.debug("The keyring does not answer: %s", type(error).__name__)
            return None

    def _to_keyring(self, name: str, value: str | None) -> bool:
        """Whether it is there; some back ends take everything and keep nothing."""
        import keyring  # noqa: PLC0415

        try:
            if value is None:
                keyring.delete_password(SERVICE, f"{name} {self._folder}")
            else:
                keyring.set_password(SERVICE, f"{name} {self._folder}", value)
        except Exception as error:  # noqa: BLE001
            logger.debug("The keyring does not take it: %s", type(error).__name__)
            return False
        return self._of_keyring(name) == value


class FileKeeper:
    """A JSON file; one that cannot be read holds nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self, name: str) -> str | None:
        value = self._all().get(name)
        return value if isinstance(value, str) else None

    def write(self, name: str, value: str | None) -> None:
        kept = self._all()
        changed = {key: text for key, text in {**kept, name: value}.items() if text is not None}
        if changed != kept:
            try:
                write_private(self._path, json.dumps(changed, indent=1) + "\n")
            except OSError as error:
                logger.warning("%s cannot be written: %s", self._path, error.strerror)

    def _all(self) -> dict[str, object]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}
