"""One picture in the whole window."""

from typing import Any

from nicegui import ui
from nicegui.elements.label import Label
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import Marks
from batchgen_app.core.state import BatchState
from batchgen_app.demo import demo_models
from batchgen_app.ui.comparison.image_detail import Detail
from batchgen_app.ui.comparison.large_view import LargeView
from batchgen_app.ui.parts.controls import CopyButton
from tests.batches.test_extras import asked as several
from tests.faulty_engine import HangWhileSampling, Hold, Moment
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_comparison import choosing


async def looking(opening: Opening, place: int, **wish: Any) -> tuple[Visit, BatchState]:
    """A person who has clicked on a picture of a batch of three, or of what is wished."""
    visit = await opening("/settings")
    batch = await visit.studio.make(**wish)
    await visit.open(f"/batch/{batch.batch_id}")
    open_tile(visit, place + 1)
    return visit, batch


def open_tile(visit: Visit, index: int) -> None:
    """Click on the picture of a tile."""
    (tile,) = [t for t in visit.all("comparison-tile") if t.props["data-index"] == str(index)]
    (large,) = [e for e in tile.descendants() if "data-focus" in e.props]
    UserInteraction(visit.user, {large}, None).trigger("click")


def shown(visit: Visit) -> int:
    """The index of the picture that the open view shows."""
    (detail,) = visit.inside(visit.one("image-detail"), Detail)
    at: int = detail.at
    return at


def strip(visit: Visit) -> LargeView:
    """The part of the open view that the browser draws by itself."""
    (view,) = visit.inside(visit.one("image-detail"), LargeView)
    return view


def browser_tells(visit: Visit, event: str, index: object) -> None:
    """That another picture is seen there, or what a swipe said of one."""
    UserInteraction(visit.user, {strip(visit)}, None).trigger(event, index)


def says(visit: Visit) -> list[str]:
    """What stands beside the picture."""
    return [label.text for label in visit.inside(visit.one("image-detail"), Label)]


def press(visit: Visit, key: str) -> None:
    """Press the control of the open view that claims this key."""
    found = [e for e in visit.one("image-detail").descendants() if e.props.get("data-key") == key]
    UserInteraction(visit.user, set(found), None).trigger("click")


async def test_a_double_click_opens_one_view(opening: Opening) -> None:
    visit, _ = await looking(opening, 1)
    open_tile(visit, 2)
    assert shown(visit) == 2
    visit.click("select-all")
    visit.click("side-by-side")
    assert not visit.all("side-by-side-view")


async def test_what_stands_beside_the_picture_follows_the_one_that_the_browser_shows(
    opening: Opening,
) -> None:
    visit, batch = await looking(opening, 1)
    assert "Image 2 of 3" in says(visit)
    browser_tells(visit, "see", 3)
    assert "Image 3 of 3" in says(visit)
    press(visit, "4")  # at once after the arrow: it is meant for the picture that is seen by now
    await until(lambda: [picture.rating for picture in batch.pictures] == [0, 0, 4])
    for nothing in (0, 4, -1, "3", None):
        browser_tells(visit, "see", nothing)
        assert shown(visit) == 3


async def test_the_strip_has_the_pictures_of_a_batch_that_still_runs_as_they_come(
    opening: Opening,
) -> None:
    second = Hold(prompt=2, moment=Moment.SAMPLING)
    visit = await opening("/settings", second)
    batch = await visit.studio.start()
    await visit.open(f"/batch/{batch.batch_id}")
    await visit.open_picture()
    assert [picture["index"] for picture in strip(visit).props["pictures"]] == [1]
    visit.studio.faults.release()
    await until(lambda: len(strip(visit).props["pictures"]) == 3)
    assert shown(visit) == 1


async def test_a_swipe_keeps_or_rejects_and_each_can_be_taken_back(opening: Opening) -> None:
    visit, batch = await looking(opening, 0)

    def marks() -> tuple[bool, bool]:
        return batch.pictures[1].favourite, batch.pictures[1].rejected

    browser_tells(visit, "keep", 2)
    await until(lambda: marks() == (True, False))
    browser_tells(visit, "reject", 2)
    await until(lambda: marks() == (False, True))
    await until(lambda: strip(visit).props["pictures"][1]["rejected"])
    await until(lambda: any("Image 2 is rejected." in text for text in page_says(visit)))
    visit.click("undo")
    await until(lambda: marks() == (True, False))
    visit.click("undo")
    await until(lambda: marks() == (False, False))


