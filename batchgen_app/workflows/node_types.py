"""Nodes as the server tells of them (``GET /object_info``, PROTOCOL.md, section 1): their inputs,
what there is to choose from, in all forms in which servers give it, and which values of a graph
stand in no such list. And what a node is called when a person reads it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache, cached_property
from heapq import nlargest
from itertools import islice
from typing import TypeAlias

from batchgen_app.core.json_values import clipped, is_readable, object_or_empty, text_or_none
from batchgen_app.core.model_files import is_model_file, with_slashes, without_ending
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import NodeGraph, Slot
from batchgen_app.workflows.lora_lists import NAMES_FROM, file_of, is_found

LONGEST_NAME = 100
"""Characters of a name in a sentence."""
UNSEEN = {"Cf", "Zs"}
"""Characters that only say how others are to be written, and blanks (Unicode's categories)."""
_TURNING = dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters that change the direction of the text around them."""


def node_label(nodes: JsonObject, node_id: str, class_type: str | None = None) -> str:
    """Its title, if the graph gives one that says more than the type; type and id always."""
    node = object_or_empty(nodes.get(node_id))
    kind = class_type or text_or_none(node.get("class_type")) or "unknown"
    title = _title(node)
    kind_said, number = clipped(kind, LONGEST_NAME), clipped(node_id, LONGEST_NAME)
    if title and title != kind:
        return f'"{clipped(title, LONGEST_NAME)}" ({kind_said}, node {number})'
    return f"{kind_said} (node {number})"


def node_title(nodes: JsonObject, node_id: str) -> str:
    """As the graph's author calls it, else its type. Nodes that another one made have longer ids
    than that (PROTOCOL.md, section 3).
    """
    node = _known(nodes, node_id)
    kind = text_or_none(node.get("class_type")) or node_id
    return clipped(_title(node) or _in_line(kind), LONGEST_NAME)


def node_type(nodes: JsonObject, node_id: str) -> str:
    """Empty if the graph does not have it."""
    return text_or_none(_known(nodes, node_id).get("class_type")) or ""


def inputs_of(nodes: JsonObject, node_id: str) -> JsonObject:
    """Empty if the graph does not have it."""
    return object_or_empty(_known(nodes, node_id).get("inputs"))


def input_names(nodes: JsonObject, node_id: str) -> set[str]:
    """The same, names alone."""
    return set(inputs_of(nodes, node_id))


def _title(node: JsonObject) -> str:
    """As its author calls it; empty if that is nothing that can be seen."""
    return _in_line(text_or_none(object_or_empty(node.get("_meta")).get("title")) or "")


def _in_line(text: str) -> str:
    """``text`` in one line that leaves the rest of a sentence as it is; empty if nothing of it can
    be seen.
    """
    line = " ".join(text.translate(_TURNING).split())
    is_seen = any(unicodedata.category(character) not in UNSEEN for character in line)
    return line if is_seen else ""


def _known(nodes: JsonObject, node_id: str) -> JsonObject:
    # The longer ids begin with that of the node which made them.
    made_by = re.split(r"[.:]", node_id, maxsplit=1)[0]
    return object_or_empty(nodes.get(node_id) or nodes.get(made_by))


NodeTypes: TypeAlias = Mapping[str, JsonObject | None]
"""By class type what the server tells about it: {} where it has none of that name, None where it
cannot be asked.
"""

MOST_CHOICES = 20_000
"""Of one list; nobody has as many models, and a page could not show them."""


def choices(node_info: JsonObject, name: str) -> tuple[str, ...]:
    """The texts to choose from for input ``name``; none if it has no list, or one that only the
    server's own page fetches (``remote``). What has control characters in it is nothing to choose.
    """
    values = _values(node_info, name) or ()
    texts = (value for value in values if isinstance(value, str) and is_readable(value))
    return tuple(islice(texts, MOST_CHOICES))


def closed_choices(node_info: JsonObject, name: str) -> frozenset[str] | None:
    """The only texts that input ``name`` takes; None where others may do, for all that is told:
    there is no list, or one whose entries are more than texts (pictures of models, for example).
    """
    values = _values(node_info, name)
    if values is None or any(isinstance(value, dict | list) for value in values):
        return None
    return frozenset(value for value in values if isinstance(value, str))


def _values(node_info: JsonObject, name: str) -> list[object] | None:
    match _input(node_info, name):
        # The classic form, and that of newer nodes (section 1).
        case [[*values], *_] | ["COMBO", {"options": [*values]}, *_]:
            return values
    return None


def inputs(node_info: JsonObject) -> JsonObject:
    """What a person or a link can set, by name: the type and its options."""
    groups = object_or_empty(node_info.get("input"))
    return {**object_or_empty(groups.get("optional")), **object_or_empty(groups.get("required"))}


@dataclass(frozen=True)
class InputType:
    """What a node's type tells about one input. ``kind`` is "INT", "STRING", "MODEL" …, "COMBO" for
    a list; "" where nothing is told. ``options`` are the server's: ``min``, ``multiline`` ….
    """

    kind: str = ""
    options: JsonObject = field(default_factory=dict)


def input_type(node_info: JsonObject, name: str) -> InputType:
    """Of input ``name``; hidden ones and those of no type are told nothing about."""
    match _input(node_info, name):
        case [str() as kind, *rest]:
            return InputType(kind, object_or_empty(rest[0] if rest else None))
        case [list(), *rest]:
            return InputType("COMBO", object_or_empty(rest[0] if rest else None))
    return InputType()


def output_kind(node_info: JsonObject, slot: int) -> str:
    """The type of output ``slot``; "" where it is not told."""
    match node_info.get("output"):
        case [*kinds] if 0 <= slot < len(kinds):
            # An output may be one of a list of texts.
            return kinds[slot] if isinstance(kinds[slot], str) else "COMBO"
    return ""


def is_own(node_info: JsonObject) -> bool:
    """Whether it is one of ComfyUI's own nodes, which do what they tell."""
    module = text_or_none(node_info.get("python_module")) or ""
    return module == "nodes" or module.startswith("comfy_extras.")


def _input(node_info: JsonObject, name: str) -> object:
    return inputs(node_info).get(name)


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
            elif file := file_of(value):
                offered = offer(*NAMES_FROM)
                if offered is not None and not is_found(file, offered.names):
                    yield Lack(Slot(node_id, name), file, offered)


def _is_chosen_from_list(name: str, value: str) -> bool:
    """Of other lists a node may take what does not stand in them: pictures in folders."""
    kind = name.rstrip("0123456789")
    return kind in MODEL_INPUTS or kind in SAMPLING_INPUTS or is_model_file(value)


def _is_same_file(name: str, wanted: str) -> bool:
    ours, theirs = with_slashes(wanted), with_slashes(name)
    return ours == theirs or ("\\" in name and ours.casefold() == theirs.casefold())
