"""Pictures of one batch or of many, taken along as one ZIP or as a delivery pack."""

from collections.abc import AsyncIterator, Callable, Sequence

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
from batchgen_app.services.values import Archive
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.page_context import PageContext

ADDRESS = "/gallery/archive"


def downloads(context: PageContext) -> Route:
    """The address ``/gallery/archive/<name>`` of what somebody has chosen, with ``?pack=true`` of
    a delivery pack, with ``?metadata=none`` of clean copies; 404 where that is not known any more,
    or none of it can be had.
    """

    async def archive(request: Request) -> Response:
        queries = context.seen_by(caller_of(request.scope)).queries
        name, asked = request.path_params["name"], request.query_params
        is_pack, clean = asked.get("pack") == "true", asked.get("metadata") == "none"
        try:
            there = await found(queries, context.chosen.of(name))
            if not there:
                return _sorry(str(words.NOTHING_TO_TAKE))
            made = context.chosen.take_pack(name) if is_pack else None
            if made is None:
                make = packed if is_pack else _zip
                made = await unless_gone(request, make(queries, there, clean=clean))
        except BatchGenError as error:
            return _sorry(translated(str(error)))
        return _answer(made, len(there), is_pack=is_pack) if made else Response()

    return Route(f"{ADDRESS}/{{name}}", archive)


async def found(queries: Queries, images: Sequence[str]) -> list[GeneratedImage]:
    """Those that are still there, batch by batch. Raises StorageError."""
    return [image async for of_batch in in_turn(queries, images) for image in of_batch]


async def in_turn(queries: Queries, images: Sequence[str]) -> AsyncIterator[list[GeneratedImage]]:
    """The same, those of each batch for themselves."""
    wanted: dict[str, list[str]] = {}
    for image in images:
        if named := split_image_id(image):
            wanted.setdefault(named[0], []).append(image)
    for batch_id, ids in wanted.items():
        of_batch = {picture.id: picture for picture in await queries.pictures(batch_id)}
        yield [of_batch[image] for image in ids if image in of_batch]


async def packed(
    queries: Queries,
    images: Sequence[GeneratedImage],
    *,
    clean: bool,
    progress: Callable[[str, int, int], None] | None = None,
) -> Archive:
    """The delivery pack of these. Raises NotFound, InvalidRequest, StorageError."""
    handed = await _handed(queries, images)
    names = await queries.delivery.names(handed, await queries.delivery.pattern(), clean=clean)
    return await queries.delivery.pack(handed, names, clean=clean, progress=progress)


async def _zip(queries: Queries, images: Sequence[GeneratedImage], *, clean: bool) -> Archive:
    names = await _names(queries, images, clean=clean)
    return await queries.files.archive(images, names, clean=clean)


async def _names(
    queries: Queries, images: Sequence[GeneratedImage], *, clean: bool
) -> Sequence[FileNames] | None:
    """How they are called by the pattern of the settings, or else, if they are ``clean``, by their
    numbers; None where they keep their names, and each batch has a folder of its own. Raises
    NotFound, StorageError.
    """
    pattern = await queries.delivery.pattern()
    if pattern is None and not clean:
        return None
    return await queries.delivery.names(await _handed(queries, images), pattern, clean=clean)


async def _handed(queries: Queries, images: Sequence[GeneratedImage]) -> list[Handed]:
    batches = {one: await queries.batch(one) for one in {image.batch_id for image in images}}
    return [Handed(batches[image.batch_id], image) for image in images]


def _answer(made: Archive, count: int, *, is_pack: bool) -> Response:
    called = f"batchgen-{count}-images{'-pack' if is_pack else ''}.zip"
    headers = {
        "content-length": str(made.size),
        "content-disposition": f'attachment; filename="{called}"',
        "accept-ranges": "none",
        "cache-control": "private, no-store",
    }
    return ChunksResponse(made.chunks, headers=headers, media_type="application/zip")


def _sorry(text: str) -> Response:
    return PlainTextResponse(text, status_code=404)
