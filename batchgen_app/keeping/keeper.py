"""Keeper: a secret under a name. In the system's keyring where there is one, else in a file of the
data folder that its owner alone can read.
"""

import asyncio
import json
from pathlib import Path
from typing import Protocol

from batchgen_app.core.errors import StorageError
from batchgen_app.keeping import words
from batchgen_app.keeping.keyring import SystemKeyring
from batchgen_app.settings import read_private, write_private

FILE_NAME = "secrets.json"


class Keeper(Protocol):
    """Keeps texts under names."""

    async def read(self, name: str) -> str | None:
        """What was written; None if nothing was. Raises KeyringClosed."""

    async def write(self, name: str, value: str) -> None:
        """Keep a value. Raises StorageError."""


class SystemKeeper:
    """The keyring, and the file for what it would not take. What is in the file is the newer."""

    def __init__(self, data_dir: Path) -> None:
        self._file = FileKeeper(data_dir / FILE_NAME)
        self._keyring = SystemKeyring(data_dir)

    async def read(self, name: str) -> str | None:
        return await self._file.read(name) or await self._keyring.get(name)

    async def write(self, name: str, value: str) -> None:
        if await self._keyring.put(name, value):
            await self._file.forget(name)
        else:
            await self._file.write(name, value)


class FileKeeper:
    """A JSON file; one that cannot be read holds nothing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self, name: str) -> str | None:
        value = (await asyncio.to_thread(self._all)).get(name)
        return value if isinstance(value, str) else None

    async def write(self, name: str, value: str) -> None:
        await asyncio.to_thread(self._change, {name: value})

    async def forget(self, name: str) -> None:
        """Keep it no longer. Raises StorageError."""
        await asyncio.to_thread(self._change, {name: None})

    def _change(self, changes: dict[str, str | None]) -> None:
        kept = self._all()
        changed = {key: text for key, text in {**kept, **changes}.items() if text is not None}
        if changed != kept:
            write_secret(self._path, json.dumps(changed, indent=1) + "\n")

    def _all(self) -> dict[str, object]:
        try:
            content = json.loads(read_private(self._path))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}


def write_secret(path: Path, text: str) -> None:
    """Replace a file that only its owner can read. Raises StorageError."""
    try:
        write_private(path, text)
    except OSError as error:
        raise StorageError(words.not_written(path, error.strerror)) from error
