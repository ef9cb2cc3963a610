"""Catalog: what a server offers to choose from (PROTOCOL.md, section 1), remembered for a while."""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from typing import TypeVar

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.combos import choices
from batchgen_app.comfy.models import LOADERS, Loader, Model, place_in_list, unknown_model
from batchgen_app.comfy.remembered import Clock, Remembered
from batchgen_app.core.errors import ServerUnreachable
from batchgen_app.core.wire import JsonObject

T = TypeVar("T")

KEEP = 60.0
"""Seconds for which an answer serves."""
TIMEOUT = 5.0
"""Seconds for all questions of one list."""


class Catalog:
    """Every method raises ServerError where the server does not answer in time."""

    def __init__(self, client: ComfyClient, clock: Clock = time.monotonic) -> None:
        self._client = client
        self._models = Remembered(lambda: self._in_time(self._ask_models()), KEEP, clock)
        self._sampler = Remembered(lambda: self._in_time(self._ask_sampler()), KEEP, clock)

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """All models, sorted by category and name."""
        return await self._models.get(refresh=refresh)

    async def samplers(self) -> tuple[str, ...]:
        """What ``sampler_name`` may be, in the server's order."""
        return choices(await self._sampler.get(), "sampler_name")

    async def schedulers(self) -> tuple[str, ...]:
        """What ``scheduler`` may be, in the server's order."""
        return choices(await self._sampler.get(), "scheduler")

    async def require(self, name: str) -> Model:
        """The model of that name, asked for now, since it may have vanished. Raises
        InvalidRequest if the server has none that makes pictures under that name.
        """
        models = [m for m in await self.models(refresh=True) if m.makes_pictures]
        for model in models:
            if model.name == name:
                return model
        raise unknown_model(name, models)

    async def _ask_models(self) -> tuple[Model, ...]:
        lists = await asyncio.gather(*map(self._ask_loader, LOADERS))
        return tuple(sorted((model for models in lists for model in models), key=place_in_list))

    async def _ask_loader(self, loader: Loader) -> Sequence[Model]:
        info = await self._client.object_info(loader.class_type)
        return [loader.model(name) for name in choices(info, loader.input_name)]

    async def _ask_sampler(self) -> JsonObject:
        return await self._client.object_info("KSampler")

    async def _in_time(self, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(TIMEOUT):
                return await answer
        except TimeoutError as error:
            raise ServerUnreachable(self._client.address, "no list in time") from error
