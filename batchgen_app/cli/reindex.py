"""The gallery, rebuilt from the batch folders."""

from batchgen_app.app import open_memory
from batchgen_app.settings import Settings
from batchgen_app.storage.reindex import reindex


async def rebuild(settings: Settings) -> str:
    """Rebuild it; gives what was found, as text. Raises StorageError."""
    async with open_memory(settings) as memory:
        report = await reindex(memory.log, memory.gallery, memory.store)
    return str(report)
