"""Styles: words for prompts, under names."""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request

from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.requests import FORM_WITH_FILE, Ask, Asker, Body, Do, file_of, takes
from batchgen_app.api.schemas import Deleted, StylesAnswer
from batchgen_app.core.styles import Style, StyleChanges

ONE = "/styles/{name:path}"
FILE = {"requestBody": {"required": True, "content": FORM_WITH_FILE}}
router = APIRouter(tags=["Styles"], responses=failing(*ALWAYS_POSSIBLE))


@router.get("/styles", operation_id="listStyles")
async def styles(ask: Ask) -> StylesAnswer:
    """Those that people keep. A batch names those that it is to have in ``styles``."""
    kept = await ask.styles()
    return StylesAnswer(styles=kept, notice=str(ask.styles_fault))


@router.post(
    "/styles",
    status_code=201,
    responses=failing(400, 409, 413, 415),
    operation_id="keepStyle",
    openapi_extra=takes({"$ref": "#/components/schemas/Style"}),
)
async def keep(do: Do, caller: Asker, data: Body) -> Style:
    """Keep another style."""
    return await do.keep_style(caller, await asyncio.to_thread(Style.parse, data))


@router.post(
    "/import/styles",
    status_code=201,
    responses=failing(400, 409, 413),
    operation_id="importStyles",
    openapi_extra=FILE,
)
async def bring(do: Do, caller: Asker, request: Request) -> StylesAnswer:
    """Keep the styles of a ``styles.json``, or of a ``styles.csv`` of the AUTOMATIC1111 web UI; the
    answer has those that are new.
    """
    return StylesAnswer(styles=await do.bring_styles(caller, await file_of(request)))


@router.patch(
    ONE,
    responses=failing(400, 404, 409, 415),
    operation_id="changeStyle",
    openapi_extra=takes(StyleChanges.model_json_schema()),
)
async def change(do: Do, caller: Asker, name: str, data: Body) -> Style:
    """Another name or other words; what is left out stays."""
    return await do.change_style(caller, name, await asyncio.to_thread(StyleChanges.parse, data))


@router.delete(ONE, responses=failing(404), operation_id="deleteStyle")
async def delete(do: Do, caller: Asker, name: str) -> Deleted:
    """Keep it no longer."""
    await do.delete_style(caller, name)
    return Deleted()
