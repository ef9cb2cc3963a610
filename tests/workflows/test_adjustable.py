"""What of a workflow the form has fields for."""

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.adjustable import of_built_in, of_workflow
from batchgen_app.workflows.families import Recipe, recipe_for
from batchgen_app.workflows.workflow import Workflow
from tests.workflows.graphs import flux, node, sampler, sd3, text_to_image

PHOTO: JsonObject = {
    "photo": node("LoadImage", image="me.png"),
    "latent": node("VAEEncode", pixels=["photo", 0], vae=["checkpoint", 2]),
}


def denoised(denoise: float, **nodes: JsonObject) -> JsonObject:
    return text_to_image(sampler=sampler(denoise=denoise), **nodes)


@pytest.mark.parametrize(
    ("graph", "denoise"),
    [
        (denoised(1.0), None),
        (denoised(0.6), 0.6),
        (denoised(1.0, **PHOTO), 1.0),
        (denoised(0.4, **PHOTO), 0.4),
        (denoised(0.0), 0.0),
    ],
)
def test_a_denoise_counts_with_a_picture_at_the_start_or_below_1(
    graph: JsonObject, denoise: float | None
) -> None:
    assert of_workflow(Workflow(graph)).denoise == denoise


def test_guidance_and_encoders_are_those_of_the_graph() -> None:
    found = of_workflow(Workflow(flux()))
    assert (found.guidance, found.cfg, found.takes_negative) == (3.5, None, False)
    assert [place.name for place in found.text_encoders] == ["t5", "clip_l"]
    assert (found.vae, found.takes_refiner) == (None, False)


def recipe(name: str) -> Recipe:
    """Of a model of this name."""
    found = recipe_for(name)
    assert found
    return found


def test_a_checkpoint_brings_its_own_files() -> None:
    plain = of_built_in(Workflow(text_to_image()), recipe("dreams-xl"), ())
    assert plain.vae
    assert (plain.vae.name, plain.vae.like) == ("", "sdxl_vae.safetensors")
    assert (plain.text_encoders, plain.takes_refiner) == ((), True)
    assert not of_built_in(Workflow(text_to_image()), recipe("sd15"), ()).takes_refiner


def test_of_stable_diffusion_3_only_the_largest_encoder_can_be_left_out() -> None:
    found = of_built_in(Workflow(sd3()), recipe("sd3.5_large"), ("clip_l", "clip_g", "t5"))
    assert [(place.title, place.can_be_left_out) for place in found.text_encoders] == [
        ("CLIP-L", False),
        ("CLIP-G", False),
        ("T5-XXL", True),
    ]
    assert [place.like for place in found.text_encoders] == ["clip_l", "clip_g", "t5"]
