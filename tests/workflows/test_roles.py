"""Roles are found by following links, whatever the shape of the graph and the names in it."""

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.workflow import Workflow
from tests.workflows.graphs import (
    base_and_refiner,
    encoder,
    flux,
    node,
    picture,
    renamed,
    sampler,
    sd3,
    text_to_image,
)

ALONG = {"vae", "text_encoder", "lora", "image", "output", "guidance", "denoise"}


def roles(graph: JsonObject) -> dict[str, set[str]]:
    """Every role that has a place, as ``node.input``; files that only go along are left out."""
    found = vars(Workflow.parse(graph).roles)
    named = {role: {str(slot) for slot in slots} for role, slots in found.items()}
    return {role: places for role, places in named.items() if places and role not in ALONG}


def texts(graph: JsonObject) -> tuple[set[str], set[str]]:
    found = roles(graph)
    return found.get("prompt", set()), found.get("negative_prompt", set())


PLAIN = {
    "prompt": {"good.text"},
    "negative_prompt": {"bad.text"},
    "seed": {"sampler.seed"},
    "steps": {"sampler.steps"},
    "cfg": {"sampler.cfg"},
    "sampler_name": {"sampler.sampler_name"},
    "scheduler": {"sampler.scheduler"},
    "width": {"latent.width"},
    "height": {"latent.height"},
    "latents_per_prompt": {"latent.batch_size"},
    "model": {"checkpoint.ckpt_name"},
}


def test_text_to_image() -> None:
    assert roles(text_to_image()) == PLAIN


@pytest.mark.parametrize(
    "ids",
    [
        ["4", "6", "7", "5", "3", "8", "9"],
        ["7", "3", "4", "9", "6", "5", "8"],
        ["0", "-1", "1.5", "ünï 🦊", " ", "", "prompt"],
        ["12:3", "12:4", "a.b", "nodes", "class_type ", "inputs", "'\""],
    ],
)
def test_node_ids_and_their_order_mean_nothing(ids: list[str]) -> None:
    names = dict(zip(text_to_image(), ids, strict=True))
    expected = {
        role: {f"{names[node_id]}.{name}" for node_id, name in (p.split(".") for p in places)}
        for role, places in PLAIN.items()
    }
    assert roles(renamed(text_to_image(), names)) == expected


def test_links_may_be_written_with_numbers_and_as_tuples() -> None:
    names = dict(zip(text_to_image(), "1234567", strict=True))
    graph = renamed(text_to_image(), names)
    for content in graph.values():
        for name, value in content["inputs"].items():
            if isinstance(value, list):
                content["inputs"][name] = (int(value[0]), value[1])
    assert roles(graph)["prompt"] == {"2.text"}
    assert roles(graph)["model"] == {"1.ckpt_name"}


def test_a_base_and_a_refiner_both_get_everything_but_the_model() -> None:
    assert roles(base_and_refiner()) == {
        "prompt": {"10.text_g", "10.text_l", "12.text"},
        "negative_prompt": {"11.text_g", "11.text_l", "13.text"},
        "seed": {"first.noise_seed", "second.noise_seed"},
        "steps": {"first.steps", "second.steps"},
        "cfg": {"first.cfg", "second.cfg"},
        "sampler_name": {"first.sampler_name", "second.sampler_name"},
        "scheduler": {"first.scheduler", "second.scheduler"},
        "width": {"latent.width"},
        "height": {"latent.height"},
        "latents_per_prompt": {"latent.batch_size"},
        "model": {"base checkpoint.ckpt_name"},
    }


def test_a_sampler_that_is_put_together_from_parts() -> None:
    assert roles(flux()) == {
        "prompt": {"text.clip_l", "text.t5xxl"},
        "seed": {"noise.noise_seed"},
        "steps": {"sigmas.steps"},
        "sampler_name": {"solver.sampler_name"},
        "scheduler": {"sigmas.scheduler"},
        "width": {"latent.width"},
        "height": {"latent.height"},
        "latents_per_prompt": {"latent.batch_size"},
        "model": {"unet.unet_name"},
    }


