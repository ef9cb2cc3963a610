"""Survey: looks through the files of all pictures. It goes batch by batch, in threads and in small
steps, and holds up nobody; what it knows of a picture is a few numbers, so that a hundred thousand
take some ten megabytes. Nothing is changed but thumbnails that were missing.
"""

import asyncio
import logging
import threading
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import NotFound, StorageError
from batchgen_app.core.ids import split_image_id
from batchgen_app.language.message import later
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.folder_pictures import stem_of
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.housekeeping.batch_look import BatchLook, Picture, look_at
from batchgen_app.storage.housekeeping.belongings import Foreign, foreign
from batchgen_app.storage.housekeeping.file_check import FileCheck
from batchgen_app.storage.housekeeping.findings import MOST, Faulty, Findings, Found, Group, first
from batchgen_app.storage.housekeeping.likeness import alike
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.open_folder import OpenFolder, is_folder
from batchgen_app.storage.progress import ProgressCallback

logger = logging.getLogger(__name__)

LOOKING = later("The files are looked at")
CHECKING = later("Every file is read")
READING = later("Files of the same size are compared")
COMPARING = later("Pictures are compared")
BATCHES = "batches"
PAGE = 50
"""Batches that are asked for at once."""


class Cancelled(Exception):
    """A person does not want to wait for it any more."""


