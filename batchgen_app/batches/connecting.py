"""connection_for(): from a server's kind to how it is spoken to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.listener import ComfyListener, Heard
from batchgen_app.comfy.ports import ServerCatalog, ServerClient, ServerListener
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.server_list import ServerKind
from batchgen_app.language.message import later

UNKNOWN_KIND = later('This version of BatchGen cannot speak to servers of the kind "{kind}".')


@dataclass(frozen=True)
class Connection:
    """The halves of one. Client and listener are async context managers, entered in this order."""

    client: ServerClient
    catalog: ServerCatalog
    listener: ServerListener


def connection_for(
    kind: ServerKind,
    address: str,
    headers: Mapping[str, str],
    *,
    timeout: float,
    on_message: Callable[[Heard], None],
) -> Connection:
    """Not entered yet. ``timeout`` is in seconds, for one answer; ``on_message`` must be quick.
    Raises InvalidRequest for what is no address, and for a kind that this version cannot speak to.
    """
    if kind != "comfyui":
        raise InvalidRequest.of("kind", "unknown_kind", later(UNKNOWN_KIND, kind=kind))
    client = ComfyClient(address, headers=headers, timeout=timeout)
    return Connection(client, Catalog(client), ComfyListener(client, on_message))
