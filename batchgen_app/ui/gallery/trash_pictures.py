"""Thumbnails of what lies in the trash."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from batchgen_app.access import caller_of
from batchgen_app.core.errors import BatchGenError
from batchgen_app.ui.house import House

HEADERS = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


def trash_pictures(house: House) -> Route:
    """The address ``/trash/<batchId>/<index>``; 404 for what is not in the trash."""

    async def thumbnail(request: Request) -> Response:
        queries = house.seen_by(caller_of(request.scope)).queries
        try:
            picture = await queries.trash_thumbnail(**request.path_params)
        except BatchGenError:
            picture = None
        if picture is None:
            return Response(status_code=404)
        return Response(picture, media_type="image/webp", headers=HEADERS)

    return Route("/trash/{batch_id}/{index:int}", thumbnail)
