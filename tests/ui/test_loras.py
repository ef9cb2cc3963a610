"""LoRAs in the form."""

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.demo import demo_models
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_form import ready, small, started

FINE, SOFT = demo_models()["loras"]


async def pick(visit: Visit, name: str) -> None:
    """Choose one, and wait until it is in its row."""
    visit.fill("lora-add", name)
    await until(lambda: name in names(visit))


def names(visit: Visit) -> list[str]:
    return [row.props["data-name"] for row in visit.all("lora")]


def more(visit: Visit) -> str:
    """What stands above the fields that are mostly closed."""
    (box,) = [e for e in visit.page.elements.values() if "bg-more" in e.classes]
    assert isinstance(box, ui.expansion)
    return str(box.text)


async def test_several_are_picked_with_a_strength_each(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    await until(lambda: list(visit.one("lora-add").options) == [FINE, SOFT])
    await pick(visit, FINE)
    await pick(visit, SOFT)
    assert list(visit.one("lora-add").options) == []
    assert more(visit) == "More · 2 LoRAs"
    with visit.page:
        visit.inside(visit.all("lora")[0], ui.input)[0].value = "0.5"
    batch = await started(visit)
    assert batch.request.loras
    chosen = [(lora.name, lora.strength) for lora in batch.request.loras]
    assert chosen == [(FINE, 0.5), (SOFT, 1.0)]
    assert batch.workflow["sampler"]["inputs"]["model"] == ["lora 2", 0]


async def test_one_that_is_clicked_twice_takes_no_other_one_along(opening: Opening) -> None:
    visit = await ready(opening)
    await until(lambda: list(visit.one("lora-add").options) == [FINE, SOFT])
    for _ in range(2):
        visit.trigger("lora-add", "update:modelValue", {"value": FINE, "label": FINE})
    visit.trigger("lora-add", "update:modelValue", {"value": SOFT, "label": SOFT})
    await until(lambda: names(visit) == [FINE, SOFT])


async def test_one_that_is_put_away_does_not_go_along(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    await pick(visit, FINE)
    with visit.page:
        UserInteraction(visit.user, set(visit.inside(visit.one("lora"), ui.button)), None).click()
    await until(lambda: not visit.all("lora"))
    assert more(visit) == "More"
    assert (await started(visit)).request.loras is None


async def test_those_of_a_batch_come_back_with_its_settings(opening: Opening) -> None:
    visit = await ready(opening)
    small(visit)
    await pick(visit, SOFT)
    batch = await started(visit)
    await visit.open(f"/?like={batch.batch_id}")
    await until(lambda: names(visit) == [SOFT])


async def test_a_strength_beyond_all_bounds_is_refused(opening: Opening) -> None:
    visit = await ready(opening)
    await pick(visit, FINE)
    with visit.page:
        visit.inside(visit.one("lora"), ui.input)[0].value = "1000"
    visit.click("generate")
    await visit.sees("field-error", "LoRA")
    assert not visit.studio.app.queue.is_busy
