"""By which hashes sharing sites know the files of a server, where those say it themselves. A server
far away cannot be asked for more: nothing is worked out, and nothing guessed.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.models import FILE_ENDING, Model
from batchgen_app.core.errors import ServerError
from batchgen_app.core.wire import JsonObject

NOTES = ("sshs_model_hash", "modelspec.hash_sha256")
"""Of kohya's scripts, and of the ModelSpec standard: SHA-256 of all that follows a file's header.
That of the whole file, which ``Model hash`` would be made of, is told by none.
"""
DIGITS = 12
"""That are written, as AUTOMATIC1111 does ("AutoV3")."""
MOST_ASKED = 20
"""Files of one batch."""
TIMEOUT = 2.0
"""Seconds for all of them: a batch does not wait longer for that."""

_HASH = re.compile(r"(?:0x)?([0-9a-f]{64})", re.IGNORECASE)


def hash_in(metadata: JsonObject) -> str | None:
    """None where the file says none."""
    told = (metadata.get(note) for note in NOTES)
    found = (_HASH.fullmatch(text.strip()) for text in told if isinstance(text, str))
    return next((match[1][:DIGITS].lower() for match in found if match), None)


class FileHashes:
    """Asks the server about each file once, be it answered or not."""

    def __init__(self, client: ComfyClient) -> None:
        self._client = client
        self._told: dict[Model, str | None] = {}

    async def of(self, models: Sequence[Model]) -> dict[str, str]:
        """By the names of those that say it."""
        files = [model for model in models if model.name.endswith(FILE_ENDING)][:MOST_ASKED]
        unknown = [model for model in files if model not in self._told]
        self._told |= dict.fromkeys(unknown)
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT):
                await asyncio.gather(*map(self._ask, unknown))
        told = {model.name: self._told.get(model) for model in files}
        return {name: known for name, known in told.items() if known}

    async def _ask(self, model: Model) -> None:
        with suppress(ServerError):  # most files say nothing: 404
            metadata = await self._client.model_metadata(model.category, model.name)
            self._told[model] = hash_in(metadata)
