"""Names and addresses of machines, as people and programs write them; how the app is reached."""

import ipaddress
import re
from typing import Annotated

from pydantic import AfterValidator

from batchgen_app.core.wire import Wire

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

HOST = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_.-]{1,253}))(?::[0-9]{1,5})?")
PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


def host_of(header: str) -> str | None:
    """The host in a Host header, without port and brackets; None where it makes no sense."""
    match = HOST.fullmatch(header.lower())
    return (match[1] or match[2].rstrip(".")) if match else None


def address_of(text: str) -> Address | None:
    """None for what is no address, such as a name. IPv4 that is written as IPv6 is IPv4."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def host_name(text: str) -> str:
    """A name that somebody gives a machine, in lower case and without a port. Raises ValueError."""
    bare = text.strip()
    host = host_of(f"[{bare}]" if ":" in bare and address_of(bare) else bare)
    if not host:
        raise ValueError("no name of a host")
    return host


def path_below(text: str) -> str:
    """A path below which others find the app, without a slash at its end; empty for none. Raises
    ValueError.
    """
    path = text.strip().rstrip("/")
    if path and not PATH.fullmatch(path):
        raise ValueError("no path")
    return path


def network_of(text: str) -> Network:
    """One address, or several: ``10.0.0.0/8``. Raises ValueError."""
    return ipaddress.ip_network(text.strip(), strict=False)


def network_text(text: str) -> str:
    """The same, as it is written most. Raises ValueError."""
    network = network_of(text)
    return str(network.network_address if network.num_addresses == 1 else network)


class Reached(Wire):
    """How others reach the app, besides by the machine's own names: by which ones; through which
    proxies, which are believed for whom they ask; and below which path.
    """

    allowed_hosts: tuple[Annotated[str, AfterValidator(host_name)], ...] = ()
    trusted_proxies: tuple[Annotated[str, AfterValidator(network_text)], ...] = ()
    root_path: Annotated[str, AfterValidator(path_below)] = ""
