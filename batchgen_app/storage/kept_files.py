"""One file of the library of workflows: read, understood, or told why it cannot be used."""

import logging
from pathlib import Path

from batchgen_app.core.errors import InvalidRequest, NotFound
from batchgen_app.language.message import later
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.kept_workflow import (
    KeptWorkflow,
    Unusable,
    UnusableFile,
    parsed,
    require_name,
    shown,
    stem,
)
from batchgen_app.storage.summary_cache import SummaryCache
from batchgen_app.storage.workflow_file import MOST_BYTES
from batchgen_app.storage.workflow_summary import Summary, summary_of

logger = logging.getLogger(__name__)


def kept_in(path: Path) -> KeptWorkflow:
    """The whole of it; raises NotFound, StorageError."""
    return _parsed(path, _content(path))


def summarised(path: Path, cache: SummaryCache | None) -> Summary | UnusableFile:
    """What is known of it, by the ``cache`` or by reading it; raises NotFound, StorageError."""
    try:
        require_name(path.name)
        content = _content(path)

        def understand() -> Summary:
            return summary_of(_parsed(path, content))

        return cache.of(stem(path.name), content, understand) if cache else understand()
    except Unusable as error:
        logger.warning("A workflow of the library cannot be used: %s", error.file.why)
        return error.file


def unknown(workflow_id: str) -> NotFound:
    """The error for what is none."""
    return NotFound(later("There is no workflow {id}.", id=shown(workflow_id[:100])))


def _content(path: Path) -> bytes:
    with in_words(path):
        if not path.is_file():
            raise unknown(stem(path.name))
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)  # one more is refused


def _parsed(path: Path, content: bytes) -> KeptWorkflow:
    try:
        return parsed(stem(path.name), content)
    except InvalidRequest as error:
        raise Unusable(path.name, error.message) from error
