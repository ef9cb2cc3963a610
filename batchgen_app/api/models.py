"""What the server offers to choose from."""

from fastapi import APIRouter

from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.reading import Ask
from batchgen_app.api.schemas import ModelsAnswer

router = APIRouter(tags=["Server"], responses=failing(*ALWAYS_POSSIBLE))


@router.get("/models", responses=failing(503), operation_id="listModels")
async def models(ask: Ask) -> ModelsAnswer:
    """Every model that the server names."""
    return ModelsAnswer(models=list(await ask.server.models()))
