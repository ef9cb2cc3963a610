"""Where a person's words stand in a graph: behind the samplers' conditionings, as far upstream as
somebody types them (``typed_words``).

An encoder's text is one of them, or is made by other nodes of what stands there. Where there is no
sampler that one could ask (a node that sends the prompt to somebody else), the texts that a node
calls a prompt are looked at.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from batchgen_app.workflows.graph import InputPlace, Link, Slot
from batchgen_app.workflows.samplers import Samplers
from batchgen_app.workflows.typed_graph import CONDITIONING, PIPE, TypedGraph
from batchgen_app.workflows.typed_words import NEGATIVE, POSITIVE, TypedWords, role_in


@dataclass(frozen=True)
class Texts:
    """Where the prompt and the negative prompt go; where several places may be meant, what a person
    may choose from instead; and what stages that only go on with others have words of their own in.
    """

    prompt: tuple[InputPlace, ...] = ()
    negative: tuple[InputPlace, ...] = ()
    prompt_choice: tuple[InputPlace, ...] = ()
    negative_choice: tuple[InputPlace, ...] = ()
    prompt_own: tuple[InputPlace, ...] = ()
    negative_own: tuple[InputPlace, ...] = ()


def find_texts(typed: TypedGraph, samplers: Samplers) -> Texts:
    """All texts of a graph that are words of a person."""
    finder = _Finder(typed, samplers)
    positive, negative = finder.behind_samplers(POSITIVE), finder.behind_samplers(NEGATIVE)
    negative = negative or finder.bundled_negative()
    if not positive and not samplers.all:
        positive = finder.called_prompt(POSITIVE)
        negative = finder.called_prompt(NEGATIVE)
    both = {place.input for place in _flat(positive)} & {place.input for place in _flat(negative)}
    # What is wired into both sides is the negative one where the positive has words of its own.
    own = [[place for place in group if place.input not in both] for group in positive]
    positive = [group for group in own if group] or positive
    taken = {place.input for place in _flat(positive)}
    negative = [[place for place in group if place.input not in taken] for group in negative]
    positive, prompt_own = finder.without_own(positive, POSITIVE)
    negative, negative_own = finder.without_own(negative, NEGATIVE)
    prompt, prompt_choice = finder.settled(positive)
    bad, bad_choice = finder.settled(negative)
    return Texts(prompt, bad, prompt_choice, bad_choice, prompt_own, negative_own)


def _flat(groups: Iterable[list[InputPlace]]) -> Iterator[InputPlace]:
    return (place for group in groups for place in group)


class _Finder:
    def __init__(self, typed: TypedGraph, samplers: Samplers) -> None:
        self._typed = typed
        self._graph = typed.graph
        self._samplers = samplers
        self._typed_words = TypedWords(typed)

    def behind_samplers(self, role: str) -> list[list[InputPlace]]:
        """The texts that reach the role, those of one node together."""
        return self._texts_behind(self._samplers.all, role)

    def bundled_negative(self) -> list[list[InputPlace]]:
        """Where one conditioning is for both sides: the texts that are called negative."""
        groups = [*map(self._called_negative, self._behind_all())]
        return [group for group in groups if group]

    def _behind_all(self) -> list[str]:
        """The nodes that what the samplers get is made of, where no side is told apart."""
        starts = (link for n in self._samplers.group for link in self._starts(n, POSITIVE))
        return self._reached(starts, NEGATIVE)

    def _called_negative(self, node_id: str) -> list[InputPlace]:
        found = self._texts_of(node_id, NEGATIVE)
        return [place for place in found if role_in(place.input.name) == NEGATIVE]

    def without_own(
        self, groups: list[list[InputPlace]], role: str
    ) -> tuple[list[list[InputPlace]], tuple[InputPlace, ...]]:
        """The groups without texts of stages that only carry on with the steps of another one, and
        say it in words of their own; and those.
        """
        kept = self._continued(role) if len(groups) > 1 else set()
        left = [[place for place in group if place.kept not in kept] for group in groups]
        own = tuple(place for place in _flat(groups) if place.kept in kept)
        return [group for group in left if group], own

    def _continued(self, role: str) -> set[Slot]:
        going_on = [n for n in self._samplers.all if self._graph.inputs(n).get("start_at_step")]
        others = [n for n in self._samplers.all if n not in going_on]
        of_others = {self._words(p.kept) for p in _flat(self._texts_behind(others, role))}
        if not of_others:
            return set()
        later = {place.kept for place in _flat(self._texts_behind(going_on, role))}
        return {slot for slot in later if self._words(slot) not in {"", *of_others}}

    def _texts_behind(self, samplers: list[str], role: str) -> list[list[InputPlace]]:
        group = self._samplers.parts(samplers)
        starts = (link for node_id in group for link in self._starts(node_id, role))
        groups = (self._texts_of(node_id, role) for node_id in self._reached(starts, role))
        return [group for group in groups if group]

    def called_prompt(self, role: str) -> list[list[InputPlace]]:
        """Texts that their nodes call a prompt, whoever it is that these send it to."""
        shown = {n for n in self._typed.outputs if self._graph.links(n)}
        makers = (node_id for node_id in self._typed.live if node_id not in shown)
        groups = (self._typed_words.in_prompt(node_id, role) for node_id in makers)
        return [group for group in groups if group]

    def _starts(self, node_id: str, role: str) -> Iterator[Link]:
        """The conditionings of a role that go into a node, in a bundle or by themselves."""
        links = self._typed.links_of(node_id, CONDITIONING)
        yield from _of_side(links, role)
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
        links = self._typed.links_of(node_id, CONDITIONING)
        if any(role_in(name) == NEGATIVE for name in links) and len(links) > 1:
            return _of_side(links, role)
        has_text = bool(self._texts_of(node_id, role))
        leads_on = (CONDITIONING,) if has_text else (CONDITIONING, PIPE, "")
        return list(self._typed.links_of(node_id, *leads_on).values())

    def _texts_of(self, node_id: str, role: str) -> list[InputPlace]:
        """The words that an encoder is given. What changes a conditioning (a GLIGEN box) has a text
        of its own, which is not the prompt, unless it calls itself an encoder.
        """
        changes = self._typed.links_of(node_id, CONDITIONING, PIPE)
        if changes and "encode" not in self._graph.class_type(node_id).lower():
            return []
        return self._typed_words.in_encoder(node_id, role)

    def settled(
        self, groups: list[list[InputPlace]]
    ) -> tuple[tuple[InputPlace, ...], tuple[InputPlace, ...]]:
        """All places if they hold the same words, or are texts of one encoder; else what there is
        to choose from. A place's own title decides where exactly one calls itself the prompt.
        """
        places = list(dict.fromkeys(_flat(groups)))
        kept = list(dict.fromkeys(place.kept for place in places))
        if self._are_one(groups) or len(kept) <= 1:
            return tuple(places), ()
        named = [place for place in places if self._is_titled_prompt(place.kept)]
        if len({place.kept for place in named}) == 1:
            return tuple(named), ()
        return (), tuple(places)

    def _are_one(self, groups: list[list[InputPlace]]) -> bool:
        """Whether each encoder's words are among those of another one, and none is put together
        from several.
        """
        if any(self._is_composed(group) for group in groups):
            return False
        words = [{self._words(place.kept) for place in group} - {""} for group in groups]
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


def _of_side(links: dict[str, Link], role: str) -> list[Link]:
    """Those of the negative side, or all others that are not said to be empty."""
    names = (name for name in links if not name.startswith("empty"))
    is_negative = role == NEGATIVE
    return [links[name] for name in names if (role_in(name) == NEGATIVE) is is_negative]