class Survey:
    """One look through all. ``progress`` is told from threads, too. With ``check_in``, the data
    folder, every file is read and compared with its checksum.
    """

    def __init__(
        self,
        store: ImageStore,
        gallery: GalleryIndex,
        log: EventLog,
        progress: ProgressCallback,
        check_in: Path | None = None,
    ) -> None:
        self._store = store
        self._gallery = gallery
        self._log = log
        self._progress = progress
        self._cancelled = threading.Event()
        self._check = FileCheck(log, check_in, self._pause) if check_in else None
        self._seen = Seen()
        self._faulty: list[Faulty] = []
        self._foreign: list[Foreign] = []
        self._problems: list[str] = []
        self._found: Counter[str] = Counter()

    def cancel(self) -> None:
        """As soon as possible ``run`` raises Cancelled."""
        self._cancelled.set()

    async def run(self) -> Findings:
        """Look through all. Raises StorageError, Cancelled."""
        unknown = await self._strangers()
        await self._look_or_check()
        same = await self._same()
        near = await asyncio.to_thread(self._alike, {p for group in same for p in group[1:]})
        return await asyncio.to_thread(self._told, unknown, same, near)

    async def _strangers(self) -> list[str]:
        """Folders of batches that nobody knows; what else lies beside them is noted, also where it
        has the name of one.
        """
        there, known = await self._store.batch_ids(), set(await self._log.batch_ids())
        beside = await asyncio.to_thread(self._beside_batches)
        self._note(beside)
        known |= {one.path.removeprefix(f"{BATCHES}/") for one in beside}
        return [batch_id for batch_id in there if batch_id not in known]

    def _beside_batches(self) -> list[Foreign]:
        """What lies among the folders of batches and is none."""
        place = self._store.output_dir / BATCHES
        with in_words(place), suppress(FileNotFoundError), OpenFolder.open(place) as folder:
            return [
                foreign(f"{BATCHES}/{name}", status)
                for name, status in folder.entries()
                if not (is_folder(status) and self._is_batch(name))
            ]
        return []

    def _is_batch(self, name: str) -> bool:
        with suppress(NotFound):
            return bool(self._store.folder(name))
        return False

    async def _look_or_check(self) -> None:
        if self._check is None:
            await self._look_at_all()
            return
        await asyncio.to_thread(self._check.begin)
        try:
            await self._look_at_all()
        except BaseException:
            with suppress(StorageError):
                self._check.keep()
            raise
        await asyncio.to_thread(self._check.end)

    async def _look_at_all(self) -> None:
        total, last = (await self._gallery.statistics()).batches, ""
        done = 0
        while page := await self._gallery.shown_after(last, PAGE):
            for batch_id, seeds in page:
                self._go_on(CHECKING if self._check else LOOKING, done, total)
                await self._look_at(batch_id, seeds)
                last, done = batch_id, done + 1
            if self._check:
                await asyncio.to_thread(self._check.keep)

    async def _look_at(self, batch_id: str, seeds: Sequence[int]) -> None:
        stems = {stem_of(index, seed) for index, seed in enumerate(seeds, start=1)}
        try:
            look = await self._settled(batch_id, stems)
            await self._compare(batch_id, look)
        except StorageError as error:
            self._problems.append(str(error))
            return
        self._note(look.foreign)
        for whole in look.whole:
            self._seen.add(whole)
        self._found["missing"] += len(look.missing)
        self._found["damaged"] += len(look.damaged)
        if (look.missing or look.damaged) and len(self._faulty) < MOST:
            faulty = {"missing": tuple(look.missing), "damaged": tuple(look.damaged)}
            self._faulty.append(Faulty(batch_id=batch_id, **faulty))

    async def _settled(self, batch_id: str, stems: set[str]) -> BatchLook:
        """Of a moment in which nothing of it was moved to the trash or back."""
        images = await self._gallery.images(batch_id)
        while True:
            look = await asyncio.to_thread(self._look, batch_id, images, stems)
            before, images = images, await self._gallery.images(batch_id)
            if not look.missing or _names(images) == _names(before):
                return look

    async def _compare(self, batch_id: str, look: BatchLook) -> None:
        if self._check:
            checksums = await self._check.checksums(batch_id)
            await self._check.compare(self._store.batch_folder(batch_id), look, checksums)
            self._check.note(batch_id, look, checksums)

    def _pause(self, seconds: float) -> None:
        if self._cancelled.wait(seconds):
            raise Cancelled

    def _look(self, batch_id: str, images: list[GeneratedImage], stems: set[str]) -> BatchLook:
        folder = self._store.batch_folder(batch_id)
        with in_words(folder.path):
            return look_at(folder, images, stems)

    def _note(self, others: Sequence[Foreign]) -> None:
        self._found["foreign"] += len(others)
        self._foreign.extend(others[: MOST - len(self._foreign)])

    async def _same(self) -> list[list[int]]:
        """Places of pictures that are equal byte by byte, the best first."""
        wanted = await asyncio.to_thread(self._seen.of_same_size)
        digests: dict[str, list[int]] = defaultdict(list)
        for done, place in enumerate(wanted):
            self._go_on(READING, done, len(wanted))
            batch_id, filename = self._seen.file(place)
            with suppress(StorageError):  # what cannot be read now was noted, or is gone since
                if digest := await self._store.checksum(batch_id, filename):
                    digests[digest].append(place)
        return [group for group in digests.values() if len(group) > 1]

    def _alike(self, others: set[int]) -> list[list[int]]:
        order = [place for place in self._seen.best_first() if place not in others]
        return alike(
            self._seen.hashes, order, lambda done: self._go_on(COMPARING, done, len(order))
        )

    def _go_on(self, what: str, done: int, total: int) -> None:
        if self._cancelled.is_set():
            raise Cancelled
        self._progress(what, done, total)

    def _told(
        self, unknown: Sequence[str], same: list[list[int]], near: list[list[int]]
    ) -> Findings:
        equal, similar = self._groups(same), self._groups(near)
        return Findings(
            ended_at=datetime.now(UTC),
            images=len(self._seen),
            bytes=sum(self._seen.sizes),
            found=Found(
                **self._found,
                unknown=len(unknown),
                same=len(equal),
                same_bytes=sum(group.bytes for group in equal),
                alike=len(similar),
                alike_bytes=sum(group.bytes for group in similar),
            ),
            faulty=tuple(self._faulty),
            foreign=tuple(self._foreign),
            unknown=tuple(unknown[:MOST]),
            same=first(equal),
            alike=first(similar),
            problems=tuple(self._problems[:MOST]),
        )

    def _groups(self, places: list[list[int]]) -> list[Group]:
        seen = self._seen
        return [
            Group(
                images=tuple(seen.ids[place] for place in group),
                bytes=sum(seen.sizes[place] for place in group[1:]),
            )
            for group in places
        ]


class Seen:
    """What is remembered of each picture: where it is, how large, how good, how it looks."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.sizes = array("Q")
        self.hashes: list[int | None] = []
        self._goodness = array("b")
        self._names: list[str] = []

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, picture: Picture) -> None:
        """Remember one."""
        image = picture.image
        self.ids.append(image.id)
        self.sizes.append(picture.bytes)
        self.hashes.append(picture.hash)
        self._goodness.append(-1 if image.rejected else 2 * image.rating + image.favourite)
        self._names.append(image.filename)

    def file(self, place: int) -> tuple[str, str]:
        """Its batch, and the name of its file."""
        batch_id, _ = split_image_id(self.ids[place]) or ("", 0)
        return batch_id, self._names[place]

    def best_first(self) -> list[int]:
        """By what people think of them, then the newest."""
        places = sorted(range(len(self)), key=self.ids.__getitem__, reverse=True)
        return sorted(places, key=self._goodness.__getitem__, reverse=True)

    def of_same_size(self) -> list[int]:
        """Those that may be equal to another one, the best first."""
        sizes = Counter(self.sizes)
        return [place for place in self.best_first() if sizes[self.sizes[place]] > 1]


def _names(images: Iterable[GeneratedImage]) -> list[str]:
    return [image.filename for image in images]
