"""LoRAs in the form: found by typing, weighed, taken away, and in the graph that is sent."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from batchgen_app.demo import demo_models
from tests.e2e.conftest import DESKTOP, PHONE, Served, Starter
from tests.e2e.engine_thread import engine_thread
from tests.e2e.test_form import OpenPage, field, make_small, ready
from tests.e2e.test_own_workflow import generate

MANY = [f"pack/style-{number:03}.safetensors" for number in range(120)]
INK = "pack/ink-wash.safetensors"
FINE = "demo-fine-lines.safetensors"


@pytest.fixture
def well_stocked(start: Starter) -> Iterator[Served]:
    """The app on a server with many LoRAs."""
    models = demo_models()
    with engine_thread() as engine:
        engine.begin(models={**models, "loras": [*models["loras"], *MANY, INK]})
        yield start.serve("--comfyui", engine.url)


def add(page: Page, typed: str, name: str) -> None:
    """Found by what is typed, and taken with Enter as the only one; nobody waits for the app."""
    page.keyboard.type(typed)
    expect(page.get_by_role("option")).to_have_text([name.removesuffix(".safetensors")])
    page.keyboard.press("Enter")


def sent_loras(graph: dict[str, dict[str, dict[str, object]]]) -> list[tuple[object, object]]:
    """Each LoRA of a graph with its strength, in the order of the graph."""
    inputs = (node["inputs"] for node in graph.values())
    return [(one["lora_name"], one["strength_model"]) for one in inputs if "lora_name" in one]


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_of_many_loras_two_are_found_by_typing_and_one_weighs_less(
    well_stocked: Served, open_page: OpenPage, viewport: dict[str, int]
) -> None:
    page = ready(open_page(well_stocked.address, viewport=viewport))
    make_small(page)
    field(page, "prompt").fill("a red fox with a brush")
    field(page, "lora-add").click()
    add(page, "style-077", MANY[77])
    add(page, "INK", INK)
    add(page, "fine", FINE)
    rows = page.get_by_test_id("lora")
    expect(rows).to_have_count(3)
    page.keyboard.press("Escape")
    rows.nth(0).get_by_role("button").click()
    expect(rows).to_have_count(2)
    rows.nth(0).locator("input").fill("0.65")
    graph = generate(page, well_stocked)
    assert sent_loras(graph) == [(INK, 0.65), (FINE, 1.0)]
