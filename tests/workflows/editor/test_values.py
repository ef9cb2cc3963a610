"""The values of a node are a list without names: each comes to the input that it was typed for."""

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.editor import to_api
from tests.workflows.editor.documents import box, document, sampler, text_to_image
from tests.workflows.editor.infos import converted, info, inputs, known


def test_the_smallest_graph_is_what_the_page_would_send() -> None:
    graph = converted(document(*text_to_image()))
    assert graph["3"] == {
        "class_type": "KSampler",
        "inputs": {
            "model": ["4", 0],
            "positive": ["6", 0],
            "negative": ["7", 0],
            "latent_image": ["5", 0],
            "seed": 42,
            "steps": 20,
            "cfg": 7.5,
            "sampler_name": "euler",
            "scheduler": "normal",
            "denoise": 1.0,
        },
        "_meta": {"title": "KSampler"},
    }
    assert graph["6"]["_meta"] == {"title": "Prompt"}
    assert list(graph) == ["4", "5", "6", "7", "3", "8", "9"]


@pytest.mark.parametrize("control", ["fixed", "increment", "decrement", "randomize", True])
def test_what_becomes_of_a_seed_is_no_value_of_an_input(control: object) -> None:
    node = sampler(3)
    node["widgets_values"][1] = control
    found = inputs(document(*text_to_image(sampler=node)), 3)
    assert (found["seed"], found["steps"]) == (42, 20)


def test_a_widget_that_became_an_input_keeps_its_place_among_the_values() -> None:
    number = box(20, "PrimitiveInt", [33, "fixed"], outputs=["INT"])
    found = inputs(document(*text_to_image(sampler=sampler(3, steps=(20, 0))), number), 3)
    assert (found["steps"], found["cfg"], found["seed"]) == (["20", 0], 7.5, 42)


def test_values_that_the_file_lacks_are_those_that_the_page_begins_with() -> None:
    node = sampler(3)
    node["widgets_values"] = [42, "fixed", 9]
    found = inputs(document(*text_to_image(sampler=node)), 3)
    assert (found["steps"], found["cfg"], found["denoise"]) == (9, 8.0, 1.0)


def test_nothing_is_null() -> None:
    boxes = text_to_image(loader=box(4, "CheckpointLoaderSimple", [None], ckpt_name=None))
    graph = converted(document(*boxes))
    assert graph["4"]["inputs"] == {"ckpt_name": "demo-dreams-xl.safetensors"}
    empty = info({"ckpt_name": [[]]})
    assert inputs(document(*boxes), 4, CheckpointLoaderSimple=empty) == {}


def test_a_model_that_the_server_lacks_stays_as_it_is() -> None:
    assert inputs(document(*text_to_image()), 4) == {"ckpt_name": "photo.safetensors"}


def test_the_button_of_an_upload_is_no_input() -> None:
    node = box(1, "LoadImage", ["cat.png", "image"])
    assert inputs(document(node), 1) == {"image": "cat.png"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["png", 16, "a"], {"format": "png", "format.bits": 16, "prefix": "a"}),
        (["jpg", 70, "a"], {"format": "jpg", "format.quality": 70, "prefix": "a"}),
        ([], {"format": "png", "format.bits": 8, "prefix": "out"}),
    ],
)
def test_a_choice_brings_inputs_of_its_own(values: list[object], expected: JsonObject) -> None:
    assert inputs(document(box(1, "SaveAs", values)), 1) == expected


def test_the_inputs_of_a_choice_can_be_linked_and_those_of_another_are_left_out() -> None:
    loaded = box(2, "LoadImage", ["cat.png"], outputs=["IMAGE", "MASK"])
    for kind, linked in (("jpg", True), ("png", False)):
        links: JsonObject = {"images": (2, 0), "format.mask": (2, 1)}
        node = box(1, "SaveAs", [kind, 70, "a"], **links)
        found = inputs(document(loaded, node), 1)
        assert ("format.mask" in found) is linked


def test_inputs_that_grow_are_those_that_are_linked() -> None:
    loaded = box(2, "LoadImage", ["cat.png"], outputs=["IMAGE"])
    links: JsonObject = {"images.image0": (2, 0), "images.image1": None, "images.image7": (2, 0)}
    found = inputs(document(loaded, box(1, "Join", ["-"], **links)), 1)
    assert found == {"between": "-", "images.image0": ["2", 0]}


def test_an_input_that_the_server_does_not_have_is_left_out() -> None:
    loaded = box(2, "LoadImage", ["cat.png"], outputs=["IMAGE"])
    node = box(1, "Paint", ["red", True], image=(2, 0), older=(2, 0))
    assert set(inputs(document(loaded, node), 1)) == {"image", "colour", "soft"}


