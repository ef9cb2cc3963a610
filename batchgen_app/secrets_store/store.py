"""SecretsStore: a secret under a name. In the system's keyring where there is one, else in a file
of the data folder that its owner alone can read.

The keyring may be locked, wait for a person, or never answer: so it is asked in threads of their
own, and nobody waits for it longer than a moment.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Protocol, TypeVar

from batchgen_app.core.errors import StorageError
from batchgen_app.private_files import read_private, write_private
from batchgen_app.secrets_store import words

T = TypeVar("T")

logger = logging.getLogger(__name__)

SERVICE = "BatchGen"
TIMEOUT = 2.0
"""Seconds for one answer."""


class KeyringClosed(Exception):
    """It is locked, refuses, or says nothing. ``answer`` is there if one may still come."""

    def __init__(self, answer: asyncio.Future[str | None] | None = None) -> None:
        self.answer = answer
        super().__init__("closed")


class SystemKeyring:
    """Texts under names, for one data folder: several of one person must not share them."""

    def __init__(self, data_dir: Path, timeout: float = TIMEOUT) -> None:
        self._folder = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
        self._timeout = timeout
        self._turn = asyncio.Lock()
        self._asked: asyncio.Future[str | None] | None = None

    async def get(self, name: str) -> str | None:
        """What it keeps; None if that is nothing, or there is no keyring. Raises KeyringClosed."""
        user = self._user(name)
        return await self._answer(lambda ring: ring.get_password(SERVICE, user))

    async def put(self, name: str, value: str) -> bool:
        """Whether it keeps it from now on; some take everything and keep nothing."""
        user = self._user(name)

        def put(ring: ModuleType) -> str | None:
            ring.set_password(SERVICE, user, value)
            kept: str | None = ring.get_password(SERVICE, user)
            return kept

        try:
            return await self._answer(put) == value
        except KeyringClosed:
            return False

    async def forget(self, name: str) -> None:
        """Keep it no longer, if that can be."""
        user = self._user(name)
        try:
            await self._answer(lambda ring: ring.delete_password(SERVICE, user))
        except KeyringClosed:
            logger.info("The keyring may still keep what is not needed any more")

    def _user(self, name: str) -> str:
        return f"{name} {self._folder}"

    async def _answer(self, question: Callable[[ModuleType], str | None]) -> str | None:
        async with self._turn:
            if self._asked and not self._asked.done():  # a second question would only wait, too
                raise KeyringClosed
            self._asked = _in_a_thread_of_its_own(lambda: _of_keyring(question))
            return await self._wait_for(self._asked)

    async def _wait_for(self, asked: asyncio.Future[str | None]) -> str | None:
        await asyncio.wait({asked}, timeout=self._timeout)
        if not asked.done():
            logger.warning("The system's keyring does not answer")
            raise KeyringClosed(asked)
        if error := asked.exception():
            logger.info("The system's keyring refuses: %s", type(error).__name__)
            raise KeyringClosed from error
        return asked.result()


def _of_keyring(question: Callable[[ModuleType], str | None]) -> str | None:
    import keyring  # noqa: PLC0415 - a fifth of a second, for those who need it
    from keyring.errors import NoKeyringError  # noqa: PLC0415

    try:
        return question(keyring)
    except NoKeyringError:
        return None


def _in_a_thread_of_its_own(work: Callable[[], T]) -> asyncio.Future[T]:
    """Unlike one of a pool, it may hang for ever: neither the app nor its end waits for it."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001 - back ends raise what their systems raise
            done.set_exception(error)

    asked = asyncio.wrap_future(done)
    # Looked at once, or asyncio complains of an error that nobody waited for any more.
    asked.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
    Thread(target=run, name="keyring", daemon=True).start()
    return asked


FILE_NAME = "secrets.json"


class SecretsStore(Protocol):
    """Keeps texts under names."""

    async def read(self, name: str) -> str | None:
        """What was written; None if nothing was. Raises KeyringClosed."""

    async def write(self, name: str, value: str) -> None:
        """Keep a value. Raises StorageError."""


class KeyringStore:
    """The keyring, and the file for what it would not take. What is in the file is the newer."""

    def __init__(self, data_dir: Path) -> None:
        self._file = FileStore(data_dir / FILE_NAME)
        self._keyring = SystemKeyring(data_dir)

    async def read(self, name: str) -> str | None:
        return await self._file.read(name) or await self._keyring.get(name)

    async def write(self, name: str, value: str) -> None:
        if await self._keyring.put(name, value):
            await self._file.forget(name)
        else:
            await self._file.write(name, value)


class FileStore:
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
