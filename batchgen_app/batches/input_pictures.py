"""InputPictures: pictures that a request gives a workflow to start from, brought to the server."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from batchgen_app.batches.server import Server
from batchgen_app.core.errors import InvalidRequest, NotFound, PictureBroken
from batchgen_app.core.ids import split_image_id
from batchgen_app.core.json_values import clipped
from batchgen_app.language.message import Message, later
from batchgen_app.storage import decoding, pictures
from batchgen_app.storage.storage import Storage
from batchgen_app.storage.uploads import Upload, Uploads
from batchgen_app.workflows.corrections import slot_of
from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.masks import masks_by_alpha
from batchgen_app.workflows.node_types import LONGEST_NAME
from batchgen_app.workflows.picture_files import missing_pictures
from batchgen_app.workflows.workflow import Workflow

UPLOADS = "uploads"
"""The folder of those that people gave, in the data folder."""
NO_PICTURE_PLACE = later('The workflow takes no picture at "{slot}". It takes some at: {known}.')

GONE = later(
    "There is no picture {id}. Have it back from the trash if it is there, or choose another one."
)
NOT_THERE = later(
    'The workflow starts from the picture "{name}" ({slot}), which the server does not have. Give '
    "it one."
)
NO_MASK = later(
    'The workflow takes its mask from the picture at "{slot}", which has no transparent parts.'
)
NO_PICTURE = later("{id} is no picture, so nothing can start from it.")


@dataclass(frozen=True)
class InputPicture:
    """A picture that something may start from: its id, width and height in pixels as it is seen,
    and whether it has transparent parts.
    """

    id: str
    width: int
    height: int
    is_transparent: bool


class InputPictures:
    """Those that people gave, and those that were made: by the id of either."""

    def __init__(self, data_dir: Path, server: Server, storage: Storage) -> None:
        self._uploads = Uploads(data_dir / UPLOADS)
        self._server = server
        self._storage = storage

    async def keep(self, content: bytes) -> Upload:
        """Keep one that a person gives. Raises InvalidRequest for what is no picture, and
        StorageError.
        """
        return await self._uploads.keep(content)

    async def look(self, picture_id: str) -> InputPicture:
        """What is to be known of one before something starts from it. Raises NotFound where it is
        not there (any more), InvalidRequest where it is no picture, StorageError.
        """
        _, content = await self._content(picture_id)
        return await asyncio.to_thread(_seen, picture_id, content)

    async def size(self, picture_id: str) -> tuple[int, int]:
        """Width and height in pixels, as it is seen. Raises InvalidRequest, StorageError."""
        _, content = await self._given(picture_id)
        return await asyncio.to_thread(_size, content)

    async def read(self, upload_id: str) -> bytes:
        """One that was given; raises NotFound, StorageError."""
        return await self._uploads.read(upload_id)

    async def give(self, workflow: Workflow, pictures: Mapping[str, str]) -> Workflow:
        """The workflow with these pictures, by slot, which the server has then. Raises
        InvalidRequest, ServerError, StorageError.
        """
        places = {_place(workflow, slot): picture for slot, picture in pictures.items()}
        names = await self.bring(places.values())
        return workflow.with_values((slot, names[picture]) for slot, picture in places.items())

    async def require(self, workflow: Workflow) -> None:
        """Raises InvalidRequest where it starts from a picture that the server does not have."""
        for slot, name in await asyncio.to_thread(missing_pictures, workflow):
            raise InvalidRequest.of("inputImages", "missing_picture", not_there(slot, name))

    async def without_mask(self, workflow: Workflow, pictures: Mapping[str, str]) -> list[Message]:
        """Where the workflow goes by what is transparent in these, by slot, and nothing is."""
        masks = map(str, await asyncio.to_thread(masks_by_alpha, workflow)) if pictures else ()
        needed = [slot for slot in masks if slot in pictures]
        seen = {slot: await self.look(pictures[slot]) for slot in needed}
        return [later(NO_MASK, slot=slot) for slot, one in seen.items() if not one.is_transparent]

    async def bring(self, picture_ids: Iterable[str]) -> dict[str, str]:
        """See that the server has them; gives what each is called there. Raises InvalidRequest,
        ServerError, StorageError.
        """
        return {picture: await self._bring(picture) for picture in {*picture_ids}}

    async def _bring(self, picture_id: str) -> str:
        return await self._server.client.upload(*await self._given(picture_id))

    async def _given(self, picture_id: str) -> tuple[str, bytes]:
        """What a request names; raises InvalidRequest."""
        try:
            return await self._content(picture_id)
        except NotFound as error:
            raise InvalidRequest.of("inputImages", "no_picture", error.message) from error

    async def _content(self, picture_id: str) -> tuple[str, bytes]:
        if split_image_id(picture_id) is None:
            return picture_id, await self._uploads.read(picture_id)
        image = await self._storage.gallery.image(picture_id)
        if image is None:
            raise NotFound(later(GONE, id=picture_id))
        if not image.media_type.startswith("image/"):
            raise InvalidRequest.of("inputImages", "no_picture", later(NO_PICTURE, id=picture_id))
        content = await self._storage.store.read(image.batch_id, image.filename)
        return f"{picture_id}{PurePosixPath(image.filename).suffix}", content


def not_there(slot: Slot, name: str) -> Message:
    """That the server lacks the picture that a workflow starts from."""
    return later(NOT_THERE, slot=str(slot), name=clipped(name, LONGEST_NAME))


def _size(content: bytes) -> tuple[int, int]:
    try:
        return decoding.upright_size(content)
    except PictureBroken as error:
        raise InvalidRequest.of("inputImages", "no_picture", error.message) from error


def _seen(picture_id: str, content: bytes) -> InputPicture:
    width, height = _size(content)
    thumbnail = pictures.thumbnail_of(content)
    return InputPicture(picture_id, width, height, decoding.is_transparent(thumbnail))


def _place(workflow: Workflow, text: str) -> Slot:
    slot = slot_of(workflow.graph, text, "inputImages")
    if slot not in workflow.roles.image:
        known = ", ".join(map(str, workflow.roles.image)) or "–"
        message = later(NO_PICTURE_PLACE, slot=text, known=known)
        raise InvalidRequest.of("inputImages", "no_picture_place", message)
    return slot
