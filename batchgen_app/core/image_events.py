"""What happens to one image of a batch: while it is made, and by the hand of people."""

from typing import Literal

from pydantic import Field

from batchgen_app.core.batch import ExtraPicture, GeneratedImage, ImagePrompt, ShownExtra
from batchgen_app.core.batch_events import BatchEvent
from batchgen_app.core.ids import image_id
from batchgen_app.core.tags import Tags
from batchgen_app.core.wire import JsonObject, Rating, Said, Seed, left_out


class ImageEvent(BatchEvent):
    """About one image, counted from 1."""

    index: int


class ImageSubmitted(ImageEvent):
    """About to be sent to the server: logged before the request leaves."""

    type: Literal["image_submitted"] = "image_submitted"
    prompt_id: str
    seed: Seed


class ImageCompleted(ImageEvent):
    """The picture, or whatever file it is, is on disk, whole, and so are its ``extras``; ``remark``
    says what of those could not be had. ``seconds`` is the server's time to make it: if it told,
    and did not recall it.
    """

    type: Literal["image_completed"] = "image_completed"
    seed: Seed
    filename: str
    width: int | None = Field(default=None, exclude_if=lambda side: side is None)
    height: int | None = Field(default=None, exclude_if=lambda side: side is None)
    bytes: int
    animated: bool = Field(default=False, exclude_if=lambda moves: not moves)
    sha256: str
    seconds: float | None = None
    extras: tuple[ExtraPicture, ...] = ()
    remark: Said = ""

    def picture(self) -> GeneratedImage:
        """The image as the outside sees it, not yet marked or rated."""
        identity = image_id(self.batch_id, self.index)
        url = f"/api/images/{identity}"
        return GeneratedImage(
            id=identity,
            batch_id=self.batch_id,
            index=self.index,
            seed=self.seed,
            url=url,
            thumbnail_url=f"{url}/thumbnail",
            filename=self.filename,
            width=self.width,
            height=self.height,
            bytes=self.bytes,
            animated=self.animated,
            created_at=self.at,
            extras=tuple(ShownExtra.of(url, extra) for extra in self.extras),
            remark=self.remark,
        )


class ImageFailed(ImageEvent):
    """The image could not be made; the batch goes on."""

    type: Literal["image_failed"] = "image_failed"
    message: Said
    details: JsonObject | None = None


class ImageCancelled(ImageEvent):
    """The image will not be made, because the batch was cancelled."""

    type: Literal["image_cancelled"] = "image_cancelled"


class ImageSkipped(ImageEvent):
    """The image was passed over while it was made; the batch goes on."""

    type: Literal["image_skipped"] = "image_skipped"
    because: Said


class ImageWithdrawn(ImageEvent):
    """It was taken back from the server before it was begun there; it is still to come."""

    type: Literal["image_withdrawn"] = "image_withdrawn"


class ImageAdded(ImageEvent):
    """One more image is planned, behind all others: in the place of a rejected one. ``prompt`` is
    there where prompts vary from image to image.
    """

    type: Literal["image_added"] = "image_added"
    seed: Seed
    prompt: ImagePrompt | None = left_out()


class ImageLost(ImageEvent):
    """The picture's file is gone or damaged; the image is still to come, as before it was made."""

    type: Literal["image_lost"] = "image_lost"
    message: Said


class ImageEdited(ImageEvent):
    """Base of what people do with a finished image: they mark it, delete it, have it back."""


class ImageFavourited(ImageEdited):
    """Somebody marked the image, or took the mark away."""

    type: Literal["image_favourited"] = "image_favourited"
    favourite: bool


class ImageRated(ImageEdited):
    """Somebody gave the image 1 to 5 stars, or took them away (0)."""

    type: Literal["image_rated"] = "image_rated"
    rating: Rating


class ImageRejected(ImageEdited):
    """Somebody does not want the image, or does after all; it stays where it is."""

    type: Literal["image_rejected"] = "image_rejected"
    rejected: bool


class ImageTagged(ImageEdited):
    """Somebody gave the image tags: these, and none besides."""

    type: Literal["image_tagged"] = "image_tagged"
    tags: Tags


class ImageDeleted(ImageEdited):
    """The image went to the trash."""

    type: Literal["image_deleted"] = "image_deleted"


class ImageRestored(ImageEdited):
    """The image came back from the trash."""

    type: Literal["image_restored"] = "image_restored"
