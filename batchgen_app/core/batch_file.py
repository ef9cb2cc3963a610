"""``batch.json``: what stands in a batch's folder, and how a batch comes back from it.

The folder alone is enough: ``events_of`` gives events that lead to the same batch again. What was
tried before a resume, and an error's details, stand only in the log.
"""

from collections.abc import Iterator
from datetime import datetime

from pydantic import ConfigDict

from batchgen_app.core.batch import BatchStatus, CompletedBatch, Versions
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchDeleted,
    BatchFailed,
    BatchInterrupted,
    BatchQueued,
    BatchResumed,
    BatchStarted,
    Event,
    ImageCancelled,
    ImageCompleted,
    ImageDeleted,
    ImageFailed,
    ImageFavourited,
    ImageRated,
    ImageSubmitted,
)
from batchgen_app.core.lifecycle import State
from batchgen_app.core.report import summary_of
from batchgen_app.core.state import BatchState, ImageStatus, PlannedImage
from batchgen_app.core.wire import Graph, JsonObject, Rating, Seed, Wire

MADE = frozenset({ImageStatus.COMPLETED, ImageStatus.DELETED})
TRIED = frozenset({*MADE, ImageStatus.FAILED})


class PictureRecord(Wire):
    """A finished picture: its file, and what somebody thought of it."""

    filename: str
    width: int
    height: int
    bytes: int
    created_at: datetime
    favourite: bool = False
    rating: Rating = 0


class ImageRecord(Wire):
    """What has become of one planned image."""

    index: int
    seed: Seed
    status: ImageStatus
    prompt_id: str | None
    message: str | None
    seconds: float | None
    picture: PictureRecord | None

    @classmethod
    def of(cls, image: PlannedImage) -> "ImageRecord":
        picture = image.picture
        return cls(
            index=image.index,
            seed=image.seed,
            status=image.status,
            prompt_id=image.prompt_id,
            message=image.message if image.status is ImageStatus.FAILED else None,
            seconds=image.seconds,
            picture=picture
            and PictureRecord(
                **{name: getattr(picture, name) for name in PictureRecord.model_fields}
            ),
        )


class BatchFile(CompletedBatch):
    """The content of ``batch.json``. Fields that a later version may add are passed over."""

    model_config = ConfigDict(extra="ignore")

    workflow: Graph
    versions: Versions | None
    ended_because: str | None
    deleted: bool
    image_records: list[ImageRecord]

    @classmethod
    def of(cls, batch: BatchState) -> "BatchFile":
        """What is worth keeping of a batch as it stands."""
        return cls(
            **dict(summary_of(batch)),
            workflow=batch.workflow,
            versions=batch.versions,
            ended_because=batch.ended_because,
            deleted=batch.deleted,
            image_records=[ImageRecord.of(image) for image in batch.images],
        )

    @property
    def ended(self) -> bool:
        """Whether nothing more was to happen to the batch."""
        return self.status not in {BatchStatus.QUEUED, BatchStatus.GENERATING}


def document(batch: BatchState) -> JsonObject:
    """The content of ``batch.json`` for a batch as it stands."""
    return BatchFile.of(batch).to_json()


def events_of(content: JsonObject) -> list[Event]:
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
    )
    return [queued, *events_between(BatchState.queued(queued), file)]


def events_between(batch: BatchState, file: BatchFile) -> list[Event]:
    """Events that lead from ``batch`` to what ``file`` knows beyond it.

    A picture that the batch has is kept, whatever the file says; only its marks follow the file.
    """
    return list(_Story(batch, file))


class _Story:
    """The way from a batch to a file, told in an order that the table of transitions allows."""

    def __init__(self, batch: BatchState, file: BatchFile) -> None:
        self._batch = batch
        self._file = file
        self._late = file.completed_at or file.created_at
        self._news = [record for record in file.image_records if self._is_new(record)]

    def __iter__(self) -> Iterator[Event]:
        opening = list(self._opening())
        yield from opening
        # Cancelled ones first: the last one tried must find nothing left to do.
        yield from self._cancelled()
        for record in self._news:
            yield from self._tried(record)
        if opening or not self._batch.ended:
            yield from self._ending()
        for record in self._file.image_records:
            yield from self._marks(record)
        if self._file.deleted and not self._batch.deleted:
            yield BatchDeleted(at=self._late, batch_id=self._file.batch_id)
