"""A neighbour: somebody at another address, as seen from the app.

Where the tests run as root on Linux, a network of its own with a cable to this machine (network
namespace, veth pair). Elsewhere, this machine's own outside address: for the app, whoever comes
from there is as much a stranger.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx

from batchgen_app.access.hosts import addresses, url

T = TypeVar("T")

NETWORKS = Path("/run/netns")
CLONE_NEWNET = 0x40000000
TIMEOUT = 30.0
MANY = 16
"""Things that the neighbour can do at the same time."""


@dataclass(frozen=True)
class Neighbour:
    """``address`` is where the app's machine is, as the neighbour sees it; ``prefix`` is put before
    a command that is to be run there.
    """

    address: str
    prefix: tuple[str, ...]
    threads: ThreadPoolExecutor

    def do(self, work: Callable[..., T], *arguments: Any, **options: Any) -> T:
        """Run something there: the sockets that it opens are the neighbour's."""
        return self.threads.submit(work, *arguments, **options).result(TIMEOUT)

    def client(self, port: int, **options: Any) -> "Elsewhere":
        """A browser there, which keeps cookies and follows nothing."""
        return Elsewhere(self, base_url=url(self.address, port), timeout=TIMEOUT, **options)


class Elsewhere(httpx.Client):
    """Sends from the neighbour's address."""

    def __init__(self, neighbour: Neighbour, **options: Any) -> None:
        super().__init__(**options)
        self._neighbour = neighbour

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        return self._neighbour.do(super().send, request, **options)


@contextmanager
def moved_in() -> Iterator[Neighbour]:
    """A neighbour, as long as the block lasts."""
    if sys.platform.startswith("linux") and os.geteuid() == 0 and shutil.which("ip"):
        with _namespace() as (name, address):
            prefix = ("ip", "netns", "exec", name)
            with ThreadPoolExecutor(MANY, initializer=_enter, initargs=(name,)) as threads:
                yield Neighbour(address, prefix, threads)
    else:
        with ThreadPoolExecutor(MANY) as threads:
            yield Neighbour(addresses()[0], (), threads)


@contextmanager
def _namespace() -> Iterator[tuple[str, str]]:
    number = _free_number()
    name, here, there = f"batchgen{number}", f"bghere{number}", f"bgthere{number}"
    network = f"10.213.{number}"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", name)
        _ip("address", "add", f"{network}.1/24", "dev", here)
        _ip("link", "set", here, "up")
        _ip("-n", name, "address", "add", f"{network}.2/24", "dev", there)
        _ip("-n", name, "link", "set", there, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        yield name, f"{network}.1"
    finally:
        _ip("netns", "delete", name)


def _free_number() -> int:
    """Of a network that nobody has, not even somebody whom death kept from tidying up."""
    return next(
        n % 250 for n in count(os.getpid()) if not Path(f"/run/netns/batchgen{n % 250}").exists()
    )


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)


def _enter(name: str) -> None:
    """The thread that calls this is in the other network from now on."""
    with (NETWORKS / name).open() as there:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), "setns")
