"""Files that carry a workflow: whatever the terminal and the page are given (line 23)."""

import json

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.storage.workflow_file import (
    MOST_BYTES,
    NO_WORKFLOW,
    NONE_IN_PICTURE,
    read_workflow,
    workflow_data,
)
from tests.storage.making import png
from tests.workflow_files import KINDS
from tests.workflows.graphs import node, text_to_image

GRAPH = text_to_image()


@pytest.mark.parametrize("kind", KINDS)
def test_one_graph_in_every_kind_of_file(kind: str) -> None:
    assert workflow_data(KINDS[kind](GRAPH)) == GRAPH


def test_nan_where_a_value_belongs_is_no_value() -> None:
    graph = text_to_image(latent=node("EmptyLatentImage", width=float("nan"), height=64))
    read = workflow_data(json.dumps(graph).encode())
    assert read["latent"]["inputs"] == {"width": None, "height": 64}


def test_what_the_editor_keeps_becomes_a_graph_only_with_a_server() -> None:
    document: dict[str, object] = {"nodes": [], "links": []}
    assert workflow_data(png(workflow=json.dumps(document))) == document
    assert read_workflow(json.dumps(document).encode()).format == "editor"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", NO_WORKFLOW),
        (b"\xff\xfe\x00", NO_WORKFLOW),
        (b"GIF89a", NO_WORKFLOW),
        (b"[" * 50_000, NO_WORKFLOW),
        (b"[1, 2]", "The workflow must be a graph in API format."),
        (png(), NONE_IN_PICTURE),
        (png(prompt=json.dumps(GRAPH))[:-20], "The picture ends too early."),
        (b" " * (MOST_BYTES + 1), "The file is too large: a workflow has at most 15 MB."),
    ],
    ids=range(8),
)
def test_what_carries_none_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        workflow_data(content)
    assert str(refused.value) == message
