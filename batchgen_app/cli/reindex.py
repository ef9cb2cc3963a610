"""The gallery, rebuilt from the batch folders."""

from batchgen_app.cli.faults import tell_all
from batchgen_app.settings import Settings
from batchgen_app.storage.memory import open_memory
from batchgen_app.storage.reindex import reindex


async def rebuild(settings: Settings) -> str:
    """Rebuild it; gives what was found, as text. Raises StorageError."""
    async with open_memory(settings.data_dir, settings.output_dir) as memory:
        tell_all(settings.notices, memory.notices)
        report = await reindex(memory.log, memory.gallery, memory.store, memory.locks)
    return str(report)
