"""Catalog: what a server offers to choose from (PROTOCOL.md, section 1), remembered for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from itertools import chain, islice
from typing import Generic, TypeAlias, TypeVar

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.model_hashes import FileHashes
from batchgen_app.comfy.model_metadata import FileFamilies
from batchgen_app.comfy.models import (
    LOADERS,
    NO_FILES,
    NO_MODELS,
    Loader,
    Model,
    place_in_list,
    required,
)
from batchgen_app.core.errors import ServerFault, ServerUnreachable
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.node_types import choices

T = TypeVar("T")
Clock: TypeAlias = Callable[[], float]


class Remembered(Generic[T]):
    """Gives the last answer for ``keep`` seconds; asked for once, however many want it at a time.

    What ``ask`` raises is passed on and not remembered.
    """

    def __init__(self, ask: Callable[[], Awaitable[T]], keep: float, clock: Clock) -> None:
        self._ask = ask
        self._keep = keep
        self._clock = clock
        self._kept: tuple[float, T] | None = None
        self._asking = asyncio.Lock()

    async def get(self, *, refresh: bool = False) -> T:
        """The answer; with ``refresh`` one to a question that was put after this call."""
        called_at = self._clock()
        async with self._asking:
            # An answer to somebody who waited for the lock before us may be new enough.
            too_old = called_at if refresh else self._clock() - self._keep
            if self._kept is None or self._kept[0] <= too_old:
                asked_at = self._clock()
                self._kept = asked_at, await self._ask()
            return self._kept[1]


KEEP = 60.0
"""Seconds for which an answer serves."""
TIMEOUT = 5.0
"""Seconds for all questions of one list."""
QUESTIONS_AT_ONCE = 8
MOST_TYPES = 200
"""Of one graph that are asked about; hardly any has half as many."""
EVERYWHERE = "KSampler"
"""A node type that every ComfyUI has."""


class Catalog:
    """Every method raises ServerError where the server does not answer in time."""

    tells_models = True
    no_models = NO_MODELS

    def __init__(self, client: ComfyClient, clock: Clock = time.monotonic) -> None:
        self._client = client
        self._files = FileFamilies(client)
        self._hashes = FileHashes(client)
        self._models = Remembered(self._ask_models, KEEP, clock)
        self._sampler = Remembered(lambda: self._in_time(self._ask_sampler()), KEEP, clock)

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """All models, sorted by category and name."""
        return await self._models.get(refresh=refresh)

    async def samplers(self) -> tuple[str, ...]:
        """What ``sampler_name`` may be, in the server's order."""
        return await asyncio.to_thread(choices, await self._sampler.get(), "sampler_name")

    async def schedulers(self) -> tuple[str, ...]:
        """What ``scheduler`` may be, in the server's order."""
        return await asyncio.to_thread(choices, await self._sampler.get(), "scheduler")

    async def require(self, name: str) -> Model:
        """The model of that name, asked for now, since it may have vanished. Raises
        InvalidRequest if the server has none that makes pictures under that name.
        """
        return await asyncio.to_thread(required, name, await self.models(refresh=True))

    async def hashes(self, names: Collection[str]) -> dict[str, str]:
        """Of these files, by which hashes sharing sites know them, as far as they say it."""
        models = await self.models() if names else ()
        return await self._hashes.of([model for model in models if model.name in names])

    async def node_types(self, class_types: Iterable[str]) -> dict[str, JsonObject | None]:
        """What the server tells now about each of these: {} for one that it does not have, None
        where it cannot be asked in time. Raises ServerUnreachable.
        """
        known: dict[str, JsonObject | None] = dict.fromkeys(class_types)
        with suppress(TimeoutError):
            async with asyncio.timeout(TIMEOUT):
                await self._ask_types(known)
        return known

    async def _ask_types(self, known: dict[str, JsonObject | None]) -> None:
        places = asyncio.Semaphore(QUESTIONS_AT_ONCE)

        async def ask(class_type: str) -> None:
            async with places:
                known[class_type] = await self._object_info(class_type)

        # One by one: the answer about all types has 323 kB on a bare server (section 1).
        await asyncio.gather(*map(ask, islice(list(known), MOST_TYPES)))
        if missing := {name for name, told in known.items() if told == {}}:
            known.update(dict.fromkeys(missing - await self._really_missing(missing)))

    async def _object_info(self, class_type: str) -> JsonObject | None:
        """None for one whose description the server breaks down over."""
        try:
            return await self._client.object_info(class_type)
        except ServerFault:
            return None

    async def _really_missing(self, class_types: set[str]) -> set[str]:
        """Those that no newer node replaces; none on a server that tells about no node at all."""
        if not await self._object_info(EVERYWHERE):
            return set()
        try:
            return class_types - await self._client.replaced_types()
        except ServerFault:  # an older server
            return class_types

    async def _ask_models(self) -> tuple[Model, ...]:
        """Those of one loader stand together: the loaders have the order of the categories."""
        lists = await self._in_time(asyncio.gather(*map(self._ask_loader, LOADERS)))
        return await self._files.completed([*chain.from_iterable(lists)])

    async def _ask_loader(self, loader: Loader) -> Sequence[Model]:
        info = await self._client.object_info(loader.class_type)
        return await asyncio.to_thread(_models_of, loader, info)

    async def _ask_sampler(self) -> JsonObject:
        return await self._client.object_info("KSampler")

    async def _in_time(self, answer: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(TIMEOUT):
                return await answer
        except TimeoutError as error:
            raise ServerUnreachable(self._client.address, "no list in time") from error


def _models_of(loader: Loader, info: JsonObject) -> Sequence[Model]:
    """In order. There may be very many."""
    names = choices(info, loader.input_name)
    models = [loader.model(name) for name in names if name not in NO_FILES]
    return sorted(models, key=place_in_list)
