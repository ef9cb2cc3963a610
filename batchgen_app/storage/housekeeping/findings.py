"""What a look through the files came to. It stays until the next one, in a file of the data
folder.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import Wire
from batchgen_app.storage import atomic_files
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.housekeeping.belongings import Foreign

NAME = "findings.json"
MOST = 200
"""Of each kind are named; of all of them it is known how many there are."""
MOST_BYTES = 20_000_000


class Faulty(Wire):
    """Pictures of a batch that the index has, by the indexes of their images: which are
    ``missing``, which are ``damaged``.
    """

    batch_id: str
    missing: tuple[int, ...] = ()
    damaged: tuple[int, ...] = ()


class Group(Wire):
    """Pictures (their ids) of which one is enough, the best one first; ``bytes`` is what the others
    take.
    """

    images: tuple[str, ...]
    bytes: int


class Found(Wire):
    """How many there are of each kind, of which only so many are named."""

    missing: int = 0
    damaged: int = 0
    foreign: int = 0
    unknown: int = 0
    same: int = 0
    same_bytes: int = 0
    alike: int = 0
    alike_bytes: int = 0


class Findings(Wire):
    """Of one look through the files: when it ended, how many pictures it saw; what is not as it
    should be. ``unknown`` are folders of batches that nobody knows, ``same`` are equal byte by
    byte, ``alike`` only look so. ``problems`` are what could not be looked at, in words.
    """

    ended_at: datetime
    images: int
    bytes: int
    found: Found
    faulty: tuple[Faulty, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    unknown: tuple[str, ...] = ()
    same: tuple[Group, ...] = ()
    alike: tuple[Group, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether there is nothing to tell."""
        return self.found == Found() and not self.problems


def keep(data_dir: Path, findings: Findings) -> None:
    """Until the next ones. Blocks; raises StorageError."""
    path = data_dir / NAME
    with in_words(path):
        atomic_files.write_over(path, json.dumps(findings.to_json()).encode())


def kept(data_dir: Path) -> Findings | None:
    """The last ones; None where there are none, or they are not as ``keep`` writes them: an earlier
    build knew less, or called files what is no text. Blocks.
    """
    with suppress(OSError, ValueError, InvalidRequest, RecursionError):
        data = json.loads(BatchFolder(data_dir).read(NAME, MOST_BYTES))
        json.dumps(data, ensure_ascii=False).encode()  # refuses halves of a pair
        findings = Findings.parse(data)
        return findings if findings.to_json() == data else None
    return None


def first(things: Sequence[Group]) -> tuple[Group, ...]:
    """Those that take most room."""
    return tuple(sorted(things, key=lambda group: -group.bytes)[:MOST])
