"""Names: under which hosts this machine may be asked, so that no other name can be made to lead
here (DNS rebinding); and which addresses it has.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Collection, Sequence

import psutil
from starlette.types import Scope

from batchgen_app.core.host_names import Address, address_of

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
NOBODYS = "192.0.2.1"
"""An address of nobody (RFC 5737), only to be asked which of our own leads out."""


def is_loopback(address: str) -> bool:
    """Whether this is a loopback address: only this machine itself can come from there."""
    parsed = address_of(address)
    return parsed is not None and parsed.is_loopback


def party(scope: Scope) -> str:
    """Who counts as one: a household; of our own, which shares its network with us, a device."""
    address, reached_at = ((scope.get(end) or ("",))[0] for end in ("client", "server"))
    network = same_network(address)
    is_ours = network == same_network(reached_at)
    return str(address_of(address) or address) if is_ours else network


def same_network(address: str) -> str:
    """What stands for everybody behind ``address``: of IPv6, one household has billions."""
    parsed = address_of(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed or address)


class Names:
    """The names of this machine. ``host`` is the one that the app was told to listen on,
    ``allowed`` are further ones that somebody gave it, such as a domain.
    """

    def __init__(self, host: str, allowed: Collection[str] = ()) -> None:
        self._always = LOOPBACK | {host.lower().strip("[]"), *allowed}
        self._of_machine: frozenset[str] = frozenset()

    async def learn(self) -> None:
        """Ask the system how others call this machine."""
        self._of_machine = await asyncio.to_thread(_names_of_machine)

    def knows(self, host: str, reached_at: str | None) -> bool:
        """Whether ``host`` is one of them. ``reached_at`` is the machine's address at which a
        request from the network arrived; None while none may.
        """
        if host in self._always:
            return True
        if reached_at is None:
            return False
        return host in self._of_machine or address_of(host) == address_of(reached_at) is not None


def addresses() -> list[str]:
    """This machine's addresses on networks, the one that leads out first."""
    found = [str(address) for name in psutil.net_if_addrs() for address in _of_interface(name)]
    first = _way_out()
    return sorted(found, key=lambda address: (address != first, ":" in address))


def url(host: str, port: int, scheme: str = "http") -> str:
    """What people open in a browser."""
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


def _of_interface(name: str) -> Sequence[Address]:
    status = psutil.net_if_stats().get(name)
    known = psutil.net_if_addrs().get(name, []) if status and status.isup else []
    parsed = [
        address_of(each.address)
        for each in known
        if each.family in {socket.AF_INET, socket.AF_INET6}
    ]
    return [each for each in parsed if each and not each.is_loopback and not each.is_link_local]


def _way_out() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((NOBODYS, 9))  # sends nothing
        except OSError:
            return ""
        return str(asking.getsockname()[0])


def _names_of_machine() -> frozenset[str]:
    whole = {socket.gethostname().lower(), socket.getfqdn().lower()}
    short = {name.split(".")[0] for name in whole}
    return frozenset(whole | short | {f"{name}.local" for name in short}) - {""}
