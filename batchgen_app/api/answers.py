"""Answers that several calls give."""

from starlette.responses import Response

from batchgen_app.api.schemas import Started
from batchgen_app.services.values import Accepted


def started(accepted: Accepted, response: Response) -> Started:
    """A batch waits its turn, and where it can be looked at."""
    response.headers["location"] = f"/api/batches/{accepted.batch.batch_id}"
    return Started(
        batch_id=accepted.batch.batch_id,
        queued_images=accepted.images,
        estimated_time=accepted.estimated_seconds,
        estimate_basis=accepted.image_time.basis,
        remarks=[str(remark) for remark in accepted.remarks],
    )
