"""Choosing among the pictures of a batch: select, compare, keep, throw away, go on."""

from typing import Any

import pytest
from nicegui import ElementFilter
from nicegui.elements.label import Label
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.settings import saved_settings
from batchgen_app.ui.comparison import lineage_words, summary_words
from batchgen_app.ui.comparison.comparison import columns
from batchgen_app.ui.comparison.downloading import KindChoice
from batchgen_app.ui.words import broken
from tests.faulty_engine import (
    FailAtNode,
    Fault,
    HangWhileSampling,
    Hold,
    Moment,
    SaveInstead,
    out_of_memory,
)
from tests.storage import making
from tests.studio import until
from tests.ui.conftest import Opening, Visit


async def choosing(opening: Opening, *faults: Fault, **changes: Any) -> tuple[Visit, BatchState]:
    """A person on the page of a batch that has ended."""
    visit = await opening("/settings", *faults)
    batch = await visit.studio.make(**changes)
    await visit.open(f"/batch/{batch.batch_id}")
    return visit, batch


def tick(visit: Visit, place: int, *, on: bool = True) -> None:
    with visit.page:
        visit.all("select-image")[place].value = on  # type: ignore[attr-defined]


def press(visit: Visit, mark: str, place: int, event: str = "click") -> None:
    UserInteraction(visit.user, {visit.all(mark)[place]}, None).trigger(event)


@pytest.mark.parametrize(
    ("count", "expected"), [(1, 2), (2, 2), (4, 2), (5, 3), (9, 3), (10, 4), (20, 4)]
)
def test_the_grid_has_as_many_columns_as_suit_the_count(count: int, expected: int) -> None:
    assert columns(count) == expected


async def test_the_summary_counts_what_came_out(opening: Opening) -> None:
    visit, _ = await choosing(opening, FailAtNode(prompt=2, message="no luck"), batchCount=4)
    (summary,) = visit.all("completion-summary")
    said = " ".join(element.text for element in visit.inside(summary, Label))
    assert said.startswith("3 of 4 images · 1 failed · ")
    tiles = [tile.props["data-status"] for tile in visit.all("comparison-tile")]
    assert tiles == ["completed", "failed", "completed", "completed"]
    assert visit.one("comparison-grid").props["data-columns"] == "2"


async def test_when_all_failed_the_reasons_are_told(opening: Opening) -> None:
    visit, _ = await choosing(opening, FailAtNode(message="no luck"))
    (summary,) = visit.all("completion-summary")
    said = " ".join(element.text for element in visit.inside(summary, Label))
    assert "Batch generation failed" in said
    assert "no luck" in said
    assert {tile.props["data-status"] for tile in visit.all("comparison-tile")} == {"failed"}


