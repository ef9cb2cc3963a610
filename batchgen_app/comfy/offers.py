"""The lists from which a server lets nodes choose, and the values of a graph that stand in none."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from heapq import nlargest

from batchgen_app.comfy.combos import NodeTypes, closed_choices
from batchgen_app.core.graph import NodeGraph, Slot
from batchgen_app.core.model_files import is_model_file, with_slashes, without_ending

MODEL_INPUTS = frozenset({
    "ckpt_name", "clip_name", "control_net_name", "lora_name", "style_model_name", "unet_name",
    "vae_name",
})  # fmt: skip
SAMPLING_INPUTS = frozenset({"sampler_name", "scheduler"})
MOST_COMPARED = 200
"""Names that are looked at one by one for one that is alike; 0.2 s if all are of the longest."""
LONGEST_COMPARED = 200
"""Characters."""


class Offer:
    """What one input may be. There may be very many names, and it may be asked very often."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def same_files(self, wanted: str) -> list[str]:
        """The names that mean the file ``wanted``, if the server runs on a system that spells it
        otherwise.
        """
        alike = self._by_folded_path.get(with_slashes(wanted).casefold(), ())
        return [name for name in alike if _is_same_file(name, wanted)]

    def nearest(self, wanted: str) -> str | None:
        """A name that may have been meant: that both have the same ending says nothing."""
        if len(wanted) > LONGEST_COMPARED:
            return None
        names = {without_ending(name): name for name in self._worth_comparing(wanted)}
        near = get_close_matches(without_ending(wanted), list(names), n=1)
        return names[near[0]] if near else None

    def _worth_comparing(self, wanted: str) -> list[str]:
        """Of a long list the names that have most pairs of letters in common with ``wanted``."""
        short = [name for name in self.names if len(name) <= LONGEST_COMPARED]
        if len(short) <= MOST_COMPARED:
            return short
        pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)}
        return nlargest(MOST_COMPARED, short, key=lambda n: sum(map(n.__contains__, pairs)))

    @cached_property
    def _by_folded_path(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self.names:
            found[with_slashes(name).casefold()].append(name)
        return found


@dataclass(frozen=True)
class Lack:
    """A value that the server cannot use, and what it has instead."""

    slot: Slot
    value: str
    offer: Offer

    @property
    def is_about_sampling(self) -> bool:
        """Else it is a file that is missing."""
        return self.slot.name in SAMPLING_INPUTS


def lacks(graph: NodeGraph, known: NodeTypes) -> Iterator[Lack]:
    """All of them; no list is read twice."""

    @cache
    def offer(class_type: str, name: str) -> Offer | None:
        names = closed_choices(known.get(class_type) or {}, name)
        return None if names is None else Offer(names)

    for node_id in graph:
        for name, value in graph.inputs(node_id).items():
            if isinstance(value, str) and _is_chosen_from_list(name, value):
                offered = offer(graph.class_type(node_id), name)
                if offered is not None and value not in offered.names:
                    yield Lack(Slot(node_id, name), value, offered)


def _is_chosen_from_list(name: str, value: str) -> bool:
    """Of other lists a node may take what does not stand in them: pictures in folders."""
    kind = name.rstrip("0123456789")
    return kind in MODEL_INPUTS or kind in SAMPLING_INPUTS or is_model_file(value)


def _is_same_file(name: str, wanted: str) -> bool:
    ours, theirs = with_slashes(wanted), with_slashes(name)
    return ours == theirs or ("\\" in name and ours.casefold() == theirs.casefold())
