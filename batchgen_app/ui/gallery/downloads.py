"""Pictures of one batch or of many, taken along as one ZIP."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from batchgen_app.access import caller_of
from batchgen_app.adapters.starlette import ChunksResponse, unless_gone
from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.delivery import FileNames, Handed
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.ids import split_image_id
from batchgen_app.language.texts import translated
from batchgen_app.services import Queries
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.page_context import PageContext

ADDRESS = "/gallery/archive"


def downloads(context: PageContext) -> Route:
    """The address ``/gallery/archive/<name>`` of what somebody has chosen, with ``?metadata=none``
    of clean copies; 404 where that is not known any more, or none of it can be had.
    """

    async def archive(request: Request) -> Response:
        queries = context.seen_by(caller_of(request.scope)).queries
        try:
            there = await found(queries, context.chosen.of(request.path_params["name"]))
            if not there:
                return _sorry(str(words.NOTHING_TO_TAKE))
            clean = request.query_params.get("metadata") == "none"
            return await unless_gone(request, _zip(queries, there, clean=clean)) or Response()
        except BatchGenError as error:
            return _sorry(translated(str(error)))

    return Route(f"{ADDRESS}/{{name}}", archive)


async def found(queries: Queries, images: Sequence[str]) -> list[GeneratedImage]:
    """Those that are still there, batch by batch. Raises StorageError."""
    wanted = [(named[0], image) for image in images if (named := split_image_id(image))]
    there = []
    for batch_id in dict.fromkeys(batch_id for batch_id, _ in wanted):
        of_batch = {picture.id: picture for picture in await queries.pictures(batch_id)}
        ids = [image for other, image in wanted if other == batch_id]
        there += [of_batch[image] for image in ids if image in of_batch]
    return there


async def _zip(queries: Queries, images: Sequence[GeneratedImage], *, clean: bool) -> Response:
    packed = await queries.files.archive(images, await _names(queries, images), clean=clean)
    headers = {
        "content-length": str(packed.size),
        "content-disposition": f'attachment; filename="batchgen-{len(images)}-images.zip"',
        "accept-ranges": "none",
        "cache-control": "private, no-store",
    }
    return ChunksResponse(packed.chunks, headers=headers, media_type="application/zip")


async def _names(queries: Queries, images: Sequence[GeneratedImage]) -> Sequence[FileNames] | None:
    """How they are called by the pattern of the settings; None where there is none, and each batch
    has a folder of its own. Raises NotFound, StorageError.
    """
    pattern = await queries.delivery.pattern()
    if pattern is None:
        return None
    batches = {one: await queries.batch(one) for one in {image.batch_id for image in images}}
    handed = [Handed(batches[image.batch_id], image) for image in images]
    return await queries.delivery.names(handed, pattern)


def _sorry(text: str) -> Response:
    return PlainTextResponse(text, status_code=404)