def test_a_guider_with_cfg_and_a_negative() -> None:
    graph = flux() | {
        "no": encoder("blurry"),
        "guider": node(
            "CFGGuider", model=["shift", 0], positive=["guidance", 0], negative=["no", 0], cfg=4.0
        ),
        "split": node("SplitSigmas", sigmas=["sigmas", 0], step=4),
    }
    graph["sampler"]["inputs"]["sigmas"] = ["split", 1]
    found = roles(graph)
    assert (found["negative_prompt"], found["cfg"]) == ({"no.text"}, {"guider.cfg"})
    assert found["steps"] == {"sigmas.steps"}


def test_a_guider_with_two_positives() -> None:
    graph = flux() | {
        "more": encoder("a cat"),
        "no": encoder("blurry"),
        "guider": node(
            "DualCFGGuider", model=["shift", 0], cond1=["text", 0], cond2=["more", 0],
            negative=["no", 0], cfg_conds=7.0, cfg_cond2_negative=8.0,
        ),
    }  # fmt: skip
    assert texts(graph) == ({"text.clip_l", "text.t5xxl", "more.text"}, {"no.text"})


def test_parts_behind_reroutes() -> None:
    graph = flux()
    for part in ("noise", "guider", "sigmas", "sampler", "latent_image"):
        source = graph["sampler"]["inputs"][part]
        graph[f"to {part}"] = {"class_type": "Reroute", "inputs": {"": source}}
        graph["sampler"]["inputs"][part] = [f"to {part}", 0]
    assert roles(graph) == roles(flux())


def test_three_encoders_in_one_and_a_negative_that_fades() -> None:
    assert texts(sd3()) == ({"good.clip_l", "good.clip_g", "good.t5xxl"}, {"bad.text"})


def test_a_controlnet_passes_positive_and_negative_through() -> None:
    through = node(
        "ControlNetApplyAdvanced", positive=["good", 0], negative=["bad", 0], strength=1.0,
        control_net=["net", 0], image=["hint", 0],
    )  # fmt: skip
    graph = text_to_image(
        through=through,
        again=through | {"inputs": {**through["inputs"], "positive": ["through", 0],
                                    "negative": ["through", 1]}},
        net=node("ControlNetLoader", control_net_name="canny.safetensors"),
        hint=node("EmptyImage", width=64, height=64, batch_size=1, color=0),
        sampler=sampler(positive=["again", 0], negative=["again", 1]),
    )  # fmt: skip
    assert texts(graph) == ({"good.text"}, {"bad.text"})


def test_a_node_whose_first_output_is_a_model_passes_them_through_as_well() -> None:
    face = node(
        "ApplyInstantID", model=["checkpoint", 0], positive=["good", 0], negative=["bad", 0],
        image=["photo", 0], weight=0.8,
    )  # fmt: skip
    graph = text_to_image(
        face=face,
        photo=node("LoadImage", image="me.png"),
        sampler=sampler(model=["face", 0], positive=["face", 1], negative=["face", 2]),
    )
    assert roles(graph) == PLAIN


def test_every_encoder_that_the_positive_role_reaches() -> None:
    graph = text_to_image(
        hat=encoder("a cat"),
        ink=encoder("a cat"),
        two=node("ConditioningCombine", conditioning_1=["good", 0], conditioning_2=["hat", 0]),
        mean=node("ConditioningAverage", conditioning_to=["two", 0], conditioning_from=["ink", 0]),
        area=node("ConditioningSetArea", conditioning=["mean", 0], width=64, height=64),
        sampler=sampler(positive=["area", 0]),
    )
    assert texts(graph) == ({"good.text", "hat.text", "ink.text"}, {"bad.text"})


def test_a_negative_that_is_the_positive_zeroed_has_no_place_of_its_own() -> None:
    graph = text_to_image(
        zero=node("ConditioningZeroOut", conditioning=["good", 0]),
        sampler=sampler(negative=["zero", 0]),
    )
    del graph["bad"]
    assert texts(graph) == ({"good.text"}, set())


def test_the_text_of_a_box_is_not_the_prompt() -> None:
    graph = text_to_image(
        box=node(
            "GLIGENTextboxApply", text="a red ball", clip=["checkpoint", 1],
            conditioning_to=["good", 0], gligen_textbox_model=["gligen", 0], width=64, height=64,
        ),
        gligen=node("GLIGENLoader", gligen_name="gligen.safetensors"),
        sampler=sampler(positive=["box", 0]),
    )  # fmt: skip
    assert texts(graph) == ({"good.text"}, {"bad.text"})


