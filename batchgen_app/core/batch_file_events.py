"""What a ``batch.json`` knows beyond the log, as events: how a batch comes back from its folder.

The folder alone is enough: ``events_of`` gives events that lead to the same batch again.

Its real events are not kept in the folder, though that was tried: a line appended and synced
takes 0.2 ms, and an image has two. But folders of earlier versions, and pictures that lie there
alone, need this way all the same. A second record beside ``batch.json``, which other programs
read, would have to be read from folders that anybody can write to, repaired, and brought to one
truth with the first: more code, for the order of marks that nobody asks about.
"""

import copy
from collections.abc import Iterable, Iterator

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.batch_file import MADE, UNKNOWN, BatchFile, ImageRecord
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchDeleted,
    BatchFailed,
    BatchInterrupted,
    BatchProved,
    BatchQueued,
    BatchRestored,
    BatchResumed,
    BatchStarted,
    Event,
    ImageAdded,
    ImageCancelled,
    ImageDeleted,
    ImageFailed,
    ImageFavourited,
    ImageLost,
    ImageRated,
    ImageRejected,
    ImageRestored,
    ImageSkipped,
    ImageSubmitted,
    ImageTagged,
)
from batchgen_app.core.lifecycle import State
from batchgen_app.core.planned import ImageStatus, PlannedImage, StoredImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject

TRIED = frozenset({*MADE, ImageStatus.FAILED})
WHOLE = frozenset({BatchStatus.COMPLETE, BatchStatus.FAILED})
"""Of a batch that was not stopped: what was not made was skipped."""


def events_of(content: JsonObject | BatchFile) -> list[Event]:
    """Events that lead to the batch that ``content`` describes, with its ids, seeds and times.

    Raises InvalidRequest if ``content`` is not a batch file. A picture's checksum is left empty.
    """
    file = BatchFile.parse(content)
    queued = BatchQueued(
        at=file.created_at,
        batch_id=file.batch_id,
        request=file.request,
        seeds=file.seeds,
        workflow=file.workflow,
        parameters=file.parameters,
        understood=file.understood,
        prompts=file.prompts,
        imported=file.imported,
    )
    return [queued, *events_between(BatchState.queued(queued), file)]


def events_between(batch: BatchState, file: BatchFile) -> list[Event]:
    """Events that lead from ``batch`` to what ``file`` knows beyond it.

    A picture that the batch has is kept, whatever the file says, unless it was made again later;
    else only its marks follow the file.
    """
    return list(_Story(batch, file))


