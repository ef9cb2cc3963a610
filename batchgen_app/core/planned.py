"""One image of a batch's plan: from its seed to its file, to the trash and back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

from batchgen_app.core.batch import ExtraPicture, GeneratedImage, ImagePrompt
from batchgen_app.core.events import (
    BatchQueued,
    ImageCompleted,
    ImageDeleted,
    ImageFavourited,
    ImageRated,
    ImageRejected,
    ImageRestored,
    ImageTagged,
)

Edited: TypeAlias = (
    ImageFavourited | ImageRated | ImageRejected | ImageTagged | ImageDeleted | ImageRestored
)
"""What people do with a finished image."""


class ImageStatus(StrEnum):
    """What has become of one planned image."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DELETED = "deleted"


UNFINISHED = frozenset({ImageStatus.PENDING, ImageStatus.SUBMITTED})
RESUMABLE = frozenset({*UNFINISHED, ImageStatus.FAILED, ImageStatus.CANCELLED})


@dataclass(frozen=True)
class StoredImage:
    """A picture or another file as it lies on disk: its size in pixels, where it is known, and in
    bytes, and since when (UTC). ``remark`` says what could not be done when it was stored.
    """

    filename: str
    width: int | None
    height: int | None
    bytes: int
    sha256: str
    written_at: datetime
    extras: tuple[ExtraPicture, ...] = ()
    is_animated: bool = False
    remark: str = ""


@dataclass(frozen=True)
class PlannedImage:
    """``picture`` is shown; ``in_trash`` is one that was deleted and can be brought back.
    ``prompt`` and ``negative_prompt`` are there where they are others than the batch's.
    """

    index: int
    seed: int
    status: ImageStatus = ImageStatus.PENDING
    prompt_id: str | None = None
    message: str | None = None
    seconds: float | None = None
    picture: GeneratedImage | None = None
    in_trash: GeneratedImage | None = None
    prompt: str | None = None
    negative_prompt: str | None = None

    def completed(
        self,
        batch_id: str,
        stored: StoredImage,
        *,
        at: datetime | None = None,
        seconds: float | None = None,
        remark: str = "",
    ) -> ImageCompleted:
        """What is logged once its picture is stored: when that was, unless it is known better."""
        return ImageCompleted(
            at=at or stored.written_at,
            batch_id=batch_id,
            index=self.index,
            seed=self.seed,
            filename=stored.filename,
            width=stored.width,
            height=stored.height,
            bytes=stored.bytes,
            animated=stored.is_animated,
            sha256=stored.sha256,
            seconds=seconds,
            extras=stored.extras,
            remark=remark,
        )

    def with_words(self, words: ImagePrompt | None, common: ImagePrompt) -> "PlannedImage":
        """With the ``words`` that were chosen for it, where they differ from the batch's."""
        if words is None:
            return self
        prompt, negative = words.prompt, words.negative_prompt
        return replace(
            self,
            prompt=prompt if prompt != common.prompt else None,
            negative_prompt=negative if negative != common.negative_prompt else None,
        )

    def withdrawn(self) -> "PlannedImage":
        """To be sent again. Under its ``prompt_id`` the server may have begun it after all."""
        is_out = self.status is ImageStatus.SUBMITTED
        return replace(self, status=ImageStatus.PENDING) if is_out else self

    def worded(self, picture: GeneratedImage) -> GeneratedImage:
        """Its picture, with the words that it was made of."""
        words = {"prompt": self.prompt, "negative_prompt": self.negative_prompt}
        return picture.model_copy(update=words)

    def lost(self) -> "PlannedImage":
        """Without its picture, as before it was made; the server may still have it. Unchanged if it
        has none.
        """
        if self.picture is None:
            return self
        before = ImageStatus.SUBMITTED if self.prompt_id else ImageStatus.PENDING
        return replace(self, status=before, picture=None, seconds=None)

    def resumed(self) -> "PlannedImage":
        """To be made after all. Under its ``prompt_id`` the server may have it already."""
        return replace(self, status=ImageStatus.PENDING, message=None)

    def deleted(self) -> "PlannedImage":
        """With its picture in the trash."""
        thrown_away = self.picture or self.in_trash
        return replace(self, status=ImageStatus.DELETED, picture=None, in_trash=thrown_away)

    def edited(self, event: Edited) -> "PlannedImage":
        """What people think of it, and whether they want it."""
        match event:
            case ImageFavourited():
                return self.marked(favourite=event.favourite)
            case ImageRated():
                return self.marked(rating=event.rating)
            case ImageRejected():
                return self.marked(rejected=event.rejected)
            case ImageTagged():
                return self.marked(tags=event.tags)
            case ImageDeleted():
                return self.deleted()
            case ImageRestored():
                return self.restored()

    def restored(self) -> "PlannedImage":
        """With its picture out of the trash; unchanged if it is not there."""
        if self.status is not ImageStatus.DELETED or self.in_trash is None:
            return self
        return replace(self, status=ImageStatus.COMPLETED, picture=self.in_trash, in_trash=None)

    def marked(self, **marks: Any) -> "PlannedImage":
        """With other marks on its picture, wherever that is."""
        return replace(
            self,
            picture=self.picture and self.picture.model_copy(update=marks),
            in_trash=self.in_trash and self.in_trash.model_copy(update=marks),
        )


def planned(event: BatchQueued) -> tuple[PlannedImage, ...]:
    """The images of a batch as they were planned."""
    words = dict(enumerate(event.prompts or (), start=1))
    common = ImagePrompt(
        prompt=event.request.prompt, negative_prompt=event.parameters.negative_prompt
    )
    return tuple(
        PlannedImage(index, seed).with_words(words.get(index), common)
        for index, seed in enumerate(event.seeds, start=1)
    )
