"""Batches: started, watched, stopped, repeated, found again, thrown away."""

import asyncio
from contextlib import suppress
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.api.answers import started
from batchgen_app.api.conditional_requests import Snapshots, page_of
from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.parameters import Wanted
from batchgen_app.api.requests import Ask, Asker, Body, Do, takes
from batchgen_app.api.schemas import BatchAnswer, Cancelled, Deleted, GalleryAnswer, Started
from batchgen_app.core.batch import BatchProgress, CompletedBatch
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.serializers import progress_of, summary_of
from batchgen_app.core.server_list import ServerChoice
from batchgen_app.language.message import later

BECAUSE = later("Cancelled through the API")
SKIPPED = later("Skipped through the API")
FINISHED = later("Finished early through the API")
STOP_SECONDS = 1.0
"""How long a cancel waits for the end, so that its count of images is the last one."""
REQUEST = {"$ref": "#/components/schemas/BatchRequest"}

router = APIRouter(tags=["Batches"], responses=failing(*ALWAYS_POSSIBLE))


@router.post(
    "/batches",
    status_code=201,
    responses=failing(400, 413, 415, 503),
    operation_id="startBatchGeneration",
    openapi_extra=takes(REQUEST),
)
async def start(do: Do, ask: Ask, caller: Asker, data: Body, response: Response) -> Started:
    """Queue a batch. The server is asked at this moment whether it can make it. A prompt may have
    500 characters, unless longer ones are allowed in the settings.
    """
    parse = partial(BatchRequest.parse, prompt_limit=ask.prompt_limit)
    request = await asyncio.to_thread(parse, data)
    return started(await do.start(caller, request), response)


@router.get(
    "/batches",
    response_model=GalleryAnswer,
    responses=failing(400),
    operation_id="listBatches",
)
async def batches(ask: Ask, query: Wanted) -> Response:
    """A page of batches, newest first."""
    return await page_of(await ask.gallery(query), query.text or "")


@router.get(
    "/batches/{batch_id}",
    response_model=BatchAnswer,
    responses=failing(404),
    operation_id="getBatchProgress",
)
async def batch(ask: Ask, batch_id: str, request: Request) -> Response:
    """A batch as it stands, made to be asked for twice a second."""
    snapshots: Snapshots = request.app.state.snapshots
    return await snapshots.answer(request, await ask.batch(batch_id))


@router.post("/batches/{batch_id}/cancel", responses=failing(404), operation_id="cancelBatch")
async def cancel(ask: Ask, do: Do, caller: Asker, batch_id: str) -> Cancelled:
    """Stop a batch; what is finished stays. A second call is harmless."""
    batch = await do.cancel(caller, batch_id, BECAUSE)
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            await ask.ended(batch_id)
    return Cancelled(completed_images=batch.completed_images)


@router.post("/batches/{batch_id}/pause", responses=failing(404, 409), operation_id="pauseBatch")
async def pause(do: Do, caller: Asker, batch_id: str) -> BatchProgress:
    """Finish the image being made, then wait: nothing more is begun, and what the server has not
    begun is taken back. The batch keeps its turn and its status; ``paused`` holds at once, and when
    ``currentImage`` is null, nothing is made any more. Harmless if it is paused.
    """
    return progress_of(await do.pause(caller, batch_id))


@router.post(
    "/batches/{batch_id}/continue", responses=failing(404, 409), operation_id="continueBatch"
)
async def go_on(do: Do, caller: Asker, batch_id: str) -> BatchProgress:
    """Go on after a pause. Harmless if it is not paused."""
    return progress_of(await do.go_on(caller, batch_id))


@router.post("/batches/{batch_id}/skip", responses=failing(404, 409), operation_id="skipImage")
async def skip(ask: Ask, do: Do, caller: Asker, batch_id: str) -> BatchProgress:
    """Pass over the image being made: the server stops it, and the next one is begun. It counts as
    cancelled and can be made later (resume). One that is finished already is kept.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            await do.skip(caller, batch_id, SKIPPED)
    return progress_of(await ask.batch(batch_id))


@router.post("/batches/{batch_id}/finish", responses=failing(404, 409), operation_id="finishBatch")
async def finish(do: Do, caller: Asker, batch_id: str) -> BatchProgress:
    """Finish the image being made, then end the batch as a cancel does: what is missing can be made
    later. Harmless if that was asked for already.
    """
    return progress_of(await do.finish(caller, batch_id, FINISHED))


@router.post(
    "/batches/{batch_id}/move",
    responses=failing(400, 404, 409, 415, 503),
    operation_id="moveBatch",
    openapi_extra=takes(ServerChoice.model_json_schema()),
)
async def move(do: Do, caller: Asker, batch_id: str, data: Body) -> BatchProgress:
    """Have a batch made by another server: what is missing of it, with the planned seeds. What the
    old one has begun is given up there.
    """
    chosen = await asyncio.to_thread(ServerChoice.parse, data)
    return progress_of(await do.hand_over(caller, batch_id, chosen.server))


@router.post(
    "/batches/{batch_id}/regenerate",
    status_code=201,
    responses=failing(400, 404, 409, 503),
    operation_id="regenerateBatch",
)
async def regenerate(do: Do, caller: Asker, batch_id: str, response: Response) -> Started:
    """The same request as a new batch, with other seeds."""
    return started(await do.regenerate(caller, batch_id), response)


@router.post(
    "/batches/{batch_id}/resume",
    status_code=201,
    responses=failing(404, 409, 503),
    operation_id="resumeBatch",
)
async def resume(do: Do, caller: Asker, batch_id: str, response: Response) -> Started:
    """Make what is missing into the same batch, with the planned seeds."""
    return started(await do.resume(caller, batch_id), response)


@router.delete("/batches/{batch_id}", responses=failing(404, 409), operation_id="deleteBatch")
async def delete(do: Do, caller: Asker, batch_id: str) -> Deleted:
    """Move a batch to the trash."""
    await do.delete_batch(caller, batch_id)
    return Deleted()


@router.post("/batches/{batch_id}/restore", responses=failing(404), operation_id="restoreBatch")
async def restore(do: Do, caller: Asker, batch_id: str) -> CompletedBatch:
    """Take a batch out of the trash."""
    return summary_of(await do.restore_batch(caller, batch_id))
