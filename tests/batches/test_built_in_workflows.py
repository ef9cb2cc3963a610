"""Every built-in workflow, however its model is loaded and whatever a request puts into it, as a
server sees it.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.app import default_workflow
from batchgen_app.batches.built_in_workflows import BuiltInWorkflows
from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.comfy.models import Category, Model
from batchgen_app.comfy.validation import faults
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.demo.files import Catalogue, Folders
from batchgen_app.demo.node_type import NodeType, combo
from batchgen_app.demo.nodes import node_types
from batchgen_app.demo.validation import Validator
from batchgen_app.workflows.families import FAMILIES, RECIPES, Recipe, recipe_for
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import asked
from tests.core.writing import filled_in

MODEL, REFINER, OTHER_VAE = "it.safetensors", "it_refiner.safetensors", "other.safetensors"
NAMES = (
    "flux-2-klein", "flux2-dev", "chroma1-hd", "flux1-schnell", "flux1-dev", "qwen-image-2512",
    "z-image-turbo", "z-image-base", "hidream-fast", "hidream-dev", "hidream-full", "sd3.5-large",
    "dreams-xl", "sd1.5",
)  # fmt: skip
"""Of a model for each recipe."""
MAKING = (Category.CHECKPOINTS, Category.DIFFUSION_MODELS, Category.UNET_GGUF)
ENCODERS = sorted({file.usual for recipe in RECIPES for file in recipe.encoders})
VAES = sorted({recipe.vae.usual for recipe in RECIPES})
OTHERS = [f"other {number}.safetensors" for number in range(4)]
FILES = {
    "checkpoints": [MODEL, REFINER, *NAMES],
    "diffusion_models": [MODEL, *NAMES],
    "unet_gguf": [MODEL, *NAMES],
    "loras": ["ink.safetensors", "film.safetensors"],
    "text_encoders": [*ENCODERS, *OTHERS],
    "vae": [*VAES, OTHER_VAE],
}
LORAS = [{"name": "ink.safetensors", "strength": 0.5}, {"name": "film.safetensors", "strength": -1}]


def all_types() -> Mapping[str, NodeType]:
    """With the loader that people install for GGUF."""
    known = node_types()
    files = combo(lambda catalogue: catalogue.models("unet_gguf"))
    gguf = replace(known["UNETLoader"], name="UnetLoaderGGUF", required={"unet_name": files})
    return {**known, gguf.name: gguf}


@dataclass
class Bench:
    """A server that judges, and the built-in workflows for it."""

    validator: Validator
    known: JsonObject
    built_in: BuiltInWorkflows

    def workflow(self, request: BatchRequest, folder: Category) -> Workflow:
        """As it is sent; the server takes it."""
        model = Model(name=request.model or "", display_name="it", category=folder)
        models = [
            Model(name=name, display_name=name, category=Category(kind))
            for kind, names in FILES.items()
            for name in names
        ]
        template = Workflow(self.built_in.nodes(model, models, request), self.known)
        assert not template.found.choices
        assert template.lost(request) == []
        sent = filled_in(template, request).with_loras(request.loras or ()).for_seed(7)
        verdict = self.validator.judge(sent.nodes)
        assert (verdict.error, verdict.node_errors) == (None, {})
        assert faults(sent.nodes, self.known) == []
        return Workflow(sent.nodes, self.known)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with closing(Folders()) as folders:
        catalogue, types = Catalogue(FILES, folders), all_types()
        yield Bench(
            Validator(types, catalogue, folders),
            {name: kind.info(catalogue) for name, kind in types.items()},
            BuiltInWorkflows(ModelFamilies(tmp_path), default_workflow()),
        )


def values(workflow: Workflow, name: str) -> list[object]:
    """Of all inputs that are called so."""
    return [n["inputs"][name] for n in workflow.nodes.values() if name in n["inputs"]]


def request(family: str, **changes: Any) -> BatchRequest:
    return asked(model=MODEL, family=family, **changes)


CASES = [
    (recipe, name, folder) for recipe, name in zip(RECIPES, NAMES, strict=True) for folder in MAKING
]


@pytest.mark.parametrize(
    ("recipe", "name", "folder"), CASES, ids=[f"{name} {folder}" for _, name, folder in CASES]
)
def test_it_takes_loras_another_vae_and_other_encoders(
    recipe: Recipe, name: str, folder: Category, bench: Bench
) -> None:
    assert recipe_for(name) is recipe
    others = OTHERS[: len(recipe.encoders)]
    more = {"vae": OTHER_VAE, "textEncoders": others, "loras": LORAS}
    made = bench.workflow(asked(model=name, **more), folder)
    assert made.graph.read(made.roles.vae[0], str) == OTHER_VAE
    assert [made.graph.read(slot, str) for slot in made.roles.text_encoder] == others
    assert len(made.roles.lora) == len(LORAS)
    assert made.nodes["decode"]["inputs"]["vae"] == ["vae", 0]
    sampled = made.nodes["sampler"]["inputs"].get("model") or ["guider", 0]
    assert set(made.graph.upstream([str(sampled[0])])) >= {"lora 1", "lora 2"}


@pytest.mark.parametrize("folder", MAKING)
@pytest.mark.parametrize("family", FAMILIES)
def test_without_further_wishes_the_server_takes_it_too(
    family: str, folder: Category, bench: Bench
) -> None:
    made = bench.workflow(asked(model=MODEL, family=family), folder)
    assert bool(made.roles.vae) is (folder is not Category.CHECKPOINTS)


@pytest.mark.parametrize("folder", MAKING)
def test_a_refiner_samples_the_last_fifth_with_the_same_words(
    folder: Category, bench: Bench
) -> None:
    more = {"vae": OTHER_VAE, "loras": LORAS, "negativePrompt": "blurry"}
    steps = {"steps": 30, "cfg": 5.0, "samplerName": "dpmpp_2m"}
    made = bench.workflow(
        request("sdxl", refiner=REFINER, baseParameters=steps, **more),
        folder,
    )
    base, refined = made.nodes["sampler"]["inputs"], made.nodes["refined"]["inputs"]
    assert [base["start_at_step"], base["end_at_step"]] == [0, 24]
    assert [refined["start_at_step"], refined["end_at_step"]] == [24, 10000]
    assert [base["add_noise"], base["return_with_leftover_noise"]] == ["enable", "enable"]
    assert [refined["add_noise"], refined["return_with_leftover_noise"]] == ["disable", "disable"]
    same = {"noise_seed": 7, "steps": 30, "cfg": 5.0, "sampler_name": "dpmpp_2m"}
    for name, value in same.items():
        assert values(made, name) == [value, value]
    assert values(made, "text") == ["a red fox", "blurry", "a red fox", "blurry"]
    assert refined["model"] == ["refiner", 0]
    read = [made.nodes[f"refined {side}"]["inputs"]["clip"] for side in ("positive", "negative")]
    assert read == [["refiner", 1], ["refiner", 1]]
    assert made.nodes["decode"]["inputs"]["samples"] == ["refined", 0]
    parameters = made.parameters()
    assert (parameters.model, parameters.refiner, parameters.steps) == (MODEL, REFINER, 30)


@pytest.mark.parametrize("folder", MAKING)
def test_stable_diffusion_3_does_without_its_largest_encoder(
    folder: Category, bench: Bench
) -> None:
    made = bench.workflow(request("sd3", textEncoders=OTHERS[:2]), folder)
    loader = made.nodes["encoders"]
    assert (loader["class_type"], loader["inputs"]["type"]) == ("DualCLIPLoader", "sd3")
    assert [made.graph.read(slot, str) for slot in made.roles.text_encoder] == OTHERS[:2]


def test_a_checkpoint_takes_another_vae_and_loras(bench: Bench) -> None:
    made = bench.workflow(
        asked(model=MODEL, family="sdxl", vae=OTHER_VAE, loras=LORAS), Category.CHECKPOINTS
    )
    assert made.nodes["decode"]["inputs"]["vae"] == ["vae", 0]
    assert made.nodes["sampler"]["inputs"]["model"] == ["lora 2", 0]


@pytest.mark.parametrize("family", ["sd15", "flux"])
def test_a_refiner_that_has_no_place_is_told(family: str, bench: Bench) -> None:
    wish = asked(model=MODEL, refiner=REFINER, family=family)
    model = Model(name=MODEL, display_name="it", category=Category.CHECKPOINTS)
    made = Workflow(bench.built_in.nodes(model, (), wish), bench.known)
    assert [str(remark) for remark in made.lost(wish)] == [
        "The workflow has no place for: refiner."
    ]
