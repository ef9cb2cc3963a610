"""Fields that follow the model, or the workflow that a person chose."""

from nicegui import ui

from batchgen_app.demo import demo_models
from batchgen_app.ui.parts.fields import Select
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import errors, small, started, upload
from tests.ui.test_form import ready as ready_form
from tests.workflows.graphs import flux

FLUX, FLUX2, CHROMA = "flux1-dev.safetensors", "flux2_dev.safetensors", "Chroma1-HD.safetensors"
XL, REFINER, SD3 = "dreams-xl.safetensors", "xl_refiner.safetensors", "sd3.5_large.safetensors"
MODELS = {
    **demo_models(),
    "checkpoints": [XL, REFINER],
    "diffusion_models": [FLUX, FLUX2, CHROMA, SD3],
    "text_encoders": ["clip_g.safetensors", "clip_l.safetensors", "mistral_3.safetensors",
                      "t5xxl_fp16.safetensors"],
    "vae": ["ae.safetensors", "flux2-vae.safetensors", "other.safetensors"],
}  # fmt: skip


async def ready(opening: Opening) -> Visit:
    visit = await ready_form(opening, models=MODELS)
    small(visit)
    return visit


def hints(visit: Visit) -> list[str]:
    """All that is explained of the fields."""
    with visit.page:
        labels = visit.inside(visit.page.content, ui.label)
        return [label.text for label in labels if "bg-hint" in label.classes]


def shown(visit: Visit, mark: str) -> str:
    """What a list shows as chosen."""
    select: Select = visit.one(mark)
    return str(select.options[select.value])


async def test_guidance_is_there_for_models_that_are_guided_with_their_own_default(
    opening: Opening,
) -> None:
    visit = await ready(opening)
    assert not visit.all("guidance")
    visit.fill("model", FLUX)
    assert visit.one("guidance").value == "3.5"
    visit.fill("model", FLUX2)
    assert visit.one("guidance").value == "4.0"
    visit.fill("guidance", "2.5")
    visit.fill("model", XL)
    assert not visit.all("guidance")
    without = await started(visit)
    assert without.request.guidance is None
    await visit.studio.end(without)
    visit.fill("model", FLUX)
    assert visit.one("guidance").value == "2.5"
    batch = await started(visit)
    assert batch.request.guidance == 2.5
    assert batch.workflow["guidance"]["inputs"]["guidance"] == 2.5


async def test_what_has_no_effect_is_said(opening: Opening) -> None:
    visit = await ready(opening)
    assert not [hint for hint in hints(visit) if "no effect" in hint]
    visit.fill("cfg", "1")
    assert "Has no effect at CFG 1." in hints(visit)
    visit.fill("cfg", "7")
    assert "Has no effect at CFG 1." not in hints(visit)
    visit.fill("model", FLUX)
    assert "This model is made for CFG 1; Guidance steers it instead." in hints(visit)
    assert "Has no effect: this model takes no negative prompt." in hints(visit)
    assert visit.one("cfg").props["aria-describedby"]
    visit.fill("model", FLUX2)
    assert "Has no effect: this model is not steered by CFG." in hints(visit)


async def test_a_chosen_file_stays_where_it_would_do_and_goes_where_not(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("model", FLUX)
    assert shown(visit, "vae") == "Found by name: ae"
    visit.fill("vae", "other.safetensors")
    visit.fill("model", CHROMA)
    assert shown(visit, "vae") == "other"
    visit.fill("model", XL)
    assert shown(visit, "vae") == "The model's own"
    batch = await started(visit)
    assert (batch.request.vae, "vae" in batch.workflow) == (None, False)


async def test_what_the_family_lacks_is_told_before_anything_is_started(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("model", SD3)
    (error,) = errors(visit)
    assert "sd3_vae.safetensors. Put it into models/vae" in error
    assert shown(visit, "vae") == "Not on the server: sd3_vae.safetensors"
    visit.click("generate")
    await until(lambda: "loading" not in visit.one("generate").props)
    assert errors(visit) == [error]
    assert not visit.studio.app.queue.is_busy
    visit.fill("vae", "ae.safetensors")
    assert errors(visit) == []
    assert (await started(visit)).request.vae == "ae.safetensors"


async def test_an_encoder_is_exchanged_or_left_out(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("model", SD3)
    visit.fill("vae", "ae.safetensors")
    first, _, last = visit.all("text-encoder")
    with visit.page:
        first.value = "mistral_3.safetensors"  # type: ignore[attr-defined]
        last.value = "\0"  # type: ignore[attr-defined]
    batch = await started(visit)
    assert batch.request.text_encoders == ["mistral_3.safetensors", "clip_g.safetensors"]
    assert batch.workflow["encoders"]["class_type"] == "DualCLIPLoader"
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: len(visit.all("text-encoder")) == 3)
    await until(lambda: visit.one("vae").value == "ae.safetensors")
    chosen = [box.value for box in visit.all("text-encoder")]  # type: ignore[attr-defined]
    assert chosen == ["mistral_3.safetensors", "clip_g.safetensors", "\0"]


async def test_a_refiner_is_offered_for_sdxl_where_the_server_has_one(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("steps", "5")
    assert list(visit.one("refiner").options) == ["", REFINER]
    visit.fill("refiner", REFINER)
    batch = await started(visit)
    assert batch.request.refiner == REFINER
    assert batch.parameters.refiner == REFINER
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: bool(visit.all("refiner")) and visit.one("refiner").value == REFINER)
    visit.fill("model", FLUX)
    assert not visit.all("refiner")


async def test_a_workflow_shows_what_it_has_a_place_for(opening: Opening) -> None:
    visit = await ready(opening)
    await upload(visit, "mine.json", flux())
    await until(lambda: bool(visit.all("guidance")))
    assert not visit.all("refiner")
    assert len(visit.all("text-encoder")) == 2
    usual = [str(box.options[""]) for box in visit.all("text-encoder")]  # type: ignore[attr-defined]
    assert usual == ["As the workflow has it: t5", "As the workflow has it: clip_l"]


async def test_a_value_out_of_bounds_is_told_at_its_field(opening: Opening) -> None:
    visit = await ready(opening)
    visit.fill("model", FLUX)
    visit.fill("guidance", "1000")
    visit.click("generate")
    await visit.sees("field-error", "Guidance must be between 0-100")
    visit.fill("guidance", "3")
    assert errors(visit) == []
