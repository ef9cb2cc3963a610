"""What a workflow becomes when a request's values are written into it."""

from typing import Any

from batchgen_app.core.request import BatchRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import LEFT_OUT, asked

EVERYTHING = asked(
    prompt="a red fox",
    negativePrompt="low quality",
    model="other.safetensors",
    baseParameters={
        "steps": 30,
        "cfg": 5.5,
        "width": 768,
        "height": 640,
        "samplerName": "dpmpp_2m",
        "scheduler": "karras",
    },
)


def changed(before: JsonObject, after: JsonObject) -> dict[str, Any]:
    """Every value that is not as it was, as ``node.input``; nothing else may differ."""
    assert before.keys() == after.keys()
    differences = {}
    for node_id, content in before.items():
        assert {**after[node_id], "inputs": None} == {**content, "inputs": None}
        inputs = after[node_id]["inputs"]
        assert inputs.keys() == content["inputs"].keys()
        for name, value in content["inputs"].items():
            if inputs[name] != value:
                differences[f"{node_id}.{name}"] = inputs[name]
    return differences


def filled_in(workflow: Workflow, request: BatchRequest) -> Workflow:
    """With the values that the request gives."""
    return workflow.with_values(workflow.filling(request).changes.items())


def given_to(graph: JsonObject, **request: Any) -> JsonObject:
    """The graph with the values of a request, of which only the prompt must be given."""
    without_model = {"model": LEFT_OUT, "workflow": graph, **request}
    return filled_in(Workflow.parse(graph), asked(**without_model)).nodes
