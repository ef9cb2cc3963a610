"""Undos: what was done on one page and can be taken back, the last thing first. Marks of pictures
know what they replaced, so that what somebody else has changed since is left alone.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from nicegui import binding

from batchgen_app.core.batch import GeneratedImage, Marks

Undo: TypeAlias = Callable[[], Awaitable[str | None]]
"""Takes back what was done; may give what there is to say about it."""
NOTHING = Marks()


@dataclass(eq=False)
class Deed:
    """Something that was done: what it is called, and how it is taken back. Of ``marks`` it knows
    what each picture (by its id) had ``before``.
    """

    text: str
    undo: Undo
    marks: Marks = NOTHING
    before: dict[str, Marks] = field(default_factory=dict)


class Undos:
    """The deeds of one page. Widgets bind to ``last``, and to ``marked``: the ids of pictures with
    a mark to take back. ``turn`` is held while something is done, so that taking back waits for it.
    """

    last = binding.BindableProperty()
    marked = binding.BindableProperty()

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._deeds: list[Deed] = []
        self._tell()

    def add(self, deed: Deed) -> None:
        """It was done just now; harmless for one that is there."""
        if deed not in self._deeds:
            self._deeds.append(deed)
            self._tell()

    def has(self, deed: Deed) -> bool:
        """Whether it can still be taken back."""
        return deed in self._deeds

    def drop(self, deed: Deed) -> int:
        """It is being taken back, or cannot be any more; gives its place. Harmless for another."""
        place = self._deeds.index(deed) if deed in self._deeds else len(self._deeds)
        self._deeds[place : place + 1] = []
        self._tell()
        return place

    def put_back(self, deed: Deed, place: int) -> None:
        """It could not be taken back, and can be tried again."""
        self._deeds.insert(place, deed)
        self._tell()

    def last_of(self, image_id: str) -> Deed | None:
        """The one that marked a picture last."""
        return next((deed for deed in reversed(self._deeds) if image_id in deed.before), None)

    def forget(self, deed: Deed, image_id: str) -> None:
        """Of what was done to several pictures, that to one was taken back."""
        deed.before.pop(image_id, None)
        if deed.before:
            self._tell()
        else:
            self.drop(deed)

    def _tell(self) -> None:
        self.last = self._deeds[-1] if self._deeds else None
        self.marked = frozenset(image_id for deed in self._deeds for image_id in deed.before)


def replaced(picture: GeneratedImage, marks: Marks) -> Marks:
    """What a picture has in place of those of ``marks`` that are new to it."""
    asked = marks.model_dump(exclude_none=True)
    has = {name: getattr(picture, name) for name in asked}
    return Marks(**{name: value for name, value in has.items() if value != asked[name]})


def is_still(picture: GeneratedImage | None, marks: Marks, before: Marks) -> bool:
    """Whether a picture has what ``marks`` gave it in place of ``before``."""
    names = before.model_dump(exclude_none=True)
    return picture is not None and all(
        getattr(picture, name) == getattr(marks, name) for name in names
    )


def alike(before: Mapping[str, Marks], ids: Iterable[str]) -> list[tuple[Marks, list[str]]]:
    """Pictures by what they had: each kind is given back in one request."""
    kinds: dict[str, tuple[Marks, list[str]]] = {}
    for image_id in ids:
        marks = before[image_id]
        kinds.setdefault(marks.model_dump_json(), (marks, []))[1].append(image_id)
    return list(kinds.values())
