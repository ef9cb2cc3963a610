"""One picture in the whole window."""

from typing import Any

from nicegui import ui
from nicegui.elements.label import Label
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison.image_detail import Viewer
from tests.batches.test_extras import asked as several
from tests.faulty_engine import HangWhileSampling
from tests.studio import until
from tests.ui.conftest import Opening, Visit


async def looking(opening: Opening, place: int, **wish: Any) -> tuple[Visit, BatchState]:
    """A person who has clicked on a picture of a batch of three, or of what is wished."""
    visit = await opening("/settings")
    batch = await visit.studio.make(**wish)
    await visit.open(f"/batch/{batch.batch_id}")
    tile = visit.all("comparison-tile")[place]
    (large,) = [e for e in tile.descendants() if "data-focus" in e.props]
    UserInteraction(visit.user, {large}, None).trigger("click")
    return visit, batch


def shown(visit: Visit) -> list[int]:
    """The indexes of the pictures that the open view shows."""
    return [
        picture["index"]
        for viewer in visit.inside(visit.one("image-detail"), Viewer)
        for picture in viewer.props["pictures"]
    ]


def press(visit: Visit, key: str) -> None:
    """Press the control of the open view that claims this key."""
    found = [e for e in visit.one("image-detail").descendants() if e.props.get("data-key") == key]
    UserInteraction(visit.user, set(found), None).trigger("click")


async def test_arrows_go_through_the_batch_and_stop_at_its_ends(opening: Opening) -> None:
    visit, _ = await looking(opening, 1)
    for key, expected in (
        ("ArrowLeft", 1),
        ("ArrowLeft", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 3),
        ("ArrowRight", 3),
    ):
        press(visit, key)
        assert shown(visit) == [expected]
    said = [label.text for label in visit.inside(visit.one("image-detail"), Label)]
    assert "Image 3 of 3" in said


async def test_stars_are_given_and_taken_away(opening: Opening) -> None:
    visit, batch = await looking(opening, 0)
    press(visit, "4")
    await until(lambda: batch.pictures[0].rating == 4)
    press(visit, "0")
    await until(lambda: batch.pictures[0].rating == 0)


async def test_after_a_deletion_the_neighbour_is_shown_and_after_the_last_the_view_closes(
    opening: Opening,
) -> None:
    visit, batch = await looking(opening, 1)
    press(visit, "Delete")
    await until(lambda: shown(visit) == [3])
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: shown(visit) == [2])
    assert len(batch.pictures) == 3
    for picture in batch.pictures:
        await visit.studio.app.image_service.delete_image(picture.id)
    with visit.page:
        (dialog,) = (d for d in visit.one("image-detail").ancestors() if isinstance(d, ui.dialog))
    await until(lambda: not dialog.value)


async def test_while_its_batch_runs_a_picture_cannot_be_deleted(opening: Opening) -> None:
    visit = await opening("/settings", HangWhileSampling(prompt=2))
    batch = await visit.studio.start()
    await visit.open(f"/batch/{batch.batch_id}")
    await visit.open_picture()
    press(visit, "Delete")
    await until(lambda: bool(visit.all("server-error")))
    assert batch.completed_images == 1


async def test_what_was_made_beside_it_is_shown_and_opens(opening: Opening) -> None:
    visit, batch = await looking(opening, 1, **several())
    links = [e.props["href"] for e in visit.one("extras").descendants() if "href" in e.props]
    assert links == [extra.url for extra in batch.pictures[1].extras]
    summary = visit.inside(visit.one("completion-summary"), Label)
    assert any("4 further pictures are kept" in label.text for label in summary)
