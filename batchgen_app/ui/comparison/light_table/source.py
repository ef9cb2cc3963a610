"""Where the pictures of a light table come from: whatever tells of them and takes their marks."""

from collections.abc import Callable, Sequence
from typing import Protocol

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.ids import image_id
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.services.values import THUMBNAIL_SIDE
from batchgen_app.ui.comparison import words as comparison_words
from batchgen_app.ui.comparison.image_actions import ImageActions
from batchgen_app.ui.comparison.image_detail import viewed
from batchgen_app.ui.comparison.light_table import words
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import bind_prop

STATUS = {
    ImageStatus.COMPLETED: "completed",
    ImageStatus.FAILED: "failed",
    ImageStatus.CANCELLED: "failed",
    ImageStatus.DELETED: "deleted",
}
"""Any other one is still to come."""


class Source(Protocol):
    """Pictures, each known by the id of its image. They may be of different batches."""

    @property
    def frame(self) -> tuple[int, int]:
        """How large a picture is as long as there is none, in pixels."""

    def images(self) -> list[JsonObject]:
        """All that may come onto the table, in order, also those that are not there yet."""

    def follow(self, table: ui.element, prop: str, pick: Callable[[], object]) -> None:
        """Keep a prop at ``pick()`` when images change."""

    async def favourite(self, image: str) -> None:
        """Mark as a favourite, or no longer."""

    async def rate(self, image: str, stars: int) -> None:
        """One to five, or 0 for none."""

    async def reject(self, image: str) -> None:
        """Say that it is not wanted, or no longer so."""

    async def take_back(self, image: str) -> None:
        """The last mark that was given here to it."""

    async def delete(self, image: str) -> None:
        """Put it into the trash, and offer to take it back."""


class OfBatch:
    """The images of one batch, which may still run."""

    def __init__(self, batch: BatchState, actions: ImageActions, kind: str = "") -> None:
        self._batch = batch
        self._actions = actions
        self._kind = kind
        """What its images are beside those of others, for people."""

    @property
    def frame(self) -> tuple[int, int]:
        asked = self._batch.parameters
        return asked.width or THUMBNAIL_SIDE, asked.height or THUMBNAIL_SIDE

    def images(self) -> list[JsonObject]:
        return [self._told(image) for image in self._batch.images]

    def follow(self, table: ui.element, prop: str, pick: Callable[[], object]) -> None:
        bind_prop(table, prop, self._batch, ("images",), pick)

    async def favourite(self, image: str) -> None:
        await self._actions.toggle(self._index(image))

    async def rate(self, image: str, stars: int) -> None:
        await self._actions.rate(self._index(image), stars)

    async def reject(self, image: str) -> None:
        await self._actions.reject(self._index(image))

    async def take_back(self, image: str) -> None:
        await self._actions.take_back(self._index(image))

    async def delete(self, image: str) -> None:
        await self._actions.delete(self._index(image))

    def has(self, image: str) -> bool:
        """Whether it is an image of this batch."""
        return any(self._id(one) == image for one in self._batch.images)

    def _index(self, image: str) -> int:
        known = (one.index for one in self._batch.images if self._id(one) == image)
        return next(known)

    def _id(self, image: PlannedImage) -> str:
        return image_id(self._batch.batch_id, image.index)

    def _told(self, image: PlannedImage) -> JsonObject:
        about: JsonObject = {
            "id": self._id(image),
            "index": image.index,
            "status": STATUS.get(image.status, "waiting"),
            "label": self._named(comparison_words.caption(image.index, image.seed)),
            "short": self._named(words.image(image.index)),
        }
        if image.picture:
            shown = told(self._batch.request.prompt, image.picture)
            called = self._actions.file_name(image.picture)
            return {**about, **shown, "label": about["label"], "filename": called}
        return {**about, "said": words.not_there(image.index, failed=image.status in STATUS)}

    def _named(self, text: str) -> str:
        return f"{self._kind} · {text}" if self._kind else text


class OfSeveral:
    """Images of several batches; those that belong together stand in ``order`` one after another.
    The frame is that of the first batch.
    """

    def __init__(self, sources: Sequence[OfBatch], order: Sequence[str]) -> None:
        self._sources = sources
        self._order = order

    @property
    def frame(self) -> tuple[int, int]:
        return self._sources[0].frame

    def images(self) -> list[JsonObject]:
        found = {told["id"]: told for source in self._sources for told in source.images()}
        return [found[image] for image in self._order if image in found]

    def follow(self, table: ui.element, prop: str, pick: Callable[[], object]) -> None:
        for source in self._sources:
            source.follow(table, prop, pick)

    async def favourite(self, image: str) -> None:
        await self._of(image).favourite(image)

    async def rate(self, image: str, stars: int) -> None:
        await self._of(image).rate(image, stars)

    async def reject(self, image: str) -> None:
        await self._of(image).reject(image)

    async def take_back(self, image: str) -> None:
        await self._of(image).take_back(image)

    async def delete(self, image: str) -> None:
        await self._of(image).delete(image)

    def _of(self, image: str) -> OfBatch:
        return next(source for source in self._sources if source.has(image))


def told(prompt: str, picture: GeneratedImage) -> JsonObject:
    """What the table needs to know of a picture that is there."""
    (seen,) = viewed(prompt, [picture])
    return {
        **seen,
        "rejected": picture.rejected,
        "url": at(picture.url),
        "filename": picture.filename,
    }
