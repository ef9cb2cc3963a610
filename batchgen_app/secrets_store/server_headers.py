"""The extra headers of the server. Their names lie in a file, their values in the system's keyring;
where that takes none, in the file, too, which its owner alone can read.

They are only for the address that they were saved with.
"""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from pydantic import ConfigDict, Field, ValidationError

from batchgen_app.comfy.address import normalise_address
from batchgen_app.core.errors import InvalidRequest, StorageError
from batchgen_app.core.wire import Wire
from batchgen_app.private_files import read_private
from batchgen_app.secrets_store import words
from batchgen_app.secrets_store.store import KeyringClosed, SystemKeyring, write_secret
from batchgen_app.settings import save_settings, saved_settings

logger = logging.getLogger(__name__)

FILE_NAME = "server-headers.json"
KEPT_AS = "server-headers"


class Kept(Wire):
    """What the file holds, or the keyring. ``values`` is None where the other one has them."""

    model_config = ConfigDict(extra="ignore")

    address: str | None = None
    names: tuple[str, ...] = ()
    values: dict[str, str] | None = Field(default=None, repr=False)

    def without_values(self) -> "Kept":
        """The same without the values, which are secrets."""
        return self.model_copy(update={"values": None})

    def text(self) -> str:
        """As JSON."""
        return self.model_dump_json(by_alias=True)


class ServerHeaders:
    """An async context manager. Opened, it has the values, unless ``fault`` says why not."""

    def __init__(self, data_dir: Path, keyring: SystemKeyring | None = None) -> None:
        self.fault = ""
        self.is_in_keyring = False
        """Whether the values are kept there, and not in the file."""
        self._data_dir = data_dir
        self._keyring = keyring or SystemKeyring(data_dir)
        self._kept = Kept()
        self._known = asyncio.Event()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._kept = await asyncio.to_thread(_found, self._data_dir)
        if self._kept.values is None:
            self.is_in_keyring = bool(self.names)
            await self.ask()
            return self
        self._known.set()
        if self.names:
            self._do(self._move())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all headers that are kept, whether their values are known or not."""
        return self._kept.names

    @property
    def whereabouts(self) -> str:
        """In words: where the values are, or why they cannot be had."""
        return self.fault or (words.IN_KEYRING if self.is_in_keyring else words.IN_FILE)

    def values_for(self, address: str | None) -> dict[str, str]:
        """What goes to ``address``; None stands for the server that the app finds by itself."""
        return dict(self._kept.values or {}) if self._is_for(address) else {}

    async def known(self) -> None:
        """Wait until the values are there."""
        await self._known.wait()

    async def ask(self) -> None:
        """Ask the keyring for the values, unless they are there."""
        if self._known.is_set() or not self.names:
            return
        try:
            self._take(await self._keyring.get(KEPT_AS))
        except KeyringClosed as closed:
            self.fault = words.keyring_closed(self.names)
            if closed.answer:
                self._do(self._take_later(closed.answer))

    async def keep(self, address: str | None, headers: Mapping[str, str]) -> None:
        """These from now on, and for the next starts. Raises StorageError, and then nothing of this
        start has changed.
        """
        kept = Kept(address=address, names=tuple(headers), values=dict(headers))
        async with self._turn:
            was_in_keyring = self.is_in_keyring
            await self._store(kept)
            self._kept, self.fault = kept, ""
            self._known.set()
            if was_in_keyring and not headers:
                await self._keyring.forget(KEPT_AS)

    async def _store(self, kept: Kept) -> None:
        taken = bool(kept.names) and await self._keyring.put(KEPT_AS, kept.text())
        lasting = kept.without_values() if taken else kept
        await asyncio.to_thread(write_secret, self._data_dir / FILE_NAME, lasting.text())
        self.is_in_keyring = taken

    async def _move(self) -> None:
        """What had to lie in the file goes to the keyring, if that takes it now."""
        async with self._turn:
            with suppress(StorageError):  # it stays where it is
                await self._store(self._kept)

    async def _take_later(self, answer: asyncio.Future[str | None]) -> None:
        await asyncio.wait({answer})
        if not (self._known.is_set() or answer.exception()):
            self._take(answer.result())

    def _take(self, text: str | None) -> None:
        found = _parsed(text or "{}")
        if found.values is None or found.without_values() != self._kept:
            self.fault = words.keyring_empty(self.names)
            return
        self._kept, self.fault = found, ""
        self._known.set()

    def _is_for(self, address: str | None) -> bool:
        mine = self._kept.address
        if address is None or mine is None:
            return address is mine
        try:
            return normalise_address(address) == normalise_address(mine)
        except InvalidRequest:
            return False

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="keyring")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _found(data_dir: Path) -> Kept:
    """What is kept, taken over from the settings if it still stands there."""
    path, saved = data_dir / FILE_NAME, saved_settings(data_dir)
    if not saved.comfyui_headers:
        return _read(path)
    values = saved.comfyui_headers
    kept = Kept(address=saved.comfyui_url, names=tuple(values), values=values)
    try:
        write_secret(path, kept.text())
        save_settings(data_dir, comfyui_headers=None)
    except StorageError:
        logger.warning("The extra headers stay in the settings: nothing can be written beside them")
    return kept


def _read(path: Path) -> Kept:
    try:
        return _parsed(read_private(path))
    except (OSError, ValueError):
        return Kept()


def _parsed(text: str) -> Kept:
    """What makes no sense holds nothing."""
    try:
        return Kept.model_validate_json(text)
    except ValidationError:
        return Kept()
