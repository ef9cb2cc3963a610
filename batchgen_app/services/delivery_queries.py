"""DeliveryQueries: images as files to take along, under names of a person's own; plain, or as a
pack for somebody who has no BatchGen.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence

from batchgen_app import __version__
from batchgen_app.core.delivery import FileNames, Handed, by_number, named
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.file_names import NamePattern
from batchgen_app.core.limits import MAX_IMAGES_AT_ONCE
from batchgen_app.language.message import Message, later
from batchgen_app.services.questions import Questions
from batchgen_app.settings import saved_settings
from batchgen_app.storage.archive import Archive
from batchgen_app.storage.delivery.pack import whole_pack


class DeliveryQueries(Questions):
    """Every question raises NotFound for what is not there, and StorageError; InvalidRequest for a
    pattern that gives no names.
    """

    async def pattern(self, wanted: str | None = None) -> NamePattern | None:
        """How files are called: as it is ``wanted``, or else as the settings have it by now. None
        stands for the names on disk.
        """
        if wanted is None:
            wanted = (
                await asyncio.to_thread(saved_settings, self._app.settings.data_dir)
            ).name_pattern
        return NamePattern.parse(wanted) if wanted is not None else None

    async def names(
        self, handed: Sequence[Handed], pattern: NamePattern | None, *, clean: bool = False
    ) -> list[FileNames]:
        """How the files of each are called, each otherwise than the others. Without a pattern they
        keep their names, or have their numbers where nothing may tell how they were made.
        """
        if clean and pattern is None:
            pattern = by_number(handed)
        return await asyncio.to_thread(named, handed, pattern)

    async def pack(
        self,
        handed: Sequence[Handed],
        names: Sequence[FileNames],
        *,
        clean: bool = False,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Archive:
        """The delivery pack of these as a ZIP, of clean copies if that is asked: InvalidRequest if
        there are none, or if there are too many for one page. What is gone or damaged is named in
        it. ``progress`` is told in another thread; whoever is cancelled has all of it stopped.
        """
        if len(handed) > MAX_IMAGES_AT_ONCE:
            raise InvalidRequest.of("images", "too_many", _too_many(len(handed)))
        is_over = threading.Event()

        def step(what: str, done: int, total: int) -> None:
            if is_over.is_set():
                raise _Stopped
            if progress:
                progress(what, done, total)

        store = self._app.storage.store
        try:
            parcel = await asyncio.to_thread(
                whole_pack, store, handed, names, __version__, is_clean=clean, progress=step
            )
        finally:
            is_over.set()
        return parcel.zipped()


def _too_many(count: int) -> Message:
    return later(
        "A delivery pack has at most {most} pictures, which are all on one page, and these are "
        "{count}. Choose fewer, or download the pictures alone.",
        count=count,
        most=MAX_IMAGES_AT_ONCE,
    )


class _Stopped(Exception):
    """Nobody waits for it any more."""
