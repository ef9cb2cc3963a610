"""SearchQueries: what everybody may ask who looks for pictures. ``core/search`` says what a text
means; workflows are known here by the names under which people keep them.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.core.errors import StorageError
from batchgen_app.services.questions import Questions, whole
from batchgen_app.storage.collections import Collection
from batchgen_app.storage.gallery_query import GalleryPage, GalleryQuery, Order
from batchgen_app.storage.image_query import ImageOrder, ImagePage, ImageQuery, Known
from batchgen_app.storage.image_search import ImageSearch
from batchgen_app.storage.search_rows import model_text
from batchgen_app.storage.storage import Storage
from batchgen_app.storage.suggestions import Suggestion
from batchgen_app.storage.workflow_library import FOLDER, KNOWN, WorkflowLibrary
from batchgen_app.storage.workflow_names import UNNAMED, WorkflowNames
from batchgen_app.workflows.families import FAMILIES


async def workflow_names(
    search: ImageSearch, library: WorkflowLibrary, families: ModelFamilies
) -> WorkflowNames:
    """What all workflows are called that pictures may have been made with. Raises StorageError."""
    given = {str(family): name for family, name in FAMILIES.items()}
    with suppress(StorageError):  # without their folder, the pictures are found all the same
        for one in (await library.look()).kept.values():
            given |= dict.fromkeys(one.digests, one.name)
    made = {model: families.named(model) for model in await search.models()}
    built_in = {model_text(model): FAMILIES[family] for model, family in made.items() if family}
    return WorkflowNames(given, built_in)


async def workflow_names_in(storage: Storage, data_dir: Path) -> WorkflowNames:
    """The same without a running app."""
    library = WorkflowLibrary(data_dir / FOLDER, data_dir / KNOWN)
    families = await asyncio.to_thread(ModelFamilies, data_dir)
    return await workflow_names(storage.gallery.search, library, families)


class SearchQueries(Questions):
    """Every question raises StorageError."""

    @whole
    async def gallery(self, query: GalleryQuery) -> GalleryPage:
        """A page of batches, and what the query finds on all pages."""
        is_by_names = query.text or query.order is Order.WORKFLOW
        workflows = await self._names() if is_by_names else UNNAMED
        return await self._app.storage.gallery.batches(replace(query, workflows=workflows))

    @whole
    async def find_images(self, query: ImageQuery) -> ImagePage:
        """A page of pictures of all batches, and what the query finds on all pages. Raises
        InvalidRequest for a cursor that is none.
        """
        return await self._app.storage.gallery.find_images(await self._complete(query))

    @whole
    async def image_ids(self, query: ImageQuery) -> list[str]:
        """The ids alone of a page of pictures, which may be as long as one likes."""
        return await self._search.ids(await self._complete(query))

    @whole
    async def images_before(
        self, query: ImageQuery, image_id: str, *, or_would: bool = False
    ) -> int | None:
        """How many of the pictures that are found come before one, which is the ``offset`` of a
        page that begins with it. None where it is none of them, unless it is enough that it would
        stand there if it were found (``or_would``), and for what is no picture.
        """
        query = await self._complete(query)
        return await self._search.images_before(query, image_id, or_would=or_would)

    @whole
    async def known_images(self, query: ImageQuery, image_ids: Sequence[str]) -> Known:
        """What there is of a few pictures, in their order, and which of them the query finds."""
        return await self._search.known(await self._complete(query), image_ids)

    @whole
    async def images_until(self, query: ImageQuery, moment: datetime) -> int:
        """How many come before those of ``moment``, in the order of time: newest first, unless the
        query wants the oldest first.
        """
        return await self._search.images_until(await self._complete(query), moment)

    @whole
    async def months(self, query: ImageQuery) -> list[tuple[str, int]]:
        """How many pictures are found of each month, as ``("2026-11", 20)``, newest month first."""
        return await self._search.months(await self._complete(query))

    @whole
    async def suggest(self, text: str) -> list[Suggestion]:
        """How a search that is being typed may go on, the likeliest first."""
        return await self._search.suggest(text, await self._names() if text else UNNAMED)

    @whole
    async def tags(self) -> dict[str, int]:
        """Each tag that a picture has, and how many have it, the most used first."""
        return await self._search.tags()

    @whole
    async def collections(self) -> list[Collection]:
        """Each tag that a picture has, in the order of the alphabet."""
        return await self._search.collections()

    @property
    def _search(self) -> ImageSearch:
        return self._app.storage.gallery.search

    async def _complete(self, query: ImageQuery) -> ImageQuery:
        """With what workflows are called, where that matters."""
        if not query.text and query.order is not ImageOrder.WORKFLOW:
            return query
        return replace(query, workflows=await self._names())

    async def _names(self) -> WorkflowNames:
        return await workflow_names(self._search, self._app.library, self._app.families)
