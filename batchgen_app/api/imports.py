"""Import: pictures that other programs made, and ours."""

from fastapi import APIRouter
from starlette.requests import Request

from batchgen_app.api.errors import ALWAYS_POSSIBLE, failing
from batchgen_app.api.requests import FORM_WITH_FILE, Ask, Asker, Do, form_of
from batchgen_app.api.schemas import ImportAnswer
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.programs.asked import Reading
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import english
from batchgen_app.services.values import GivenPicture

KEEP = english("keep must be true or false")
_PARTS = FORM_WITH_FILE["multipart/form-data"]["schema"]["properties"]
FORM: JsonObject = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {**_PARTS, "keep": {"type": "boolean", "default": False}},
            "required": ["file"],
        }
    }
}

router = APIRouter(tags=["Import"], responses=failing(*ALWAYS_POSSIBLE))


@router.post(
    "/import",
    responses=failing(400, 413),
    operation_id="importPicture",
    openapi_extra={"requestBody": {"required": True, "content": FORM}},
)
async def bring(ask: Ask, do: Do, caller: Asker, request: Request) -> ImportAnswer:
    """How a picture was made, as a request: read of AUTOMATIC1111 and those who write as it does,
    ComfyUI, InvokeAI, SwarmUI, Fooocus, NovelAI and BatchGen. With keep, it comes into the gallery
    besides, byte for byte; the same file again is told as known.
    """
    name, content, others = await form_of(request)
    if not _wanted(others.get("keep", "false")):
        return _answer(await ask.server.read_picture(content))
    (taken,) = await do.import_pictures(caller, [GivenPicture(name, content)])
    if taken.fault or taken.reading is None:
        raise InvalidRequest.of("file", "no_picture", taken.fault or english(""))
    answer = _answer(taken.reading)
    return answer.model_copy(update={"image_id": taken.image_id, "known": taken.is_known})


def _answer(found: Reading) -> ImportAnswer:
    unread = [*map(str, found.unread)]
    return ImportAnswer(source=found.source, request=found.request, unread=unread)


def _wanted(text: str) -> bool:
    words = {"true": True, "false": False}
    if text.lower() not in words:
        raise InvalidRequest.of("keep", "bad_parameter", KEEP)
    return words[text.lower()]
