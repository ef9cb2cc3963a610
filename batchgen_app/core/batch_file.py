"""``batch.json``: what stands in a batch's folder.

What was tried before a resume, and an error's details, stand only in the log.
"""

from datetime import datetime
from typing import Self

from pydantic import ConfigDict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from batchgen_app.core.batch import CompletedBatch, ExtraPicture, Versions
from batchgen_app.core.credible import check_credible
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.report import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import Graph, JsonObject, Rating, Said, Seed, Wire

UNKNOWN = Versions(app="unknown")
MADE = frozenset({ImageStatus.COMPLETED, ImageStatus.DELETED})


class PictureRecord(Wire):
    """A finished picture: its file, and what somebody thought of it."""

    filename: str
    width: int
    height: int
    bytes: int
    created_at: datetime
    favourite: bool = False
    rating: Rating = 0
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
            prompt_id=image.prompt_id if image.status is not ImageStatus.PENDING else None,
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
    ended_because: Said | None
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
