"""Images: their files, what is known and thought of them, several as a ZIP."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from batchgen_app.adapters.starlette import ChunksResponse, unless_gone
from batchgen_app.api.answers import started
from batchgen_app.api.conditional_requests import file_answer, images_of
from batchgen_app.api.errors import ALWAYS_POSSIBLE, Responses, failing
from batchgen_app.api.parameters import AsPack, ImageNumbers, Metadata, Pattern, Sought
from batchgen_app.api.requests import Ask, Asker, Body, Do, takes
from batchgen_app.api.schemas import (
    Deleted,
    FoundImagesAnswer,
    ImageIds,
    ImagesAnswer,
    MarksOfMany,
    Started,
)
from batchgen_app.core.batch import GeneratedImage, Marks, ShownExtra
from batchgen_app.core.delivery import Handed
from batchgen_app.core.errors import InvalidRequest, NotFound
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import english

PICTURE: Responses = {
    200: {
        "description": "The file",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/png", "image/jpeg", "image/webp", "video/mp4", "video/webm", "*/*")
        },
    },
    206: {"description": "A part of the file"},
    304: {"description": "The client has it"},
    **failing(400, 404, 416),
}
ARCHIVE: Responses = {
    200: {
        "description": "The ZIP; its pictures are stored as they are",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    },
    **failing(400, 404),
}

router = APIRouter(tags=["Images"], responses=failing(*ALWAYS_POSSIBLE))


# FastAPI answers no HEAD where only a GET is declared.
@router.head("/images/{image_id}", include_in_schema=False)
@router.get(
    "/images/{image_id}",
    response_class=FileResponse,
    responses=PICTURE,
    operation_id="getImage",
)
async def picture(ask: Ask, image_id: str, request: Request, metadata: Metadata = None) -> Response:
    """The picture, or whatever the image is (``mediaType``), exactly as it lies on disk."""
    image = await ask.image(image_id)
    give = ask.files.clean_copy if metadata else ask.files.picture
    return file_answer(request, await give(image))


@router.head("/images/{image_id}/thumbnail", include_in_schema=False)
@router.get(
    "/images/{image_id}/thumbnail",
    response_class=FileResponse,
    responses=PICTURE,
    operation_id="getThumbnail",
)
async def thumbnail(ask: Ask, image_id: str, request: Request) -> Response:
    """The picture small, as WebP: of anything else a still, or a plain tile."""
    image = await ask.image(image_id)
    return file_answer(request, await ask.files.thumbnail(image))


@router.head("/images/{image_id}/extras/{number}", include_in_schema=False)
@router.get(
    "/images/{image_id}/extras/{number}",
    response_class=FileResponse,
    responses=PICTURE,
    operation_id="getExtra",
)
async def extra(
    ask: Ask, image_id: str, number: str, request: Request, metadata: Metadata = None
) -> Response:
    """A further picture or file of the same prompt, exactly as it lies on disk."""
    image = await ask.image(image_id)
    give = ask.files.clean_copy if metadata else ask.files.picture
    return file_answer(request, await give(image, _extra(image, number)))


@router.head("/images/{image_id}/extras/{number}/thumbnail", include_in_schema=False)
@router.get(
    "/images/{image_id}/extras/{number}/thumbnail",
    response_class=FileResponse,
    responses=PICTURE,
    operation_id="getExtraThumbnail",
)
async def extra_thumbnail(ask: Ask, image_id: str, number: str, request: Request) -> Response:
    """A further picture small, as WebP."""
    image = await ask.image(image_id)
    return file_answer(request, await ask.files.thumbnail(image, _extra(image, number)))


@router.get("/images/{image_id}/info", responses=failing(404), operation_id="getImageInfo")
async def info(ask: Ask, image_id: str) -> GeneratedImage:
    """What is known of an image."""
    return await ask.image(image_id)


@router.patch(
    "/images/{image_id}",
    responses=failing(400, 404, 413, 415),
    operation_id="markImage",
    openapi_extra=takes(Marks.model_json_schema()),
)
async def mark(do: Do, caller: Asker, image_id: str, data: Body) -> GeneratedImage:
    """Say what you think of an image."""
    (image,) = await do.mark(caller, Marks.parse(data), image_id)
    return image


@router.get(
    "/images",
    response_model=FoundImagesAnswer,
    responses=failing(400),
    operation_id="findImages",
)
async def find(ask: Ask, query: Sought) -> Response:
    """Pictures of all batches, each with its prompt and what it was made with."""
    return await images_of(await ask.find_images(query), query.text)


@router.patch(
    "/images",
    responses=failing(400, 404, 413, 415),
    operation_id="markImages",
    openapi_extra=takes(MarksOfMany.model_json_schema()),
)
async def mark_many(do: Do, caller: Asker, data: Body) -> ImagesAnswer:
    """Say what you think of several images: of all of them, or of none."""
    marks = MarksOfMany.parse(data)
    return ImagesAnswer(images=await do.mark(caller, marks, *marks.ids))


@router.delete("/images/{image_id}", responses=failing(404, 409), operation_id="deleteImage")
async def delete(do: Do, caller: Asker, image_id: str) -> Deleted:
    """Move an image to the trash."""
    await do.delete_images(caller, image_id)
    return Deleted()


@router.delete(
    "/images",
    responses=failing(400, 404, 409, 413, 415),
    operation_id="deleteImages",
    openapi_extra=takes(ImageIds.model_json_schema()),
)
async def delete_many(do: Do, caller: Asker, data: Body) -> Deleted:
    """Move several images to the trash: all of them, or none."""
    await do.delete_images(caller, *ImageIds.parse(data).ids)
    return Deleted()


@router.post("/images/{image_id}/restore", responses=failing(404), operation_id="restoreImage")
async def restore(do: Do, caller: Asker, image_id: str) -> GeneratedImage:
    """Take an image out of the trash."""
    return await do.restore_image(caller, image_id)


@router.post(
    "/images/{image_id}/prove",
    status_code=201,
    responses=failing(400, 404, 409, 503),
    operation_id="proveImage",
)
async def prove(do: Do, caller: Asker, image_id: str, response: Response) -> Started:
    """Make an image again, by the graph and the seed in its own file, and compare the pixels. The
    batch that does it says what came of it, in ``proof``: whether they are ``identical`` (null
    where that could not be told), else what differs.
    """
    return started(await do.prove(caller, image_id), response)


@router.get(
    "/batches/{batch_id}/archive",
    response_class=StreamingResponse,
    responses=ARCHIVE,
    operation_id="downloadImages",
)
async def archive(
    ask: Ask,
    batch_id: str,
    request: Request,
    *,
    images: ImageNumbers | None = None,
    pack: AsPack = False,
    names: Pattern | None = None,
    metadata: Metadata = None,
) -> Response:
    """Finished images of a batch with their extras as one ZIP, made while it is sent. A file that
    is missing, or with `metadata=none` one without a clean copy, is left out and named in
    `left-out.txt`. With ``pack`` a delivery pack: pictures with the texts beside them, a contact
    sheet, a light table to open without any network, ``batch.json`` and checksums; what is left
    out or damaged is named in `MISSING.txt`, and with `metadata=none` nothing in it tells how the
    pictures were made. Without settings and without a pattern, files have their numbers as names.
    """
    clean = metadata is not None
    batch = await ask.batch(batch_id)
    chosen = _all(batch) if images is None else _chosen(batch, images)
    handed = [Handed(batch, image) for image in chosen]
    pattern = await ask.delivery.pattern(names)
    called = await ask.delivery.names(handed, pattern, clean=clean)
    making = (
        ask.delivery.pack(handed, called, clean=clean)
        if pack
        else ask.files.archive(chosen, called, clean=clean)
    )
    archive = await unless_gone(request, making)
    if archive is None:
        return Response()
    kind = "-pack" if pack else ""
    headers = {
        "content-length": str(archive.size),
        "content-disposition": f'attachment; filename="batchgen-{batch_id}{kind}.zip"',
        "accept-ranges": "none",
    }
    return ChunksResponse(archive.chunks, headers=headers, media_type="application/zip")


def _extra(image: GeneratedImage, number: str) -> ShownExtra:
    for extra in image.extras:
        if str(extra.number) == number:
            return extra
    raise NotFound(english(f"Image {image.id} has no further picture {number}."))


def _all(batch: BatchState) -> list[GeneratedImage]:
    if not batch.pictures:
        raise NotFound(english("No image of this batch is finished."))
    return list(batch.pictures)


def _chosen(batch: BatchState, numbers: str) -> list[GeneratedImage]:
    finished = {picture.index: picture for picture in batch.pictures}
    wanted = _indexes(numbers, batch.total_images)
    if missing := [index for index in wanted if index not in finished]:
        raise NotFound(english(f"Not finished or deleted: image {', '.join(map(str, missing))}."))
    return [finished[index] for index in wanted]


def _indexes(numbers: str, most: int) -> list[int]:
    """Image numbers, each once; raises InvalidRequest."""
    known = {str(index): index for index in range(1, most + 1)}
    try:
        return sorted({known[number.strip()] for number in numbers.split(",")})
    except KeyError:
        message = f"Images must be numbers from 1 to {most} with commas between them, like 1,3,4"
        raise InvalidRequest.of("images", "bad_images", english(message)) from None
