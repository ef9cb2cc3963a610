"""InputPictures: pictures that a request gives a workflow to start from, brought to the server."""

import asyncio
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from batchgen_app.batches.server import Server
from batchgen_app.core.errors import InvalidRequest, NotFound
from batchgen_app.core.ids import split_image_id
from batchgen_app.language.message import later
from batchgen_app.storage.storage import Storage
from batchgen_app.storage.uploads import Upload, Uploads
from batchgen_app.workflows.corrections import slot_of
from batchgen_app.workflows.graph import Slot
from batchgen_app.workflows.workflow import Workflow

UPLOADS = "uploads"
"""The folder of those that people gave, in the data folder."""
NO_PICTURE_PLACE = later('The workflow takes no picture at "{slot}". It takes some at: {known}.')

NO_PICTURE = later("{id} is no picture, so nothing can start from it.")


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

    async def bring(self, picture_ids: Iterable[str]) -> dict[str, str]:
        """See that the server has them; gives what each is called there. Raises InvalidRequest,
        ServerError, StorageError.
        """
        return {picture: await self._bring(picture) for picture in {*picture_ids}}

    async def _bring(self, picture_id: str) -> str:
        try:
            name, content = await self._content(picture_id)
        except NotFound as error:
            raise InvalidRequest.of("inputImages", "no_picture", error.message) from error
        return await self._server.client.upload(name, content)

    async def _content(self, picture_id: str) -> tuple[str, bytes]:
        if split_image_id(picture_id) is None:
            return picture_id, await self._uploads.read(picture_id)
        image = await self._storage.gallery.image(picture_id)
        if image is None:
            raise NotFound(later("There is no image {id}.", id=picture_id))
        if not image.media_type.startswith("image/"):
            raise InvalidRequest.of("inputImages", "no_picture", later(NO_PICTURE, id=picture_id))
        with await self._storage.store.open(image.batch_id, image.filename) as opened:
            content = await asyncio.to_thread(opened.file.read)
        return f"{picture_id}{PurePosixPath(image.filename).suffix}", content


def _place(workflow: Workflow, text: str) -> Slot:
    slot = slot_of(workflow.graph, text, "inputImages")
    if slot not in workflow.roles.image:
        known = ", ".join(map(str, workflow.roles.image)) or "–"
        message = later(NO_PICTURE_PLACE, slot=text, known=known)
        raise InvalidRequest.of("inputImages", "no_picture_place", message)
    return slot