def page_says(visit: Visit) -> list[str]:
    """What the messages of the page say."""
    return [label.text for label in visit.inside(visit.one("toast"), Label)]


async def test_stars_are_given_and_taken_away(opening: Opening) -> None:
    visit, batch = await looking(opening, 0)
    press(visit, "4")
    await until(lambda: batch.pictures[0].rating == 4)
    press(visit, "0")
    await until(lambda: batch.pictures[0].rating == 0)


async def test_all_that_the_file_tells_can_be_copied_and_used_again(opening: Opening) -> None:
    lora = {"name": demo_models()["loras"][0], "strength": 0.5}
    visit, batch = await looking(opening, 1, loras=[lora])
    shown = batch.pictures[1]
    folder = visit.studio.folder / "images" / "batches" / batch.batch_id
    prompt, seed, everything = (
        button.props["text"] for button in visit.inside(visit.one("reuse"), CopyButton)
    )
    assert (prompt, seed) == ("a red fox", str(shown.seed))
    assert everything == (folder / shown.filename).with_suffix(".txt").read_text().rstrip("\n")
    assert f'LoRA 1: "{lora["name"]}:0.5"' in everything
    assert visit.one("use-settings").props["href"] == f"/?like={batch.batch_id}&image=2"
    told = [copy.props["label"] for copy in visit.inside(visit.one("image-detail"), CopyButton)]
    assert any("(0.5)" in label for label in told)


async def test_after_a_deletion_the_neighbour_is_shown_and_after_the_last_the_view_closes(
    opening: Opening,
) -> None:
    visit, batch = await looking(opening, 1)
    press(visit, "Delete")
    await until(lambda: shown(visit) == 3)
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: shown(visit) == 2)
    assert len(batch.pictures) == 3
    for picture in batch.pictures:
        await visit.studio.app.image_service.delete_images(picture.id)
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


async def test_one_goes_through_what_the_comparison_shows_and_a_mark_moves_nothing(
    opening: Opening,
) -> None:
    visit, batch = await choosing(opening, batchCount=4)
    for index, stars in ((2, 3), (3, 5), (4, 4)):
        await visit.studio.app.image_service.mark(Marks(rating=stars), batch.pictures[index - 1].id)
    chips = {e.props["data-filter"]: e for e in visit.all("filter")}
    UserInteraction(visit.user, {chips["rating"]}, None).trigger("click")
    visit.click("sort")
    await until(lambda: len(visit.all("comparison-tile")) == 3)
    open_tile(visit, 3)
    assert going_through(visit) == [3, 4, 2]
    assert "Image 3 · 1 of 3" in says(visit)
    press(visit, "0")
    await until(lambda: batch.pictures[2].rating == 0)
    await until(lambda: strip(visit).props["pictures"][0]["rating"] == 0)
    assert going_through(visit) == [3, 4, 2]
    press(visit, "Delete")
    await until(lambda: shown(visit) == 4)
    assert going_through(visit) == [4, 2]
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: shown(visit) == 3)
    assert going_through(visit) == [3, 4, 2]


def going_through(visit: Visit) -> list[int]:
    """The indexes of the pictures of the open view, in order."""
    return [picture["index"] for picture in strip(visit).props["pictures"]]


async def test_the_last_mark_is_taken_back_also_right_after_an_arrow_and_its_message_goes(
    opening: Opening,
) -> None:
    visit, batch = await looking(opening, 0)
    browser_tells(visit, "reject", 1)
    await until(lambda: batch.pictures[0].rejected)
    await until(lambda: bool(visit.all("toast")))
    browser_tells(visit, "see", 2)
    press(visit, "4")
    await until(lambda: batch.pictures[1].rating == 4)
    browser_tells(visit, "see", 1)
    press(visit, "u")
    await until(lambda: not batch.pictures[0].rejected)
    await until(lambda: page_says(visit) == ["Taken back: Image 1: no favourite, rejected"])
    visit.click("undo-last")
    await until(lambda: batch.pictures[1].rating == 0)
