"""How far the pictures have come on their way to another folder: one small file of the data folder,
replaced in one step. As long as it does not say ``USED``, the old folder is the one in use.
"""

import json
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import Wire
from batchgen_app.storage import atomic_files
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.faults import in_words

NAME = "moving.json"
MOST_BYTES = 100_000


class Phase(StrEnum):
    """How far it has come."""

    COPYING = "copying"
    COPIED = "copied"
    """Everything was copied and read back; the next start catches up, and uses the new folder."""
    USED = "used"
    """The new folder is in use; the old one may be freed."""


class MoveRecord(Wire):
    """From where to where, and how far."""

    source: Path
    target: Path
    phase: Phase = Phase.COPYING

    def at(self, phase: Phase) -> "MoveRecord":
        """The same, further on."""
        return self.model_copy(update={"phase": phase})


def read(data_dir: Path) -> MoveRecord | None:
    """None where nothing is under way, or that cannot be read: the folder in use stays so then.
    Blocks.
    """
    with suppress(OSError, ValueError, InvalidRequest, RecursionError):
        return MoveRecord.parse(json.loads(BatchFolder(data_dir).read(NAME, MOST_BYTES)))
    return None


def write(data_dir: Path, record: MoveRecord | None) -> None:
    """Durable when it returns; None: nothing is under way. Blocks; raises StorageError."""
    path = data_dir / NAME
    with in_words(path):
        if record:
            atomic_files.write_over(path, json.dumps(record.to_json()).encode())
        else:
            path.unlink(missing_ok=True)
