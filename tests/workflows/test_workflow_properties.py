"""Whatever is handed in as a workflow: reading it ends, and only places of roles are written."""

from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import asked
from tests.core.writing import EVERYTHING, changed, filled_in
from tests.workflows.graphs import encoder, node, sampler, text_to_image

NAMES = (
    "positive", "negative", "guider", "conditioning", "conditioning_1", "latent_image", "samples",
    "model", "noise", "sigmas", "sampler", "text", "clip_l", "prompt", "seed", "noise_seed",
    "steps", "cfg", "width", "height", "batch_size", "ckpt_name", "value", "filename_prefix", "",
)  # fmt: skip
TYPES = ("KSampler", "CLIPTextEncode", "EmptyLatentImage", "Reroute", "SaveImage", "PrimitiveInt")

ids = st.sampled_from(["1", "2", "3", "4", "5", "6"])
links = st.tuples(ids | st.integers(-1, 7), st.integers(-1, 3)).map(list)
odd_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | links,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
odd_inputs = st.dictionaries(st.sampled_from(NAMES), links | links | odd_values, max_size=6)
odd_nodes = st.fixed_dictionaries(
    {"class_type": st.sampled_from(TYPES)}, optional={"inputs": odd_inputs | odd_values}
)
odd_graphs = st.dictionaries(ids, odd_nodes, max_size=6)
anything = st.one_of(
    odd_graphs,
    odd_values,
    st.dictionaries(st.sampled_from(["prompt", "nodes", "1"]), odd_graphs | odd_values),
)


def every_change(workflow: Workflow) -> Workflow:
    return filled_in(workflow, EVERYTHING).for_seed(5).saving_to("x")


@settings(max_examples=100, deadline=None)
@given(anything)
def test_reading_gives_a_workflow_or_says_why_not(data: object) -> None:
    before = deepcopy(data)
    try:
        workflow = Workflow.parse(data)
    except InvalidRequest as refusal:
        problems = refusal.problems
    else:
        problems = ()
        workflow.parameters()
        workflow.without_place(EVERYTHING)
        every_change(workflow).parameters()
    assert repr(data) == repr(before)
    assert all(problem.field == "workflow" for problem in problems)


@settings(max_examples=100, deadline=None)
@given(odd_graphs)
def test_only_places_of_roles_are_written(graph: JsonObject) -> None:
    try:
        workflow = Workflow.parse(graph)
    except InvalidRequest:
        return
    after = filled_in(workflow, EVERYTHING).for_seed(5).nodes
    expected = deepcopy(workflow.nodes)
    roles = vars(workflow.roles).items()
    for slot in {slot for role, slots in roles if role != "output" for slot in slots}:
        expected[slot.node_id]["inputs"][slot.name] = after[slot.node_id]["inputs"][slot.name]
    assert after == expected


def test_long_lines_of_nodes_are_followed_to_their_end() -> None:
    line = {
        f"n{i}": node("ConditioningSetArea", conditioning=[f"n{i + 1}" if i < 1999 else "good", 0])
        for i in range(2000)
    }
    ways = {
        f"w{i}": {"class_type": "Reroute", "inputs": {"": [f"w{i + 1}" if i < 1999 else "int", 0]}}
        for i in range(2000)
    }
    graph = text_to_image(
        **line, **ways, int=node("PrimitiveInt", value=1),
        sampler=sampler(positive=["n0", 0], seed=["w0", 0]),
    )  # fmt: skip
    after = filled_in(Workflow(graph), asked(prompt="a fox", model="m")).for_seed(42).nodes
    assert changed(graph, after) == {
        "good.text": "a fox",
        "checkpoint.ckpt_name": "m",
        "latent.batch_size": 1,
        "int.value": 42,
    }


def test_a_text_of_very_many_parts_is_read_to_an_end() -> None:
    """However many encoders get it: what each is made of is looked for once."""
    line = {
        f"n{i}": node(
            "StringConcatenate", string_a=[f"n{i + 1}" if i < 999 else "box", 0], string_b=f"w{i}"
        )
        for i in range(1000)
    }
    encoders = {f"e{i}": encoder(["n0", 0]) for i in range(1000)}
    graph = text_to_image(
        **line, **encoders, box=node("PrimitiveString", value="a cat"),
        all=node("Combine", **{f"conditioning_{i}": [f"e{i}", 0] for i in range(1000)}),
        sampler=sampler(positive=["all", 0]),
    )  # fmt: skip
    assert len(Workflow(graph).found.choices["prompt"]) > 100
