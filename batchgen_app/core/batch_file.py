"""``batch.json``: what stands in a batch's folder. What was tried before a resume, and an error's
details, stand only in the log.

Its shape is checked where it is parsed, and then whether it can be true: a name that leads to
another file is refused, a number that no database holds, a time without a zone.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from batchgen_app.core import limits, media, seeds
from batchgen_app.core.batch import CompletedBatch, ExtraPicture, Parameters, Understood, Versions
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.server_list import MadeOn
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import Tags
from batchgen_app.core.wire import Graph, JsonObject, Rating, Said, Seed, Wire, left_out
from batchgen_app.language.message import Message, later

UNKNOWN = Versions(app="unknown")
MADE = frozenset({ImageStatus.COMPLETED, ImageStatus.DELETED})


class PictureRecord(Wire):
    """A finished picture: its file, and what somebody thought of it."""

    filename: str
    width: int | None = Field(default=None, exclude_if=lambda side: side is None)
    height: int | None = Field(default=None, exclude_if=lambda side: side is None)
    bytes: int
    animated: bool = Field(default=False, exclude_if=lambda moves: not moves)
    created_at: datetime
    favourite: bool = False
    rating: Rating = 0
    rejected: bool = Field(default=False, exclude_if=lambda rejected: not rejected)
    tags: Tags = Field(default=(), exclude_if=lambda tags: not tags)
    extras: tuple[ExtraPicture, ...] = ()
    remark: Said = ""


class ImageRecord(Wire):
    """What has become of one planned image."""

    index: int
    seed: Seed
    status: ImageStatus
    prompt_id: str | None
    message: Said | None
    seconds: float | None
    picture: PictureRecord | None

    @classmethod
    def of(cls, image: PlannedImage) -> "ImageRecord":
        picture = image.picture or image.in_trash
        return cls(
            index=image.index,
            seed=image.seed,
            status=image.status,
            # One that is resumed is pending and keeps its id; in the file, that means submitted.
            prompt_id=image.prompt_id if image.status is not ImageStatus.PENDING else None,
            message=image.message if image.status is ImageStatus.FAILED else None,
            seconds=image.seconds,
            picture=picture
            and PictureRecord(
                **{name: getattr(picture, name) for name in PictureRecord.model_fields}
            ),
        )


class BatchFile(CompletedBatch):
    """The content of ``batch.json``. Fields that a later version adds to the batch are passed over;
    one that it adds to an image makes the file unreadable here, and the pictures tell instead.
    """

    model_config = ConfigDict(extra="ignore")

    workflow: Graph
    versions: Versions | None
    server: MadeOn | None = left_out()
    ended_because: Said | None
    deleted: bool
    understood: Understood | None = left_out()
    image_records: list[ImageRecord]

    @classmethod
    def of(cls, batch: BatchState) -> "BatchFile":
        """What is worth keeping of a batch as it stands."""
        return cls(
            **dict(summary_of(batch)),
            workflow=batch.workflow,
            versions=batch.versions,
            server=batch.server,
            ended_because=batch.ended_because,
            deleted=batch.deleted,
            understood=batch.understood,
            image_records=[ImageRecord.of(image) for image in batch.images],
        )

    @classmethod
    def parse(cls, data: object) -> Self:
        """From JSON data of whoever wrote it; raises InvalidRequest also for what no batch has."""
        file = super().parse(data)
        check_credible(file)
        return file

    @field_validator("image_records")
    @classmethod
    def _one_for_each_seed(
        cls, records: list[ImageRecord], info: ValidationInfo
    ) -> list[ImageRecord]:
        plan = list(enumerate(info.data.get("seeds", ()), start=1))
        if [(record.index, record.seed) for record in records] != plan:
            raise PydanticCustomError("not_the_plan", "image records and seeds do not match")
        if any(record.status in MADE and not record.picture for record in records):
            raise PydanticCustomError("no_picture", "a finished image has no picture")
        return records

    @property
    def last_time(self) -> datetime:
        """The last moment that the file knows of."""
        pictures = (record.picture for record in self.image_records if record.picture)
        made = [picture.created_at for picture in pictures]
        return self.completed_at or max(made, default=self.created_at)

    @property
    def pending(self) -> list[int]:
        """The images that were not even submitted yet."""
        return [
            record.index for record in self.image_records if record.status is ImageStatus.PENDING
        ]


def document(batch: BatchState) -> JsonObject:
    """The content of ``batch.json`` for a batch as it stands."""
    return BatchFile.of(batch).to_json()


EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
"""In between, a time stays one in every zone."""


class _Picture(Protocol):
    @property
    def filename(self) -> str: ...
    @property
    def width(self) -> int | None: ...
    @property
    def height(self) -> int | None: ...
    @property
    def bytes(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def extras(self) -> tuple[ExtraPicture, ...]: ...


class _Record(Protocol):
    @property
    def index(self) -> int: ...
    @property
    def seed(self) -> int: ...
    @property
    def seconds(self) -> float | None: ...
    @property
    def picture(self) -> _Picture | None: ...


class _File(Protocol):
    @property
    def parameters(self) -> Parameters: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def completed_at(self) -> datetime | None: ...
    @property
    def seeds(self) -> list[int]: ...
    @property
    def image_records(self) -> Sequence[_Record]: ...


def check_credible(file: _File) -> None:
    """Raises InvalidRequest for the first thing that cannot be."""
    if len(file.seeds) > limits.MAX_BATCH_COUNT:
        raise _refused("seeds", later("It has more images than any batch."))
    if not all(map(_is_held, _numbers(file))):
        raise _refused("imageRecords", later("It has a number that cannot be."))
    if not all(EARLIEST < time < LATEST if time.tzinfo else False for time in _times(file)):
        raise _refused("createdAt", later("It has a time that cannot be."))
    if not all(media.is_named(filename, stem) for filename, stem in _names(file)):
        raise _refused("imageRecords", later("It gives an image the file of another one."))


def _refused(field: str, message: Message) -> InvalidRequest:
    return InvalidRequest.of(field, "not_credible", message)


def _is_held(number: float) -> bool:
    return 0 <= number <= seeds.MAX_SEED


def _numbers(file: _File) -> Iterator[float]:
    parameters = file.parameters
    yield from (n for n in (parameters.steps, parameters.width, parameters.height) if n is not None)
    for record in file.image_records:
        yield record.seconds or 0.0
        for picture in _pictures(record):
            yield from (picture.width or 0, picture.height or 0, picture.bytes)


def _pictures(record: _Record) -> Iterator[_Picture | ExtraPicture]:
    if record.picture:
        yield record.picture
        yield from record.picture.extras


def _times(file: _File) -> Iterator[datetime]:
    yield file.created_at
    yield from filter(None, [file.completed_at])
    yield from (record.picture.created_at for record in file.image_records if record.picture)


def _names(file: _File) -> Iterator[tuple[str, str]]:
    """Each file's name, and how it must begin."""
    for record in file.image_records:
        if picture := record.picture:
            # As storage names them; a name from outside that is another one may lead anywhere.
            stem = f"{record.index:03d}_{record.seed}"
            yield picture.filename, stem
            for extra in picture.extras:
                yield extra.filename, f"{stem}_{extra.number}"
