"""What a server tells about its nodes: the demo engine, and a few nodes of our own."""

from contextlib import closing
from functools import cache
from typing import Any

from batchgen_app.core.wire import JsonObject
from batchgen_app.demo.files import Catalogue, Folders
from batchgen_app.demo.nodes import node_types
from batchgen_app.demo.settings import demo_models
from batchgen_app.workflows.editor import node_types_in, to_api


def info(required: JsonObject, optional: JsonObject | None = None, **more: Any) -> JsonObject:
    """An entry of GET /object_info."""
    return {"input": {"required": required, "optional": optional or {}}, **more}


COLOURS = ["COMBO", {"options": ["red", "green"]}]
PAINT = info({"image": ["IMAGE", {}], "colour": COLOURS}, {"soft": ["BOOLEAN", {"default": True}]})
SAVE_AS = info({
    "images": ["IMAGE"],
    "format": ["COMFY_DYNAMICCOMBO_V3", {"options": [
        {"key": "png", "inputs": {"required": {"bits": ["INT", {"default": 8}]}}},
        {"key": "jpg", "inputs": {
            "required": {"quality": ["INT", {"default": 90}], "mask": ["MASK"]},
        }},
    ]}],
    "prefix": ["STRING", {"default": "out"}],
})  # fmt: skip
JOIN = info({
    "between": ["STRING", {"default": ","}],
    "images": ["COMFY_AUTOGROW_V3", {"template": {
        "input": {"required": {"image": ["IMAGE"]}}, "prefix": "image", "min": 1, "max": 3,
    }}],
})  # fmt: skip
OURS = {"Paint": PAINT, "SaveAs": SAVE_AS, "Join": JOIN}


@cache
def demo_info() -> JsonObject:
    """What the demo engine says to GET /object_info."""
    with closing(Folders()) as folders:
        catalogue = Catalogue(demo_models(), folders)
        return {name: kind.info(catalogue) for name, kind in node_types().items()}


def known() -> JsonObject:
    """All that the server of these tests has."""
    return {**demo_info(), **OURS}


def converted(document: JsonObject, **more: JsonObject) -> JsonObject:
    """``document`` in API format, on a server that has these nodes, too."""
    here = {**known(), **more}
    return to_api(document, {name: here.get(name, {}) for name in node_types_in(document)})


def inputs(document: JsonObject, node_id: object, **more: JsonObject) -> JsonObject:
    """Those of one node of ``converted``."""
    found: JsonObject = converted(document, **more)[str(node_id)]["inputs"]
    return found
