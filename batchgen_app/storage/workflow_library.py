"""The workflows that people keep: one readable file each, to be copied to another machine."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound, StorageError
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage.atomic_files import make_folder, write_new, write_over
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.file_memory import FileMemory, files_in, stamp_of
from batchgen_app.storage.kept_files import kept_in, summarised, unknown
from batchgen_app.storage.kept_workflow import (
    ENDING,
    PICTURES,
    KeptWorkflow,
    Unusable,
    UnusableFile,
    id_of,
    numbered,
    parsed,
    shown,
    stem,
    written,
)
from batchgen_app.storage.open_folder import OpenFolder
from batchgen_app.storage.summary_cache import SummaryCache
from batchgen_app.storage.workflow_summary import Summary
from batchgen_app.workflows.families import FAMILIES

FOLDER = "workflows"
"""In the data folder."""
DELETED = "deleted"
"""In that."""
KNOWN = "workflows-known.json"
"""In the data folder: what is known of them."""
CHANGED = later(
    'The workflow "{name}" was changed by somebody else meanwhile, and nothing of that was '
    "overwritten. Load it again, then change it."
)


@dataclass(frozen=True)
class DeletedWorkflow:
    """One that can be had back, and since when it lies there."""

    id: str
    name: str
    since: datetime


@dataclass(frozen=True)
class Shelf:
    """What lies in the folder: by id, sorted as people read it; and what cannot be used."""

    kept: Mapping[str, Summary]
    unusable: Sequence[UnusableFile]


class WorkflowLibrary:
    """The files in ``folder``; an id is a file's name without its ending. People put files there
    and take some away, so it is looked at anew each time; read is only what has changed. Deleted
    ones lie in ``deleted`` beside them until somebody wants them back. What is known of them stands
    in the file ``cache`` for the next start.
    """

    def __init__(self, folder: Path, cache: Path | None = None) -> None:
        self._folder = folder
        self._cache = SummaryCache(cache) if cache else None
        self._turn = asyncio.Lock()
        self._looking = asyncio.Lock()
        self._summaries = FileMemory(self._summarised)
        self._names = FileMemory(_name_in)
        self._renamed: dict[str, str] = {}

    async def look(self) -> Shelf:
        """Everything that is there. Raises StorageError where the folder cannot be read."""
        async with self._looking:  # else each who asks at the first time would read every file
            return await asyncio.to_thread(self._look)

    async def summary(self, workflow_id: str) -> Summary:
        """What is known of one of them; raises NotFound, StorageError."""
        return await asyncio.to_thread(self._summary, workflow_id)

    async def stamp(self) -> object:
        """Equal as long as nothing in the folder changes, by whose hand ever: no file is opened.
        Raises StorageError.
        """
        return await asyncio.to_thread(self._stamp)

    async def deleted(self) -> list[DeletedWorkflow]:
        """What can be had back, what was deleted last first. Raises StorageError."""
        return await asyncio.to_thread(self._all_deleted)

    async def get(self, workflow_id: str) -> KeptWorkflow:
        """One of them; raises NotFound."""
        return await asyncio.to_thread(self._read, workflow_id)

    async def id_now(self, workflow_id: str) -> str:
        """The id of one that may have been renamed since the app was started; raises NotFound for
        what is none.
        """
        return await asyncio.to_thread(self._id_now, workflow_id)

    async def add(self, kept: KeptWorkflow, *, make_free: bool = False) -> str:
        """Keep another one; gives its id. Where the name is taken, raises Conflict, or with
        ``make_free`` puts a number behind it. Raises StorageError.
        """
        async with self._turn:
            name = self._free_name(kept.name) if make_free else kept.name
            return await asyncio.to_thread(self._add, kept.model_copy(update={"name": name}))

    async def change(
        self, workflow_id: str, changes: JsonObject, *, seen: Collection[str] | None = None
    ) -> str:
        """With other values; gives its id, which follows the name. ``seen`` are revisions that they
        fit. Raises what ``add`` does, Conflict where it is another one by now, NotFound and
        InvalidRequest.
        """
        async with self._turn:
            return await asyncio.to_thread(self._change, workflow_id, changes, seen)

    async def delete(self, workflow_id: str) -> None:
        """Put one away; raises NotFound, StorageError."""
        async with self._turn:
            await asyncio.to_thread(self._delete, workflow_id)

    async def restore(self, workflow_id: str) -> None:
        """Have one back; raises NotFound, StorageError, and Conflict where its name is taken."""
        async with self._turn:
            await asyncio.to_thread(self._restore, workflow_id)

    def _look(self) -> Shelf:
        paths = files_in(self._folder, (ENDING, *PICTURES))
        self._summaries.forget_all_but(paths)
        kept: dict[str, Summary] = {}
        unusable = []
        for path in paths:
            with suppress(NotFound):  # taken away at this moment
                found = self._told(path)
                if isinstance(found, Summary):
                    kept[stem(path.name)] = found
                else:
                    unusable.append(found)
        if self._cache:
            self._cache.save()
        return Shelf(dict(sorted(kept.items(), key=_as_read)), unusable)

    def _told(self, path: Path) -> Summary | UnusableFile:
        try:
            return self._summaries.of(path)
        except StorageError as error:
            return UnusableFile(shown(path.name), error.message)

    def _summary(self, workflow_id: str) -> Summary:
        found = self._summaries.of(self._path(workflow_id))
        if isinstance(found, UnusableFile):
            raise Unusable(found.filename, found.why)
        return found

    def _summarised(self, path: Path) -> Summary | UnusableFile:
        return summarised(path, self._cache)

    def _stamp(self) -> object:
        folders = self._folder, self._folder / DELETED
        return [(path, stamp_of(path)) for folder in folders for path in files_in(folder)]

    def _all_deleted(self) -> list[DeletedWorkflow]:
        found = list(self._found_deleted())
        return sorted(found, key=lambda one: one.since, reverse=True)

    def _found_deleted(self) -> Iterator[DeletedWorkflow]:
        folder = self._folder / DELETED
        paths = files_in(folder, (ENDING,))
        self._names.forget_all_but(paths)
        for path in paths:
            with suppress(OSError):
                since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                yield DeletedWorkflow(stem(path.name), self._names.of(path), since)

    def _read(self, workflow_id: str) -> KeptWorkflow:
        return kept_in(self._path(workflow_id))

    def _add(self, kept: KeptWorkflow) -> str:
        path = self._path(id_of(kept.name))
        with in_words(path):
            if path.exists():
                raise _taken(kept.name)
            make_folder(self._folder)
            with OpenFolder.open(self._folder) as folder:
                _write(folder, path.name, kept)
        return stem(path.name)

    def _free_name(self, name: str) -> str:
        more = (numbered(name, f" {number}") for number in count(2))
        names = chain([name], more)
        return next(n for n in names if not (id_of(n) in FAMILIES or self._path(id_of(n)).exists()))

    def _change(self, workflow_id: str, changes: JsonObject, seen: Collection[str] | None) -> str:
        before = self._read(workflow_id)
        if seen is not None and before.revision not in seen:
            raise Conflict(later(CHANGED, name=before.name))
        kept = KeptWorkflow.parse({**before.to_json(), **changes})
        if id_of(kept.name) == workflow_id:
            with in_words(self._path(workflow_id)):
                write_over(self._path(workflow_id), written(kept))
            return workflow_id
        renamed = self._add(kept)
        with in_words(self._path(workflow_id)):
            self._path(workflow_id).unlink()
        led_here = [before for before, now in self._renamed.items() if now == workflow_id]
        self._renamed |= dict.fromkeys([*led_here, workflow_id], renamed)
        return renamed

    def _id_now(self, workflow_id: str) -> str:
        if self._path(workflow_id).is_file():
            return workflow_id
        return self._renamed.get(workflow_id, workflow_id)

    def _delete(self, workflow_id: str) -> None:
        source, target = self._path(workflow_id), self._deleted(workflow_id)
        with in_words(source):
            if not source.is_file():
                raise unknown(workflow_id)
            make_folder(target.parent)
            if target.exists():  # one of the same name, deleted earlier
                target.replace(_free(target))
            source.replace(target)
            target.touch()

    def _restore(self, workflow_id: str) -> None:
        source, target = self._deleted(workflow_id), self._path(workflow_id)
        with in_words(source):
            if not source.is_file():
                raise unknown(workflow_id)
            if target.exists():
                raise _taken(workflow_id)
            source.replace(target)

    def _path(self, workflow_id: str) -> Path:
        if workflow_id != id_of(workflow_id):
            raise unknown(workflow_id)
        return self._folder / f"{workflow_id}{ENDING}"

    def _deleted(self, workflow_id: str) -> Path:
        return self._folder / DELETED / self._path(workflow_id).name


def _name_in(path: Path) -> str:
    """For those that are deleted: the file's, where it says none."""
    with suppress(InvalidRequest, OSError):
        return parsed(stem(path.name), path.read_bytes()).name
    return shown(stem(path.name))


def _write(folder: OpenFolder, name: str, kept: KeptWorkflow) -> None:
    try:
        write_new(folder, name, written(kept))
    except FileExistsError as error:
        raise _taken(kept.name) from error


def _free(path: Path) -> Path:
    """A name beside ``path`` that nothing has."""
    ids = (numbered(stem(path.name), f" ({number})") for number in count(2))
    names = (path.with_name(f"{one}{ENDING}") for one in ids)
    return next(name for name in names if not name.exists())


def _as_read(entry: tuple[str, Summary]) -> str:
    return entry[1].name.casefold()


def _taken(name: str) -> Conflict:
    return Conflict(later('There is a workflow "{name}" already. Choose another name.', name=name))
