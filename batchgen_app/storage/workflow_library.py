"""The workflows that people keep: one readable file each, to be copied to another machine."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import Field

from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound
from batchgen_app.core.wire import Graph, JsonObject, Name, Text, Wire
from batchgen_app.language.message import later
from batchgen_app.storage.atomic_files import write_over
from batchgen_app.storage.faults import in_words

logger = logging.getLogger(__name__)

FOLDER = "workflows"
"""In the data folder."""
ENDING = ".json"
MOST_BYTES = 15_000_000
_NOT_IN_NAMES = re.compile(r'[/?<>\\:*|"\x00-\x1f\x7f]')
_RESERVED = re.compile(r"inspect|(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself, and the one that the API does."""


class KeptWorkflow(Wire):
    """A workflow that somebody keeps under a name. ``roles`` are what a person corrected,
    ``fields`` the inputs that the form shows besides, with what they are set to.
    """

    name: Name
    workflow: Graph
    roles: dict[str, list[Text]] = Field(default_factory=dict)
    fields: dict[Text, Text | int | float | bool] = Field(default_factory=dict)


class WorkflowLibrary:
    """The files in ``folder``; an id is a file's name without its ending. Deleted ones lie in
    ``deleted`` beside them until somebody wants them back.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def all(self) -> dict[str, KeptWorkflow]:
        """By id, sorted as people read them; a file that makes no sense is passed over."""
        return await asyncio.to_thread(lambda: dict(sorted(self._found(), key=_as_read)))

    async def get(self, workflow_id: str) -> KeptWorkflow:
        """One of them; raises NotFound."""
        return await asyncio.to_thread(self._read, workflow_id)

    async def add(self, kept: KeptWorkflow) -> str:
        """Keep another one; gives its id. Raises Conflict where the name is taken, StorageError."""
        return await asyncio.to_thread(self._add, kept)

    async def change(self, workflow_id: str, changes: JsonObject) -> str:
        """With other values; gives its id, which follows the name. Raises what ``add`` does,
        NotFound and InvalidRequest.
        """
        return await asyncio.to_thread(self._change, workflow_id, changes)

    async def delete(self, workflow_id: str) -> None:
        """Put one away; raises NotFound, StorageError."""
        await asyncio.to_thread(self._move, self._path(workflow_id), self._deleted(workflow_id))

    async def restore(self, workflow_id: str) -> None:
        """Have one back; raises NotFound, StorageError, and Conflict where its name is taken."""
        await asyncio.to_thread(self._move, self._deleted(workflow_id), self._path(workflow_id))

    def _found(self) -> Iterator[tuple[str, KeptWorkflow]]:
        with in_words(self._folder):
            there = self._folder.glob(f"*{ENDING}") if self._folder.is_dir() else ()
            names = sorted(path.name for path in there)
        for name in names:
            with suppress(NotFound):
                workflow_id = name.removesuffix(ENDING)
                yield workflow_id, self._read(workflow_id)

    def _read(self, workflow_id: str) -> KeptWorkflow:
        path = self._path(workflow_id)
        with in_words(path):
            if not path.is_file() or path.stat().st_size > MOST_BYTES:
                raise _unknown(workflow_id)
            content = path.read_bytes()
        try:
            return KeptWorkflow.parse({"name": workflow_id, **_as_object(content)})
        except (ValueError, InvalidRequest) as error:
            logger.warning("A workflow of the library cannot be read: %s", type(error).__name__)
            raise _unknown(workflow_id) from error

    def _add(self, kept: KeptWorkflow) -> str:
        path = self._path(id_of(kept.name))
        with in_words(path):
            if path.exists():
                raise _taken(kept.name)
            write_over(path, _written(kept))
        return path.name.removesuffix(ENDING)

    def _change(self, workflow_id: str, changes: JsonObject) -> str:
        before = self._read(workflow_id)
        kept = KeptWorkflow.parse({**before.to_json(), **changes})
        if id_of(kept.name) == workflow_id:
            with in_words(self._folder):
                write_over(self._path(workflow_id), _written(kept))
            return workflow_id
        renamed = self._add(kept)
        with in_words(self._folder):
            self._path(workflow_id).unlink()
        return renamed

    def _move(self, source: Path, target: Path) -> None:
        with in_words(source):
            if not source.is_file():
                raise _unknown(source.stem)
            if source.parent != self._folder and target.exists():
                raise _taken(target.stem)
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)

    def _path(self, workflow_id: str) -> Path:
        if workflow_id != id_of(workflow_id):
            raise _unknown(workflow_id)
        return self._folder / f"{workflow_id}{ENDING}"

    def _deleted(self, workflow_id: str) -> Path:
        return self._folder / "deleted" / self._path(workflow_id).name


def id_of(name: str) -> str:
    """A name as a file on every system can have it."""
    text = _NOT_IN_NAMES.sub("-", name).strip(" .")[:100].rstrip(" .") or "workflow"
    return f"{text}-" if _RESERVED.fullmatch(text) else text


def _as_object(content: bytes) -> JsonObject:
    """Raises ValueError where it is none. A bare graph that somebody put there is one, too."""
    data: Any = json.loads(content)
    if not isinstance(data, dict):
        raise ValueError("no object")  # noqa: TRY004 - bad content, not a wrong call
    return data if isinstance(data.get("workflow"), dict) else {"workflow": data}


def _written(kept: KeptWorkflow) -> bytes:
    return json.dumps(kept.to_json(), ensure_ascii=False, indent=2).encode()


def _as_read(entry: tuple[str, KeptWorkflow]) -> str:
    return entry[1].name.casefold()


def _unknown(workflow_id: str) -> NotFound:
    return NotFound(later("There is no workflow {id}.", id=workflow_id[:100]))


def _taken(name: str) -> Conflict:
    return Conflict(later('There is a workflow "{name}" already. Choose another name.', name=name))
