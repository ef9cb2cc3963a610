"""A batch as the outside sees it: the one serializer for API, pages, command line and files."""

from batchgen_app.core.batch import BatchProgress, CompletedBatch, ImageProblem
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState


def progress_of(batch: BatchState) -> BatchProgress:
    """The specification's BatchProgress."""
    return BatchProgress(
        batch_id=batch.batch_id,
        total_images=batch.total_images,
        completed_images=batch.completed_images,
        failed_images=list(batch.failed_images),
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
        server_trouble=batch.server_trouble,
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
        request=batch.request,
        seeds=list(batch.seeds),
        failed_images=list(batch.failed_images),
        image_errors=_problems(batch),
    )


def _problems(batch: BatchState) -> list[ImageProblem]:
    return [
        ImageProblem(index=image.index, message=image.message or "")
        for image in batch.images
        if image.status is ImageStatus.FAILED
    ]
