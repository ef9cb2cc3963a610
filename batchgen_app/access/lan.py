"""Lan: a second listening socket, opened and closed while the app runs.

The first one listens where the app was told to, mostly on loopback alone; so without the second
nobody outside can even connect.
"""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from batchgen_app.access.hosts import addresses, is_loopback, url
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.signal import Signal
from batchgen_app.language.message import later

logger = logging.getLogger(__name__)

EVERYWHERE = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}  # noqa: S104 - asked for


class Listener(Protocol):
    """A web server that can listen in more than one place."""

    async def listen_also(self, listening: socket.socket) -> asyncio.AbstractServer:
        """Answer there, too, until what is given back is closed."""

    def abort(self, is_meant: Callable[[str], bool]) -> None:
        """End every connection from an address that is meant."""


class Lan:
    """The switch. ``is_fixed`` where the app was told to listen outside from the start: then it
    cannot be switched off.
    """

    def __init__(self, host: str) -> None:
        self.changed = Signal[[]]()
        self.is_fixed = not (host == "localhost" or is_loopback(host.strip("[]")))
        self._is_everywhere = host in {"", *EVERYWHERE.values()}
        self._listener: Listener | None = None
        self._first: socket.socket | None = None
        self._scheme = "http"
        self._names: Sequence[str] = ()
        self._doors: list[asyncio.AbstractServer] = []

    @property
    def is_open(self) -> bool:
        """Whether others may ask."""
        return self.is_fixed or bool(self._doors)

    def use(
        self,
        listener: Listener,
        first: socket.socket,
        scheme: str = "http",
        names: Sequence[str] = (),
    ) -> None:
        """Listen beside ``first`` when it is switched on. Others open ``names`` sooner than this
        machine's addresses.
        """
        self._listener, self._first = listener, first
        self._scheme, self._names = scheme, names

    async def addresses(self) -> list[str]:
        """What others open, the likeliest first."""
        if self._first is None:
            return []
        port = self._first.getsockname()[1]
        hosts = [*self._names, *await asyncio.to_thread(addresses)]
        return [url(host, port, self._scheme) for host in hosts]

    async def open(self) -> None:
        """Listen everywhere. Harmless if it does. Raises BatchGenError where that cannot be."""
        if self._doors or self._is_everywhere or not (self._listener and self._first):
            return
        for listening in _listen_beside(self._first):
            self._doors.append(await self._listener.listen_also(listening))
        logger.info("Open to the network")
        self.changed.emit()

    async def close(self) -> None:
        """Listen where we were told to, and nowhere else. Harmless if it is so."""
        closing, self._doors = self._doors, []
        for door in closing:
            door.close()
        if closing and self._listener:
            logger.info("Closed to the network")
            self._listener.abort(lambda address: not is_loopback(address))
            self.changed.emit()


def listen(host: str, port: int, *, reuse_port: bool = False) -> socket.socket:
    """A listening socket. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, reuse_port=reuse_port)
    # Else a body waits 40 ms for the browser to acknowledge its head: asyncio sets this only on
    # sockets that name their protocol, and `create_server` names none. Connections inherit it.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def _listen_beside(first: socket.socket) -> list[socket.socket]:
    port = first.getsockname()[1]
    with _sharing(first) as is_shared:
        listening = [_listen(socket.AF_INET, port, is_shared)]
        with suppress(BatchGenError):  # many systems do without
            listening.append(_listen(socket.AF_INET6, port, is_shared))
    return listening


@contextmanager
def _sharing(first: socket.socket) -> Iterator[bool]:
    """Linux lets a socket listen everywhere beside one that listens on loopback only where both
    agree to share. Just for that moment, or other programs could join them later.
    """
    if not sys.platform.startswith("linux"):
        yield False
        return
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        yield True
    finally:
        first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 0)


def _listen(family: socket.AddressFamily, port: int, is_shared: bool) -> socket.socket:  # noqa: FBT001
    try:
        listening = listen(EVERYWHERE[family], port, reuse_port=is_shared)
    except OSError as error:
        raise BatchGenError(
            later(
                "The network cannot be opened ({reason}). Is port {port} used by another program? "
                "Then start BatchGen with another --port.",
                reason=error.strerror,
                port=port,
            )
        ) from error
    if is_shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 0)
    return listening
