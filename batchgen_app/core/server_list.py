"""Servers as they are listed: which ones there are, in order of preference; and which one made a
batch.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Annotated, Literal, Self, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StrictBool

from batchgen_app.core.wire import Name, Text, Wire

ServerKind: TypeAlias = Literal["comfyui", "comfy-api"]
"""How it is spoken to."""
DEMO_ID = "demo"
ShortName = Annotated[Text, Field(max_length=100)]
Note = Annotated[Text, Field(max_length=500)]


class ListedServer(Wire):
    """One of them. ``id`` is made of the address unless somebody gave one, and stays when that
    changes; one that is not ``enabled`` gets no batches.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    name: ShortName = ""
    kind: ServerKind = "comfyui"
    address: Name
    enabled: StrictBool = True
    note: Note = ""

    @property
    def key(self) -> str:
        """By which it is named in requests and in the log."""
        return self.id or id_of(self.address)

    @property
    def shown_name(self) -> str:
        """As people call it, or else its host and port."""
        return self.name.strip() or self.address.partition("//")[2] or self.address

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to say of it but its address."""
        return self.identified() == type(self)(address=self.address).identified()

    @property
    def is_demo(self) -> bool:
        """Whether it is the demo engine of this app, which is there as long as the app runs."""
        return self.id == DEMO_ID

    def identified(self) -> Self:
        """With the id that it is to keep."""
        return self.model_copy(update={"id": self.key})

    def moved(self, address: str) -> Self:
        """The same at another address; what stands in the demo engine's place is another one."""
        if self.is_demo:
            return type(self)(address=address).identified()
        return self.identified().model_copy(update={"address": address})


def alone(address: str | None) -> tuple[ListedServer, ...]:
    """The list of a single server, of which nothing else is known; empty without one."""
    return (ListedServer(address=address),) if address else ()


def with_port(address: str) -> str:
    """Raises ValueError where its port is none."""
    _ = urlsplit(address if "//" in address else f"//{address}").port
    return address


def _well_addressed(server: ListedServer) -> ListedServer:
    with_port(server.address)
    return server


class ServerChanges(Wire):
    """What is left out stays as it is; ``place`` is that in the order of preference, from 0 on."""

    name: ShortName | None = None
    address: Name | None = None
    enabled: StrictBool | None = None
    note: Note | None = None
    place: Annotated[int, Field(strict=True, ge=0)] | None = None

    def of(self, server: ListedServer) -> ListedServer:
        """With all but the address and the place."""
        changed = self.model_dump(exclude={"address", "place"}, exclude_none=True)
        return server.identified().model_copy(update=changed)


class ServerChoice(Wire):
    """Which server is to make a batch: one alone, by its id, or with None any other one."""

    server: Name | None = None


SavedServer = Annotated[ListedServer, AfterValidator(_well_addressed)]
"""One whose address is one."""


class MadeOn(Wire):
    """The server that made a batch, as it was listed then."""

    id: str
    name: str


def distinct(listed: Iterable[ListedServer]) -> tuple[ListedServer, ...]:
    """Each place once, as it is listed first; and where an id is told twice, or is that of the demo
    engine, one of its own.
    """
    found: dict[str, ListedServer] = {}
    ids = {DEMO_ID}
    for server in listed:
        own = server.model_copy(update={"id": ""}) if server.key in ids else server
        if found.setdefault(place_of(own.address), own) is own:
            ids.add(own.key)
    return tuple(found.values())


def given_or_listed(
    given: Iterable[str], listed: tuple[ListedServer, ...]
) -> tuple[ListedServer, ...]:
    """Those at these addresses, with what is ``listed`` of them; all that are listed without any.
    Raises InvalidRequest for what is no address.
    """
    known = {place_of(server.address): server for server in listed}
    named = (
        known.get(place_of(address)) or ListedServer.parse({"address": address})
        for address in filter(None, given)
    )
    return distinct(named) or listed


def place_of(address: str) -> str:
    """The same for the same place, however its address is written."""
    same = address.strip().rstrip("/").lower()
    return re.sub(r"^(https?://|)localhost(?![^:/])", r"\g<1>127.0.0.1", same)


def id_of(address: str) -> str:
    """The same for the same address, in each run."""
    same = address.strip().rstrip("/").lower()
    return hashlib.sha256(same.encode()).hexdigest()[:8]
