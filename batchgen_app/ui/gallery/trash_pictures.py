"""Thumbnails of what lies in the trash."""

from fastapi import APIRouter, Request, Response

from batchgen_app.access import caller_of
from batchgen_app.core.errors import BatchGenError
from batchgen_app.ui.house import House

HEADERS = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}


def trash_pictures(house: House) -> APIRouter:
    """The address ``/trash/<batchId>/<index>``; 404 for what is not in the trash."""
    router = APIRouter()

    @router.get("/trash/{batch_id}/{index}", include_in_schema=False)
    async def thumbnail(request: Request, batch_id: str, index: int) -> Response:
        trash = house.seen_by(caller_of(request.scope)).workshop.trash
        try:
            picture = await trash.thumbnail(batch_id, index)
        except BatchGenError:
            picture = None
        if picture is None:
            return Response(status_code=404)
        return Response(picture, media_type="image/webp", headers=HEADERS)

    return router
