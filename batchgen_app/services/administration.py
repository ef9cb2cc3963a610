"""Administration: the server, the folders and what helpers read, asked about and changed. All of it
is for those who may do everything; each is told for whom, and raises Forbidden for others.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.connecting import connection_for
from batchgen_app.batches.server import find_usual
from batchgen_app.comfy.client import ServerStats
from batchgen_app.core.server_list import ServerKind
from batchgen_app.diagnostics import Diagnostics
from batchgen_app.services.server_commands import keep_headers
from batchgen_app.storage.folders import check_writable, free_bytes

TEST_SECONDS = 5.0
"""How long a server that is tried out is waited for."""


@dataclass(frozen=True)
class KeptHeaders:
    """The extra headers that are kept, without their values: ``whereabouts`` says in words where
    those are, ``fault`` why they cannot be had, mostly empty.
    """

    names: tuple[str, ...]
    whereabouts: str
    fault: str


@dataclass(frozen=True)
class Folders:
    """Where pictures go in this run of the app, and where it keeps its own data."""

    output: Path
    data: Path


class Administration:
    """What the settings page asks and does, but for who may come in."""

    def __init__(self, backend: Backend, diagnostics: Diagnostics) -> None:
        self._app = backend
        self._diagnostics = diagnostics

    # The server.

    async def find_server(self, caller: Caller) -> str | None:
        """The address of a ComfyUI on this machine, if one answers."""
        caller.require(Verb.SET)
        return await find_usual()

    async def try_server(
        self,
        caller: Caller,
        address: str,
        headers: Mapping[str, str],
        kind: ServerKind | None = None,
    ) -> ServerStats:
        """What a server tells about itself, of the kind of the one in use where none is given;
        raises ServerError.
        """
        caller.require(Verb.SET)
        connection = connection_for(
            kind or self._app.server.about.kind,
            address,
            headers,
            timeout=TEST_SECONDS,
            on_message=lambda _: None,
        )
        async with connection.client as client:
            return await client.stats()

    async def use_server(self, caller: Caller, address: str, headers: Mapping[str, str]) -> None:
        """Speak with this server from now on, if it is not the one in use. Raises Conflict while a
        batch needs the present one, InvalidRequest for what is no address.
        """
        caller.require(Verb.SET)
        client = self._app.server.client
        if (client.address, client.headers) != (address, headers):
            await self._app.server.use(address, headers)
            await self._app.servers.remember()

    def kept_headers(self, caller: Caller) -> KeptHeaders:
        """Which extra headers the server in use gets, as it is known now."""
        caller.require(Verb.SET)
        kept = self._app.headers
        own = kept.names_for(self._app.server.about.address)
        names = kept.names if self._app.servers.is_one else own
        return KeptHeaders(names, kept.whereabouts, kept.fault)

    async def ask_keyring(self, caller: Caller) -> None:
        """Ask the keyring for the values of the extra headers, unless they are known."""
        caller.require(Verb.SET)
        await self._app.headers.ask()

    def headers_for(self, caller: Caller, address: str | None) -> dict[str, str]:
        """What goes to ``address``, secrets included; None stands for the server that the app
        finds by itself.
        """
        caller.require(Verb.SET)
        return self._app.headers.values_for(address)

    async def keep_headers(
        self, caller: Caller, address: str | None, headers: Mapping[str, str]
    ) -> None:
        """Keep these headers from now on, and for the next starts; those of the other servers stay.
        Raises StorageError.
        """
        caller.require(Verb.SET)
        await keep_headers(self._app, address, headers)

    async def wait_longest(self, caller: Caller, seconds: float) -> None:
        """Let an image go so many seconds without progress, in batches from now on."""
        caller.require(Verb.SET)
        self._app.batch_service.timeouts = replace(self._app.batch_service.timeouts, stall=seconds)

    async def allow_prompts_of(self, caller: Caller, characters: int) -> None:
        """Take prompts of so many characters, from now on."""
        caller.require(Verb.SET)
        self._app.batch_service.prompt_limit = characters

    # This machine.

    def folders(self, caller: Caller) -> Folders:
        """The folders of this run."""
        caller.require(Verb.SET)
        return Folders(self._app.settings.output_dir, self._app.settings.data_dir)

    async def free_bytes(self, caller: Caller, folder: Path) -> int:
        """Room on the disk of a folder, made already or not. Raises StorageError."""
        caller.require(Verb.SET)
        return await asyncio.to_thread(free_bytes, folder)

    async def check_writable(self, caller: Caller, folder: Path) -> None:
        """Raises StorageError where files cannot be made; the folder may still be missing."""
        caller.require(Verb.SET)
        await asyncio.to_thread(check_writable, folder)

    async def diagnostics(self, caller: Caller) -> str:
        """One text for whoever helps, without secrets and without what people wrote."""
        caller.require(Verb.SET)
        return await self._diagnostics.text()
