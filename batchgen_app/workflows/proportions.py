"""What has to follow when a request changes the steps or the size: a second stage, the window of
steps that it samples in, and sizes that are said a second time.
"""

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from batchgen_app.core.limits import SIDE_STEP
from batchgen_app.workflows.graph import NodeGraph, Slot
from batchgen_app.workflows.roles import Roles

Change: TypeAlias = tuple[Slot, object]
WINDOW = ("start_at_step", "end_at_step", "step")
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
                if own and slot not in slots and self._has_size(slot.node_id):
                    yield slot, _scaled(own, side, before)

    def _has_size(self, node_id: str) -> bool:
        inputs = self._graph.inputs(node_id)
        return "width" in inputs and "height" in inputs

    def _all_named(self, names: tuple[str, ...]) -> Iterator[Slot]:
        for node_id in self._live:
            inputs = self._graph.inputs(node_id)
            yield from (Slot(node_id, name) for name in names if _is_whole(inputs.get(name)))

    def _number(self, slots: tuple[Slot, ...]) -> int | None:
        return self._graph.read(slots[0], int) if slots else None


def _scaled(own: int | None, side: int, before: int | None) -> int:
    """In proportion, on the grid that latents need."""
    if not own or not before:
        return side
    return max(SIDE_STEP, round(own * side / before / SIDE_STEP) * SIDE_STEP)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
