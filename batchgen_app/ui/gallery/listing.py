"""The addresses at which pages find what the grid of all pictures shows. They are for pages alone:
what scripts ask for is ``GET /api/images``. On the way through NiceGUI, each would take three times
as long, and wait for what else happens on a page.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from batchgen_app.access import caller_of
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.found_image import FoundImage
from batchgen_app.language.texts import translated
from batchgen_app.services import Queries
from batchgen_app.services.values import ImageOrder
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.toolbar import SUGGESTIONS
from batchgen_app.ui.page_context import PageContext

ADDRESS = "/gallery/images"
USUAL, MOST = 120, 500
"""Pictures in one answer."""
MOST_SUGGESTIONS = 8
DIGITS = 9
"""Of a number that is taken for one."""
PROMPT = 160
"""Characters of a prompt that are told: for those who do not see the picture."""
HEADERS = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}

Answer = Callable[[Queries, Mapping[str, str]], Awaitable[object]]


def listing(context: PageContext) -> list[Route]:
    """Their routes. What is asked for is said as in the address of the page (``Filters``); what
    makes no sense is as if it had not been said.
    """

    def route(address: str, answer: Answer) -> Route:
        async def told(request: Request) -> Response:
            queries = context.seen_by(caller_of(request.scope)).queries
            try:
                return _json(await answer(queries, request.query_params))
            except BatchGenError as error:
                return PlainTextResponse(translated(str(error)), status_code=503, headers=HEADERS)

        return Route(address, told)

    return [
        route(ADDRESS, pictures),
        route(f"{ADDRESS}/ids", ids),
        route(f"{ADDRESS}/months", months),
        route(SUGGESTIONS, suggestions),
    ]


async def pictures(queries: Queries, asked: Mapping[str, str]) -> dict[str, Any]:
    """``limit`` pictures from ``offset`` on; where ``anchor`` is one that is found, from the page
    of ``page`` pictures on that it is in. Tells where that is.
    """
    wanted = Filters.from_address(asked)
    offset, limit = _number(asked, "offset", 0), min(MOST, _number(asked, "limit", USUAL))
    place = None
    if anchor := asked.get("anchor"):
        place = await queries.images_before(wanted.image_query(), anchor)
    if place is not None:
        offset = place - place % max(1, _number(asked, "page", 1))
    found = await queries.find_images(wanted.image_query(limit, offset))
    return {
        "offset": offset,
        "anchor": place,
        "total": found.total,
        "bytes": found.total_bytes,
        "images": [_told(image) for image in found.images],
    }


async def ids(queries: Queries, asked: Mapping[str, str]) -> object:
    """The ids of all that are found, or of ``limit`` from ``offset`` on."""
    offset, limit = _number(asked, "offset", 0), _number(asked, "limit", 0)
    query = Filters.from_address(asked).image_query(limit, offset)
    return {"ids": await queries.image_ids(query)}


async def months(queries: Queries, asked: Mapping[str, str]) -> object:
    """Each month with how many pictures it has, in the order of the pictures."""
    wanted = Filters.from_address(asked)
    found = await queries.months(wanted.image_query())
    return {"months": found[::-1] if wanted.sort is ImageOrder.OLDEST else found}


async def suggestions(queries: Queries, asked: Mapping[str, str]) -> object:
    """What the text that was typed may go on with, and what that is."""
    found = await queries.suggest(asked.get("text", ""))
    return {
        "suggestions": [
            {"text": one.text, "shown": one.term, "hint": str(words.KINDS[one.kind])}
            for one in found[:MOST_SUGGESTIONS]
        ]
    }


def _number(asked: Mapping[str, str], name: str, usual: int) -> int:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else usual


def _told(image: FoundImage) -> dict[str, object]:
    prompt = image.prompt or ""
    return {
        "id": image.id,
        "index": image.index,
        "seed": image.seed,
        "thumbnail": image.thumbnail_url,
        "favourite": image.favourite,
        "rating": image.rating,
        "rejected": image.rejected,
        "prompt": prompt[:PROMPT],
    }


def as_json(found: object) -> bytes:
    """As the browser reads it."""
    return _JSON.dump_json(found)


def _json(found: object) -> Response:
    return Response(as_json(found), media_type="application/json", headers=HEADERS)


_JSON = TypeAdapter[object](object)
