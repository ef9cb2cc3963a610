"""Each family of models has a built-in workflow in which everything has its place."""

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.workflows.built_in import Ingredients, built_in
from batchgen_app.workflows.families import FAMILIES, RECIPES, Recipe, files_for, recipe_for
from batchgen_app.workflows.workflow import Workflow
from tests.core.writing import EVERYTHING, filled_in

NAMES = {
    "flux1-dev.safetensors": "flux",
    "FLUX1/flux1-schnell-fp8.safetensors": "flux",
    "flux1-krea-dev_fp8_scaled.safetensors": "flux",
    "flux2_dev_fp8mixed.safetensors": "flux2",
    "FLUX.2-dev-Q4_K_M.gguf": "flux2",
    "flux-2-klein-4b.safetensors": "flux2",
    "Chroma1-HD-fp8.safetensors": "chroma",
    "qwen_image_2512_fp8_e4m3fn.safetensors": "qwen-image",
    "Qwen-Image-Q5_K_S.gguf": "qwen-image",
    "z_image_turbo_bf16.safetensors": "z-image",
    "z-image-base.safetensors": "z-image",
    "hidream_i1_full_fp16.safetensors": "hidream",
    "hidream_i1_fast_fp8.safetensors": "hidream",
    "sd3.5_large.safetensors": "sd3",
    "stable-diffusion-3.5-medium.safetensors": "sd3",
    "sd_xl_base_1.0.safetensors": "sdxl",
    "juggernautXL_ragnarok.safetensors": "sdxl",
    "ponyDiffusionV6.safetensors": "sdxl",
    "v1-5-pruned-emaonly.safetensors": "sd15",
    "my own thing.safetensors": None,
    "wan2.2_t2v_low_noise.safetensors": None,
}


@pytest.mark.parametrize(("name", "family"), NAMES.items())
def test_a_name_tells_the_family(name: str, family: str | None) -> None:
    recipe = recipe_for(name)
    assert (recipe and recipe.family) == family


@pytest.mark.parametrize("family", FAMILIES)
def test_of_a_family_that_is_known_any_name_will_do(family: str) -> None:
    recipe = recipe_for("my own thing.safetensors", family)  # type: ignore[arg-type]
    assert recipe
    assert recipe.family == family


def test_a_quick_variant_is_made_in_few_steps() -> None:
    quick = [recipe_for(name) for name in ("flux1-schnell", "z_image_turbo", "hidream_i1_fast")]
    assert [recipe.steps for recipe in quick if recipe] == [4, 9, 16]


def called(recipe: Recipe) -> str:
    return f"{recipe.family} {recipe.called}"


def graph(recipe: Recipe, folder: str) -> JsonObject:
    encoders, vae = files_for(recipe, [], [])
    return built_in(recipe, Ingredients(folder, "model.safetensors", tuple(encoders), vae))


@pytest.mark.parametrize("folder", ["diffusion_models", "unet_gguf", "checkpoints"])
@pytest.mark.parametrize("recipe", RECIPES, ids=called)
def test_every_value_of_a_request_has_its_place(recipe: Recipe, folder: str) -> None:
    workflow = Workflow(graph(recipe, folder))
    lost = {"negative prompt"} if not recipe.takes_negative else set()
    # Flux.2 is not guided by comparison, and its schedule is its own.
    lost |= {"CFG", "scheduler"} if recipe.family == "flux2" else set()
    assert set(workflow.without_place(EVERYTHING)) == lost
    assert not workflow.found.choices
    assert workflow.roles.output == ("save",)
    filled = filled_in(workflow, EVERYTHING).for_seed(7)
    assert filled.prompt == EVERYTHING.prompt
    assert filled.parameters().width == 768


@pytest.mark.parametrize("recipe", RECIPES, ids=called)
def test_its_files_are_found_by_name_whoever_keeps_them_where(recipe: Recipe) -> None:
    usual = [file.usual for file in recipe.encoders]
    theirs = [f"mine/{name.upper()}" for name in usual]
    noise = ["nothing.safetensors", "umt5_base.safetensors"]
    encoders, vae = files_for(recipe, [*noise, *theirs], [*noise, f"x\\{recipe.vae.usual}"])
    assert (encoders, vae) == (theirs, f"x\\{recipe.vae.usual}")


def test_what_the_server_lacks_is_asked_for_by_its_usual_name() -> None:
    recipe = recipe_for("flux1-dev.safetensors")
    assert recipe
    encoders, vae = files_for(recipe, ["other.safetensors"], [])
    assert (encoders[1], vae) == ("clip_l.safetensors", "ae.safetensors")
