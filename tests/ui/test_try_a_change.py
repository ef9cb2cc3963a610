"""A change is tried on the same seeds, and stands beside what it was tried on."""

from typing import Any

from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.request import BasedOn
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import change_words as words
from batchgen_app.ui.parts.controls import Picture
from tests.faulty_engine import Hold, Moment
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_light_table import does, table, told


async def asking(opening: Opening, *selected: int, **changes: Any) -> tuple[Visit, BatchState]:
    """A person who is asked what to change in a batch."""
    visit = await opening("/settings")
    batch = await visit.studio.make(**changes)
    await visit.open(f"/batch/{batch.batch_id}")
    with visit.page:
        for index in selected:
            visit.all("select-image")[index - 1].value = True  # type: ignore[attr-defined]
    visit.click("try-a-change")
    await until(lambda: bool(visit.all("start-change")))
    return visit, batch


async def new_one(visit: Visit, before: str) -> BatchState:
    """Begin, and wait for the page of the batch that it becomes."""
    visit.click("start-change")
    await until(lambda: visit.user.back_history[-1] != before)
    return await visit.studio.app.batch_service.batch(visit.user.back_history[-1].split("/")[-1])


def halves(visit: Visit) -> list[list[str]]:
    """What each pair shows: addresses of pictures, or why there is none."""

    def said(pair: Any) -> list[str]:
        shown = [
            e for e in pair.descendants() if isinstance(e, Picture) or "data-status" in e.props
        ]
        return [str(e.props.get("src") or e.props["data-status"]) for e in shown]

    return [said(pair) for pair in visit.all("pair")]


async def test_the_same_seeds_with_something_changed_stand_beside_the_old_ones(
    opening: Opening,
) -> None:
    visit, old = await asking(opening)
    assert visit.one("prompt").value == old.request.prompt
    hold = Hold(moment=Moment.SAMPLING)
    visit.studio.faults.add(hold)
    visit.fill("prompt", "a blue fox")
    visit.fill("steps", "3")
    new = await new_one(visit, f"/batch/{old.batch_id}")
    assert new.seeds == old.seeds
    assert new.request.based_on == BasedOn(batch_id=old.batch_id, how="changed")
    await until(lambda: len(visit.all("pair")) == 3)
    thumbnails = [picture.thumbnail_url for picture in old.pictures]
    assert [pair[0] for pair in halves(visit)] == thumbnails
    assert all(pair[1] in {"pending", "generating"} for pair in halves(visit))
    said = [e.text for e in visit.one("changes").descendants() if hasattr(e, "text")]
    changes = dict(zip(said[::2], said[1::2], strict=True))
    assert changes == {
        str(words.PROMPT): f"{old.request.prompt} → a blue fox",
        "Steps": f"{old.parameters.steps} → 3",
    }
    hold.released.set()
    await visit.studio.end(new)
    await until(lambda: bool(visit.all("comparison-view") and visit.all("pair")))
    made = [picture.thumbnail_url for picture in new.pictures]
    await until(lambda: halves(visit) == [list(p) for p in zip(thumbnails, made, strict=True)])
    UserInteraction(visit.user, {visit.all("compare-pair")[1]}, None).trigger("click")
    both = [picture.id for pair in zip(old.pictures, new.pictures, strict=True) for picture in pair]
    assert told(visit, "id") == both
    assert table(visit).props["first"] == [old.pictures[1].id, new.pictures[1].id]
    assert [str(label).split(" · ")[0] for label in told(visit, "label")] == ["Old", "New"] * 3
    does(visit, "reject", old.pictures[1].id)
    does(visit, "rate", [new.pictures[1].id, 5])
    await until(lambda: old.pictures[1].rejected and new.pictures[1].rating == 5)
    await until(lambda: told(visit, "rejected") == [False, False, True, False, False, False])
    does(visit, "unmark", old.pictures[1].id)
    await until(lambda: not old.pictures[1].rejected)


async def test_only_the_seeds_that_are_selected_are_tried_again(opening: Opening) -> None:
    visit, old = await asking(opening, 1, 3, seedMode="incremental", baseSeed=7)
    visit.fill("prompt", "a blue fox")
    new = await new_one(visit, f"/batch/{old.batch_id}")
    assert new.seeds == (7, 9)


async def test_what_cannot_be_stands_at_its_field_and_nothing_changed_is_said(
    opening: Opening,
) -> None:
    visit, old = await asking(opening)
    visit.click("start-change")
    await visit.user.should_see(str(words.NOTHING_CHANGED))
    visit.fill("steps", "0")
    visit.click("start-change")
    await visit.sees("field-error", "Steps must be between 1-150")
    assert await visit.studio.app.storage.log.batch_ids() == [old.batch_id]


async def test_strengths_of_loras_and_of_the_change_can_be_tried(opening: Opening) -> None:
    visit = await opening("/settings")
    lora = next(m.name for m in await visit.studio.app.server.catalog.models() if m.is_lora)
    old = await visit.studio.make(loras=[{"name": lora, "strength": 1}])
    await visit.open(f"/batch/{old.batch_id}")
    visit.click("try-a-change")
    await until(lambda: bool(visit.all("lora-strength")))
    visit.fill("lora-strength", "0.5")
    new = await new_one(visit, f"/batch/{old.batch_id}")
    assert [(one.name, one.strength) for one in new.request.loras or ()] == [(lora, 0.5)]
    assert new.request.model_copy(update={"loras": old.request.loras}).prompt == old.request.prompt


async def test_without_the_old_batch_there_are_no_pairs(opening: Opening) -> None:
    visit = await opening("/settings")
    old = await visit.studio.make()
    origin = {"batchId": old.batch_id, "how": "changed"}
    new = await visit.studio.make(seeds=list(old.seeds), basedOn=origin)
    other = await visit.studio.make(basedOn=origin)
    await visit.open(f"/batch/{new.batch_id}")
    await until(lambda: len(visit.all("pair")) == 3)
    await visit.studio.app.image_service.delete_images(old.pictures[0].id)
    await until(lambda: "deleted" in halves(visit)[0])
    await visit.open(f"/batch/{other.batch_id}")
    await until(lambda: bool(visit.all("ancestors")))
    assert not visit.all("pair")
    await visit.studio.app.image_service.delete_batch(old.batch_id)
    await visit.open(f"/batch/{new.batch_id}")
    await until(lambda: bool(visit.all("ancestors")))
    assert not visit.all("pair")
