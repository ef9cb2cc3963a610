"""What is known of kept workflows, remembered from one start of the app to the next: to understand
a large one takes a while.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from batchgen_app import __version__, workflows
from batchgen_app.storage.atomic_files import write_over
from batchgen_app.storage.workflow_summary import Summary

logger = logging.getLogger(__name__)

_SUMMARIES = TypeAdapter(dict[str, Summary])


class SummaryCache:
    """Keeps summaries in the file ``path`` by what stands in the workflows' files. It may be
    deleted at any time, and one that cannot be read or written is done without.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Summary] | None = None
        self._used: dict[str, Summary] = {}

    def of(self, workflow_id: str, content: bytes, make: Callable[[], Summary]) -> Summary:
        """What is known of this content, from an earlier time or as ``make`` finds it out now."""
        if self._known is None:
            self._known = self._read()
        key = _key(workflow_id, content)
        found = self._used.get(key) or self._known.get(key) or make()
        self._used[key] = found
        return found

    def save(self) -> None:
        """Keep for the next start what was asked for since this one."""
        if self._known is None or self._used.keys() == self._known.keys():
            return
        try:
            write_over(self._path, _SUMMARIES.dump_json(self._used))
        except OSError as error:
            logger.info("What is known of the workflows is not kept: %s", error)
        self._known = dict(self._used)

    def _read(self) -> dict[str, Summary]:
        with suppress(OSError, ValidationError, ValueError):
            return _SUMMARIES.validate_json(self._path.read_bytes())
        return {}


def _key(workflow_id: str, content: bytes) -> str:
    """By its id, too: a workflow without a name of its own is called like its file."""
    said = json.dumps([_RULES, workflow_id]).encode(errors="surrogatepass")
    return blake2b(said + content, digest_size=16).hexdigest()


def _rules() -> str:
    """Another one where this app understands in another way than one before it."""
    told = blake2b(__version__.encode(), digest_size=8)
    for source in _sources():
        told.update(source)
    return told.hexdigest()


def _sources() -> Iterator[bytes]:
    """None in a frozen app, which has a version for each change."""
    for folder in map(Path, workflows.__path__):
        for path in sorted(folder.rglob("*.py")):
            yield path.read_bytes()


_RULES = _rules()
