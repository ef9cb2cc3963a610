"""A graph with what the server tells about its nodes. Where it tells nothing, the node that a link
comes from, or the name of an input, says what it most likely carries.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import Link, NodeGraph
from batchgen_app.workflows.node_types import InputType, NodeTypes, input_type, output_kind

CONDITIONING, GUIDER, LATENT, IMAGE = "CONDITIONING", "GUIDER", "LATENT", "IMAGE"
MODEL, PIPE, OTHER = "MODEL", "PIPE", "OTHER"
TEXT, WHOLE, NUMBER, YES_NO, CHOICE = "STRING", "INT", "FLOAT", "BOOLEAN", "COMBO"

OPEN = frozenset({"", "*", "COMFY_MATCHTYPE_V3", "COMFY_AUTOGROW_V3", "COMFY_DYNAMICCOMBO_V3"})
"""Kinds that say nothing: the link decides."""
_PIPE = re.compile(r"PIPE|(^|_)(TUPLE|CONTEXT|BUS|BUNDLE)(_LINE)?$")
"""Kinds that bundle what a sampler needs."""
_OWN = frozenset({
    CONDITIONING, GUIDER, LATENT, IMAGE, MODEL, TEXT, WHOLE, NUMBER, YES_NO, CHOICE, "CLIP", "VAE",
    "MASK", "NOISE", "SAMPLER", "SIGMAS", "CONTROL_NET", "CLIP_VISION", "CLIP_VISION_OUTPUT",
    "STYLE_MODEL", "UPSCALE_MODEL", "LORA_MODEL", "MODEL_PATCH", "VIDEO", "AUDIO",
})  # fmt: skip
"""ComfyUI's kinds. Packs that bring everything of their own have kinds like it (WANVIDEOMODEL):
then an input's name tells more.
"""
_KIND_BY_NAME = (
    (re.compile(r"(positive|negative|pos|neg|(neg_)?conditioning|cond)(_?(cond|conditioning))?"
                r"(_?(to|from|\d+))?|(?!image)\w*embed(s|dings)"), CONDITIONING),
    (re.compile(r"guider"), GUIDER),
    (re.compile(r"(latent|latents|samples|latent_image)(_?\d+)?"), LATENT),
    (re.compile(r"(start_|end_)?(clip|vae|noise|sigmas|sampler|mask|control_net|clip_vision|"
                r"clip_vision_output)(_?\d+|_name)?|(upscale|style|control|motion|sam|face|detect"
                r"|depth|lora|vision|clip|audio|caption|llm)\w*_model"), OTHER),
    (re.compile(r"((\w+_)?model|unet)(_?\d+|_opt)?"), MODEL),
    (re.compile(r"(image|images|pixels)(_?\d+)?"), IMAGE),
    (re.compile(r"(\w+_)?(text|prompt|string|caption)(_?\w)?"), TEXT),
    (re.compile(r"(\w+_)?(seed|steps|width|height|batch_size|length|count)"), WHOLE),
    (re.compile(r"cfg|denoise|guidance|(\w+_)?(strength|weight|scale)"), NUMBER),
    (re.compile(r"sampler_name|scheduler|(\w+_)?(ckpt|unet|vae|clip|lora)_name"), CHOICE),
    (re.compile(r"\w*pipe\w*|(\w+_)?(tuple|ctx|context|bus)"), PIPE),
)  # fmt: skip
"""What links most likely carry, by the whole name of the input that they lead into."""
_GIVES = re.compile(
    r"save|preview|output|combine|show|display|export|upload|send|compar", re.IGNORECASE
)
"""Types of nodes that are most likely run for their own sake."""
_SAVES = re.compile(r"save ?(image|video|animated)|image ?save", re.IGNORECASE)
_MAKES_TEXT = re.compile(r"(?<!con)text|string|prompt|wildcard|caption|words", re.IGNORECASE)
_MAKES_MORE = re.compile(r"encode|cond|load|sampl", re.IGNORECASE)
_KIND_BY_VALUE: Mapping[type, str] = {bool: YES_NO, int: WHOLE, float: NUMBER, str: TEXT}


_UNTOLD = InputType()


class TypedGraph:
    """A view of a graph; it changes nothing."""

    def __init__(self, graph: NodeGraph, known: NodeTypes) -> None:
        self.graph = graph
        self._told = {n: known.get(graph.class_type(n)) or {} for n in graph}
        self._kinds: dict[tuple[str, str], str] = {}
        self._declared: dict[tuple[str, str], InputType] = {}
        self.outputs = self._outputs()
        """The nodes for whose sake the server runs the graph, in the file's order."""
        self.live = graph.upstream(self.outputs or graph.ends())
        """Every node that an output depends on, nearest first; where none is one, all that anything
        leads to.
        """

    def node_info(self, node_id: str) -> JsonObject:
        """What the server tells about the node's type; empty where that is nothing."""
        return self._told[node_id]

    def declared(self, node_id: str, name: str) -> InputType:
        """What is told about an input."""
        if not (told := self.node_info(node_id)):
            return _UNTOLD
        key = self.graph.class_type(node_id), name
        if key not in self._declared:
            self._declared[key] = input_type(told, name)
        return self._declared[key]

    def gives(self, node_id: str) -> list[str]:
        """The kinds of the node's outputs, as far as they are told."""
        kinds = self.node_info(node_id).get("output")
        return [kind for kind in kinds if isinstance(kind, str)] if isinstance(kinds, list) else []

    def kind(self, node_id: str, name: str) -> str:
        """What an input takes, as far as one can know; "" where one cannot."""
        key = node_id, name
        if key not in self._kinds:
            self._kinds[key] = self._kind(node_id, name)
        return self._kinds[key]

    def _kind(self, node_id: str, name: str) -> str:
        link = self.graph.link(node_id, name)
        given = _plain(self.declared(node_id, name).kind, name)
        if link and not given:
            given = _plain(output_kind(self.node_info(link.node_id), link.slot), name)
        if given:
            return given
        if not link:
            return _KIND_BY_VALUE.get(type(self.graph.inputs(node_id).get(name)), "")
        return TEXT if self._brings_text(node_id, name, link) else _by_name(name)

    def links_of(self, node_id: str, *kinds: str) -> dict[str, Link]:
        """The links into a node that carry one of ``kinds``, by input name."""
        links = self.graph.links(node_id)
        return {name: link for name, link in links.items() if self.kind(node_id, name) in kinds}

    def _outputs(self) -> list[str]:
        told = {n for n in self.graph if self.node_info(n).get("output_node") is True}
        untold = [n for n in self.graph.ends() if not self.node_info(n)]
        called = [n for n in untold if _GIVES.search(self.graph.class_type(n))]
        # Some savers pass on what they save.
        called += [n for n in self.graph if not self.node_info(n) and self._saves(n)]
        chosen = told.union(called or ([] if told else untold))
        return [node_id for node_id in self.graph if node_id in chosen]

    def _saves(self, node_id: str) -> bool:
        return _SAVES.search(self.graph.class_type(node_id)) is not None

    def _brings_text(self, node_id: str, name: str, link: Link) -> bool:
        """Whether a link that nothing is told about brings words: a loader that keeps the negative
        ones gets the positive ones, a box holds nothing else.
        """
        if _by_name(name) != CONDITIONING:
            return False
        siblings = {"positive", "negative"} - {name.lower()}
        values = self.graph.inputs(node_id)
        if any(isinstance(values.get(sibling), str) for sibling in siblings):
            return True
        return self._holds_only_text(self.graph.origin(link))

    def _holds_only_text(self, node_id: str) -> bool:
        if self.node_info(node_id):
            return False
        values = [*self.graph.inputs(node_id).values()]
        if len(values) == 1 and isinstance(values[0], str):
            return True
        class_type = self.graph.class_type(node_id)
        is_called = _MAKES_TEXT.search(class_type) and not _MAKES_MORE.search(class_type)
        brought = {_by_name(name) for name in self.graph.links(node_id)}
        return bool(is_called) and not brought & {CONDITIONING, MODEL, OTHER, PIPE}


def _plain(kind: str, name: str) -> str:
    """A kind that is told, as one of ComfyUI's if it means the same; "" where it says nothing."""
    if kind in OPEN:
        return ""
    if kind in _OWN:
        return kind
    if _PIPE.search(kind):
        return PIPE
    if "," in kind:
        return TEXT if TEXT in kind.split(",") else kind.partition(",")[0]
    named = _by_name(name)
    return named if named in {CONDITIONING, MODEL, LATENT} else kind


@lru_cache(4096)
def _by_name(name: str) -> str:
    lower = name.lower()
    return next((kind for pattern, kind in _KIND_BY_NAME if pattern.fullmatch(lower)), "")