class _Story:
    """The way from a batch to a file, told in an order that the table of transitions allows."""

    def __init__(self, batch: BatchState, file: BatchFile) -> None:
        self._file = file
        self._can_skip = False
        self._added = [_added(file, record) for record in file.image_records[batch.total_images :]]
        # A shallow copy is enough: apply() replaces what it changes.
        self._batch = copy.copy(batch)
        for event in self._added:
            self._batch.apply(event)
        self._news = [record for record in file.image_records if self._is_new(record)]
        # The file keeps no times of single events: what began is told at its beginning, what ended
        # at the last moment that it knows.
        self._early = {"batch_id": file.batch_id, "at": file.created_at}
        self._late = {"batch_id": file.batch_id, "at": file.last_time}

    def __iter__(self) -> Iterator[Event]:
        yield from self._added
        opening = list(self._opening())
        yield from opening
        is_generating = opening or self._batch.state is State.GENERATING_IMAGE
        self._can_skip = bool(is_generating) and self._file.status in WHOLE
        # Cancelled ones first: the last one tried must find nothing left to do.
        for record in sorted(self._news, key=lambda news: news.status is not ImageStatus.CANCELLED):
            yield from self._image(record)
        proof = self._file.proof
        if proof and proof.was_tried and proof != self._batch.proof:
            yield BatchProved(proof=proof, **self._late)
        if opening or not self._batch.ended:
            yield from self._ending(was_opened=bool(opening))
        for record in self._file.image_records:
            yield from self._marks(record)
        if self._file.deleted and not self._batch.deleted:
            yield BatchDeleted(**self._late)
        if self._batch.deleted and not self._file.deleted:
            yield BatchRestored(**self._late)

    def _is_new(self, record: ImageRecord) -> bool:
        known = self._batch.image(record.index).status
        is_missing = known not in MADE and record.status not in {known, ImageStatus.PENDING}
        return is_missing or self._is_made_again(record)

    def _is_made_again(self, record: ImageRecord) -> bool:
        """While the batch ran, its first picture was lost, and the log does not know that."""
        before, after = self._batch.image(record.index).picture, record.picture
        return bool(
            before and after and after.created_at > before.created_at and not self._batch.ended
        )

    def _opening(self) -> Iterator[Event]:
        """To where the images that were tried can be tried."""
        tried = [
            record.index
            for record in self._news
            if record.status in TRIED and not self._is_made_again(record)
        ]
        if tried and not self._is_open_for(tried):
            if not self._batch.ended:
                yield BatchInterrupted(because="", **self._early)
            yield self._resumed(record.index for record in self._news)
            yield self._started()
        elif self._batch.state is State.QUEUED_FOR_GENERATION and (
            tried or self._file.versions != self._batch.versions
        ):
            yield self._started()

    def _is_open_for(self, indexes: list[int]) -> bool:
        return not self._batch.ended and set(indexes) <= {
            image.index for image in self._batch.unfinished
        }

    def _started(self) -> Event:
        file = self._file
        return BatchStarted(versions=file.versions or UNKNOWN, server=file.server, **self._early)

    def _resumed(self, missing: Iterable[int]) -> Event:
        return BatchResumed(missing=list(missing), **self._early)

    def _image(self, record: ImageRecord) -> Iterator[Event]:
        index = record.index
        if self._is_made_again(record):
            yield ImageLost(index=index, message="", **self._early)
        if record.prompt_id:
            yield ImageSubmitted(
                index=index, seed=record.seed, prompt_id=record.prompt_id, **self._early
            )
        if record.status in MADE:
            yield self._completed(record)
        elif record.status is ImageStatus.FAILED:
            yield ImageFailed(index=index, message=record.message or "", **self._late)
        elif record.status is ImageStatus.CANCELLED and self._can_skip:
            yield ImageSkipped(index=index, because="", **self._late)
        elif record.status is ImageStatus.CANCELLED:
            yield ImageCancelled(index=index, **self._late)

    def _completed(self, record: ImageRecord) -> Event:
        picture = record.picture
        assert picture, "the file was checked"
        stored = StoredImage(
            filename=picture.filename,
            width=picture.width,
            height=picture.height,
            bytes=picture.bytes,
            is_animated=picture.animated,
            sha256="",
            written_at=picture.created_at,
            extras=picture.extras,
        )
        return PlannedImage(record.index, record.seed).completed(
            self._file.batch_id, stored, seconds=record.seconds, remark=picture.remark
        )

    def _ending(self, *, was_opened: bool) -> Iterator[Event]:
        because = self._file.ended_because or ""
        match self._file.status:
            case BatchStatus.COMPLETE:
                yield BatchCompleted(**self._late)
            case BatchStatus.FAILED:
                yield BatchFailed(message=because, **self._late)
            case BatchStatus.CANCELLED if self._file.interrupted:
                yield BatchInterrupted(because=because, **self._late)
            case BatchStatus.CANCELLED:
                yield BatchCancelled(because=because, **self._late)
            case BatchStatus.QUEUED if was_opened:
                yield BatchInterrupted(because="", **self._late)
                yield self._resumed(self._file.pending)

    def _marks(self, record: ImageRecord) -> Iterator[Event]:
        """What somebody thought of the image, where the batch does not know it."""
        known, about = self._batch.image(record.index), {"index": record.index, **self._late}
        is_deleted = record.status is ImageStatus.DELETED
        before = None if self._is_made_again(record) else known.picture or known.in_trash
        if picture := record.picture:
            if picture.favourite != bool(before and before.favourite):
                yield ImageFavourited(favourite=picture.favourite, **about)
            if picture.rating != (before.rating if before else 0):
                yield ImageRated(rating=picture.rating, **about)
            if picture.rejected != bool(before and before.rejected):
                yield ImageRejected(rejected=picture.rejected, **about)
            if picture.tags != (before.tags if before else ()):
                yield ImageTagged(tags=picture.tags, **about)
        if is_deleted and known.status is not ImageStatus.DELETED:
            yield ImageDeleted(**about)
        if not is_deleted and known.status is ImageStatus.DELETED:
            yield ImageRestored(**about)


def _added(file: BatchFile, record: ImageRecord) -> ImageAdded:
    """A further image that only the file knows."""
    return ImageAdded(
        at=file.created_at,
        batch_id=file.batch_id,
        index=record.index,
        seed=record.seed,
        prompt=file.prompts[record.index - 1] if file.prompts else None,
    )