def test_the_order_is_that_of_the_server_s_own_list() -> None:
    told = info({"b": ["INT"], "a": ["INT"]}, input_order={"required": ["a", "b"]})
    assert inputs(document(box(1, "Two", [1, 2])), 1, Two=told) == {"a": 1, "b": 2}


def test_a_socket_that_older_pages_saved_a_value_for_takes_none() -> None:
    told = info({"forced": ["INT", {"forceInput": True}], "words": ["STRING"], "n": ["INT"]})
    assert inputs(document(box(1, "N", ["cat", 3])), 1, N=told) == {"words": "cat", "n": 3}
    assert inputs(document(box(1, "N", [0, "cat", 3])), 1, N=told) == {"words": "cat", "n": 3}


def test_a_file_that_is_newer_than_the_server_is_read_by_its_names() -> None:
    told = info({"words": ["STRING"], "seed": ["INT"]})
    types = {"words": "STRING", "style": "STRING", "seed": "INT"}
    values = ["cat", "oil", 7, "fixed"]
    node = box(1, "Writer", values, types=types, words=None, style=None, seed=None)
    assert inputs(document(node), 1, Writer=told) == {"words": "cat", "seed": 7}


def test_values_with_names_need_no_order() -> None:
    names = {"words": "cat", "style": "oil", "seed": 7, "control_after_generate": "fixed"}
    node = box(1, "Writer", list(names.values()), named=names)
    told = info({"seed": ["INT"], "words": ["STRING"], "size": ["INT", {"default": 2}]})
    assert inputs(document(node), 1, Writer=told) == {"seed": 7, "words": "cat", "size": 2}


def test_names_of_an_earlier_state_are_not_believed() -> None:
    node = box(1, "Writer", ["dog", 8, "fixed"], named={"words": "cat", "seed": 7})
    told = info({"words": ["STRING"], "seed": ["INT"]})
    assert inputs(document(node), 1, Writer=told) == {"words": "dog", "seed": 8}


def test_some_extensions_save_values_by_name() -> None:
    node = box(1, "Paint", {"colour": "green", "preview": {"hidden": True}})
    assert inputs(document(node), 1) == {"colour": "green", "soft": True}


def test_a_list_is_marked_as_a_value_for_links_are_lists_too() -> None:
    told = info({"colours": ["COLORS"]})
    found = inputs(document(box(1, "Palette", [["red", 0]])), 1, Palette=told)
    assert found == {"colours": {"__value__": ["red", 0]}}


def test_the_texts_of_a_free_choice_stand_in_the_file() -> None:
    told = info({"choice": ["COMBO", {"options": []}]})
    node = box(1, "CustomCombo", ["slow", 0, "fast", "slow"])
    found = inputs(document(node), 1, CustomCombo=told)
    assert found == {"choice": "slow", "index": 1, "option1": "fast", "option2": "slow"}


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("a {red|blue} ball", "a red ball"),
        ("{a {small|big}|the} ball", "a small ball"),
        ("a {red} ball | two", "a red ball | two"),
        (r"a \{red\|blue\} ball", "a {red|blue} ball"),
        ("a {red|blue", "a red"),
        ("a } b \\ c", "a } b \\ c"),
        ("a // not this\nb", "a \nb"),
        ("a /* nor\nthis */b", "a b"),
        ("1/2 /* open", "1/2 /* open"),
    ],
)
def test_alternatives_in_a_prompt_are_settled(typed: str, sent: str) -> None:
    prompt = box(6, "CLIPTextEncode", [typed], clip=(4, 1))
    assert inputs(document(*text_to_image(good=prompt)), 6)["text"] == sent


@pytest.mark.parametrize("is_told", [True, False], ids=["told", "untold"])
def test_a_list_of_loras_which_no_server_declares_comes_along(is_told: bool) -> None:
    hat = {"on": True, "lora": "hat.safetensors", "strength": 0.5, "strengthTwo": None}
    rain = {"on": False, "lora": "rain.safetensors", "strength": 1}
    values = [{}, {"type": "PowerLoraLoaderHeaderWidget"}, hat, rain, {}, ""]
    kind = "Power Lora Loader (rgthree)"
    power = box(20, kind, values, outputs=["MODEL", "CLIP"], model=(4, 0), clip=(4, 1))
    told = info({}, {"model": ["MODEL"], "clip": ["CLIP"]}) if is_told else None
    graph = to_api(document(*text_to_image(), power), {**known(), kind: told})
    assert graph["20"]["inputs"] == {
        "lora_1": hat,
        "lora_2": rain,
        "model": ["4", 0],
        "clip": ["4", 1],
    }
