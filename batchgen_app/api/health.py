"""Whether all is well, at a glance."""

from fastapi import APIRouter

from batchgen_app import __version__
from batchgen_app.api.reading import Here
from batchgen_app.api.schemas import Health

router = APIRouter(tags=["Server"])


@router.get("/health", operation_id="getHealth")
async def health(workshop: Here) -> Health:
    """Which server makes the pictures, and whether it answered when it was last asked."""
    running = workshop.queue.running
    return Health(
        status="server_unreachable" if workshop.server.fault else "ok",
        engine="demo" if workshop.is_demo else "comfyui",
        server=workshop.server.client.address,
        version=__version__,
        active_batch_id=running.batch_id if running else None,
    )
