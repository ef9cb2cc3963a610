"""Where a role's value is written that comes from a node which only keeps it: there, where all that
read it mean the same by it or only show it; else at the role's own inputs (``filling`` says so).
"""

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import TypeAlias

from batchgen_app.workflows.graph import InputPlace, Slot
from batchgen_app.workflows.typed_graph import CHOICE, NUMBER, WHOLE, TypedGraph

Slots: TypeAlias = tuple[Slot, ...]
_SEED = re.compile(r"(.+[_.])?seed(_.+)?")
_NAMES_FILE = re.compile(r"file|path|prefix|folder|dir")
"""Inputs that a new text might make unusable."""


class Keeping:
    """Looks at one graph."""

    def __init__(self, typed: TypedGraph) -> None:
        self._typed = typed
        self._graph = typed.graph
        self._shown = {n for n in typed.outputs if not self._graph.readers(n)}

    def slots(self, places: Iterable[InputPlace]) -> Slots:
        """Of one role. What is part of a text is written where it is kept, for all that read it."""
        places = list(places)
        inputs = {place.input for place in places}
        parts = {place.kept for place in places if place.is_part}
        slots = (
            place.kept if place.kept in parts or self._is_ours(place, inputs) else place.input
            for place in places
        )
        return tuple(dict.fromkeys(slots))

    def seeds(self, places: Iterable[InputPlace], all_seeds: Iterable[InputPlace]) -> Slots:
        """The same for seeds. A node that only keeps one is written into, whoever else reads it:
        what is shown or noted of it then is the seed that was taken.
        """
        inputs = {place.input for place in all_seeds}
        slots = (
            place.kept if is_seed(place.kept.name) or self._is_ours(place, inputs) else place.input
            for place in places
        )
        return tuple(dict.fromkeys(slots))

    def _is_ours(self, place: InputPlace, inputs: Collection[Slot]) -> bool:
        readers = self._graph.readers(place.kept.node_id)
        others = (reader for reader in readers if reader not in inputs)
        return place.kept == place.input or all(
            self._goes_along(reader, place.input.name) for reader in others
        )

    def _goes_along(self, reader: Slot, name: str) -> bool:
        """Whether a new value is right for this one, too. Of texts a name does not tell that."""
        if reader.node_id in self._shown and not _NAMES_FILE.search(reader.name.lower()):
            return True
        kind = self._typed.kind(reader.node_id, reader.name)
        return reader.name == name and kind in {WHOLE, NUMBER, CHOICE}


@lru_cache(maxsize=4096)
def is_seed(name: str) -> bool:
    """Whether an input is called a seed."""
    return _SEED.fullmatch(name.lower()) is not None
