"""Files that carry a workflow: whatever the terminal and the page are given (line 23)."""

import json
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import ExifTags, Image

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.storage.workflow_file import (
    MOST_BYTES,
    NO_WORKFLOW,
    NONE_IN_PICTURE,
    ONLY_SETTINGS_OF_SWARM,
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


SWARM = json.dumps({
    "sui_image_params": {"prompt": "a cat", "seed": 1, "steps": 20, "swarm_version": "0.9.8"},
    "sui_extra_data": {"date": "2026-11-02", "generation_time": "4.84 (gen) seconds"},
})  # fmt: skip


def described(kind: str, tag: ExifTags.Base, text: str | bytes, **named: str) -> bytes:
    """A picture with a text in its EXIF, and others as ComfyUI puts them there."""
    exif = Image.Exif()
    (exif if tag == ExifTags.Base.Model else exif.get_ifd(ExifTags.IFD.Exif))[tag] = text
    if named:
        exif[ExifTags.Base.Make] = ":".join(*named.items())
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, kind, exif=exif)
    return content.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("tag", "encoded"),
    [
        (ExifTags.Base.UserComment, lambda text: b"ASCII\0\0\0" + text.encode()),
        (ExifTags.Base.UserComment, lambda text: b"UNICODE\0" + text.encode("utf-16-le")),
        (ExifTags.Base.UserComment, lambda text: b"UNICODE\0" + text.encode("utf-16-be")),
        (ExifTags.Base.Model, str),
    ],
    ids=["ASCII", "little endian", "big endian", "of older versions"],
)
def test_settings_of_swarm_are_told_from_a_picture_without_any(
    kind: str, tag: ExifTags.Base, encoded: Callable[[str], str | bytes]
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        workflow_data(described(kind, tag, encoded(SWARM)))
    assert str(refused.value) == ONLY_SETTINGS_OF_SWARM


@pytest.mark.parametrize("content", [png(parameters=SWARM), SWARM.encode()], ids=["PNG", "JSON"])
def test_settings_of_swarm_alone_are_no_workflow(content: bytes) -> None:
    with pytest.raises(InvalidRequest) as refused:
        workflow_data(content)
    assert str(refused.value) == ONLY_SETTINGS_OF_SWARM


def test_a_graph_beside_settings_of_swarm_is_taken() -> None:
    graph = json.dumps(GRAPH)
    assert workflow_data(png(parameters=SWARM, prompt=graph)) == GRAPH
    comment = b"ASCII\0\0\0" + SWARM.encode()
    both = described("WEBP", ExifTags.Base.UserComment, comment, prompt=graph)
    assert workflow_data(both) == GRAPH


def test_of_a_workflow_that_swarm_keeps_the_page_is_read_as_its_graph_has_names_for_values() -> (
    None
):
    named = text_to_image(latent=node("EmptyLatentImage", width="%%_COMFYFIXME_${w:512}_ENDFIXME"))
    document: dict[str, object] = {"nodes": [], "links": []}
    kept = {"workflow": document, "prompt": named, "custom_params": {}, "enable_in_simple": True}
    assert workflow_data(json.dumps(kept).encode()) == document
