"""Workflows: what is understood of a file, and those that are kept."""

import asyncio
from urllib.parse import quote

from fastapi import APIRouter
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from batchgen_app.access.request_limits import media_type
from batchgen_app.api.conditional_requests import ASK_AGAIN, file_answer, seen_by
from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.images import PICTURE
from batchgen_app.api.requests import FORM_WITH_FILE, Ask, Asker, Body, Do, body_of, file_of, takes
from batchgen_app.api.schemas import (
    Deleted,
    InspectionAnswer,
    WorkflowAnswer,
    WorkflowChanges,
    WorkflowsAnswer,
)
from batchgen_app.services.values import KeptWorkflow, ListedWorkflow
from batchgen_app.workflows import from_picture

FILE_OR_GRAPH = {
    "requestBody": {
        "required": True,
        "content": {**FORM_WITH_FILE, "application/json": {"schema": {"type": "object"}}},
    }
}


class WorkflowId(StringConvertor):
    """What stands for a workflow in an address: anything but the call beside it."""

    regex = "(?!inspect(/|$))[^/]+"


register_url_convertor("workflow", WorkflowId())
ONE = "/workflows/{workflow_id:workflow}"
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
    return InspectionAnswer.model_validate(await asyncio.to_thread(found.to_json))


@router.get("/workflows", operation_id="listWorkflows")
async def workflows(ask: Ask) -> WorkflowsAnswer:
    """The built-in workflows, one for each family of models, and those that people keep."""
    found = (await ask.library.all()).workflows
    return WorkflowsAnswer(workflows=[*map(_answer, found)])


@router.post(
    "/workflows",
    status_code=201,
    responses=failing(400, 409, 413, 415),
    operation_id="keepWorkflow",
    openapi_extra=takes({"$ref": "#/components/schemas/KeptWorkflow"}),
)
async def keep(do: Do, ask: Ask, caller: Asker, data: Body, response: Response) -> WorkflowAnswer:
    """Keep a workflow under a name, as a file that can be copied to another machine."""
    kept = await asyncio.to_thread(KeptWorkflow.parse, data)
    return await _answered(ask, await do.workflows.keep(caller, kept), response)


@router.get(ONE, responses=failing(404), operation_id="getWorkflow")
async def workflow(ask: Ask, workflow_id: str, response: Response) -> WorkflowAnswer:
    """One of them, without its graph. Its ETag is for the If-Match of a change."""
    return await _answered(ask, workflow_id, response)


@router.get(f"{ONE}/file", responses=failing(404, 503), operation_id="getWorkflowFile")
async def file(ask: Ask, workflow_id: str) -> KeptWorkflow:
    """The whole file of one that is kept; of a built-in one, as this server would run it."""
    return await ask.library.whole_of(workflow_id)


@router.head(f"{ONE}/thumbnail", include_in_schema=False)
@router.get(
    f"{ONE}/thumbnail",
    response_class=FileResponse,
    responses=PICTURE,
    operation_id="getWorkflowThumbnail",
)
async def thumbnail(ask: Ask, workflow_id: str, request: Request) -> Response:
    """The newest picture that was made with it, small; a plain tile where there is none."""
    return file_answer(request, await ask.library.thumbnail(workflow_id), ASK_AGAIN)


@router.patch(
    ONE,
    responses=failing(400, 404, 409, 415),
    operation_id="changeWorkflow",
    openapi_extra=takes({"$ref": "#/components/schemas/WorkflowChanges"}),
)
async def change(
    do: Do,
    ask: Ask,
    caller: Asker,
    workflow_id: str,
    data: Body,
    *,
    request: Request,
    response: Response,
) -> WorkflowAnswer:
    """Another name, other roles or fields; what is left out stays. With If-Match (an ETag of this
    workflow), nothing is changed that somebody else has changed since: 409.
    """
    changes = await asyncio.to_thread(WorkflowChanges.parse, data)
    given = changes.model_dump(mode="json", by_alias=True, exclude_unset=True)
    seen = seen_by(request)
    changed = await do.workflows.change(caller, workflow_id, given, seen=seen)
    return await _answered(ask, changed, response)


@router.delete(ONE, responses=failing(404, 409), operation_id="deleteWorkflow")
async def delete(do: Do, caller: Asker, workflow_id: str) -> Deleted:
    """Put a kept workflow away."""
    await do.workflows.delete(caller, workflow_id)
    return Deleted()


@router.post(
    f"{ONE}/restore",
    responses=failing(404, 409),
    operation_id="restoreWorkflow",
)
async def restore(
    do: Do, ask: Ask, caller: Asker, workflow_id: str, response: Response
) -> WorkflowAnswer:
    """Have a workflow back that was put away."""
    await do.workflows.restore(caller, workflow_id)
    return await _answered(ask, workflow_id, response)


async def _answered(ask: Ask, workflow_id: str, response: Response) -> WorkflowAnswer:
    one = await ask.library.one(workflow_id)
    if one.kept:
        response.headers["etag"] = f'"{one.revision}"'
    return _answer(one)


def _answer(one: ListedWorkflow) -> WorkflowAnswer:
    return WorkflowAnswer(
        id=one.id,
        name=one.name,
        family=one.family,
        built_in=one.is_built_in,
        thumbnail_url=f"/api/workflows/{quote(one.id, safe='')}/thumbnail",
        roles=_roles(one),
        fields=dict(one.kept.fields) if one.kept else {},
    )


def _roles(one: ListedWorkflow) -> dict[str, list[str]]:
    if one.kept is None:  # its nodes depend on the model; where a picture goes does not
        return {"image": [str(from_picture.PICTURE)]}
    return dict(one.kept.roles)


async def _content(request: Request) -> bytes:
    if media_type(request.headers) == "multipart/form-data":
        return await file_of(request)
    return await body_of(request)
