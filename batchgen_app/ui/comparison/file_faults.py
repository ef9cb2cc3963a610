"""The address at which pages learn why a picture cannot be shown, in words; shown in its place by
``assets/files/fault.js``. It is for pages alone: scripts are told with the file itself.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from batchgen_app.access import Caller, Verb, caller_of
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import BatchGenError
from batchgen_app.language.texts import translated
from batchgen_app.services.values import FaultKind, FileFault
from batchgen_app.ui.comparison import fault_words as words
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at

ADDRESS = "/pictures/{image_id}/fault"
HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def file_faults(context: PageContext) -> Route:
    """The route. What is no picture any more, or cannot be looked at, is told as ``said``, too."""

    async def told(request: Request) -> Response:
        caller = caller_of(request.scope)
        queries = context.seen_by(caller).queries
        try:
            image = await queries.image(request.path_params["image_id"])
            fault = await queries.files.fault(image)
        except BatchGenError as error:
            about = _told("", str(words.SHORT[FaultKind.UNUSABLE]), translated(str(error)))
            return JSONResponse(about, headers=HEADERS)
        return JSONResponse(_about(image, fault, caller), headers=HEADERS)

    return Route(ADDRESS, told)


def _about(image: GeneratedImage, fault: FileFault | None, caller: Caller) -> dict[str, str]:
    if fault is None:
        return _told("", str(words.NOT_SHOWN), words.whole(image.filename), str(words.DOWNLOAD))
    can_make = fault.kind in words.MAKE_IT_AGAIN and caller.may(Verb.MAKE)
    return {
        **_told(
            str(fault.kind),
            str(words.SHORT[fault.kind]),
            translated(fault.said),
            str(words.TO_DO[fault.kind]),
        ),
        "make": str(words.MAKE_AGAIN) if can_make else "",
        "href": at(f"/?like={image.batch_id}&image={image.index}"),
    }


def _told(kind: str, short: str, said: str, to_do: str = "") -> dict[str, str]:
    return {
        "kind": kind,
        "short": short,
        "said": said,
        "toDo": to_do,
        "again": str(words.LOOK_AGAIN),
    }
