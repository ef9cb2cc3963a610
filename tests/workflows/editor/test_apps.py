"""What an app shows to those who use it, by the names of the graph that is sent."""

from batchgen_app.workflows.editor import app_in
from batchgen_app.workflows.graph import Slot
from tests.workflows.editor.documents import ENTRANCE, box, document, drawn, sampler, text_to_image
from tests.workflows.editor.infos import converted


def shown(*inputs: object) -> dict[str, object]:
    return {"linearMode": True, "linearData": {"inputs": list(inputs), "outputs": ["9"]}}


def test_a_file_that_is_no_app_shows_nothing() -> None:
    assert app_in(document(*text_to_image())).inputs == ()
    assert app_in({"extra": {"linearData": []}}).inputs == ()


def test_inputs_are_in_the_order_of_the_app() -> None:
    file = document(*text_to_image(), extra=shown(["6", "text"], [3, "seed", {}], ["99", "x"]))
    assert app_in(file).inputs == (Slot("6", "text"), Slot("3", "seed"))


def test_an_input_within_a_subgraph_has_its_whole_id() -> None:
    inside = drawn(sampler(30, seed=(ENTRANCE, 0)), inputs=("seed",))
    host = box(3, "sub", [7], outputs=["LATENT"], seed=None)
    entries = (["30", "steps"], ["3", "seed"], ["f00d:30:cfg", "cfg"])
    file = document(*text_to_image(sampler=host), extra=shown(*entries), subgraphs={"sub": inside})
    found = app_in(file).inputs
    assert found == (Slot("3:30", "steps"), Slot("3:30", "seed"), Slot("3:30", "cfg"))
    graph = converted(file)
    assert all(slot.name in graph[slot.node_id]["inputs"] for slot in found)


def test_a_primitive_stands_for_the_inputs_that_it_feeds() -> None:
    boxes = text_to_image(sampler=sampler(3, steps=(20, 0)))
    number = box(20, "PrimitiveNode", [33, "fixed"], outputs=["INT"])
    file = document(*boxes, number, extra=shown(["20", "value"]))
    assert app_in(file).inputs == (Slot("3", "steps"),)


def test_the_outputs_are_those_of_the_app_at_whatever_depth() -> None:
    inside = drawn(sampler(30), box(31, "SaveImage", ["x"], images=None), inputs=("seed",))
    host = box(3, "sub", [7], outputs=["LATENT"], seed=None)
    extra = {"linearData": {"inputs": [], "outputs": ["31", 9, "f00d:9", "3", "99", None]}}
    file = document(*text_to_image(sampler=host), extra=extra, subgraphs={"sub": inside})
    assert app_in(file).outputs == ("3:31", "9")
    assert app_in(file).outputs[0] in converted(file)
