"""connection_for(): from a server's kind to how it is spoken to. Nothing else asks for the kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.listener import ComfyListener, Heard
from batchgen_app.comfy.ports import ServerCatalog, ServerClient, ServerListener
from batchgen_app.core.server_list import ServerKind


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
    Raises InvalidRequest for what is no address.
    """
    if kind == "comfy-api":
        return _fleet(address, headers, timeout, on_message)
    client = ComfyClient(address, headers=headers, timeout=timeout)
    return Connection(client, Catalog(client), ComfyListener(client, on_message))


def _fleet(
    address: str, headers: Mapping[str, str], timeout: float, on_message: Callable[[Heard], None]
) -> Connection:
    """Whoever has a ComfyUI does not load the official client, which takes a third of a second."""
    from batchgen_app.comfy_api.catalog import ApiCatalog  # noqa: PLC0415
    from batchgen_app.comfy_api.client import ComfyApiClient  # noqa: PLC0415
    from batchgen_app.comfy_api.listener import ApiListener  # noqa: PLC0415

    client = ComfyApiClient(address, headers=headers, timeout=timeout)
    return Connection(client, ApiCatalog(), ApiListener(client, on_message))
