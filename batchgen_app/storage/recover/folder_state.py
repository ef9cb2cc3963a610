"""What a batch's folder tells beyond the log: by its own file or, where that cannot be used, by its
pictures.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from batchgen_app.core.batch_file import MADE, BatchFile, ImageRecord
from batchgen_app.core.batch_file_events import events_between, events_of
from batchgen_app.core.errors import InvalidRequest, LifecycleError, NotFound, StorageError
from batchgen_app.core.events import Event
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.storage import folder_pictures
from batchgen_app.storage.event_log import replay
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.open_folder import NotUsed
from batchgen_app.storage.rebuilding import rebuilt, without_pictures

SENSELESS = (InvalidRequest, NotFound, LifecycleError, StorageError, ValueError)
"""What is raised by a folder with something in it that no batch has."""


@dataclass
class FolderState:
    """``events`` that the log lacks; why the batch's own file could not be used, if it could not;
    the names of ``damaged`` pictures; whether the pictures told all.
    """

    events: list[Event] = field(default_factory=list)
    fault: str = ""
    damaged: tuple[str, ...] = ()
    is_rebuilt: bool = False
    is_right: bool = False
    """Whether the batch's own file can stay as it is."""


class FolderReader:
    """Looks into the folders of a store."""

    def __init__(self, store: ImageStore) -> None:
        self._store = store

    async def file(self, batch_id: str) -> BatchFile | None:
        """The batch's own file, None without one; raises what is in SENSELESS."""
        return file_in(await self._store.document(batch_id), batch_id)

    async def state_of(self, batch_id: str, logged: list[Event]) -> FolderState:
        """Beyond ``logged``. Raises StorageError where the folder cannot be looked into."""
        try:
            file = await self.file(batch_id)
            told = await self._from_file(file, logged) if file else FolderState()
        except (InvalidRequest, LifecycleError) as error:
            told = FolderState(fault=f"batch.json makes no sense ({_first(error)}).")
        except StorageError as error:
            told = FolderState(fault=_about_file(error))
        if logged or told.is_right or told.events:
            return told
        return await self._from_pictures(batch_id, told.fault)

    async def _from_file(self, file: BatchFile, logged: list[Event]) -> FolderState:
        """Raises LifecycleError where it cannot have been so."""
        damaged = await self._damaged(file, logged)
        reasons = {record.index: folder_pictures.damage(_name(record)) for record in damaged}
        events = told_by(without_pictures(file, reasons) if reasons else file, logged)
        replayed([*logged, *events])
        return FolderState(events, damaged=tuple(map(_name, damaged)), is_right=not damaged)

    async def _damaged(self, file: BatchFile, logged: list[Event]) -> list[ImageRecord]:
        """Of the pictures that only the file knows, those that are none any more."""
        batch = replayed(logged)
        made = {image.index for image in batch.images if image.status in MADE} if batch else set()
        shown = (r for r in file.image_records if r.status is ImageStatus.COMPLETED and r.picture)
        return [
            record
            for record in shown
            if record.index not in made and await self._is_damaged(file.batch_id, record)
        ]

    async def _is_damaged(self, batch_id: str, record: ImageRecord) -> bool:
        length = record.picture.bytes if record.picture else 0
        return await self._store.is_damaged(batch_id, _name(record), length)

    async def _from_pictures(self, batch_id: str, fault: str) -> FolderState:
        remains = await self._store.remains(batch_id)
        try:
            events = events_of(rebuilt(remains)) if remains.has_pictures else []
        except InvalidRequest:
            events = []
        return FolderState(
            events, fault, remains.damaged if events else (), is_rebuilt=bool(events)
        )


def _first(error: InvalidRequest | LifecycleError) -> str:
    """Of what is wrong; there may be much."""
    if isinstance(error, LifecycleError):
        return str(error)
    problem = error.problems[0]
    return f"{problem.field}: {problem.message}"


def _about_file(error: StorageError) -> str:
    """What is wrong with the batch's own file; raises ``error`` where it is the disk."""
    match error.__cause__:
        case NotUsed() | PermissionError():
            return "batch.json is no file that can be read."
        case ValueError():
            return str(error)
    raise error


def _name(record: ImageRecord) -> str:
    return record.picture.filename if record.picture else ""


def replayed(events: Iterable[Event]) -> BatchState | None:
    """The batch that they lead to, None without any; raises LifecycleError."""
    known = list(events)
    return replay(known) if known else None


def told_by(file: BatchFile | None, logged: list[Event]) -> list[Event]:
    """What the folder knows beyond the log."""
    if file is None:
        return []
    if not logged:
        return events_of(file)
    return [] if _was_so(file, logged) else events_between(replay(logged), file)


def leads_to(file: BatchFile | None, events: list[Event]) -> bool:
    """Whether what the folder knows beyond ``events`` can have happened behind them."""
    if file is None:
        return True
    try:
        return bool(replay([*events, *told_by(file, events)]))
    except LifecycleError:
        return False


def _was_so(file: BatchFile, logged: list[Event]) -> bool:
    """Whether the log knows a moment at which the batch was as the file has it. It is written after
    the log, so where a process died in between, it may be late.
    """
    return any(BatchFile.of(replay(logged[:count])) == file for count in range(len(logged), 0, -1))


def file_in(content: JsonObject | None, batch_id: str) -> BatchFile | None:
    """The batch's own file with that content; raises what is in SENSELESS."""
    if content is None:
        return None
    file = BatchFile.parse(content)
    if file.batch_id != batch_id:
        raise LifecycleError(f"batch.json is that of batch {file.batch_id}")
    return file
