"""Workflows: what is understood of a file."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request

from batchgen_app.access.request_limits import media_type
from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.requests import Ask, body_of, file_of
from batchgen_app.api.schemas import InspectionAnswer

FILE_OR_GRAPH = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
            "application/json": {"schema": {"type": "object"}},
        },
    }
}

router = APIRouter(tags=["Workflows"], responses=failing(*ALWAYS_POSSIBLE))


@router.post(
    "/workflows/inspect",
    responses=failing(400, 413, 415),
    operation_id="inspectWorkflow",
    openapi_extra=FILE_OR_GRAPH,
)
async def inspect(ask: Ask, request: Request) -> InspectionAnswer:
    """What is understood of a workflow, what has to be settled before a batch, and what is missing
    on the server. Nothing is kept.
    """
    found = await ask.server.inspect(await _content(request))
    return await asyncio.to_thread(InspectionAnswer.of, found)


async def _content(request: Request) -> bytes:
    if media_type(request.headers) == "multipart/form-data":
        return await file_of(request)
    return await body_of(request)
