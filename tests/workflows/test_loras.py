"""LoRAs stand between the loader of the model and whoever reads it."""

from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import asked
from tests.workflows.graphs import flux, node, sampler, text_to_image

INK, FILM = Lora(name="ink.safetensors", strength=0.8), Lora(name="film.safetensors")


def behind(graph: JsonObject, *loras: Lora) -> JsonObject:
    return Workflow.parse(graph).with_loras(loras).nodes


def test_model_and_text_encoders_go_through_all_of_them_in_order() -> None:
    after = behind(text_to_image(), INK, FILM)
    assert after["lora 1"]["inputs"] == {
        "model": ["checkpoint", 0],
        "clip": ["checkpoint", 1],
        "lora_name": "ink.safetensors",
        "strength_model": 0.8,
        "strength_clip": 0.8,
    }
    assert after["lora 2"]["inputs"]["model"] == ["lora 1", 0]
    assert after["sampler"]["inputs"]["model"] == ["lora 2", 0]
    assert after["good"]["inputs"]["clip"] == after["bad"]["inputs"]["clip"] == ["lora 2", 1]
    assert after["decode"]["inputs"]["vae"] == ["checkpoint", 2]


def test_a_loader_without_text_encoders_has_them_for_the_model_alone() -> None:
    after = behind(flux(), INK)
    assert after["lora 1"]["class_type"] == "LoraLoaderModelOnly"
    # What hung there already comes after it.
    assert after["lora"]["inputs"]["model"] == ["lora 1", 0]
    assert after["shift"] == flux()["shift"]


def test_both_stages_of_one_model_get_it() -> None:
    graph = text_to_image(again=sampler(latent_image=["sampler", 0]))
    after = behind(graph, INK)
    assert after["sampler"]["inputs"]["model"] == after["again"]["inputs"]["model"] == ["lora 1", 0]


def test_no_node_of_the_workflow_is_replaced() -> None:
    graph = text_to_image(**{"lora 1": node("Note", text="mine")})
    after = behind(graph, INK)
    assert after["lora 1"] == graph["lora 1"]
    assert after["sampler"]["inputs"]["model"] == ["lora 1'", 0]


def test_where_no_model_is_loaded_it_is_said() -> None:
    graph = {"1": node("EmptyImage", width=64, height=64), "2": node("SaveImage", images=["1", 0])}
    workflow = Workflow.parse(graph)
    assert workflow.with_loras([INK]).nodes == graph
    request = asked(loras=[{"name": "ink.safetensors"}])
    assert "LoRA" in str(workflow.lost(request)[0])
