"""``batchgen doctor --diagnostics``: the same text as on the settings page, without the app."""

from contextlib import AsyncExitStack

from batchgen_app.app import find_server
from batchgen_app.batches.server import Server
from batchgen_app.core.errors import InvalidRequest, StorageError
from batchgen_app.diagnostics import Diagnostics
from batchgen_app.keeping.server_headers import ServerHeaders
from batchgen_app.settings import Settings
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.memory import open_memory
from batchgen_app.window.available import back_end


async def collect(settings: Settings) -> str:
    """The text; it raises nothing, whatever is out of order here."""
    async with AsyncExitStack() as stack:
        server, gallery = await _server(settings, stack), await _gallery(settings, stack)
        return await Diagnostics(
            settings.data_dir,
            settings.output_dir,
            server,
            gallery,
            window=back_end,
            lan=lambda: settings.lan,
        ).text()


async def _server(settings: Settings, stack: AsyncExitStack) -> Server | str:
    address = await find_server(settings)
    if address is None:
        return "the built-in demo engine"
    headers = await stack.enter_async_context(ServerHeaders(settings.data_dir))
    values = headers.values_for(settings.comfyui_url)
    try:
        return await stack.enter_async_context(Server(address, values))
    except InvalidRequest:
        return "its address makes no sense"


async def _gallery(settings: Settings, stack: AsyncExitStack) -> GalleryIndex | None:
    try:
        memory = open_memory(settings.data_dir, settings.output_dir)
        return (await stack.enter_async_context(memory)).gallery
    except StorageError:
        return None
