"""Exporting: pictures of all batches that a search finds, into a folder or a ZIP; once more, and
only what is new is written.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from batchgen_app.core.delivery import BATCH_AND_NUMBER, FileNames, Handed, by_number, name_one
from batchgen_app.core.errors import (
    InvalidRequest,
    LifecycleError,
    NotFound,
    PictureBroken,
    StorageError,
)
from batchgen_app.core.file_names import NamePattern, Names
from batchgen_app.core.found_image import FoundImage
from batchgen_app.core.limits import MAX_IMAGES_AT_ONCE
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import later
from batchgen_app.storage.delivery.looking import PICTURES, sidecar
from batchgen_app.storage.delivery.pack import whole_pack
from batchgen_app.storage.delivery.parcel import Item
from batchgen_app.storage.delivery.target import Target, opened
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.image_query import MOST_IMAGES, ImageOrder, ImageQuery
from batchgen_app.storage.progress import ProgressCallback, silent
from batchgen_app.storage.storage import Storage
from batchgen_app.storage.workflow_names import UNNAMED, WorkflowNames

EXPORTING = later("Exporting pictures")


@dataclass
class Exported:
    """What came of it: how many pictures were found, how many of them are in the target now, how
    many files were written and how large they are, how many were there before, and what is wrong.
    """

    found: int = 0
    pictures: int = 0
    written: int = 0
    bytes: int = 0
    there: int = 0
    problems: list[str] = field(default_factory=list)


class Exporter:
    """One export; ``progress`` hears of each picture. ``is_clean``: of clean copies, without the
    texts beside them, and numbered where there is no pattern. ``workflows`` says what these are
    called.
    """

    def __init__(
        self,
        storage: Storage,
        query: str,
        pattern: NamePattern | None,
        *,
        version: str,
        is_clean: bool = False,
        progress: ProgressCallback = silent,
        workflows: WorkflowNames = UNNAMED,
    ) -> None:
        self._storage = storage
        self._query = query
        self._pattern = pattern
        self._is_clean = is_clean
        self._version = version
        self._progress = progress
        self._workflows = workflows
        self._names = Names()
        self._done = Exported()

    async def export(self, to: Path, *, pack: bool) -> Exported:
        """Write what is found. Raises InvalidRequest where something else is in the way, or where
        there is too much for a pack; StorageError. What was written until then stays, in a folder.
        """
        first = await self._storage.gallery.find_images(self._asked(None, 1))
        self._done.found = first.total
        if not first.total:
            return self._done
        if pack and first.total > MAX_IMAGES_AT_ONCE:
            raise _too_many(first.total)
        self._progress(EXPORTING, 0, first.total)
        with in_words(to), opened(to) as target:
            await (self._packed(target) if pack else self._plain(target))
        return self._done

    def _asked(self, cursor: str | None, limit: int = MOST_IMAGES) -> ImageQuery:
        # What comes later is found later: names are given in the same order again.
        return ImageQuery(
            self._query,
            ImageOrder.OLDEST,
            limit=limit,
            cursor=cursor,
            workflows=self._workflows,
        )

    async def _plain(self, target: Target) -> None:
        seen = 0
        if self._is_clean:
            self._pattern = self._pattern or BATCH_AND_NUMBER
        async for handed in self._handed():
            for one in handed:
                await asyncio.to_thread(self._one, target, one)
                seen += 1
                self._progress(EXPORTING, seen, self._done.found)

    async def _packed(self, target: Target) -> None:
        handed = [one async for several in self._handed() for one in several]
        if not handed:
            return
        if self._is_clean:
            self._pattern = self._pattern or by_number(handed)
        names = await asyncio.to_thread(self._all_named, target, handed)
        store = self._storage.store
        parcel = await asyncio.to_thread(
            whole_pack, store, handed, names, self._version, is_clean=self._is_clean
        )
        self._done.problems += parcel.lost
        for number, item in enumerate(parcel.items, start=1):
            try:
                await asyncio.to_thread(self._put, target, item)
            except (NotFound, StorageError) as error:  # of reading; the checksums say so, too
                self._done.problems.append(str(error))
            self._progress(EXPORTING, number, len(parcel.items))
        self._done.pictures = len(handed)

    async def _handed(self) -> AsyncIterator[list[Handed]]:
        """All that are found, those of one batch together, one batch at a time."""
        cursor: str | None = None
        while True:
            page = await self._storage.gallery.find_images(self._asked(cursor))
            for batch_id, images in groupby(page.images, lambda image: image.batch_id):
                yield await self._of(batch_id, list(images))
            if (cursor := page.next) is None:
                return

    async def _of(self, batch_id: str, images: Sequence[FoundImage]) -> list[Handed]:
        batch = await self._batch(batch_id)
        known = {image.id: image for image in batch.pictures} if batch else {}
        gone = [image.id for image in images if image.id not in known]
        self._done.problems += [f"{image} is no longer there." for image in gone]
        return [Handed(batch, known[image.id]) for image in images if batch and image.id in known]

    async def _batch(self, batch_id: str) -> BatchState | None:
        try:
            return await self._storage.log.state(batch_id, BatchState)
        except LifecycleError:
            return None

    def _all_named(self, target: Target, handed: Sequence[Handed]) -> list[FileNames]:
        return [self._named(target, one, f"{PICTURES}/") for one in handed]

    def _named(self, target: Target, one: Handed, folder: str) -> FileNames:
        """Names that are free in the target, or have just these files."""

        def fits(names: FileNames) -> bool:
            return all(map(target.may_have, self._items(one, names, folder, [])))

        return name_one(one, self._pattern, self._names, fits)

    def _one(self, target: Target, one: Handed) -> None:
        names = self._named(target, one, "")
        items = self._items(one, names, "", self._done.problems)
        try:
            for item in items:
                self._put(target, item)
        except (NotFound, StorageError) as error:  # of reading, not of the target
            self._done.problems.append(str(error))
        else:
            self._done.pictures += bool(items)

    def _items(self, one: Handed, names: FileNames, folder: str, problems: list[str]) -> list[Item]:
        """The files of an image that can be had, and its text; others are among the problems."""
        found, lie = [], Item.clean if self._is_clean else Item.lying
        for file in self._storage.store.files(one.image):
            try:
                found.append(lie(f"{folder}{names.of[file.path.name]}", file))
            except (NotFound, PictureBroken) as error:
                problems.append(str(error))
        if found and not self._is_clean:
            text = sidecar(self._storage.store, one, names, self._version)
            found.append(Item.of(f"{folder}{names.sidecar}", text))
        return found

    def _put(self, target: Target, item: Item) -> None:
        if target.put(item):
            self._done.written += 1
            self._done.bytes += item.size
        else:
            self._done.there += 1


def _too_many(count: int) -> InvalidRequest:
    message = later(
        "{count} pictures are found, and a pack has at most {most}: they are all on one page. "
        "Search for less, or export without --pack.",
        count=count,
        most=MAX_IMAGES_AT_ONCE,
    )
    return InvalidRequest.of("query", "too_many", message)
