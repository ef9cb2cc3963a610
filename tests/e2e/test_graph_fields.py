"""Fields that follow the model: what it is guided by, and the files that go along with it."""

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, Served, Stage, Starter
from tests.e2e.test_form import OpenPage, field, open_more

FLUX, SD3, XL = "flux1-dev", "sd3.5_large", "dreams-xl"
MODELS = {
    "checkpoints": ["dreams-xl.safetensors", "xl_refiner.safetensors"],
    "diffusion_models": ["flux1-dev.safetensors", "sd3.5_large.safetensors"],
    "text_encoders": ["clip_g.safetensors", "clip_l.safetensors", "t5xxl_fp16.safetensors"],
    "vae": ["ae.safetensors", "other_vae.safetensors"],
}


def choose(page: Page, box: Locator, name: str) -> None:
    box.click()
    page.get_by_role("option", name=re.compile(name)).click()


def generate(page: Page, served: Served) -> dict[str, Any]:
    """Gives what was queued."""
    page.get_by_test_id("generate").click()
    expect(page).to_have_url(
        re.compile("/batch/")
    )  # by itself: it must not go on the way elsewhere
    expect(page.get_by_test_id("comparison-view")).to_be_visible()
    events = httpx.get(f"{served.address}/api/events").raise_for_status().json()["events"]
    return dict([event for event in events if event["type"] == "batch_queued"][-1])


def begin(page: Page, served: Served, model: str) -> None:
    """The form with this model, open to the end."""
    page.goto(served.address, wait_until="domcontentloaded")
    expect(field(page, "model")).not_to_have_value("")
    choose(page, field(page, "model"), model)
    field(page, "prompt").fill("a red fox")
    for mark in ("batch-count", "width", "height"):
        field(page, mark).fill("2" if mark == "batch-count" else "64")
    if not field(page, "steps").is_visible():
        open_more(page)
    field(page, "steps").fill("5")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_each_model_has_the_fields_that_it_needs(
    stage: Stage, start: Starter, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    stage.play()
    stage.engine.begin(models=MODELS)
    served = start.serve("--comfyui", stage.engine.url)
    page = open_page(served.address, viewport=viewport)

    begin(page, served, FLUX)
    expect(field(page, "guidance")).to_have_value("3.5")
    expect(field(page, "vae")).to_have_value("Found by name: ae")
    expect(field(page, "refiner")).to_be_hidden()
    expect(page.get_by_text("Guidance steers it instead")).to_be_visible()
    expect(page.get_by_text("takes no negative prompt")).to_be_visible()
    field(page, "guidance").fill("2.5")
    choose(page, field(page, "vae"), "other_vae")
    page.reload()
    expect(field(page, "guidance")).to_have_value("2.5")
    expect(field(page, "vae")).to_have_value("other_vae")
    made = generate(page, served)
    assert made["workflow"]["guidance"]["inputs"]["guidance"] == 2.5
    assert made["workflow"]["vae"]["inputs"]["vae_name"] == "other_vae.safetensors"

    begin(page, served, XL)
    expect(field(page, "guidance")).to_be_hidden()
    expect(field(page, "vae")).to_have_value("The model's own")
    choose(page, field(page, "refiner"), "xl_refiner")
    made = generate(page, served)
    assert made["request"]["refiner"] == "xl_refiner.safetensors"
    assert made["workflow"]["refined"]["inputs"]["start_at_step"] == 4

    begin(page, served, SD3)
    error = page.get_by_test_id("field-error")
    expect(error).to_contain_text("sd3_vae.safetensors. Put it into models/vae")
    choose(page, field(page, "vae"), "other_vae")
    expect(error).to_have_count(0)
    choose(page, page.get_by_label("Text encoder (T5-XXL)"), "Do without")
    made = generate(page, served)
    assert made["workflow"]["encoders"]["class_type"] == "DualCLIPLoader"
    assert made["request"]["textEncoders"] == ["clip_l.safetensors", "clip_g.safetensors"]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_model_of_no_known_family_is_asked_about_once_beside_it(
    stage: Stage, start: Starter, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    """Of a checkpoint the likely answer stands there: the first pictures are one click away."""
    stage.play()
    models = {**MODELS, "checkpoints": ["my-merge.safetensors"], "diffusion_models": ["odd.gguf"]}
    stage.engine.begin(models=models, architecture="")
    served = start.serve("--comfyui", stage.engine.url)
    page = open_page(served.address, viewport=viewport)

    begin(page, served, "my-merge")
    expect(field(page, "family")).to_have_value("SDXL")
    made = generate(page, served)
    assert made["request"]["family"] == "sdxl"
    begin(page, served, "my-merge")
    expect(page.get_by_text("Family: SDXL")).to_be_visible()
    expect(field(page, "family")).to_be_hidden()

    begin(page, served, "odd")
    page.get_by_test_id("generate").click()
    error = page.get_by_test_id("field-error")
    expect(error).to_have_text("Choose below what kind of model this is.")
    choose(page, field(page, "family"), "Flux.1")
    expect(page.get_by_text("Family: Flux.1")).to_be_visible()
    expect(field(page, "guidance")).to_have_value("3.5")
