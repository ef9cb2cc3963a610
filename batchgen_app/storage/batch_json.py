"""A batch's own file: written for every reader, read as if anybody had written it."""

import json
import logging
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from batchgen_app.core.batch_file import BatchFile
from batchgen_app.core.errors import InvalidRequest, StorageError
from batchgen_app.core.events import (
    BatchContinued,
    BatchFinishRequested,
    BatchPaused,
    BatchQueued,
    ImageSubmitted,
    ImageWithdrawn,
    TrashEmptied,
)
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folder_pictures import put_aside
from batchgen_app.storage.open_folder import NotUsed

logger = logging.getLogger(__name__)

NAME = "batch.json"
MOST_BYTES = 32_000_000
"""A larger file is none of ours: a request, and with it its workflow, has at most half of that."""
NOT_IN_FILE = (
    BatchQueued,
    BatchPaused,
    BatchContinued,
    BatchFinishRequested,
    ImageSubmitted,
    ImageWithdrawn,
    TrashEmptied,
)
"""Events that change nothing in it."""


def written(document: JsonObject) -> bytes:
    """The file's content."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2).encode()


def read(content: bytes) -> JsonObject:
    """What stands in it; raises ValueError where that is not what could have been written."""
    try:
        document = json.loads(content, parse_constant=_no_number)
        # Only to see that it can be written: lone surrogates cannot.
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeError as error:
        raise ValueError(later("it holds characters that do not exist")) from error
    except RecursionError as error:
        raise ValueError(later("it is nested too deeply")) from error
    if not isinstance(document, dict):
        raise ValueError(later("it is not a batch file"))  # noqa: TRY004 - of whoever wrote it
    return document


def document_in(folder: BatchFolder) -> JsonObject | None:
    """What it says in a batch's folder, None where it is missing. Blocks; raises StorageError."""
    path = folder.path / NAME
    try:
        with in_words(path), suppress(FileNotFoundError):
            return read(folder.read(NAME, MOST_BYTES))
    except ValueError as error:
        raise StorageError(
            later("{path} cannot be read: {error}.", path=path, error=error)
        ) from error
    return None


def is_readable(folder: BatchFolder) -> bool:
    """Whether it is ours, or missing: else it must be kept. Blocks; raises OSError."""
    try:
        BatchFile.parse(read(folder.read(NAME, MOST_BYTES)))
    except FileNotFoundError:
        return True
    except (NotUsed, ValueError, InvalidRequest):
        return False
    return True


def put_away(folder: BatchFolder) -> str:
    """Give it another name; gives that, or nothing where it is missing. Blocks."""
    return put_aside(folder, NAME)


class Writer:
    """Writes it, in the folders of all batches. What somebody else left there is not simply written
    over: it is looked at once in each run.
    """

    def __init__(self) -> None:
        self._written: set[Path] = set()

    def write(self, folder: BatchFolder, document: JsonObject) -> None:
        """In one step. Blocks; raises OSError or StorageError."""
        if folder.path not in self._written and not is_readable(folder):
            kept = put_away(folder)
            logger.warning("batch.json cannot be read. It is kept as %s", kept)
        folder.write_over(NAME, written(document))
        self._written.add(folder.path)


def _no_number(name: str) -> NoReturn:
    raise ValueError(later("{name} is no number", name=name))
