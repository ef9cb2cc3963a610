"""Folders that people choose: can they be written, how much room is there, and is all in them that
should be. Blocks.
"""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from batchgen_app.core.errors import StorageError
from batchgen_app.language.message import later
from batchgen_app.storage.faults import in_words, told_of_absent
from batchgen_app.storage.gallery import shown_with_pictures
from batchgen_app.storage.images import ImageStore


def check_writable(folder: Path) -> None:
    """Raises StorageError where files cannot be made; the folder itself may still be missing."""
    try:
        with tempfile.TemporaryFile(dir=_existing(folder)):
            pass
    except OSError as error:
        raise StorageError(
            later(
                "{folder} cannot be written ({reason}). Choose another folder, or give yourself "
                "the right to write there.",
                folder=folder,
                reason=error.strerror,
            )
        ) from error


def free_bytes(folder: Path) -> int:
    """Room on the disk of a folder, made already or not. Raises StorageError."""
    with in_words(folder):
        return shutil.disk_usage(_existing(folder)).free


async def missing_batches(folder: Path, database: Path) -> str:
    """For a person, which batches that the ``database`` shows are not in their folder; empty where
    none are missing, or that is not known. Raises StorageError where nothing can lie there. Blocks
    nobody.
    """
    there, shown = await ImageStore(folder).batch_ids(), list[str]()
    with suppress(StorageError):  # what is wrong with the database is told of itself
        shown = await asyncio.to_thread(shown_with_pictures, database)
    return told_of_absent(shown, there, folder)


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
