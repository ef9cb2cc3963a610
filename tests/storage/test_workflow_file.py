"""Files that carry a workflow: whatever the terminal and the page are given (line 23)."""

import json

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.storage.workflow_file import (
    MOST_BYTES,
    NO_WORKFLOW,
    NONE_IN_PICTURE,
    workflow_in,
)
from batchgen_app.workflows.workflow import EXPORT_HINT
from tests.storage.making import png
from tests.workflow_files import KINDS
from tests.workflows.graphs import node, text_to_image

GRAPH = text_to_image()


@pytest.mark.parametrize("kind", KINDS)
def test_one_graph_in_every_kind_of_file(kind: str) -> None:
    assert workflow_in(KINDS[kind](GRAPH)).nodes == GRAPH


def test_nan_where_a_value_belongs_is_no_value() -> None:
    graph = text_to_image(latent=node("EmptyLatentImage", width=float("nan"), height=64))
    read = workflow_in(json.dumps(graph).encode())
    assert read.nodes["latent"]["inputs"] == {"width": None, "height": 64}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", NO_WORKFLOW),
        (b"\xff\xfe\x00", NO_WORKFLOW),
        (b"GIF89a", NO_WORKFLOW),
        (b"[" * 50_000, NO_WORKFLOW),
        (b"[1, 2]", "The workflow must be a graph in API format."),
        (b'{"nodes": []}', EXPORT_HINT),
        (png(), NONE_IN_PICTURE),
        (png(workflow='{"nodes": []}'), EXPORT_HINT),
        (png(prompt=json.dumps(GRAPH))[:-20], "The picture ends too early."),
        (b" " * (MOST_BYTES + 1), "The file is too large: a workflow has at most 15 MB."),
    ],
    ids=range(10),
)
def test_what_carries_none_is_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        workflow_in(content)
    assert str(refused.value) == message
