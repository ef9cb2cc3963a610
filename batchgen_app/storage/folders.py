"""Folders that people choose: can they be written, and how much room is there. Blocks."""

import shutil
import tempfile
from pathlib import Path

from batchgen_app.core.errors import StorageError
from batchgen_app.language.message import later
from batchgen_app.storage.faults import in_words


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


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())
