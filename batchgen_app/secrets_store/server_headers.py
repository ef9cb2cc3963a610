"""The extra headers of servers. Their names lie in a file, their values in the system's keyring;
where that takes none, in the file, too, which its owner alone can read.

They are only for the address that they were saved with.
"""

import asyncio
import logging
from collections.abc import Collection, Coroutine, Mapping, Sequence
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
    """The headers of one server. ``values`` is None where they lie in the other place."""

    model_config = ConfigDict(extra="ignore")

    address: str | None = None
    names: tuple[str, ...] = ()
    values: dict[str, str] | None = Field(default=None, repr=False)

    def is_for(self, address: str | None) -> bool:
        """Whether they were saved with this address."""
        mine = self.address
        if address is None or mine is None:
            return address is mine
        try:
            return normalise_address(address) == normalise_address(mine)
        except InvalidRequest:
            return False


class AllKept(Kept):
    """What the file holds, or the keyring: those of the server that was saved last, and the
    ``others``.
    """

    others: tuple[Kept, ...] = ()

    @classmethod
    def of(cls, each: Sequence[Kept]) -> "AllKept":
        """Of these; of none at all, where there are none."""
        first, *others = each or [Kept()]
        return cls(**dict(first), others=tuple(others))

    @property
    def each(self) -> tuple[Kept, ...]:
        """All of them, server by server."""
        return Kept(**{name: getattr(self, name) for name in Kept.model_fields}), *self.others

    @property
    def missing(self) -> tuple[Kept, ...]:
        """Those of which the names alone are known."""
        return tuple(kept for kept in self.each if kept.names and kept.values is None)

    def without_values(self) -> "AllKept":
        """The same without the values, which are secrets."""
        return self.of([kept.model_copy(update={"values": None}) for kept in self.each])

    def filled(self, found: "AllKept") -> "AllKept":
        """With the values that are missing, as far as they were ``found``."""
        known = {(kept.address, kept.names): kept for kept in found.each if kept.values}
        return self.of(
            [
                kept if kept.values else known.get((kept.address, kept.names), kept)
                for kept in self.each
            ]
        )

    def text(self) -> str:
        """As JSON."""
        return self.model_dump_json(by_alias=True)


class ServerHeaders:
    """An async context manager. Opened, it has the values, unless ``fault`` says why not."""

    def __init__(self, data_dir: Path, keyring: SystemKeyring | None = None) -> None:
        self.fault = ""
        self.is_in_keyring = False
        """Whether values are kept there, and not in the file."""
        self._data_dir = data_dir
        self._keyring = keyring or SystemKeyring(data_dir)
        self._kept = AllKept()
        self._known = asyncio.Event()
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._kept = await asyncio.to_thread(_found, self._data_dir)
        if self._kept.missing:
            self.is_in_keyring = True
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
        return tuple(dict.fromkeys(name for kept in self._kept.each for name in kept.names))

    @property
    def whereabouts(self) -> str:
        """In words: where the values are, or why they cannot be had."""
        return self.fault or (words.IN_KEYRING if self.is_in_keyring else words.IN_FILE)

    def names_for(self, address: str | None) -> tuple[str, ...]:
        """Of the headers that go to ``address``, whether their values are known or not."""
        return next((kept.names for kept in self._kept.each if kept.is_for(address)), ())

    def values_for(self, address: str | None) -> dict[str, str]:
        """What goes to ``address``; None stands for the server that the app finds by itself."""
        mine = next((kept.values for kept in self._kept.each if kept.is_for(address)), None)
        return dict(mine or {})

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
            self.fault = words.keyring_closed(self._missing_names)
            if closed.answer:
                self._do(self._take_later(closed.answer))

    async def keep(
        self,
        address: str | None,
        headers: Mapping[str, str],
        beside: Collection[str | None] = (),
    ) -> None:
        """These from now on, and for the next starts, and what is kept for the addresses ``beside``
        this one; no others. Raises StorageError, and then nothing of this start has changed.
        """
        mine = Kept(address=address, names=tuple(headers), values=dict(headers))
        others = [
            kept
            for kept in self._kept.each
            if kept.names and not kept.is_for(address) and any(map(kept.is_for, beside))
        ]
        kept = AllKept.of([mine, *others])
        async with self._turn:
            was_in_keyring = self.is_in_keyring
            await self._store(kept)
            self._settle(kept)
            if was_in_keyring and not self.names:
                await self._keyring.forget(KEPT_AS)

    async def _store(self, kept: AllKept) -> None:
        # What the keyring alone knows must not be written over.
        is_whole = any(each.names for each in kept.each) and not kept.missing
        taken = is_whole and await self._keyring.put(KEPT_AS, kept.text())
        lasting = kept.without_values() if taken else kept
        await asyncio.to_thread(write_secret, self._data_dir / FILE_NAME, lasting.text())
        self.is_in_keyring = taken or bool(kept.missing)

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
        lies_in_file = any(kept.values for kept in self._kept.each)
        self._settle(self._kept.filled(_parsed(text or "{}")))
        if self._kept.missing:
            self.fault = words.keyring_empty(self._missing_names)
        elif lies_in_file:  # what was entered while it was closed
            self._do(self._move())

    def _settle(self, kept: AllKept) -> None:
        self._kept = kept
        if not kept.missing:
            self.fault = ""
            self._known.set()

    @property
    def _missing_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for kept in self._kept.missing for name in kept.names))

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work, name="keyring")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _found(data_dir: Path) -> AllKept:
    """What is kept, taken over from the settings if it still stands there."""
    path, saved = data_dir / FILE_NAME, saved_settings(data_dir)
    if not saved.comfyui_headers:
        return _read(path)
    values = saved.comfyui_headers
    kept = AllKept(address=saved.comfyui_url, names=tuple(values), values=values)
    try:
        write_secret(path, kept.text())
        save_settings(data_dir, comfyui_headers=None)
    except StorageError:
        logger.warning("The extra headers stay in the settings: nothing can be written beside them")
    return kept


def _read(path: Path) -> AllKept:
    try:
        return _parsed(read_private(path))
    except (OSError, ValueError):
        return AllKept()


def _parsed(text: str) -> AllKept:
    """What makes no sense holds nothing."""
    try:
        return AllKept.model_validate_json(text)
    except ValidationError:
        return AllKept()
