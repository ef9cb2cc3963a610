"""Pictures that people give, to be changed: each once, by what is in it."""

import asyncio
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from batchgen_app.core.errors import InvalidRequest, NotFound, PictureBroken
from batchgen_app.language.message import later
from batchgen_app.storage import decoding, pictures
from batchgen_app.storage.atomic_files import write_over
from batchgen_app.storage.faults import in_words

MOST_BYTES = 100_000_000
"""What a ComfyUI server takes at once, unless it was started otherwise (PROTOCOL.md, section 5)."""
MOST_PIXELS = 178_956_970
"""Beyond that, Pillow does not open a picture, here or on a server (its "decompression bomb")."""
TOO_MANY_PIXELS = later("The picture has more than 178 megapixels, which no server opens.")
TOO_LARGE = later("The picture is too large: a server takes at most 100 MB.")
_NAME = re.compile(r"[0-9a-f]{40}\.(png|jpg|webp)")


@dataclass(frozen=True)
class Upload:
    """``id`` is the name of the file, here and on the server; width and height are pixels."""

    id: str
    width: int
    height: int


class Uploads:
    """The pictures in ``folder``, which is made with the first one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def keep(self, content: bytes) -> Upload:
        """Keep a picture; the same one again is the same. Raises InvalidRequest for what is none,
        StorageError.
        """
        return await asyncio.to_thread(self._keep, content)

    async def read(self, upload_id: str) -> bytes:
        """A picture that was kept; raises NotFound, StorageError."""
        return await asyncio.to_thread(self._read, upload_id)

    def _keep(self, content: bytes) -> Upload:
        if len(content) > MOST_BYTES:
            raise InvalidRequest.of("file", "too_large", TOO_LARGE)
        try:
            claim, look = decoding.claim_of(content), pictures.look_of(content)
        except PictureBroken as error:
            raise InvalidRequest.of("file", "no_picture", error.message) from error
        if claim.width * claim.height > MOST_PIXELS:
            raise InvalidRequest.of("file", "too_large", TOO_MANY_PIXELS)
        path = self._folder / (hashlib.sha256(content).hexdigest()[:40] + f".{look.ending}")
        with in_words(path):
            if not path.is_file():
                write_over(path, content)
        return Upload(path.name, claim.width, claim.height)

    def _read(self, upload_id: str) -> bytes:
        if not _NAME.fullmatch(upload_id) or not (path := self._folder / upload_id).is_file():
            raise NotFound(
                later("There is no uploaded picture {id}. Choose it once more.", id=upload_id[:60])
            )
        with in_words(path):
            return path.read_bytes()
