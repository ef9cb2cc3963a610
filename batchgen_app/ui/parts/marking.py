"""Marking: what a person thinks of pictures, said in one request for all of them, and taken back.

Several people judge the same pictures at once: of each mark (favourite, stars, rejected) the one
that was given last counts, whoever gave it, and every page shows it. Taking back changes only
what still is as it was given here.
"""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from batchgen_app.access import Caller
from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.services import Commands
from batchgen_app.ui import words
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.parts.undo import NOTHING, Deed, Undos, alike, is_still, replaced

Find = Callable[[str], Awaitable[GeneratedImage | None]]
Choose = Callable[[Sequence[GeneratedImage]], Marks]


def liked(pictures: Sequence[GeneratedImage]) -> Marks:
    """Favourites, all of them; where all were, none is."""
    return Marks(favourite=not all(picture.favourite for picture in pictures))


def rejected(pictures: Sequence[GeneratedImage]) -> Marks:
    """Rejected, all of them; where all were, none is."""
    return Marks(rejected=not all(picture.rejected for picture in pictures))


def rated(stars: int) -> Choose:
    """So many stars for all of them."""
    return lambda _: Marks(rating=stars)


def refused() -> None:
    """Marks that this page paints already have not been given: it paints what there is."""
    ui.run_javascript("document.dispatchEvent(new Event('marks-refused'))")


class Marking:
    """Marks the pictures that ``find`` gives for an id, as they are at that moment. What the
    commands raise is raised.
    """

    def __init__(self, caller: Caller, commands: Commands, undos: Undos, find: Find) -> None:
        self._caller = caller
        self._commands = commands
        self._undos = undos
        self._find = find

    async def mark(self, image_ids: Sequence[str], choose: Choose) -> Deed | None:
        """Give all of them, or none, the marks that are chosen when it is their turn; gives what
        can be taken back of that.
        """
        async with self._undos.turn:
            if pictures := [found for key in image_ids if (found := await self._find(key))]:
                marks = choose(pictures)
                await self._commands.mark(self._caller, marks, *(p.id for p in pictures))
                return self._remember(pictures, marks)
            return None

    async def take_back(self, image_id: str) -> None:
        """The last mark of one picture."""
        async with self._undos.turn:
            if deed := self._undos.last_of(image_id):
                picture = await self._find(image_id)
                is_back = await self._give_back(deed, [image_id])
                self._undos.forget(deed, image_id)
                what = words.marked_as(deed.marks, [picture.index] if picture else [])
                said = words.taken_back(what) if is_back else str(words.CHANGED_SINCE)
                toast(said, replaces=True)

    def _remember(self, pictures: Sequence[GeneratedImage], marks: Marks) -> Deed | None:
        had = ((picture, replaced(picture, marks)) for picture in pictures)
        changed = [(picture, before) for picture, before in had if before != NOTHING]
        if not changed:
            return None
        text = words.marked_as(marks, [picture.index for picture, _ in changed])
        had_been = {picture.id: before for picture, before in changed}
        deed = Deed(text, lambda: self._undo(deed), marks, had_been)
        self._undos.add(deed)
        return deed

    async def _undo(self, deed: Deed) -> str | None:
        async with self._undos.turn:
            return None if await self._give_back(deed, [*deed.before]) else str(words.CHANGED_SINCE)

    async def _give_back(self, deed: Deed, image_ids: Sequence[str]) -> bool:
        """Whether anything still was as it had been given."""
        before = deed.before
        own = [i for i in image_ids if is_still(await self._find(i), deed.marks, before[i])]
        for marks, kind in alike(before, own):
            await self._commands.mark(self._caller, marks, *kind)
        return bool(own)
