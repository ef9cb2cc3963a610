"""Taking pictures along from one open page: what cannot be had is said before a download begins. A
delivery pack, which may take a while, is made before it, and one sees how far it has come.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from nicegui import ui

from batchgen_app.core.batch import GeneratedImage
from batchgen_app.core.errors import BatchGenError, InvalidRequest
from batchgen_app.language.texts import translated
from batchgen_app.services.values import Archive
from batchgen_app.ui import words as common
from batchgen_app.ui.gallery import image_words as words
from batchgen_app.ui.gallery.downloads import ADDRESS, found, in_turn, packed
from batchgen_app.ui.gallery.image_grid import ImageGrid, unpacked
from batchgen_app.ui.page_context import PageContext
from batchgen_app.ui.parts.addresses import at
from batchgen_app.ui.parts.controls import button, marked
from batchgen_app.ui.parts.toast import toast, tried

TELL_SECONDS = 0.2
"""Between two looks at how far a pack has come."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to take along: which pictures, as a pack or not, and whether without
    their settings.
    """

    images: Sequence[str]
    is_pack: bool = False
    is_clean: bool = False

    @classmethod
    def of(cls, told: Any) -> Self:
        """As a browser tells it; the ids alone are pictures as they are."""
        if isinstance(told, dict) and "images" in told:
            is_pack, is_clean = told.get("kind") == "pack", told.get("clean") is True
            return cls(unpacked(told["images"]), is_pack, is_clean)
        return cls(unpacked(told))


class Taking:
    """What ``grid`` has chosen is saved by its browser."""

    def __init__(self, context: PageContext, grid: ImageGrid) -> None:
        self._context = context
        self._grid = grid
        self._is_packing = False
        self._work: asyncio.Task[Archive] | None = None
        self._done = 0.0
        self._box = ui.element("div").classes("bg-packing")
        ui.context.client.on_delete(self._stop)

    async def take(self, wish: Wish) -> None:
        """Begin the download, or say why there is none."""
        if not wish.is_pack:
            await tried(self._take_pictures(wish))
        elif self._is_packing:
            toast(str(words.IS_PACKING))
        else:
            self._is_packing = True
            try:
                await tried(self._take_pack(wish))
            finally:
                self._is_packing = False

    async def _take_pictures(self, wish: Wish) -> None:
        if trouble := await self._trouble(wish):
            toast(trouble)
        else:
            self._grid.download(at(f"{ADDRESS}/{self._context.chosen.keep(wish.images)}"))

    async def _trouble(self, wish: Wish) -> str:
        """Why nothing of it can be had, in words; no more is looked at than it takes to know."""
        queries, faults = self._context.queries, list[BatchGenError]()
        async for images in in_turn(queries, wish.images):
            if images:
                fault = await queries.files.fault_of_all(images, clean=wish.is_clean)
                if fault is None:
                    return ""
                faults.append(fault)
        if any(isinstance(fault, InvalidRequest) for fault in faults):
            return str(common.NO_CLEAN_COPIES)
        return translated(str(faults[0])) if faults else str(words.NOTHING_TO_TAKE)

    async def _take_pack(self, wish: Wish) -> None:
        images = await found(self._context.queries, wish.images)
        if not images:
            toast(str(words.NOTHING_TO_TAKE))
            return
        name = self._context.chosen.keep([image.id for image in images])
        if pack := await self._made(images, clean=wish.is_clean):
            self._context.chosen.keep_pack(name, pack)
            self._grid.download(at(f"{ADDRESS}/{name}?pack=true"))

    async def _made(self, images: Sequence[GeneratedImage], *, clean: bool) -> Archive | None:
        """None where somebody stopped it."""
        making = packed(self._context.queries, images, clean=clean, progress=self._step)
        self._work = work = asyncio.create_task(making, name="pack")
        self._show(len(images))
        try:
            await asyncio.wait({work})
            return None if work.cancelled() else work.result()
        finally:
            work.cancel()
            self._work = None
            self._box.clear()

    def _show(self, count: int) -> None:
        self._done = 0.0
        with self._box, marked(ui.element("div"), "packing").classes("bg-packing-box"):
            ui.label(words.packing(count)).props("role=status")
            bar = ui.linear_progress(0.0, show_value=False).classes("bg-look-bar")
            bar.props["aria-label"] = words.packing(count)
            marked(button(str(common.CANCEL), self._stop), "packing-cancel")
            ui.timer(TELL_SECONDS, lambda: bar.set_value(self._done))

    def _step(self, what: str, done: int, total: int) -> None:
        self._done = done / max(total, 1)

    def _stop(self) -> None:
        if self._work:
            self._work.cancel()
