"""Whether all is well, at a glance."""

from typing import Literal

from fastapi import APIRouter

from batchgen_app import __version__
from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.reading import Ask
from batchgen_app.api.schemas import Health
from batchgen_app.services import Queries

router = APIRouter(tags=["Server"], responses=failing(*ALWAYS_POSSIBLE))


@router.get("/health", operation_id="getHealth")
async def health(ask: Ask) -> Health:
    """Which server makes the pictures, whether it answered when it was last asked, and whether
    what happens can be recorded.
    """
    running = ask.running
    return Health(
        status=_status(ask),
        engine="demo" if ask.server.is_demo else "comfyui",
        server=ask.server.address,
        version=__version__,
        active_batch_id=running.batch_id if running else None,
    )


def _status(ask: Queries) -> Literal["ok", "server_unreachable", "database_in_use"]:
    if ask.lockout:
        return "database_in_use"
    return "server_unreachable" if ask.server.fault else "ok"
