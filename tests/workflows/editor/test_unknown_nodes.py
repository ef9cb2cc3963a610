"""Where no server can be asked, the file's own names are used, or it is said that they are not
enough.
"""

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.editor import node_types_in, to_api
from tests.workflows.editor.documents import box, document, sampler, text_to_image
from tests.workflows.editor.infos import converted


def alone(document: JsonObject) -> JsonObject:
    return to_api(document, dict.fromkeys(node_types_in(document)))


def complete() -> list[JsonObject]:
    """Boxes that name all of their widgets, as pages did for a time."""
    latent = box(5, "EmptyLatentImage", [512, 512, 1], width=None, height=None, batch_size=None)
    types = {"filename_prefix": "STRING"}
    save = box(9, "SaveImage", ["ComfyUI"], types=types, images=(8, 0), filename_prefix=None)
    return text_to_image(latent=latent, save=save)


def test_names_in_the_file_are_enough() -> None:
    file = document(*complete())
    graph = alone(file)
    told = converted(file)
    assert {key: node["inputs"] for key, node in graph.items()} == {
        key: node["inputs"] for key, node in told.items()
    }


def test_so_are_values_with_names() -> None:
    named = {"words": "cat", "seed": 7, "control_after_generate": "fixed", "none": None}
    node = box(1, "Writer", list(named.values()), named=named, title="Mine")
    assert alone(document(node)) == {
        "1": {
            "class_type": "Writer",
            "inputs": {"words": "cat", "seed": 7},
            "_meta": {"title": "Mine"},
        }
    }


def test_a_choice_is_saved_before_its_inputs_and_listed_after_them() -> None:
    types = {"format.bits": "INT", "format": "COMBO", "prefix": "STRING"}
    names: JsonObject = {"format.bits": None, "format": None, "prefix": None}
    node = box(1, "SaveAs", ["png", 8, "out"], types=types, **names)
    found = alone(document(node))["1"]["inputs"]
    assert found == {"format": "png", "format.bits": 8, "prefix": "out"}


def test_buttons_are_no_inputs() -> None:
    types = {"image": "COMBO", "upload": "IMAGEUPLOAD"}
    node = box(1, "LoadImage", ["cat.png", "image"], types=types, image=None, upload=None)
    node["inputs"][1]["widget"] = {"name": "upload"}
    assert alone(document(node))["1"]["inputs"] == {"image": "cat.png"}


@pytest.mark.parametrize("names", [{}, {"steps": None}])
def test_else_it_is_said_which_node_it_is(names: JsonObject) -> None:
    node = box(3, "KSampler", sampler(3)["widgets_values"], title="Mine", **names)
    with pytest.raises(InvalidRequest) as refused:
        alone(document(node))
    assert refused.value.problems[0].code == "unknown_node"
    assert '"Mine" (KSampler, node 3)' in str(refused.value)


def test_a_node_without_values_needs_no_names() -> None:
    loaded = box(2, "Source", [None], outputs=["IMAGE"])
    graph = alone(document(loaded, box(1, "Sink", [], image=(2, 0))))
    assert graph["1"]["inputs"] == {"image": ["2", 0]}
