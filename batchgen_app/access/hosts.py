"""Names: under which hosts this machine may be asked, so that no other name can be made to lead
here (DNS rebinding); and which addresses it has.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Sequence

import psutil
from starlette.types import Scope

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_.-]{1,253}))(?::[0-9]{1,5})?")
NOBODYS = "192.0.2.1"
"""An address of nobody (RFC 5737), only to be asked which of our own leads out."""


def host_of(header: str) -> str | None:
    """The host in a Host header, without port and brackets; None where it makes no sense."""
    match = HOST.fullmatch(header.lower())
    return (match[1] or match[2].rstrip(".")) if match else None


def is_loopback(address: str) -> bool:
    """Whether this is a loopback address: only this machine itself can come from there."""
    parsed = _parsed(address)
    return parsed is not None and parsed.is_loopback


def party(scope: Scope) -> str:
    """Who counts as one: a household; of our own, which shares its network with us, a device."""
    address, reached_at = ((scope.get(end) or ("",))[0] for end in ("client", "server"))
    network = same_network(address)
    is_ours = network == same_network(reached_at)
    return str(_parsed(address) or address) if is_ours else network


def same_network(address: str) -> str:
    """What stands for everybody behind ``address``: of IPv6, one household has billions."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed or address)


class Names:
    """The names of this machine. ``host`` is the one that the app was told to listen on."""

    def __init__(self, host: str) -> None:
        self._always = LOOPBACK | {host.lower().strip("[]")}
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
        return host in self._of_machine or _parsed(host) == _parsed(reached_at) is not None


def addresses() -> list[str]:
    """This machine's addresses on networks, the one that leads out first."""
    found = [str(address) for name in psutil.net_if_addrs() for address in _of_interface(name)]
    first = _way_out()
    return sorted(found, key=lambda address: (address != first, ":" in address))


def url(address: str, port: int) -> str:
    """The address that people open in a browser."""
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


def _of_interface(name: str) -> Sequence[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    status = psutil.net_if_stats().get(name)
    known = psutil.net_if_addrs().get(name, []) if status and status.isup else []
    parsed = [
        _parsed(each.address) for each in known if each.family in {socket.AF_INET, socket.AF_INET6}
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


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