def test_an_encoder_that_adds_to_a_conditioning_gets_the_prompt_too() -> None:
    graph = text_to_image(
        more=node(
            "CLIPTextEncodeControlnet",
            text="a cat",
            clip=["checkpoint", 1],
            conditioning=["good", 0],
        ),
        sampler=sampler(positive=["more", 0]),
    )
    assert texts(graph) == ({"good.text", "more.text"}, {"bad.text"})


def test_loras_and_reroutes_lead_to_the_model() -> None:
    lora = {"strength_model": 1.0, "strength_clip": 1.0}
    graph = text_to_image(
        ink=node("LoraLoader", model=["checkpoint", 0], clip=["checkpoint", 1], **lora),
        hat=node("LoraLoader", model=["ink", 0], clip=["ink", 1], **lora),
        way={"class_type": "Reroute", "inputs": {"": ["hat", 0]}},
        good=encoder("a cat", ["hat", 1]),
        sampler=sampler(model=["way", 0]),
    )
    assert roles(graph) == PLAIN


def test_a_second_pass_gets_the_seed_and_keeps_its_size() -> None:
    graph = text_to_image(
        larger=node("LatentUpscale", samples=["sampler", 0], width=1024, height=1024, crop="no"),
        again=sampler(latent_image=["larger", 0], denoise=0.5),
        **picture(["again", 0]),
    )
    found = roles(graph)
    assert found["seed"] == {"sampler.seed", "again.seed"}
    assert (found["width"], found["prompt"]) == ({"latent.width"}, {"good.text"})


def test_a_hint_for_the_first_pass_is_no_source_of_the_size() -> None:
    graph = text_to_image(
        hint=node("EmptyImage", width=64, height=64, batch_size=1, color=0),
        shaped=node("ControlNetApply", conditioning=["good", 0], image=["hint", 0]),
        sampler=sampler(positive=["shaped", 0]),
        again=sampler(latent_image=["sampler", 0]),
        **picture(["again", 0]),
    )
    assert roles(graph)["width"] == {"latent.width"}


def test_a_sampler_that_nothing_reads_is_left_alone() -> None:
    other = sampler(positive=["other text", 0])
    graph = {"other": other, "other text": encoder("a dog"), **text_to_image()}
    assert roles(graph) == PLAIN


def test_an_image_that_is_changed_has_no_empty_latent() -> None:
    graph = text_to_image(
        photo=node("LoadImage", image="me.png"),
        latent=node("VAEEncode", pixels=["photo", 0], vae=["checkpoint", 2]),
    )
    without_size = PLAIN.keys() - {"width", "height", "latents_per_prompt"}
    assert roles(graph).keys() == without_size


def test_a_graph_without_a_sampler_has_its_size_and_any_seed() -> None:
    graph = {
        "1": node("EmptyImage", width=64, height=64, batch_size=1, color=0),
        "2": node("AddGrain", image=["1", 0], seed=4, amount=0.5),
        "3": node("SaveImage", images=["2", 0], filename_prefix="x"),
    }
    assert roles(graph) == {
        "width": {"1.width"},
        "height": {"1.height"},
        "latents_per_prompt": {"1.batch_size"},
        "seed": {"2.seed"},
    }


def test_text_encoders_that_a_pack_numbers_in_its_own_way() -> None:
    files = {"text_encoder1": "clip_l.safetensors", "text_encoder2": "t5xxl.safetensors"}
    graph = text_to_image(
        clip=node("NunchakuTextEncoderLoaderV2", model_type="flux.1", **files),
        good=encoder("a cat", ["clip", 0]),
    )
    found = Workflow.parse(graph).roles.text_encoder
    assert [str(slot) for slot in found] == ["clip.text_encoder1", "clip.text_encoder2"]


def test_the_unit_of_a_time_is_not_a_prompt_to_choose() -> None:
    graph = text_to_image(
        server=node("OllamaConnectivityV2", url="http://127.0.0.1:11434", keep_alive_unit="hours"),
        said=node("OllamaGenerateV2", prompt="describe a fox", connectivity=["server", 0]),
        good=encoder(["said", 0]),
    )
    assert texts(graph)[0] == {"said.prompt"}
