"""Where a person's words stand in a graph: behind the samplers' conditionings, as far upstream as
somebody types them.

An encoder's text is one of them, or is made by other nodes of what stands there. Where there is no
sampler that one could ask (a node that sends the prompt to somebody else), the texts that a node
calls a prompt are looked at.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from batchgen_app.workflows.graph import InputPlace, Link, Slot
from batchgen_app.workflows.node_types import InputType
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.typed_graph import ANY, CONDITIONING, PIPE, TEXT, TypedGraph

POSITIVE, NEGATIVE = "positive", "negative"
TEXTS = frozenset({
    "text", "text_g", "text_l", "clip_g", "clip_l", "t5xxl", "llama", "bert", "mt5xl", "prompt",
    "user_prompt", "tags", "lyrics",
})  # fmt: skip
"""Inputs in which text encoders keep the prompt."""
_CALLED_TEXT = re.compile(r"(^|_)(text|prompt|positive|negative|caption)(_|\d|$)")
_NOT_TYPED = re.compile(
    r"(^|_)(name|prefix|suffix|path|file|folder|dir|directory|system|instruction|instructions|"
    r"delimiter|separator|find|replace|old|new|pattern|regex|mode|operation|method|model|url|key|"
    r"style|type|version|size|format|device|seed|encoding|labels?|select)(_|\d|$)"
)
"""Texts beside the one that a person types: names, and how something is to be done."""
_NEGATIVE = re.compile(r"(^|_)neg(ative)?(_|\d|$)|uncond")
_POSITIVE = re.compile(r"(^|_)pos(itive)?(_|\d|$)")


@dataclass(frozen=True)
class Texts:
    """Where the prompt and the negative prompt go; where several places may be meant, what a person
    may choose from instead.
    """

    prompt: tuple[InputPlace, ...] = ()
    negative: tuple[InputPlace, ...] = ()
    prompt_choice: tuple[InputPlace, ...] = ()
    negative_choice: tuple[InputPlace, ...] = ()


def find_texts(typed: TypedGraph, samplers: Samplers) -> Texts:
    """All texts of a graph that are words of a person."""
    finder = _Finder(typed, samplers)
    positive, negative = finder.behind_samplers(POSITIVE), finder.behind_samplers(NEGATIVE)
    if not positive and not samplers.all:
        positive = finder.called_prompt(POSITIVE)
        negative = finder.called_prompt(NEGATIVE)
    both = {place.input for place in _flat(positive)} & {place.input for place in _flat(negative)}
    # What is wired into both sides is the negative one where the positive has words of its own.
    own = [[place for place in group if place.input not in both] for group in positive]
    positive = [group for group in own if group] or positive
    taken = {place.input for place in _flat(positive)}
    negative = [[place for place in group if place.input not in taken] for group in negative]
    prompt, prompt_choice = finder.settled(positive, POSITIVE)
    bad, bad_choice = finder.settled([group for group in negative if group], NEGATIVE)
    return Texts(prompt, bad, prompt_choice, bad_choice)


def _flat(groups: Iterable[list[InputPlace]]) -> Iterator[InputPlace]:
    return (place for group in groups for place in group)


class _Finder:
    def __init__(self, typed: TypedGraph, samplers: Samplers) -> None:
        self._typed = typed
        self._graph = typed.graph
        self._samplers = samplers

    def behind_samplers(self, role: str) -> list[list[InputPlace]]:
        """The texts that reach the role, those of one node together."""
        return self._texts_behind(self._samplers.all, role)

    def _continued(self, role: str) -> set[Slot]:
        """Texts of stages that only carry on with the steps of another one: they are about the same
        picture, in whatever words.
        """
        going_on = [n for n in self._samplers.all if self._graph.inputs(n).get("start_at_step")]
        others = [n for n in self._samplers.all if n not in going_on]
        of_others = {p.kept for p in _flat(self._texts_behind(others, role))}
        return {p.kept for p in _flat(self._texts_behind(going_on, role))} - of_others

    def _texts_behind(self, samplers: list[str], role: str) -> list[list[InputPlace]]:
        group = self._samplers.parts(samplers)
        starts = (link for node_id in group for link in self._starts(node_id, role))
        groups = (self._texts_of(node_id, role) for node_id in self._reached(starts, role))
        return [group for group in groups if group]

    def called_prompt(self, role: str) -> list[list[InputPlace]]:
        """Texts that their nodes call a prompt, and those that are written into several lines."""
        groups = ([*self._named(node_id, role)] for node_id in self._typed.live)
        return [group for group in groups if group]

    def _named(self, node_id: str, role: str) -> Iterator[InputPlace]:
        for name in self._graph.inputs(node_id):
            is_prompt = "prompt" in name.lower() or self._is_multiline(node_id, name)
            is_prompt = is_prompt and self._is_text(node_id, name)
            if is_prompt and _is_of(name, role, _roles_of(self._graph.inputs(node_id))):
                yield from self._typed_words(node_id, name, role)

    def _starts(self, node_id: str, role: str) -> Iterator[Link]:
        """The conditionings of a role that go into a node, in a bundle or by themselves."""
        links = self._typed.links_of(node_id, CONDITIONING)
        for name, link in links.items():
            if bool(_NEGATIVE.search(name.lower())) is (role == NEGATIVE):
                yield link
        if not links:
            yield from self._typed.links_of(node_id, PIPE).values()

    def _reached(self, starts: Iterable[Link], role: str) -> list[str]:
        """The nodes that a conditioning is made of, up to those that hold its text."""
        found = dict.fromkeys(link.node_id for link in starts)
        for node_id in (waiting := list(found)):
            for behind in self._behind(node_id, role):
                if behind.node_id not in found:
                    found[behind.node_id] = None
                    waiting.append(behind.node_id)
        return list(found)

    def _behind(self, node_id: str, role: str) -> list[Link]:
        """The conditioning inputs of a node. Nodes that pass a positive and a negative through
        (ControlNet) have their outputs in various places, so the role tells which is meant. One
        that is zeroed carries no words.
        """
        if "zeroout" in self._graph.class_type(node_id).lower():
            return []
        links = self._graph.links(node_id)
        if POSITIVE in links and NEGATIVE in links:
            return [links[role]]
        has_text = bool(self._texts_of(node_id, role))
        leads_on = (CONDITIONING,) if has_text else (CONDITIONING, PIPE, "")
        return list(self._typed.links_of(node_id, *leads_on).values())

    def _texts_of(self, node_id: str, role: str) -> list[InputPlace]:
        """The words that an encoder is given. What changes a conditioning (a GLIGEN box) has a text
        of its own, which is not the prompt, unless it calls itself an encoder.
        """
        changes = self._typed.links_of(node_id, CONDITIONING)
        if changes and "encode" not in self._graph.class_type(node_id).lower():
            return []
        names = [name for name in self._graph.inputs(node_id) if self._holds_prompt(node_id, name)]
        told = [name for name in names if _is_of(name, role, _roles_of(names))]
        return [place for name in told for place in self._typed_words(node_id, name, role)]

    def _holds_prompt(self, node_id: str, name: str) -> bool:
        if not self._is_text(node_id, name):
            return False
        return name in TEXTS or self._is_multiline(node_id, name) or _is_called_text(name)

    def _is_text(self, node_id: str, name: str) -> bool:
        """Whether it takes words; a link may bring them."""
        if link := self._graph.link(node_id, name):
            declared = self._typed.declared(node_id, name).kind
            return declared in {TEXT, ANY} or (not declared and self._may_be_text(link, name))
        is_word = isinstance(self._graph.inputs(node_id).get(name), str)
        return is_word and self._typed.kind(node_id, name) == TEXT

    def _may_be_text(self, link: Link, name: str) -> bool:
        kind = self._typed.kind(link.node_id, name) or TEXT
        return kind == TEXT and (name in TEXTS or _is_called_text(name))

    def _is_multiline(self, node_id: str, name: str) -> bool:
        return self._typed.declared(node_id, name).options.get("multiline") is True

    def _typed_words(self, node_id: str, name: str, role: str) -> list[InputPlace]:
        """Where somebody types what this input gets: here, or in the nodes that it is made by."""
        here = Slot(node_id, name)
        link = self._graph.link(node_id, name)
        if not link:
            return [InputPlace(here, here)]
        place = self._graph.place(node_id, name, str)
        if place and place.kept != here:
            return [place]
        words = [InputPlace(here, s, is_part=True) for s in self._words_behind(link, role)]
        # Where nobody types a word for it, it can only be replaced; that is said (``filling``).
        return words or [InputPlace(here, here)]

    def _words_behind(self, link: Link, role: str) -> list[Slot]:
        found: dict[Slot, None] = {}
        seen = {link.node_id: None}
        for node_id in (waiting := [link.node_id]):
            names = [n for n in self._graph.inputs(node_id) if self._is_typed(node_id, n)]
            several = [n for n in names if self._is_multiline(node_id, n)] or names
            found |= {Slot(node_id, n): None for n in several if _is_of(n, role, _roles_of(names))}
            for name, behind in self._graph.links(node_id).items():
                if behind.node_id not in seen and self._may_bring_words(node_id, name):
                    seen[behind.node_id] = None
                    waiting.append(behind.node_id)
        return list(found)

    def _may_bring_words(self, node_id: str, name: str) -> bool:
        return self._typed.kind(node_id, name) in {TEXT, ""} and not _NOT_TYPED.search(name.lower())

    def _is_typed(self, node_id: str, name: str) -> bool:
        """Whether words stand in this input that a person may have written for the picture."""
        value = self._graph.inputs(node_id).get(name)
        if not isinstance(value, str) or _NOT_TYPED.search(name.lower()):
            return False
        declared = self._typed.declared(node_id, name)
        return declared.kind == TEXT or (declared == InputType() and not self._typed.told(node_id))

    def settled(
        self, groups: list[list[InputPlace]], role: str
    ) -> tuple[tuple[InputPlace, ...], tuple[InputPlace, ...]]:
        """All places if they hold the same words, or are texts of one encoder; else what there is
        to choose from. A place's own title decides where exactly one calls itself the prompt.
        """
        places = list(dict.fromkeys(_flat(groups)))
        kept = list(dict.fromkeys(place.kept for place in places))
        if self._are_one(groups, role) or len(kept) <= 1:
            return tuple(places), ()
        named = [place for place in places if self._is_titled_prompt(place.kept)]
        if len({place.kept for place in named}) == 1:
            return tuple(named), ()
        return (), tuple(places)

    def _are_one(self, groups: list[list[InputPlace]], role: str) -> bool:
        """Whether each encoder's words are among those of another one, and none is put together
        from several.
        """
        if any(self._is_composed(group) for group in groups):
            return False
        continued = self._continued(role) if len(groups) > 1 else set()
        words = [
            {self._words(place.kept) for place in group if place.kept not in continued} - {""}
            for group in groups
        ]
        left = [some for some in words if some]
        met = set(left.pop()) if left else set()
        while joined := [some for some in left if met & some]:
            met.update(*joined)
            left = [some for some in left if some not in joined]
        return not left

    def _is_composed(self, group: list[InputPlace]) -> bool:
        """Whether one input's text is made of words from several places."""
        inputs = [place.input for place in group]
        return len(set(inputs)) < len(inputs)

    def _words(self, slot: Slot) -> str:
        return str(self._graph.inputs(slot.node_id).get(slot.name, "")).strip()

    def _is_titled_prompt(self, slot: Slot) -> bool:
        title = self._graph.title(slot.node_id).lower()
        return "prompt" in title and not re.search(r"neg|style|prefix|suffix|quality|system", title)


def _is_called_text(name: str) -> bool:
    lower = name.lower()
    return bool(_CALLED_TEXT.search(lower)) and not _NOT_TYPED.search(lower)


def _roles_of(names: Iterable[str]) -> set[str]:
    """Which of the two roles these names tell apart."""
    return {NEGATIVE for name in names if _NEGATIVE.search(name.lower())} | {
        POSITIVE for name in names if _POSITIVE.search(name.lower())
    }


def _is_of(name: str, role: str, told: set[str]) -> bool:
    """Whether words in input ``name`` are of the role, in a node whose inputs tell these roles."""
    lower = name.lower()
    if _NEGATIVE.search(lower):
        # A node with nothing but a negative gives it to whoever asks: a box for one text.
        return role == NEGATIVE or told == {NEGATIVE}
    return role == POSITIVE or (NEGATIVE not in told)
