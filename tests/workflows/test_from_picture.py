"""Each built-in workflow can begin with a picture, and everything still has its place in it."""

import pytest

from batchgen_app.core.limits import SIDE_STEP
from batchgen_app.workflows.families import RECIPES, Recipe
from batchgen_app.workflows.from_picture import DENOISE, PICTURE, ROLES, fitting, from_picture
from batchgen_app.workflows.workflow import Workflow
from tests.core.asking import asked
from tests.core.writing import EVERYTHING, filled_in
from tests.workflows.test_families import called, graph


def begun(recipe: Recipe, folder: str = "diffusion_models") -> Workflow:
    return Workflow(from_picture(graph(recipe, folder), (1024, 768))).corrected(ROLES)


@pytest.mark.parametrize("folder", ["diffusion_models", "checkpoints"])
@pytest.mark.parametrize("recipe", RECIPES, ids=called)
def test_what_had_a_place_has_one_still(recipe: Recipe, folder: str) -> None:
    plain, workflow = Workflow(graph(recipe, folder)), begun(recipe, folder)
    assert workflow.without_place(EVERYTHING) == plain.without_place(EVERYTHING)
    assert not workflow.found.choices
    assert (workflow.roles.image, workflow.roles.output) == ((PICTURE,), ("save",))
    filled = filled_in(workflow, EVERYTHING).for_seed(7).parameters()
    assert (filled.width, filled.height, filled.steps) == (768, 640, 30)


@pytest.mark.parametrize("recipe", RECIPES, ids=called)
def test_it_is_encoded_by_what_decodes_it_and_changed_in_part(recipe: Recipe) -> None:
    workflow = begun(recipe)
    (denoise,) = workflow.roles.denoise
    assert workflow.nodes["latent"]["inputs"]["vae"] == workflow.nodes["decode"]["inputs"]["vae"]
    assert workflow.nodes[denoise.node_id]["inputs"]["denoise"] == DENOISE
    less = filled_in(workflow, asked(denoise=0.25)).nodes
    assert less[denoise.node_id]["inputs"]["denoise"] == 0.25


@pytest.mark.parametrize("recipe", [r for r in RECIPES if r.family == "flux2"], ids=called)
def test_a_schedule_that_depends_on_the_size_follows_it(recipe: Recipe) -> None:
    nodes = filled_in(begun(recipe), EVERYTHING).nodes
    assert nodes["sampler"]["inputs"]["sigmas"] == ["part", 1]
    scale, schedule = nodes["scale"]["inputs"], nodes["sigmas"]["inputs"]
    assert (schedule["width"], schedule["height"]) == (scale["width"], scale["height"])


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((4000, 3000), (1184, 880)),
        ((3000, 4000), (880, 1184)),
        ((96, 64), (1248, 832)),
        ((1024, 1024), (1024, 1024)),
        ((100_000, 10), (4096, 64)),
    ],
)
def test_the_size_has_the_shape_of_the_picture(
    shape: tuple[int, int], size: tuple[int, int]
) -> None:
    assert fitting(shape, 1024, 1024) == size
    assert all(side % SIDE_STEP == 0 for side in size)
