"""Wildcards: lists of words that prompts choose from."""

from fastapi import APIRouter

from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.requests import Ask
from batchgen_app.api.schemas import WildcardsAnswer
from batchgen_app.core.wire import storable

router = APIRouter(tags=["Wildcards"], responses=failing(*ALWAYS_POSSIBLE))


@router.get("/wildcards", operation_id="listWildcards")
async def wildcards(ask: Ask) -> WildcardsAnswer:
    """Those that ``__name__`` may stand for; only for callers who may make pictures."""
    names = await ask.wildcards()
    return WildcardsAnswer(wildcards=[*names], folder=storable(str(ask.wildcard_folder)))
