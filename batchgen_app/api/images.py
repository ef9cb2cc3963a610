"""Images: their files, what is known and thought of them, several as a ZIP."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from batchgen_app.api.conditional_requests import file_answer
from batchgen_app.api.errors import ALWAYS_POSSIBLE, Responses, failing
from batchgen_app.api.requests import Ask, Asker, Body, Do, ImageNumbers, takes
from batchgen_app.api.schemas import Deleted, Marks
from batchgen_app.core.batch import GeneratedImage, ShownExtra
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
async def picture(ask: Ask, image_id: str, request: Request) -> Response:
    """The picture, or whatever the image is (``mediaType``), exactly as it lies on disk."""
    image = await ask.image(image_id)
    return file_answer(request, await ask.files.picture(image))


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
async def extra(ask: Ask, image_id: str, number: str, request: Request) -> Response:
    """A further picture or file of the same prompt, exactly as it lies on disk."""
    image = await ask.image(image_id)
    return file_answer(request, await ask.files.picture(image, _extra(image, number)))


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
async def mark(ask: Ask, do: Do, caller: Asker, image_id: str, data: Body) -> GeneratedImage:
    """Say what you think of an image."""
    marks = Marks.parse(data)
    image = await ask.image(image_id)
    if marks.favourite is not None:
        image = await do.favourite(caller, image_id, on=marks.favourite)
    if marks.rating is not None:
        image = await do.rate(caller, image_id, marks.rating)
    return image


@router.delete("/images/{image_id}", responses=failing(404, 409), operation_id="deleteImage")
async def delete(do: Do, caller: Asker, image_id: str) -> Deleted:
    """Move an image to the trash."""
    await do.delete_image(caller, image_id)
    return Deleted()


@router.post("/images/{image_id}/restore", responses=failing(404), operation_id="restoreImage")
async def restore(do: Do, caller: Asker, image_id: str) -> GeneratedImage:
    """Take an image out of the trash."""
    return await do.restore_image(caller, image_id)


@router.get(
    "/batches/{batch_id}/archive",
    response_class=StreamingResponse,
    responses=ARCHIVE,
    operation_id="downloadImages",
)
async def archive(ask: Ask, batch_id: str, images: ImageNumbers | None = None) -> Response:
    """Finished images of a batch with their extras as one ZIP, made while it is sent."""
    batch = await ask.batch(batch_id)
    chosen = _all(batch) if images is None else _chosen(batch, images)
    archive = await ask.files.archive(chosen)
    headers = {
        "content-length": str(archive.size),
        "content-disposition": f'attachment; filename="batchgen-{batch_id}.zip"',
        "accept-ranges": "none",
    }
    return StreamingResponse(archive.chunks, headers=headers, media_type="application/zip")


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
