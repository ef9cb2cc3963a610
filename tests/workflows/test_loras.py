"""LoRAs stand between the loader of the model and whoever reads it."""

from batchgen_app.core.request import Lora
from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.graph import NodeGraph
from batchgen_app.workflows.inspection import described
from batchgen_app.workflows.node_types import lacks
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import asked
from tests.workflows.graphs import encoder, flux, node, sampler, text_to_image

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


def listed(**changes: JsonObject) -> JsonObject:
    """A graph with a node that holds a list of LoRAs, as its page sends it."""
    power = node(
        "Power Lora Loader (rgthree)",
        PowerLoraLoaderHeaderWidget={"type": "PowerLoraLoaderHeaderWidget"},
        lora_1={"on": True, "lora": "hat.safetensors", "strength": 0.5},
        lora_3={"on": False, "lora": "rain.safetensors", "strength": 1, "strengthTwo": 0.2},
        model=["checkpoint", 0],
        clip=["checkpoint", 1],
        **{"➕ Add Lora": ""},
    )
    return text_to_image(**{
        "power": power,
        "good": encoder("a heron", ["power", 1]),
        "sampler": sampler(model=["power", 0]),
        **changes,
    })  # fmt: skip


def test_a_node_with_a_list_of_loras_gets_them_as_further_entries() -> None:
    graph = listed()
    after = behind(graph, INK, FILM)
    assert after.keys() == graph.keys()
    assert after["power"]["inputs"] == {
        **graph["power"]["inputs"],
        "lora_4": {"on": True, "lora": "ink.safetensors", "strength": 0.8},
        "lora_5": {"on": True, "lora": "film.safetensors", "strength": 1.0},
    }
    assert {n: after[n] for n in after if n != "power"} == {
        n: graph[n] for n in graph if n != "power"
    }


def test_a_list_behind_another_change_of_the_model_gets_them() -> None:
    told = {"ModelSamplingFlux": {"output": ["MODEL"]}}
    power = listed()["power"]
    behind_shift = {**power, "inputs": {**power["inputs"], "model": ["shift", 0]}}
    graph = listed(shift=node("ModelSamplingFlux", model=["checkpoint", 0]), power=behind_shift)
    after = Workflow(graph, told).with_loras([INK]).nodes
    assert after["power"]["inputs"]["lora_4"]["lora"] == "ink.safetensors"
    assert after.keys() == graph.keys()


def test_a_list_that_not_all_get_the_model_through_does_not_get_them() -> None:
    graph = listed(again=sampler(latent_image=["sampler", 0]))
    after = behind(graph, INK)
    assert after["power"]["inputs"]["model"] == ["lora 1", 0]
    assert after["again"]["inputs"]["model"] == ["lora 1", 0]
    assert "lora_4" not in after["power"]["inputs"]


def test_a_lora_of_a_list_is_told_by_its_file_and_can_be_switched_and_changed() -> None:
    workflow = Workflow.parse(listed())
    assert [str(slot) for slot in workflow.roles.lora] == ["power.lora_1", "power.lora_3"]
    told = {one["slot"]: one for one in described(workflow)["inputs"]}
    assert told["power.lora_1"]["title"] == "hat.safetensors"
    assert told["power.lora_1"]["default"] is True
    assert told["power.lora_3"]["default"] is False
    given: dict[str, object] = {"power.lora_1": False, "power.lora_3": 0.3}
    after = workflow.set_by_hand(given).nodes["power"]["inputs"]
    assert after["lora_1"] == {"on": False, "lora": "hat.safetensors", "strength": 0.5}
    assert after["lora_3"] == {
        "on": True, "lora": "rain.safetensors", "strength": 0.3, "strengthTwo": 0.2,
    }  # fmt: skip
    other = workflow.set_by_hand({"power.lora_1": "ink.safetensors"}).nodes["power"]["inputs"]
    assert other["lora_1"] == {"on": True, "lora": "ink.safetensors", "strength": 0.5}


def test_a_lora_of_a_list_that_the_server_lacks_is_named_as_it_would_be_left_out_silently() -> None:
    names = ["styles/HAT.safetensors", "styles/hat.safetensors", "ink.safetensors"]
    told = {"LoraLoader": {"input": {"required": {"lora_name": [names]}}}}
    assert list(lacks(NodeGraph(listed()), told)) == []
    graph = behind(listed(), Lora(name="inc.safetensors"))
    (lack,) = lacks(NodeGraph(graph), told)
    assert (str(lack.slot), lack.value) == ("power.lora_4", "inc.safetensors")
    assert lack.offer.nearest(lack.value) == "ink.safetensors"
