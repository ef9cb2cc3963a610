"""Links lead through what only the editor has, and past what is switched off."""

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.editor import node_types_in, to_api
from tests.workflows.editor.documents import box, document, sampler, text_to_image
from tests.workflows.editor.infos import converted, inputs, known

MUTED, BYPASSED = 2, 4


def primitive(node_id: int, value: object, kind: str = "INT") -> JsonObject:
    return box(node_id, "PrimitiveNode", [value, "fixed"], outputs=[kind])


def test_notes_and_reroutes_are_not_sent() -> None:
    boxes = text_to_image(sampler=sampler(3, model=(21, 0)))
    ways = [box(20, "Reroute", None, way=(4, 0)), box(21, "Reroute", None, way=(20, 0))]
    notes = [box(30, "Note", ["hello"]), box(31, "MarkdownNote", ["# hello"])]
    graph = converted(document(*boxes, *ways, *notes))
    assert set(graph) == {"3", "4", "5", "6", "7", "8", "9"}
    assert graph["3"]["inputs"]["model"] == ["4", 0]


def test_a_primitive_is_the_value_of_the_inputs_beside_it() -> None:
    boxes = text_to_image(sampler=sampler(3, steps=(20, 0)))
    graph = converted(document(*boxes, primitive(20, 33)))
    assert graph["3"]["inputs"]["steps"] == 33
    assert "20" not in graph


def test_a_primitive_reaches_no_further_as_on_the_page() -> None:
    boxes = text_to_image(sampler=sampler(3, steps=(21, 0)))
    way = box(21, "Reroute", None, way=(20, 0))
    assert inputs(document(*boxes, way, primitive(20, 33)), 3)["steps"] == 20


def test_what_a_setter_takes_in_a_getter_gives_out() -> None:
    boxes = text_to_image(sampler=sampler(3, model=(21, 0)))
    pair = [
        box(20, "SetNode", ["the model"], MODEL=(4, 0)),
        box(21, "GetNode", ["the model"], outputs=["MODEL"]),
    ]
    graph = converted(document(*boxes, *pair))
    assert graph["3"]["inputs"]["model"] == ["4", 0]
    assert not {"20", "21"} & set(graph)


def test_a_muted_node_is_gone_and_so_are_links_to_it() -> None:
    lora = box(20, "LoraLoader", ["x.safetensors", 1, 1], mode=MUTED, model=(4, 0), clip=(4, 1))
    number = box(21, "PrimitiveInt", [9, "fixed"], mode=MUTED, outputs=["INT"])
    boxes = text_to_image(sampler=sampler(3, model=(20, 0), steps=(21, 0)))
    graph = converted(document(*boxes, lora, number))
    assert not {"20", "21"} & set(graph)
    assert "model" not in graph["3"]["inputs"]
    assert graph["3"]["inputs"]["steps"] == 20


def test_a_bypassed_node_passes_on_what_is_of_the_same_type() -> None:
    lora = box(20, "LoraLoader", ["x.safetensors", 1, 1], mode=BYPASSED, model=(4, 0), clip=(4, 1))
    prompt = box(6, "CLIPTextEncode", ["a cat"], clip=(20, 1), text=None)
    boxes = text_to_image(sampler=sampler(3, model=(20, 0)), good=prompt)
    graph = converted(document(*boxes, lora))
    assert graph["3"]["inputs"]["model"] == ["4", 0]
    assert graph["6"]["inputs"]["clip"] == ["4", 1]


def test_a_bypassed_node_passes_on_nothing_of_another_type() -> None:
    decode = box(8, "VAEDecode", [], mode=BYPASSED, samples=(3, 0), vae=(4, 2))
    assert "images" not in inputs(document(*text_to_image(decode=decode)), 9)


def test_the_input_beside_the_output_goes_first_even_if_nothing_is_linked_to_it() -> None:
    types = {"conditioning_1": "CONDITIONING", "conditioning_2": "CONDITIONING"}
    both = box(
        20,
        "ConditioningCombine",
        [],
        mode=BYPASSED,
        outputs=["CONDITIONING"],
        types=types,
        conditioning_1=None,
        conditioning_2=(6, 0),
    )
    boxes = text_to_image(sampler=sampler(3, positive=(20, 0)))
    assert "positive" not in inputs(document(*boxes, both), 3)


def test_what_is_switched_off_need_not_be_known() -> None:
    boxes = text_to_image(sampler=sampler(3, model=(20, 0)))
    strange = box(20, "Strange", [1, 2], mode=BYPASSED, outputs=["MODEL"], model=(4, 0))
    file = document(*boxes, strange, box(21, "Stranger", [1], mode=MUTED))
    assert not {"Strange", "Stranger", "Note"} & node_types_in(file)
    assert inputs(file, 3)["model"] == ["4", 0]


def test_links_in_a_circle_lead_nowhere() -> None:
    ways = [box(20, "Reroute", None, way=(21, 0)), box(21, "Reroute", None, way=(20, 0))]
    boxes = text_to_image(sampler=sampler(3, model=(20, 0)))
    assert "model" not in inputs(document(*boxes, *ways), 3)


def test_a_node_that_the_server_lacks_is_named_with_its_place() -> None:
    strange = box(20, "Strange", [1], title="My helper")
    other = box(21, "Stranger", [1])
    with pytest.raises(InvalidRequest) as refused:
        converted(document(*text_to_image(), strange, other, box(22, "Strange", [1])))
    assert [problem.code for problem in refused.value.problems] == ["missing_node"] * 2
    assert '"My helper" (Strange, node 20)' in str(refused.value)
    assert "Stranger (node 21)" in str(refused.value)


def test_one_whose_values_have_names_does_not_keep_the_others_from_being_looked_at() -> None:
    named = box(20, "Strange", [1], named={"amount": 1}, image=(8, 0), outputs=["IMAGE"])
    file = document(*text_to_image(), named)
    graph = to_api(file, {**known(), "Strange": {}}, to_look_at=True)
    assert graph["20"]["inputs"] == {"image": ["8", 0], "amount": 1}
    assert graph["3"]["inputs"]["model"] == ["4", 0]
    with pytest.raises(InvalidRequest, match="node 20"):
        converted(file)


def test_a_group_of_before_subgraphs_is_to_be_taken_apart() -> None:
    with pytest.raises(InvalidRequest, match="group node"):
        converted(document(*text_to_image(), box(20, "workflow>Mine", [1])))
