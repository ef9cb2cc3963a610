"""To which family a model's file says that it belongs: those who train models note it there."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.models import FILE_ENDING, Model
from batchgen_app.core.errors import ServerError
from batchgen_app.core.request import Family
from batchgen_app.core.wire import JsonObject

NOTES = ("modelspec.architecture", "ss_base_model_version")
"""Of the ModelSpec standard, and of kohya's scripts."""
_SAID: Mapping[str, Family] = {
    r"flux[._-]?2": "flux2",
    r"chroma": "chroma",
    r"flux": "flux",
    r"qwen[._-]?image": "qwen-image",
    r"z[._-]?image": "z-image",
    r"hidream": "hidream",
    r"stable[._-]diffusion[._-]v?3|^sd[._-]?v?3": "sd3",
    r"stable[._-]diffusion[._-]xl|sdxl": "sdxl",
    r"stable[._-]diffusion[._-]v?1|^sd[._-]?v?1": "sd15",
}
"""Where one name holds another's, it stands first. Of others, such as 2.1, nothing is made here."""


def family_in(metadata: JsonObject) -> Family | None:
    """None where the file says nothing that is known here."""
    told = (metadata.get(note) for note in NOTES)
    for text in (text.casefold() for text in told if isinstance(text, str)):
        for called, family in _SAID.items():
            if re.search(called, text):
                return family
    return None


MOST_ASKED = 200
"""Files of one server that are asked about; others are known by their names, or not."""
AT_ONCE = 8
TIMEOUT = 2.0
"""Seconds for all of them: a server reads each from its disk."""


class FileFamilies:
    """Asks the server about each file once, be it answered or not."""

    def __init__(self, client: ComfyClient) -> None:
        self._client = client
        self._told: dict[Model, Family | None] = {}

    async def completed(self, models: Sequence[Model]) -> tuple[Model, ...]:
        """The models, with the family of those whose name says nothing and whose file does."""
        unknown = [model for model in models if _may_tell(model)]
        await self._ask([model for model in unknown if model not in self._told])
        return tuple(
            model.model_copy(update={"family": self._told[model]}) if model in self._told else model
            for model in models
        )

    async def _ask(self, models: Sequence[Model]) -> None:
        asked = models[: max(0, MOST_ASKED - len(self._told))]
        self._told |= dict.fromkeys(asked)
        places = asyncio.Semaphore(AT_ONCE)

        async def ask(model: Model) -> None:
            async with places:
                with suppress(ServerError):  # most files say nothing: 404
                    told = await self._client.model_metadata(model.category, model.name)
                    self._told[model] = family_in(told)

        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT):
                await asyncio.gather(*map(ask, asked))


def _may_tell(model: Model) -> bool:
    return model.makes_pictures and model.family is None and model.name.endswith(FILE_ENDING)
