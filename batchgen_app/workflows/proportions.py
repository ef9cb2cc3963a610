"""What has to follow when a request changes the steps or the size: a second stage, the window of
steps that it samples in, and sizes that are said a second time.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from batchgen_app.core.limits import SIDE_STEP
from batchgen_app.workflows.graph import InputPlace, NodeGraph, Slot
from batchgen_app.workflows.roles import Roles

Change: TypeAlias = tuple[Slot, object]
WINDOW = ("start_at_step", "end_at_step", "refine_at_step", "steps_to_run", "step")
"""Steps at which a stage begins or ends, and where a schedule is split."""
WIDE = ("width", "target_width", "x", "crop_w")
HIGH = ("height", "target_height", "y", "crop_h")
"""Sizes, and places in them."""


class Proportions:
    """Looks at one graph, as it was before anything was changed."""

    def __init__(self, graph: NodeGraph, live: Iterable[str], roles: Roles) -> None:
        self._graph = graph
        self._live = tuple(live)
        self._roles = roles

    def steps(self, steps: int) -> Iterator[Change]:
        """All stages with ``steps`` in the first one."""
        before = self._number(self._roles.steps[:1])
        for slot in self._roles.steps:
            own = self._number((slot,))
            yield slot, steps if not before or not own else max(1, round(own * steps / before))
        if before:
            for slot in self._all_named(WINDOW):
                value = self._number((slot,))
                # Beyond the last step means: to the end.
                if value is not None and 0 < value <= before:
                    yield slot, round(value * steps / before)

    def sizes(self, width: int | None, height: int | None) -> Iterator[Change]:
        """All sizes with this one in the latent; None leaves a side as it is."""
        yield from self._side(self._roles.width, width, WIDE)
        yield from self._side(self._roles.height, height, HIGH)

    def _side(
        self, slots: tuple[Slot, ...], side: int | None, names: tuple[str, ...]
    ) -> Iterator[Change]:
        before = self._number(slots[:1])
        if side is None or not slots:
            return
        for slot in slots:
            own = self._number((slot,))
            yield slot, side if own in {None, before} else _scaled(own, side, before)
        if before:
            for slot in self._all_named(names):
                own = self._number((slot,))
                if own and slot not in slots and self._has_size(slot):
                    yield slot, _scaled(own, side, before)

    def _has_size(self, slot: Slot) -> bool:
        """Whether a size is said there, or by what reads it from there."""
        nodes = {slot.node_id, *(reader.node_id for reader in self._graph.readers(slot.node_id))}
        return any({"width", "height"} <= self._graph.inputs(n).keys() for n in nodes)

    def _all_named(self, names: tuple[str, ...]) -> Iterator[Slot]:
        """Where these values stand, in a node that keeps one if only such inputs read it."""
        places = (self._graph.place(node_id, name, int) for node_id in self._live for name in names)
        slots = (self._written(place, names) for place in places if place)
        yield from dict.fromkeys(slot for slot in slots if self._number((slot,)) is not None)

    def _written(self, place: InputPlace, names: tuple[str, ...]) -> Slot:
        readers = self._graph.readers(place.kept.node_id)
        return place.kept if all(reader.name in names for reader in readers) else place.input

    def _number(self, slots: tuple[Slot, ...]) -> int | None:
        return self._graph.read(slots[0], int) if slots else None


def _scaled(own: int | None, side: int, before: int | None) -> int:
    """In proportion, on the grid that latents need."""
    if not own or not before:
        return side
    return max(SIDE_STEP, round(own * side / before / SIDE_STEP) * SIDE_STEP)
