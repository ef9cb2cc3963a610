"""The light table: what it is told of pictures, and what it says of them."""

from typing import Any

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.access import Role
from batchgen_app.access.callers import Caller
from batchgen_app.core.batch import Marks
from batchgen_app.core.state import BatchState
from batchgen_app.ui import pages
from batchgen_app.ui.comparison.light_table.light_table import LightTable
from tests.faulty_engine import FailAtNode, HangWhileSampling, Hold, Moment
from tests.studio import until
from tests.ui.conftest import Opening, Visit


async def at_the_table(opening: Opening, *places: int, **wish: Any) -> tuple[Visit, BatchState]:
    """A person who has put so many pictures of a batch beside each other."""
    visit = await opening("/settings")
    batch = await visit.studio.make(**wish)
    await visit.open(f"/batch/{batch.batch_id}")
    choose(visit, *places)
    visit.click("side-by-side")
    return visit, batch


def choose(visit: Visit, *places: int) -> None:
    with visit.page:
        for place in places:
            visit.all("select-image")[place].value = True  # type: ignore[attr-defined]


def table(visit: Visit) -> LightTable:
    (found,) = visit.inside(visit.one("side-by-side-view"), LightTable)
    return found


def told(visit: Visit, what: str) -> list[Any]:
    """What the table knows of each image of the batch, in order."""
    return [picture.get(what) for picture in table(visit).props["images"]]


def does(visit: Visit, event: str, args: Any = None) -> None:
    """What a person does in the browser."""
    UserInteraction(visit.user, {table(visit)}, None).trigger(event, args)


@pytest.mark.parametrize(("chosen", "enabled"), [(1, False), (2, True), (9, True), (10, False)])
async def test_two_to_nine_can_lie_side_by_side(
    opening: Opening, chosen: int, enabled: bool
) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make(batchCount=10)
    await visit.open(f"/batch/{batch.batch_id}")
    choose(visit, *range(chosen))
    assert visit.one("side-by-side").enabled is enabled


async def test_the_chosen_ones_are_shown_and_every_mark_reaches_its_picture(
    opening: Opening,
) -> None:
    visit, batch = await at_the_table(opening, 0, 2, batchCount=4)
    ids = told(visit, "id")
    assert ids == [picture.id for picture in batch.pictures]
    assert table(visit).props["first"] == [ids[0], ids[2]]
    does(visit, "favourite", ids[2])
    does(visit, "rate", [ids[0], 4])
    does(visit, "reject", ids[1])
    await until(lambda: told(visit, "rejected") == [False, True, False, False])
    assert told(visit, "favourite") == [False, False, True, False]
    assert told(visit, "rating") == [4, 0, 0, 0]
    assert [picture.rejected for picture in batch.pictures] == [False, True, False, False]
    does(visit, "unmark", ids[1])
    await until(lambda: not any(told(visit, "rejected")))
    assert told(visit, "rating") == [4, 0, 0, 0]


async def test_what_is_deleted_there_can_be_had_back_and_with_the_last_the_view_closes(
    opening: Opening,
) -> None:
    visit, batch = await at_the_table(opening, 0, 1)
    (_, second, _) = told(visit, "id")
    does(visit, "delete", second)
    await until(lambda: told(visit, "status") == ["completed", "deleted", "completed"])
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: told(visit, "status") == ["completed"] * 3)
    assert len(batch.pictures) == 3
    with visit.page:
        (dialog,) = (d for d in table(visit).ancestors() if isinstance(d, ui.dialog))
    does(visit, "close")
    await until(lambda: not dialog.value)


async def test_while_its_batch_runs_pictures_come_and_none_can_be_deleted(
    opening: Opening,
) -> None:
    held = Hold(prompt=2, moment=Moment.SAMPLING)
    visit = await opening("/settings", held, FailAtNode(prompt=3, message="no luck"))
    batch = await visit.studio.start()
    await visit.open(f"/batch/{batch.batch_id}")
    await until(lambda: batch.completed_images == 1)
    visit.click("side-by-side")
    await until(lambda: told(visit, "status") == ["completed", "waiting", "waiting"])
    assert told(visit, "said")[1] == "Image 2 will appear here."
    assert told(visit, "src")[1] is None
    does(visit, "delete", told(visit, "id")[0])
    await until(lambda: bool(visit.all("server-error")))
    held.released.set()
    await until(lambda: told(visit, "status") == ["completed", "completed", "failed"])
    assert told(visit, "said")[2] == "Image 3 was not made."
    assert told(visit, "src")[1] == batch.pictures[1].url


async def test_what_was_rejected_or_will_not_come_is_not_put_there_from_a_running_batch(
    opening: Opening,
) -> None:
    hanging = FailAtNode(prompt=2, message="no luck"), HangWhileSampling(prompt=4)
    visit = await opening("/settings", *hanging)
    batch = await visit.studio.start(batchCount=12)
    await visit.open(f"/batch/{batch.batch_id}")
    await until(lambda: batch.completed_images == 2 and batch.failed_images == (2,))
    await visit.studio.app.image_service.mark(Marks(rejected=True), batch.pictures[0].id)
    await until(lambda: batch.pictures[0].rejected)
    visit.click("side-by-side")
    first = [identity[-3:] for identity in table(visit).props["first"]]
    assert first == ["003", "004", "005", "006", "007", "008", "009", "010", "011"]


async def test_who_may_only_view_and_mark_is_offered_no_trash(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    caller = Caller(Role.VIEW, "192.0.2.7", "Phone")
    monkeypatch.setattr(pages, "caller_of", lambda _: caller)
    await visit.open(f"/batch/{batch.batch_id}")
    choose(visit, 0, 1)
    visit.click("side-by-side")
    assert table(visit).props["may-delete"] is False
    does(visit, "rate", [told(visit, "id")[0], 2])
    await until(lambda: batch.pictures[0].rating == 2)
