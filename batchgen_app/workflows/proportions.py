"""What has to follow when a request changes the steps or the size: a second stage, the window of
steps that it samples in, and sizes that are said a second time.
"""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from batchgen_app.core.limits import MAX_STEPS, SIDE_STEP
from batchgen_app.workflows.graph import InputPlace, NodeGraph, Slot
from batchgen_app.workflows.roles import Found

Change: TypeAlias = tuple[Slot, object]
WINDOW = (
    "start_at_step", "end_at_step", "refine_at_step", "steps_to_run", "step", "hires_steps",
)  # fmt: skip
"""Steps at which a stage begins or ends, where a schedule is split, and those of a script."""
WIDE = ("width", "target_width", "x", "crop_w")
HIGH = ("height", "target_height", "y", "crop_h")
"""Sizes, and places in them."""


class Proportions:
    """Looks at one graph, as it was before anything was changed."""

    def __init__(self, graph: NodeGraph, found: Found) -> None:
        self._graph = graph
        self._live = found.live
        self._roles = found.roles
        self._begins = found.begins

    def begin_of(self, slot: Slot, slots: Sequence[Slot]) -> Slot:
        """Where the value is kept of the stage that the line of this one begins with, if that is
        one of these; else the first one's.
        """
        kept = [self._kept(one) for one in slots]
        begin = self._begins.get(self._kept(slot))
        return begin if begin in kept else kept[0]

    def beginnings(self, slots: Sequence[Slot]) -> Iterator[Slot]:
        """Those of the stages that a line begins with: they get what is asked."""
        return (slot for slot in slots if self.begin_of(slot, slots) == self._kept(slot))

    def steps(self, steps: int) -> Iterator[Change]:
        """All stages with ``steps`` in the first one of each line."""
        for slot in self._roles.steps:
            before, own = self._before(slot), self._number((slot,))
            yield slot, _in_limits(own, own * steps / before) if before and own else steps
        for slot in self._all_named(WINDOW) if self._roles.steps else ():
            value, before = self._number((slot,)), self._before(self._steps_beside(slot))
            # Beyond the last step means: to the end.
            if value is not None and before and 0 < value <= before:
                yield slot, round(value * steps / before)

    def _before(self, slot: Slot) -> int | None:
        """The steps that the first stage of this one's line has."""
        return self._number((self.begin_of(slot, self._roles.steps),))

    def _steps_beside(self, slot: Slot) -> Slot:
        """Those of the stage whose window this is, as far as one can tell."""
        steps = self._roles.steps
        return next((one for one in steps if one.node_id == slot.node_id), steps[0])

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
                if own and self._kept(slot) not in slots and self._has_size(slot):
                    yield slot, _scaled(own, side, before)

    def _kept(self, slot: Slot) -> Slot:
        place = self._graph.place(slot.node_id, slot.name, (str, int, float))
        return place.kept if place else slot

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


def _in_limits(own: int, scaled: float) -> int:
    """No more than a request may ask for, unless the workflow itself does."""
    return min(max(1, round(scaled)), max(own, MAX_STEPS))


def _scaled(own: int | None, side: int, before: int | None) -> int:
    """In proportion, on the grid that latents need."""
    if not own or not before:
        return side
    return max(SIDE_STEP, round(own * side / before / SIDE_STEP) * SIDE_STEP)
