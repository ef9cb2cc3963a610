"""A batch as the outside sees it: the one serializer for API, pages, command line and files."""

from batchgen_app.core.batch import BatchProgress, CompletedBatch, ImageProblem
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.proof import Difference, Proof
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import joined, later

NOT_MADE = later("The picture was not made again, so nothing is known.")
NOT_COMPARED = later(
    "The picture was made again, but BatchGen ended before it was compared. Prove it once more."
)


def progress_of(batch: BatchState) -> BatchProgress:
    """The specification's BatchProgress."""
    return BatchProgress(
        batch_id=batch.batch_id,
        server=batch.server.id if batch.server else None,
        total_images=batch.total_images,
        completed_images=batch.completed_images,
        failed_images=list(batch.failed_images),
        cancelled_images=[i.index for i in batch.images if i.status is ImageStatus.CANCELLED],
        current_image=batch.current_image,
        status=batch.status,
        thumbnails=[picture.thumbnail_url for picture in batch.pictures],
        seeds=list(batch.seeds),
        image_errors=_problems(batch),
        estimated_seconds_remaining=batch.estimated_seconds_remaining,
        estimate_basis=batch.estimate_basis,
        current_step=batch.current_step,
        total_steps=batch.total_steps,
        activity=batch.activity,
        interrupted=batch.interrupted,
        paused=batch.paused,
        finishing=batch.finishing,
        server_trouble=batch.server_trouble,
        waits_because=batch.waits_because,
        prompts_ahead=batch.prompts_ahead,
        ended_because=batch.ended_because,
    )


def summary_of(batch: BatchState) -> CompletedBatch:
    """The specification's CompletedBatch; while the batch runs, as far as it has come."""
    return CompletedBatch(
        batch_id=batch.batch_id,
        prompt=batch.request.prompt,
        images=[picture.id for picture in batch.pictures],
        parameters=batch.parameters,
        created_at=batch.created_at,
        completed_at=batch.completed_at,
        status=batch.status,
        interrupted=batch.interrupted,
        based_on=batch.request.based_on,
        imported=batch.imported,
        request=batch.request,
        seeds=list(batch.seeds),
        failed_images=list(batch.failed_images),
        image_errors=_problems(batch),
        prompts=list(batch.prompts) or None,
        proof=proof_of(batch),
    )


def proof_of(batch: BatchState) -> Proof | None:
    """What came of it where the batch proves a picture; None while that is not known yet."""
    if batch.proof or not (batch.proves and batch.ended):
        return batch.proof
    about, why = (
        ("not_compared", NOT_COMPARED) if batch.pictures else ("not_made", _why_not_made(batch))
    )
    told = Difference(about=about, message=why)
    return Proof(image=batch.proves, identical=None, differences=(told,))


def _why_not_made(batch: BatchState) -> str:
    reasons = [image.message for image in batch.images if image.message]
    return joined([NOT_MADE, *(reasons or filter(None, [batch.ended_because]))])


def _problems(batch: BatchState) -> list[ImageProblem]:
    return [
        ImageProblem(index=image.index, message=image.message or "")
        for image in batch.images
        if image.status is ImageStatus.FAILED
    ]
