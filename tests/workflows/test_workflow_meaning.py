"""However texts, numbers and conditionings are wired: when the graph runs, every encoder and
sampler really gets what was asked, and nobody else does.
"""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.workflow import Workflow
from tests.core.writing import EVERYTHING, filled_in, given_to
from tests.workflows.graphs import encoder, node, sampler, text_to_image, value_of

Wire = Any
"""What stands in an input: a value, or a link to a node."""


class Builder:
    """Puts a graph together, node by node, each from nodes that are there already."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.nodes: JsonObject = {}

    def pick(self, choices: list[Wire]) -> Wire:
        """One of them, perhaps seen through a reroute."""
        wire = self._draw(st.sampled_from(choices))
        rerouted = isinstance(wire, list) and self._draw(st.booleans())
        return self.add({"class_type": "Reroute", "inputs": {"": wire}}) if rerouted else wire

    def add(self, content: JsonObject) -> Wire:
        """A link to a new node."""
        self.nodes[f"n{len(self.nodes)}"] = content
        return [f"n{len(self.nodes) - 1}", 0]

    def texts(self) -> list[Wire]:
        """Written in place, kept in a primitive, or put together."""
        kept = [self.add(node("PrimitiveString", value=text)) for text in ("kept", "also kept")]
        joined = node("StringConcatenate", string_a="joined ", string_b=self.pick(kept))
        return ["written", *kept, self.add(joined)]

    def numbers(self) -> list[Wire]:
        """The same for numbers."""
        kept = [self.add(node("PrimitiveInt", value=value)) for value in (64, 128)]
        return [256, *kept, self.add(node("MathExpression", a=self.pick(kept)))]

    def conditionings(self) -> list[Wire]:
        """A few encoders, and what can be made of them."""
        texts = self.texts()
        found = [self.add(encoder(self.pick(texts))) for _ in range(3)]
        for _ in range(self._draw(st.integers(0, 3))):
            one, other = self.pick(found), self.pick(found)
            made = self._draw(st.sampled_from([combined(one, other), zeroed(one)]))
            found.append(self.add(made))
        return found

    def pair(self) -> tuple[Wire, Wire]:
        """A positive and a negative, perhaps passed through a ControlNet."""
        found = self.conditionings()
        positive, negative = self.pick(found), self.pick(found)
        if not self._draw(st.booleans()):
            return positive, negative
        through = node("ControlNetApplyAdvanced", positive=positive, negative=negative)
        node_id, slot = self.add(through)
        return [node_id, slot], [node_id, 1]


def combined(one: Wire, other: Wire) -> JsonObject:
    return node("ConditioningCombine", conditioning_1=one, conditioning_2=other)


def zeroed(one: Wire) -> JsonObject:
    return node("ConditioningZeroOut", conditioning=one)


@st.composite
def graphs(draw: st.DrawFn) -> JsonObject:
    builder = Builder(draw)
    positive, negative = builder.pair()
    numbers = builder.numbers()
    seed, steps, width, height, count = (builder.pick(numbers) for _ in range(5))
    return text_to_image(
        **builder.nodes,
        latent=node("EmptyLatentImage", width=width, height=height, batch_size=count),
        sampler=sampler(seed=seed, steps=steps, positive=positive, negative=negative),
    )


def got(graph: JsonObject, node_id: str, name: str) -> Any:
    """What an input gets when the graph runs."""
    return value_of(graph, graph[node_id]["inputs"][name])


def encoders(graph: JsonObject, role: str) -> set[str]:
    """The encoders that a role of the sampler reaches."""
    signed = {
        node_id: encoder(node_id) if content["class_type"] == "CLIPTextEncode" else content
        for node_id, content in graph.items()
    }
    reached: set[str] = got(signed, "sampler", role)
    return reached


def numbers_of(graph: JsonObject) -> list[Any]:
    return [got(graph, "sampler", name) for name in ("seed", "steps")] + [
        got(graph, "latent", name) for name in ("width", "height", "batch_size")
    ]


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_what_is_asked_reaches_every_encoder_and_sampler(graph: JsonObject) -> None:
    workflow = Workflow.parse(graph)
    after = filled_in(workflow, EVERYTHING).for_seed(42).nodes
    good, bad = encoders(graph, "positive"), encoders(graph, "negative")
    if "prompt" in workflow.found.choices:
        assert is_worth_asking(graph, good)
    else:
        for_the_prompt = good - bad or good
        assert {got(after, node_id, "text") for node_id in for_the_prompt} <= {"a red fox"}
    assert numbers_of(after) == [42, 30, 768, 640, 1]


def is_worth_asking(graph: JsonObject, encoders_of_prompt: set[str]) -> bool:
    """There are several texts, or one that is put together from several."""
    texts = {got(graph, node_id, "text") for node_id in encoders_of_prompt}
    return len(texts) > 1 or any(text.startswith("joined") for text in texts)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_what_is_not_asked_stays_for_everybody_else(graph: JsonObject) -> None:
    after = given_to(graph, prompt="a red fox")
    good = encoders(graph, "positive")
    for node_id in graph.keys() - good:
        if graph[node_id]["class_type"] == "CLIPTextEncode":
            assert got(after, node_id, "text") == got(graph, node_id, "text")
    assert numbers_of(after) == [*numbers_of(graph)[:-1], 1]
