"""A start uses the new folder of the pictures, once they are all there: it catches up with what
changed since they were copied, before anything else is opened, and only then changes the setting.
Whatever fails or dies on the way, the old folder stays in use until the setting was changed, and
nothing was written into the new one but copies.
"""

import asyncio
import logging
from pathlib import Path

from batchgen_app.core.errors import StorageError
from batchgen_app.language.message import later
from batchgen_app.settings import Settings, save_settings
from batchgen_app.storage.housekeeping import move_record
from batchgen_app.storage.housekeeping.move_record import MoveRecord, Phase
from batchgen_app.storage.housekeeping.moving import Mover
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.progress import ProgressCallback

logger = logging.getLogger(__name__)

CATCHING_UP = later("The pictures move to their new folder (MB)")
MOVED = later(
    "The pictures are in {target} now. Those in {source} are copies: they can be removed in the "
    "settings, under Folders."
)
NOT_MOVED = later(
    "The pictures could not move to {target} yet: {reason} They stay in {source}, and the next "
    "start tries again."
)
NAMED = later(
    "The pictures were copied to {target}, but this start names {source} as their folder "
    "(--output-dir or BATCHGEN_OUTPUT_DIR), so that one stays in use. Start BatchGen without it."
)


async def moved(settings: Settings, locks: Locks, progress: ProgressCallback) -> Settings:
    """The settings of this start, with the folder that holds the pictures. Raises StorageError
    where it cannot be written down that the new one is used.
    """
    record = await asyncio.to_thread(move_record.read, settings.data_dir)
    if record is None or record.phase is not Phase.COPIED:
        return settings
    here = settings.output_dir.absolute()
    if settings.is_output_dir_named and here != record.target:
        return _telling(settings, _about(NAMED, record)) if here == record.source else settings
    if await locks.others_are_here():  # they use the old folder
        return _back(settings, record)
    try:
        await asyncio.to_thread(_switch, settings.data_dir, record, progress)
    except StorageError as error:
        logger.warning("The pictures could not move: %s", error)
        told = later(NOT_MOVED, source=record.source, target=record.target, reason=error.message)
        return _telling(_back(settings, record), told)
    used = settings.model_copy(update={"output_dir": record.target})
    return _telling(used, _about(MOVED, record))


def _switch(data_dir: Path, record: MoveRecord, progress: ProgressCallback) -> None:
    """Raises StorageError, and then the old folder is the one to use."""
    mover = Mover(
        record.source,
        record.target,
        lambda done, total: progress(CATCHING_UP, done // 10**6, total // 10**6),
    )
    mover.catch_up()
    # A start that dies behind the first does both anew: nothing was opened there until then.
    save_settings(data_dir, output_dir=record.target)
    move_record.write(data_dir, record.at(Phase.USED))
    mover.unmark()


def _back(settings: Settings, record: MoveRecord) -> Settings:
    """The new folder is not used before it is known to have everything."""
    return settings.model_copy(update={"output_dir": record.source})


def _telling(settings: Settings, notice: str) -> Settings:
    return settings.model_copy(update={"notices": (*settings.notices, notice)})


def _about(words: str, record: MoveRecord) -> str:
    return later(words, source=record.source, target=record.target)
