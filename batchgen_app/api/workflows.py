"""Workflows: what is understood of a file, and those that are kept."""

import asyncio
from contextlib import suppress

from fastapi import APIRouter
from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import Request

from batchgen_app.access.request_limits import media_type
from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.requests import FORM_WITH_FILE, Ask, Asker, Body, Do, body_of, file_of, takes
from batchgen_app.api.schemas import (
    Deleted,
    InspectionAnswer,
    WorkflowAnswer,
    WorkflowChanges,
    WorkflowsAnswer,
)
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.services.values import KeptWorkflow
from batchgen_app.workflows.families import FAMILIES
from batchgen_app.workflows.inspection import roles_of
from batchgen_app.workflows.workflow import Workflow

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
    built_in = [_built_in(family, name) for family, name in FAMILIES.items()]
    kept = (await ask.workflows()).items()
    own = await asyncio.to_thread(lambda: [_own(workflow_id, one) for workflow_id, one in kept])
    return WorkflowsAnswer(workflows=[*built_in, *own])


@router.post(
    "/workflows",
    status_code=201,
    responses=failing(400, 409, 413, 415),
    operation_id="keepWorkflow",
    openapi_extra=takes({"$ref": "#/components/schemas/KeptWorkflow"}),
)
async def keep(do: Do, ask: Ask, caller: Asker, data: Body) -> WorkflowAnswer:
    """Keep a workflow under a name, as a file that can be copied to another machine."""
    kept = await asyncio.to_thread(KeptWorkflow.parse, data)
    return await _told(ask, await do.keep_workflow(caller, kept))


@router.get(ONE, responses=failing(404), operation_id="getWorkflow")
async def workflow(ask: Ask, workflow_id: str) -> WorkflowAnswer:
    """One of them, without its graph."""
    for family, name in FAMILIES.items():
        if family == workflow_id:
            return _built_in(family, name)
    return await _told(ask, workflow_id)


@router.get(f"{ONE}/file", responses=failing(404), operation_id="getWorkflowFile")
async def file(ask: Ask, workflow_id: str) -> KeptWorkflow:
    """The whole file of one that is kept."""
    return await ask.workflow(workflow_id)


@router.patch(
    ONE,
    responses=failing(400, 404, 409, 415),
    operation_id="changeWorkflow",
    openapi_extra=takes({"$ref": "#/components/schemas/WorkflowChanges"}),
)
async def change(do: Do, ask: Ask, caller: Asker, workflow_id: str, data: Body) -> WorkflowAnswer:
    """Another name, other roles or fields; what is left out stays."""
    changes = await asyncio.to_thread(WorkflowChanges.parse, data)
    given = changes.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return await _told(ask, await do.change_workflow(caller, workflow_id, given))


@router.delete(ONE, responses=failing(404, 409), operation_id="deleteWorkflow")
async def delete(do: Do, caller: Asker, workflow_id: str) -> Deleted:
    """Put a kept workflow away."""
    await do.delete_workflow(caller, workflow_id)
    return Deleted()


@router.post(
    f"{ONE}/restore",
    responses=failing(404, 409),
    operation_id="restoreWorkflow",
)
async def restore(do: Do, ask: Ask, caller: Asker, workflow_id: str) -> WorkflowAnswer:
    """Have a workflow back that was put away."""
    await do.restore_workflow(caller, workflow_id)
    return await _told(ask, workflow_id)


async def _told(ask: Ask, workflow_id: str) -> WorkflowAnswer:
    return await asyncio.to_thread(_own, workflow_id, await ask.workflow(workflow_id))


def _own(workflow_id: str, kept: KeptWorkflow) -> WorkflowAnswer:
    roles: dict[str, list[str]] = {}
    with suppress(InvalidRequest):  # one of the editor's is understood with a server only
        roles = roles_of(Workflow.parse(kept.workflow).corrected(kept.roles))
    return WorkflowAnswer(
        id=workflow_id, name=kept.name, built_in=False, roles=roles, fields=kept.fields
    )


def _built_in(family: str, name: str) -> WorkflowAnswer:
    return WorkflowAnswer(id=family, name=name, family=family, built_in=True, roles={}, fields={})


async def _content(request: Request) -> bytes:
    if media_type(request.headers) == "multipart/form-data":
        return await file_of(request)
    return await body_of(request)