async def test_what_can_be_done_follows_what_is_selected(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    side_by_side, download = visit.one("side-by-side"), visit.one("download-selected")
    assert not side_by_side.enabled
    assert not download.enabled
    tick(visit, 0)
    tick(visit, 2)
    assert side_by_side.enabled
    assert download.text.startswith("Download 2 (")
    assert download.props["href"] == f"/api/batches/{batch.batch_id}/archive?images=1,3"
    tick(visit, 1)
    assert side_by_side.enabled
    assert visit.one("select-all").value
    tick(visit, 0, on=False)
    assert not visit.one("select-all").value
    assert download.props["href"].endswith("images=2,3")


async def test_a_delivery_pack_is_had_instead_where_the_device_says_so(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    tick(visit, 1)
    download = visit.one("download-selected")

    def choose(kind: str) -> None:
        with visit.page:
            (choice,) = ElementFilter(kind=KindChoice)
        UserInteraction(visit.user, {choice}, None).trigger("choose", kind)

    choose("pack")
    address = f"/api/batches/{batch.batch_id}/archive?images=2"
    assert download.props["href"] == f"{address}&pack=true"
    assert download.text.startswith("Pack of 1 (")
    choose("nonsense")
    assert download.props["href"] == f"{address}&pack=true"
    choose("pictures")
    assert download.props["href"] == address


async def test_the_button_knows_where_nothing_can_be_had_without_settings(
    opening: Opening,
) -> None:
    visit = await opening("/", SaveInstead(ending="mp4", data=making.film(), key="gifs"))
    for kind in ("false", "true"):
        batch = await visit.studio.make(batchCount=2)
        await visit.open(f"/batch/{batch.batch_id}")
        tick(visit, 0)
        assert visit.one("download-selected").props["data-clean"] == kind
        visit.studio.faults.clear()


async def test_one_picture_is_called_by_the_pattern_too(opening: Opening) -> None:
    visit = await opening("/settings")
    visit.fill("name-pattern", "{prompt} {index}")
    visit.trigger("name-pattern", "blur")
    await until(lambda: saved_settings(visit.studio.folder / "data").name_pattern is not None)
    batch = await visit.studio.make(prompt="a/b: fox")
    await visit.open(f"/batch/{batch.batch_id}")
    with visit.page:
        found = [e.props.get("download") for e in ElementFilter()]
    assert [name for name in found if isinstance(name, str)] == [
        "a b fox 001.png",
        "a b fox 002.png",
        "a b fox 003.png",
    ]


async def test_select_all_and_back(opening: Opening) -> None:
    visit, _ = await choosing(opening)
    visit.fill("select-all", True)
    assert all(ticked.value for ticked in visit.all("select-image"))  # type: ignore[attr-defined]
    visit.fill("select-all", False)
    assert not any(ticked.value for ticked in visit.all("select-image"))  # type: ignore[attr-defined]


async def test_a_heart_is_kept_and_shown_on_every_page(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    press(visit, "favourite", 1)
    await until(lambda: visit.all("favourite")[1].props["aria-pressed"] == "true")
    await visit.open(f"/batch/{batch.batch_id}")
    pressed = [heart.props["aria-pressed"] for heart in visit.all("favourite")]
    assert pressed == ["false", "true", "false"]


async def test_a_rejected_picture_says_so_until_it_is_no_longer_rejected(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    cross, tile = visit.all("reject")[1], visit.all("comparison-tile")[1]
    press(visit, "reject", 1)
    await until(lambda: cross.props["aria-pressed"] == tile.props["data-rejected"] == "true")
    assert [picture.rejected for picture in batch.pictures] == [False, True, False]
    press(visit, "reject", 1)
    await until(lambda: cross.props["aria-pressed"] == tile.props["data-rejected"] == "false")
    assert not batch.pictures[1].rejected


async def test_a_deleted_picture_leaves_the_grid_and_the_selection_until_undo(
    opening: Opening,
) -> None:
    visit, batch = await choosing(opening, batchCount=5)
    visit.fill("select-all", True)
    assert visit.one("comparison-grid").props["data-columns"] == "3"
    await visit.studio.app.image_service.delete_images(batch.pictures[1].id)
    await until(lambda: len(visit.all("comparison-tile")) == 4)
    assert visit.one("download-selected").text.startswith("Download 4")
    assert visit.one("comparison-grid").props["data-columns"] == "2"
    await visit.studio.app.image_service.restore_image(f"{batch.batch_id}-002")
    await until(lambda: len(visit.all("comparison-tile")) == 5)
    assert not visit.one("select-all").value


async def test_a_batch_that_was_stopped_offers_the_rest(opening: Opening) -> None:
    hanging = HangWhileSampling(prompt=2), HangWhileSampling(prompt=3)  # freed by the first
    visit = await opening("/settings", *hanging, step_delay=0.01)
    batch = await visit.studio.start(batchCount=4)
    await visit.open(f"/batch/{batch.batch_id}")
    await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
    await visit.stop()
    await until(lambda: bool(visit.all("comparison-view")))
    hold = Hold(moment=Moment.SAMPLING)
    visit.studio.faults.add(hold)
    visit.user.find("Make the missing 3").click()
    await until(lambda: bool(visit.all("batch-progress")))
    hold.released.set()
    await visit.studio.end(batch)
    await until(lambda: len(visit.all("comparison-tile")) == 4)


def offered(visit: Visit) -> str:
    """Where the message leads that tells of a queued batch; empty as long as there is none."""
    return next((link.props["href"] for link in visit.all("toast-link")), "")


async def told(visit: Visit, text: str) -> None:
    """Wait until a message says so."""
    await until(
        lambda: text in [e.text for box in visit.all("toast") for e in visit.inside(box, Label)]
    )


async def regenerated(visit: Visit) -> BatchState:
    """Press, and wait until the page says that more is queued, and how to get there."""
    visit.click("regenerate")
    await until(lambda: bool(offered(visit)))
    return await visit.studio.app.batch_service.batch(offered(visit).removeprefix("/batch/"))


async def test_regenerate_queues_a_batch_and_stays_or_says_why_not(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    await visit.studio.engine.stop()
    visit.click("regenerate")
    await until(lambda: bool(visit.all("server-error")))
    await visit.studio.engine.start()
    visit.click("retry")
    await until(lambda: bool(offered(visit)))
    await told(visit, "3 more queued")
    assert offered(visit) != f"/batch/{batch.batch_id}"
    assert visit.user.back_history[-1] == f"/batch/{batch.batch_id}"
    assert visit.all("comparison-view")


async def test_two_presses_on_regenerate_make_one_batch_and_a_later_one_another(
    opening: Opening,
) -> None:
    visit, _ = await choosing(opening)
    for _ in range(2):
        visit.click("regenerate")
    await until(lambda: bool(offered(visit)))
    first = offered(visit)
    assert len(await visit.studio.app.storage.log.batch_ids()) == 2
    visit.click("regenerate")
    await until(lambda: offered(visit) != first)
    assert len(await visit.studio.app.storage.log.batch_ids()) == 3


async def test_what_was_regenerated_is_taken_back_before_it_begins(opening: Opening) -> None:
    visit, _ = await choosing(opening)
    visit.studio.faults.add(HangWhileSampling())
    running = await visit.studio.start()
    await until(lambda: running.current_step == 1)
    new = await regenerated(visit)
    visit.click("undo")
    await told(visit, str(lineage_words.TAKEN_BACK))
    assert (new.status, new.completed_images) == (BatchStatus.CANCELLED, 0)
    await until(lambda: new.deleted)
    assert not visit.studio.app.queue.waiting
    assert not running.ended


async def test_what_had_begun_is_stopped_and_said(opening: Opening) -> None:
    visit, _ = await choosing(opening)
    visit.studio.faults.add(HangWhileSampling())
    new = await regenerated(visit)
    await until(lambda: new.current_step == 1)
    visit.click("undo")
    await told(visit, str(lineage_words.HAD_BEGUN))
    await visit.studio.end(new)
    assert new.status is BatchStatus.CANCELLED


async def stopped_early(opening: Opening) -> tuple[Visit, BatchState]:
    """A batch that was cancelled before there was a picture."""
    visit = await opening("/settings", HangWhileSampling())  # the second one, too, once it is free
    batch = await visit.studio.start(batchCount=3)
    await until(lambda: batch.current_step == 1)
    await visit.studio.app.batch_service.cancel(batch.batch_id, "cancelled by hand")
    await visit.studio.end(batch)
    visit.studio.faults.clear()
    await visit.open(f"/batch/{batch.batch_id}")
    return visit, batch


async def test_a_cancelled_batch_without_pictures_says_what_happened_and_leads_on(
    opening: Opening,
) -> None:
    visit, batch = await stopped_early(opening)
    said = [label.text for label in visit.inside(visit.one("nothing-made"), Label)]
    assert said == [
        str(summary_words.NOTHING_MADE),
        str(summary_words.STOPPED_EARLY),
        str(summary_words.MAKE_AFTER_ALL),
    ]
    assert visit.one("nothing-made") in visit.one("regenerate").ancestors()
    visit.click("new-batch")
    await until(lambda: visit.user.back_history[-1] == f"/?like={batch.batch_id}")


async def test_its_images_can_be_made_after_all_in_one_press(opening: Opening) -> None:
    visit, batch = await stopped_early(opening)
    hold = Hold(moment=Moment.SAMPLING)
    visit.studio.faults.add(hold)
    visit.user.find(summary_words.missing(3)).click()
    await until(lambda: bool(visit.all("batch-progress")))
    hold.released.set()
    await visit.studio.end(batch)
    await until(lambda: len(visit.all("comparison-tile")) == 3)
    assert not visit.all("nothing-made")


async def test_where_all_pictures_are_in_the_trash_the_page_says_so(opening: Opening) -> None:
    visit, batch = await choosing(opening, batchCount=2)
    assert not visit.all("all-deleted")
    for picture in batch.pictures:
        await visit.studio.app.image_service.delete_images(picture.id)
    await until(lambda: bool(visit.all("all-deleted")))
    await visit.studio.app.image_service.restore_image(f"{batch.batch_id}-001")
    await until(lambda: not visit.all("all-deleted"))


async def test_too_little_memory_leads_in_one_press_to_the_missing_images_at_a_smaller_size(
    opening: Opening,
) -> None:
    faults = [out_of_memory(prompt=number) for number in (2, 3)]
    size = {"steps": 2, "width": 128, "height": 128}
    seeds = {"seedMode": "incremental", "baseSeed": 101}
    visit, batch = await choosing(opening, *faults, batchCount=4, baseParameters=size, **seeds)
    assert broken(visit.one("try-smaller").text) == "Make the missing 2 at 64 × 64"
    # a phone has no hover
    await visit.user.should_see(str(summary_words.AS_A_NEW_BATCH))
    for _ in range(2):  # a double click, too
        visit.click("try-smaller")
    await until(lambda: visit.user.back_history[-1] != f"/batch/{batch.batch_id}")
    new = await visit.studio.app.batch_service.batch(visit.user.back_history[-1].rpartition("/")[2])
    await visit.studio.end(new)
    assert new.request.prompt == batch.request.prompt
    assert {(picture.width, picture.height) for picture in new.pictures} == {(64, 64)}
    assert [picture.seed for picture in new.pictures] == [102, 103]
    assert len(await visit.studio.app.storage.log.batch_ids()) == 2


async def test_a_new_batch_begins_with_these_settings(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    visit.click("new-batch")
    await until(lambda: visit.user.back_history[-1].startswith("/?"))
    assert batch.batch_id in visit.user.back_history[-1]
