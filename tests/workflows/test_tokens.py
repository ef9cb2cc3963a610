"""Tokens in file prefixes become what ComfyUI's page makes of them."""

from datetime import datetime

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.tokens import resolved
from tests.workflows.graphs import node, text_to_image

NOW = datetime(2026, 3, 7, 9, 5, 4).astimezone()


def prefix(text: str, **nodes: JsonObject) -> object:
    save = node("SaveImage", images=["decode", 0], filename_prefix=text)
    return resolved(text_to_image(save=save, **nodes), NOW)["save"]["inputs"]["filename_prefix"]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("%date:yyyy-MM-dd%/shot", "2026-03-07/shot"),
        ("%date:yy-M-d_hh.mm.ss%", "26-3-7_09.05.04"),
        ("%date:h:m:s%", "9_5_4"),
        ("%KSampler.seed%_%KSampler.sampler_name%", "1_euler"),
        ("%sampler.steps%", "20"),
        ("%CheckpointLoaderSimple.ckpt_name%", "dreams.safetensors"),
        ("%width%x%height%_%year%", "%width%x%height%_%year%"),
        ("%Nobody.seed% %KSampler.nothing% 100%", "%Nobody.seed% %KSampler.nothing% 100%"),
        ("plain", "plain"),
    ],
)
def test_a_prefix(text: str, becomes: str) -> None:
    assert prefix(text) == becomes


def test_a_node_is_found_by_its_title_and_its_value_is_fit_for_a_name() -> None:
    titled = {**node("PrimitiveString", value="a/b: c"), "_meta": {"title": "Scene"}}
    assert prefix("%Scene.value%", scene=titled) == "a_b_ c"


def test_nothing_else_of_the_graph_is_touched() -> None:
    graph = text_to_image(good=node("CLIPTextEncode", text="%date:yyyy%", clip=["checkpoint", 1]))
    assert resolved(graph, NOW) == graph
