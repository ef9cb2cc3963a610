"""Whether all is well, at a glance."""

from typing import Literal

from fastapi import APIRouter

from batchgen_app import __version__
from batchgen_app.api.reading import Here
from batchgen_app.api.schemas import Health
from batchgen_app.batches.workshop import Workshop

router = APIRouter(tags=["Server"])


@router.get("/health", operation_id="getHealth")
async def health(workshop: Here) -> Health:
    """Which server makes the pictures, whether it answered when it was last asked, and whether
    what happens can be recorded.
    """
    running = workshop.queue.running
    return Health(
        status=_status(workshop),
        engine="demo" if workshop.is_demo else "comfyui",
        server=workshop.server.client.address,
        version=__version__,
        active_batch_id=running.batch_id if running else None,
    )


def _status(workshop: Workshop) -> Literal["ok", "server_unreachable", "database_in_use"]:
    if workshop.memory.lockout.words:
        return "database_in_use"
    return "server_unreachable" if workshop.server.fault else "ok"
