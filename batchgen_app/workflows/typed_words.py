"""Where a person types words: which inputs of a node are texts, of which side, and from which nodes
further up a text is made.

What the server tells decides: a text in several lines is one that is typed. Where it tells nothing,
or there are several, the names of the inputs do.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from batchgen_app.workflows.graph import InputPlace, Link, Slot
from batchgen_app.workflows.node_types import InputType
from batchgen_app.workflows.typed_graph import IMAGE, OPEN, TEXT, TypedGraph

MOST_PARTS = 200
"""Of one text; nobody chooses from more."""
POSITIVE, NEGATIVE = "positive", "negative"
TEXTS = frozenset({
    "text", "text_g", "text_l", "clip_g", "clip_l", "t5xxl", "llama", "bert", "mt5xl", "qwen25_7b",
    "prompt", "user_prompt", "tags",
})  # fmt: skip
"""Inputs in which text encoders keep the prompt."""
_CALLED_TEXT = re.compile(
    r"(^|_)(text|texts|prompt|prompts|positive|negative|caption|words)"
    r"(_?(\d+|\w|input|field|box|pos|neg|positive|negative))?$"
)
_CALLED_STRING = re.compile(r"(^|_)(string|value|str|input|content|line)s?(_?\w)?$")
"""Names that nodes which only handle texts give them."""
_NOT_TYPED = re.compile(
    r"(^|_)(name|prefix|suffix|path|file|folder|dir|directory|system|instruction|instructions|"
    r"delimiter|separator|find|replace|old|new|pattern|regex|mode|operation|method|model|url|key|"
    r"lyrics|style|type|version|size|format|device|seed|encoding|labels?|select|exclude|ban|blacklist|"
    r"pre|post|app|append|prepend|loras?|expression|action|log|normalization|interpretation|upsampling|whitespace|wildcards?$|"
    r"shader|code|script|json|html|translate|token|tokens|language|add|ratio|unit|id|color|background_color)(_|\d|$)"
)
"""Texts beside the one that a person types: names, and how something is to be done."""
_FLAGS = frozenset({
    "yes", "no", "true", "false", "on", "off", "none", "auto", "enable", "disable", "enabled",
    "disabled", "default", "fixed", "randomize", "increment", "decrement", "populate",
})  # fmt: skip
"""What stands in a choice, and hardly ever is a prompt."""
_SHOWS = re.compile(r"show|display|preview", re.IGNORECASE)
_NEGATIVE = re.compile(r"(^|_)neg(ative)?(_|\d|$)|uncond")
_POSITIVE = re.compile(r"(^|_)pos(itive)?(_|\d|$)")


def of_role(names: Iterable[str], role: str) -> list[str]:
    """Which of a node's inputs are for the role, by what these names tell apart. A node with one
    text gives it to whoever asks, whatever it is called.
    """
    names = list(names)
    by_role: dict[str, list[str]] = {}
    for name in names:
        by_role.setdefault(role_in(name), []).append(name)
    return by_role.get(role) or by_role.get("") or names


@lru_cache(4096)
def role_in(name: str) -> str:
    """The role that a name tells; "" where it tells none."""
    lower = _leaf(name)
    if _NEGATIVE.search(lower):
        return NEGATIVE
    return POSITIVE if _POSITIVE.search(lower) else ""


def _leaf(name: str) -> str:
    """The name itself, of an input that stands under another one ("model.prompt")."""
    return name.rpartition(".")[2].lower()


class TypedWords:
    """Looks for what a person typed in one graph."""

    def __init__(self, typed: TypedGraph) -> None:
        self._typed = typed
        self._graph = typed.graph
        self._behind: dict[tuple[str, str], tuple[list[Slot], bool]] = {}
        self._in_node: dict[tuple[str, str], tuple[list[str], list[Link]]] = {}

    def in_encoder(self, node_id: str, role: str) -> list[InputPlace]:
        """The words that a node which makes a conditioning is given, or a loader that does so."""
        names = [name for name in self._graph.inputs(node_id) if self._holds_prompt(node_id, name)]
        told = of_role(self._without_results(node_id, names), role)
        told = [name for name in told if role_in(name) in {role, ""}]
        return [place for name in told for place in self._places(node_id, name, role)]

    def in_prompt(self, node_id: str, role: str) -> list[InputPlace]:
        """The words of a node that calls one of its texts a prompt; the negative one only where it
        says so: nothing tells that a lone prompt is for both sides.
        """
        names = [name for name in self._graph.inputs(node_id) if self._is_prompt(node_id, name)]
        of_side = [n for n in of_role(names, role) if (role_in(n) or POSITIVE) == role]
        plain = [name for name in of_side if _leaf(name) == "prompt"] or of_side
        found = (place for name in plain for place in self._places(node_id, name, role))
        # A text that is only shown here, and computed elsewhere, is no place to write into.
        return [place for place in found if not self._graph.link(*_pair(place.kept))]

    def _is_prompt(self, node_id: str, name: str) -> bool:
        return "prompt" in _leaf(name) and self._holds_prompt(node_id, name)

    def _holds_prompt(self, node_id: str, name: str) -> bool:
        if not self._is_text(node_id, name):
            return False
        if _leaf(name) in TEXTS:
            return True
        is_typed = self._is_multiline(node_id, name) or bool(_CALLED_TEXT.search(_leaf(name)))
        return is_typed and not _NOT_TYPED.search(_leaf(name))

    def _without_results(self, node_id: str, names: list[str]) -> list[str]:
        """Without the text that a node with wildcards made of another one the last time, unless it
        shall stay with that.
        """
        results = [name for name in names if "populated" in name.lower()]
        sources = [name for name in names if "wildcard" in name.lower()]
        if not results or not sources:
            return names
        stays = str(self._graph.inputs(node_id).get("mode", "")).lower() in {"fixed", "false"}
        unused = sources if stays else results
        return [name for name in names if name not in unused]

    def _is_text(self, node_id: str, name: str) -> bool:
        """Whether it takes words; a link may bring them."""
        kind = self._typed.kind(node_id, name)
        if self._graph.link(node_id, name):
            return kind == TEXT or (kind == "" and self._declares_text(node_id, name))
        value = self._graph.inputs(node_id).get(name)
        return isinstance(value, str) and kind == TEXT and not self._is_flag(node_id, name, value)

    def _declares_text(self, node_id: str, name: str) -> bool:
        declared = self._typed.declared(node_id, name).kind
        return declared in OPEN - {""} or (not declared and name in TEXTS)

    def _is_flag(self, node_id: str, name: str, value: str) -> bool:
        is_told = bool(self._typed.node_info(node_id))
        return not is_told and name not in TEXTS and value.strip().lower() in _FLAGS

    def _is_multiline(self, node_id: str, name: str) -> bool:
        return self._typed.declared(node_id, name).options.get("multiline") is True

    def _places(self, node_id: str, name: str, role: str) -> list[InputPlace]:
        """Where somebody types what this input gets: here, or in the nodes that it is made by."""
        here = Slot(node_id, name)
        link = self._graph.link(node_id, name)
        if not link:
            return [InputPlace(here, here)]
        place = self._graph.place(node_id, name, str)
        if place and place.kept != here:
            return [place]
        key = link.node_id, role
        if key not in self._behind:
            self._behind[key] = self._words_behind(link, role)
        words, is_asked = self._behind[key]
        places = [InputPlace(here, slot, is_part=True) for slot in words]
        # Where nobody types a word for it, it can only be replaced; that is said (``filling``).
        return [InputPlace(here, here), *places] if is_asked or not words else places

    def _words_behind(self, link: Link, role: str) -> tuple[list[Slot], bool]:
        """Every place upstream where words are typed; and whether all of them only ask for a text
        that somebody else writes, about a picture.
        """
        found: dict[Slot, bool] = {}
        seen = {link.node_id: None}
        for node_id in (waiting := [link.node_id]):
            is_asked = bool(self._typed.links_of(node_id, IMAGE))
            typed, bringing = self._of_node(node_id, role)
            found |= {Slot(node_id, name): is_asked for name in typed}
            if len(found) > MOST_PARTS:
                break
            for behind in bringing:
                if behind.node_id not in seen:
                    seen[behind.node_id] = None
                    waiting.append(behind.node_id)
        return list(found), all(found.values())

    def _of_node(self, node_id: str, role: str) -> tuple[list[str], list[Link]]:
        """The texts typed in a node which makes texts, and the links that bring it others."""
        key = node_id, role
        if key not in self._in_node:
            self._in_node[key] = self._typed_in(node_id, role), [*self._bringing(node_id, role)]
        return self._in_node[key]

    def _typed_in(self, node_id: str, role: str) -> list[str]:
        """The texts that are typed in a node which makes texts."""
        if self._fills_template(node_id) or self._only_shows(node_id):
            return []
        names = [n for n in self._graph.inputs(node_id) if self._is_typed(node_id, n)]
        linked = [n for n in self._graph.links(node_id) if self._may_bring_words(node_id, n)]
        best = self._without_results(node_id, self._best(node_id, names))
        chosen = of_role([*best, *linked], role)
        here = [name for name in best if name in chosen]
        if len(here) < len(chosen) or self._typed.links_of(node_id, IMAGE):
            # Others bring the words: an empty place beside them is not where somebody types.
            return [name for name in here if self._value(node_id, name)]
        return self._first_of_one(node_id, here)

    def _only_shows(self, node_id: str) -> bool:
        """Whether what stands in it is what it was given the last time."""
        is_called = _SHOWS.search(self._graph.class_type(node_id))
        return bool(is_called) and bool(self._graph.links(node_id))

    def _best(self, node_id: str, names: list[str]) -> list[str]:
        """Those that are most likely typed: in several lines, called a text, or the only one."""
        ways = (
            [name for name in names if self._is_multiline(node_id, name)],
            [name for name in names if _CALLED_TEXT.search(_leaf(name))],
            [name for name in names if _CALLED_STRING.search(_leaf(name))],
        )
        alone = names if len(names) == 1 and not self._typed.links_of(node_id, IMAGE) else []
        return next((way for way in ways if way), alone)

    def _first_of_one(self, node_id: str, names: list[str]) -> list[str]:
        """The first alone where the others are empty."""
        is_only = not any(self._value(node_id, name) for name in names[1:])
        return names[:1] if names and self._value(node_id, names[0]) and is_only else names

    def _value(self, node_id: str, name: str) -> str:
        return str(self._graph.inputs(node_id).get(name, "")).strip()

    def _bringing(self, node_id: str, role: str) -> Iterator[Link]:
        links = self._graph.links(node_id)
        names = [name for name in links if self._may_bring_words(node_id, name)]
        typed = [n for n in self._graph.inputs(node_id) if self._is_typed(node_id, n)]
        chosen = of_role([*names, *self._best(node_id, typed)], role)
        if self._fills_template(node_id):
            chosen = ["replace"]
        return (links[name] for name in names if name in chosen)

    def _fills_template(self, node_id: str) -> bool:
        """Whether the node puts words from elsewhere where a text says that they belong."""
        text = self._graph.read(Slot(node_id, "string"), str)
        inputs = self._graph.inputs(node_id)
        mark = inputs.get("find") or inputs.get("regex_pattern")
        is_linked = self._graph.link(node_id, "replace") is not None
        return is_linked and isinstance(mark, str) and isinstance(text, str) and mark in text

    def _may_bring_words(self, node_id: str, name: str) -> bool:
        """A text that another one gets in the place of a word is brought by its link, too."""
        if self._typed.kind(node_id, name) not in {TEXT, ""}:
            return False
        return name == "replace" or not _NOT_TYPED.search(_leaf(name))

    def _is_typed(self, node_id: str, name: str) -> bool:
        """Whether words stand in this input that a person may have written for the picture."""
        value = self._graph.inputs(node_id).get(name)
        if not isinstance(value, str) or self._is_flag(node_id, name, value):
            return False
        if _NOT_TYPED.search(_leaf(name)):
            return False
        declared = self._typed.declared(node_id, name)
        return declared.kind == TEXT or (
            declared == InputType() and not self._typed.node_info(node_id)
        )


def _pair(slot: Slot) -> tuple[str, str]:
    return slot.node_id, slot.name
