"""Tagging: pictures are put into collections and taken out of them, in one request for all of them,
and back. Their other tags stay, and so does what somebody else has changed since.
"""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from batchgen_app.access import Caller
from batchgen_app.core.tags import TagChange, Tags
from batchgen_app.services import Commands
from batchgen_app.services.values import Retagged
from batchgen_app.ui import words as common
from batchgen_app.ui.parts import collection_words as words
from batchgen_app.ui.parts.toast import toast
from batchgen_app.ui.parts.undo import Undos

Change = Callable[[], Awaitable[list[Retagged]]]


class Tagging:
    """Does it for ``caller`` and says so. What the commands raise is raised."""

    def __init__(self, caller: Caller, commands: Commands, undos: Undos) -> None:
        self._caller = caller
        self._commands = commands
        self._undos = undos

    async def put_in(self, name: str, image_ids: Sequence[str]) -> None:
        """Put pictures into a collection, all or none."""
        change = TagChange.asked(add=[name])
        (shown,) = change.add
        await self._do(
            lambda: self._commands.tag(self._caller, change, image_ids),
            lambda count: words.put_in(shown, count),
            otherwise=str(words.ALL_IN_IT),
        )

    async def take_out(self, name: str, image_ids: Sequence[str]) -> None:
        """Take those pictures out of a collection that are still there."""
        change = TagChange.asked(remove=[name])
        await self._do(
            lambda: self._commands.tag(self._caller, change, image_ids, wherever=True),
            lambda count: words.taken_out(name, count),
        )

    async def rename(self, name: str, new: str, *, is_taken: bool) -> None:
        """Give a collection another name, which another one has where ``is_taken``."""
        said = words.merged if is_taken else words.renamed
        await self._do(
            lambda: self._commands.rename_collection(self._caller, name, new),
            lambda _: said(name, new),
            otherwise=words.gone(name),
        )

    async def remove(self, name: str) -> None:
        """Make a collection be none; its pictures stay."""
        await self._do(
            lambda: self._commands.remove_collection(self._caller, name),
            lambda count: words.removed(name, count),
            otherwise=words.gone(name),
        )

    async def _do(self, change: Change, say: Callable[[int], str], otherwise: str = "") -> None:
        """Say how many were changed, or what there is to say if none was."""
        client = ui.context.client  # what was clicked may not outlive it
        async with self._undos.turn:
            changed = await change()
        with client.layout:
            if changed:
                shown = sum(not one.is_in_trash for one in changed)
                toast(say(shown), undo=lambda: self._undo(changed), lasting=True)
            elif otherwise:
                toast(otherwise, replaces=True)

    async def _undo(self, changed: Sequence[Retagged]) -> str | None:
        async with self._undos.turn:
            is_back = False
            for change, ids in ways_back(changed):
                back = await self._commands.tag(self._caller, change, ids, wherever=True)
                is_back = is_back or bool(back)
            return None if is_back else str(common.CHANGED_SINCE)


def ways_back(changed: Sequence[Retagged]) -> list[tuple[TagChange, list[str]]]:
    """What takes back what was changed, of pictures that still have what they were given."""
    kinds: dict[tuple[Tags, Tags], list[str]] = {}
    for one in changed:
        given = tuple(tag for tag in one.tags if tag not in one.before)
        taken = tuple(tag for tag in one.before if tag not in one.tags)
        kinds.setdefault((given, taken), []).append(one.image_id)
    return [
        (TagChange(add=taken, remove=given, only_with=given), ids)
        for (given, taken), ids in kinds.items()
    ]
