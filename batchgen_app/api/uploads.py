"""Uploads: pictures that a workflow starts from."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.api.errors import ALWAYS_POSSIBLE, Responses, failing
from batchgen_app.api.requests import FORM_WITH_FILE, Ask, Asker, Do, file_of
from batchgen_app.api.schemas import UploadAnswer

KINDS = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}
FILE = {"requestBody": {"required": True, "content": FORM_WITH_FILE}}

router = APIRouter(tags=["Uploads"], responses=failing(*ALWAYS_POSSIBLE))


@router.post(
    "/uploads",
    status_code=201,
    responses=failing(400, 413),
    operation_id="uploadPicture",
    openapi_extra=FILE,
)
async def upload(do: Do, caller: Asker, request: Request) -> UploadAnswer:
    """Keep a picture for batches that start from one; the same one again is the same."""
    kept = await do.keep_picture(caller, await file_of(request))
    url = f"/api/uploads/{kept.id}"
    return UploadAnswer(id=kept.id, width=kept.width, height=kept.height, url=url)


PICTURE: Responses = {
    200: {
        "description": "The file",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS.values()
        },
    },
    **failing(404),
}


@router.get(
    "/uploads/{upload_id}",
    response_class=Response,
    responses=PICTURE,
    operation_id="getUpload",
)
async def uploaded(ask: Ask, upload_id: str) -> Response:
    """A picture that was given, as it came."""
    content = await ask.files.uploaded(upload_id)
    kept = {"cache-control": "private, max-age=31536000, immutable"}
    return Response(content, 200, kept, KINDS[upload_id.rpartition(".")[2]])
