"""Every node type works in a graph, and what it is given shows in the picture."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image

from batchgen_app.demo.nodes import node_types
from tests.demo.graphs import MODEL, Graph, node, plain, txt2img
from tests.demo.guest import Guest, images


async def picture(guest: Guest, graph: Graph) -> Image.Image:
    """The first picture that a graph makes."""
    entry = await guest.run(graph)
    assert entry["status"]["completed"], entry["status"]
    loaded = Image.open(BytesIO((await guest.view(images(entry)[0])).content))
    loaded.load()
    return loaded


async def pixels(guest: Guest, graph: Graph) -> bytes:
    return (await picture(guest, graph)).tobytes()


def flux(seed: int = 1) -> Graph:
    """The usual Flux graph: separate loaders, custom sampling."""
    return {
        "1": node("UNETLoader", unet_name="demo-flow.safetensors", weight_dtype="default"),
        "2": node(
            "DualCLIPLoader",
            clip_name1="demo-clip-l.safetensors",
            clip_name2="demo-t5xxl.safetensors",
            type="flux",
        ),
        "3": node("VAELoader", vae_name="demo-vae.safetensors"),
        "4": node("CLIPTextEncodeFlux", clip=["2", 0], clip_l="fox", t5xxl="a fox", guidance=3.5),
        "5": node("BasicGuider", model=["1", 0], conditioning=["4", 0]),
        "6": node("RandomNoise", noise_seed=seed),
        "7": node("KSamplerSelect", sampler_name="euler"),
        "8": node("BasicScheduler", model=["1", 0], scheduler="simple", steps=2, denoise=1.0),
        "9": node("EmptySD3LatentImage", width=96, height=64, batch_size=1),
        "10": node(
            "SamplerCustomAdvanced",
            noise=["6", 0],
            guider=["5", 0],
            sampler=["7", 0],
            sigmas=["8", 0],
            latent_image=["9", 0],
        ),
        "11": node("VAEDecode", samples=["10", 0], vae=["3", 0]),
        "12": node("SaveImage", images=["11", 0], filename_prefix="flux"),
    }


async def test_a_flux_graph(guest: Guest) -> None:
    one = await picture(guest, flux())
    assert one.size == (96, 64)
    assert one.tobytes() != await pixels(guest, flux(seed=2))
    progress = [m["data"] for m in guest.heard if isinstance(m, dict) and m["type"] == "progress"]
    assert [(p["node"], p["value"], p["max"]) for p in progress[:2]] == [("10", 1, 2), ("10", 2, 2)]


async def test_a_cfg_guider_in_place_of_the_basic_one(guest: Guest) -> None:
    graph = flux()
    graph["13"] = node("ConditioningZeroOut", conditioning=["4", 0])
    graph["5"] = node("CFGGuider", model=["1", 0], positive=["4", 0], negative=["13", 0], cfg=4.0)
    assert (await picture(guest, graph)).size == (96, 64)


async def test_an_sdxl_graph_in_two_halves_with_a_lora(guest: Guest) -> None:
    graph = txt2img()
    sizes = {"width": 1024, "height": 1024, "target_width": 1024, "target_height": 1024}
    graph["6"] = node(
        "CLIPTextEncodeSDXL",
        clip=["20", 1],
        text_g="sea",
        text_l="calm",
        crop_w=0,
        crop_h=0,
        **sizes,
    )
    graph["20"] = node(
        "LoraLoader",
        model=["4", 0],
        clip=["4", 1],
        lora_name="demo-soft-light.safetensors",
        strength_model=0.8,
        strength_clip=0.8,
    )
    graph["21"] = advanced(["5", 0], ["20", 0], start_at_step=0, end_at_step=3)
    graph["3"] = advanced(["21", 0], ["20", 0], start_at_step=3, end_at_step=10000)
    assert (await picture(guest, graph)).size == (64, 64)
    steps = [m["data"] for m in guest.heard if isinstance(m, dict) and m["type"] == "progress"]
    assert [(s["node"], s["max"]) for s in steps] == [("21", 3)] * 3 + [("3", 2)] * 2


def advanced(latent: list[Any], model: list[Any], **steps: int) -> dict[str, Any]:
    return node(
        "KSamplerAdvanced",
        model=model,
        add_noise="enable",
        noise_seed=1,
        steps=5,
        cfg=7.0,
        sampler_name="euler",
        scheduler="normal",
        positive=["6", 0],
        negative=["7", 0],
        latent_image=latent,
        return_with_leftover_noise="disable",
        **steps,
    )


async def test_combined_prompts_and_primitives(guest: Guest) -> None:
    graph = txt2img("night")
    graph["30"] = node("PrimitiveString", value="a lighthouse at sea")
    graph["31"] = node("CLIPTextEncode", text=["30", 0], clip=["32", 0])
    graph["32"] = node("CLIPLoader", clip_name="demo-clip-l.safetensors", type="stable_diffusion")
    graph["33"] = node("ConditioningCombine", conditioning_1=["6", 0], conditioning_2=["31", 0])
    graph["34"] = node("PrimitiveInt", value=77)
    graph["3"]["inputs"] |= {"positive": ["33", 0], "seed": ["34", 0]}
    linked = await pixels(guest, graph)
    assert linked == await pixels(guest, txt2img("night, a lighthouse at sea", seed=77))


async def test_the_same_request_gives_the_same_picture(guest: Guest) -> None:
    first = await pixels(guest, txt2img(seed=5))
    await pixels(guest, plain())
    again = await pixels(guest, txt2img(seed=5))
    assert first == again


@pytest.mark.parametrize(
    "change", [{"seed": 6}, {"cfg": 11.0}, {"steps": 2}, {"text": "a green pear on a table"}]
)
async def test_what_is_changed_changes_the_picture(guest: Guest, change: dict[str, Any]) -> None:
    assert await pixels(guest, txt2img()) != await pixels(guest, txt2img(**change))


async def test_pictures_of_a_batch_differ(guest: Guest) -> None:
    entry = await guest.run(txt2img(batch=3))
    contents = [(await guest.view(file)).content for file in images(entry)]
    assert len(set(contents)) == 3


async def test_sizes_are_rounded_down_to_eight(guest: Guest) -> None:
    graph = txt2img()
    graph["5"]["inputs"] |= {"width": 70, "height": 66}
    assert (await picture(guest, graph)).size == (64, 64)


async def test_without_denoising_nothing_is_sampled(guest: Guest) -> None:
    grey = await picture(guest, txt2img(denoise=0.0))
    assert len(np.unique(np.asarray(grey))) == 1


async def test_a_batch_that_would_fill_the_memory_fails(guest: Guest) -> None:
    entry = await guest.run(txt2img(size=16384, batch=64))
    error = dict(entry["status"]["messages"])["execution_error"]
    assert error["node_type"] == "VAEDecode"
    assert "allocate memory" in error["exception_message"]


def test_every_type_is_declared_whole() -> None:
    for name, kind in node_types().items():
        assert kind.name == name
        assert kind.category
        assert kind.outputs or kind.output_node
    assert MODEL


async def test_identical_nodes_are_run_once(guest: Guest) -> None:
    graph = plain(3)
    graph["3"] = node("SaveImage", images=["4", 0], filename_prefix="lab/twin")
    graph["4"] = graph["1"]
    assert len(images(await guest.run(graph))) == 2
