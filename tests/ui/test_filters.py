"""Among many pictures: which are shown, in which order, which are chosen, and what is done to all
of them at once.
"""

from typing import Any

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import Marks
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison.selection import Selecting, Selection
from batchgen_app.ui.comparison.shown import Shown, Wanted
from tests.faulty_engine import FailAtNode
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_comparison import choosing
from tests.ui.test_theme import toasted
from tests.ui.test_undo import picture

GIVEN = (
    {"rating": 2},
    {"rating": 5, "favourite": True},
    {"rating": 0, "rejected": True},
    {"rating": 4, "rejected": True},
    {"rating": 0},
)


def shown(*marks: dict[str, Any]) -> Shown:
    """Of a batch whose pictures have these marks."""
    made = Shown()
    made.take(tuple(picture(index=index, **given) for index, given in enumerate(marks, 1)))
    return made


def test_wishes_add_up_and_unrated_and_rated_leave_each_other_out() -> None:
    table = shown(*GIVEN)
    assert table.indexes == (1, 2, 3, 4, 5)
    table.want(table.wanted.turned("rated"))
    assert table.indexes == (2, 4)
    table.want(table.wanted.turned("kept"))
    assert table.indexes == (2,)
    table.want(table.wanted.turned("unrated"))
    assert table.indexes == (5,)
    table.want(table.wanted.turned("favourites"))
    assert table.indexes == ()
    assert [table.count(name) for name in ("rated", "favourites", "unrated", "kept")] == [
        2,
        1,
        2,
        3,
    ]
    table.want(table.wanted.cleared)
    assert table.indexes == (1, 2, 3, 4, 5)


def test_the_best_come_first_and_what_has_no_picture_comes_last() -> None:
    table = shown(*GIVEN)
    table.want(Wanted(by_rating=True))
    assert table.indexes == (2, 1, 5, 4, 3)
    places = {index: table.place(index) for index in (2, 3, 9)}
    assert sorted(places, key=places.__getitem__) == [2, 3, 9]


def test_the_selection_follows_what_is_shown() -> None:
    table = shown(*GIVEN)
    selection = Selection(table)
    selection.choose_everything(on=True)
    assert (selection.chosen, selection.is_everything) == ((1, 2, 3, 4, 5), True)
    table.want(Wanted(kept=True))
    assert (selection.chosen, selection.is_everything) == ((1, 2, 5), True)
    table.want(Wanted())
    assert (selection.chosen, selection.is_everything) == ((1, 2, 5), False)
    selection.choose_only(table.of_least)
    assert selection.chosen == (2, 4)


def chip(visit: Visit, name: str) -> ui.element:
    return next(made for made in visit.all("filter") if made.props["data-filter"] == name)


def press(visit: Visit, control: ui.element, event: str = "click", args: object = None) -> None:
    UserInteraction(visit.user, {control}, None).trigger(event, args)


def tiles(visit: Visit) -> list[int]:
    """The indexes of those that are shown, as they stand."""
    found = visit.all("comparison-tile")
    return [int(t.props["data-index"]) for t in sorted(found, key=lambda t: int(t.style["order"]))]


async def judged(opening: Opening) -> tuple[Visit, BatchState]:
    """A page with five pictures and one that failed."""
    visit, batch = await choosing(opening, FailAtNode(prompt=6), batchCount=6)
    for image, given in zip(batch.pictures, GIVEN, strict=True):
        await visit.studio.app.image_service.mark(Marks(**given), image.id)
    await until(lambda: chip(visit, "unrated").text == "Unrated · 2")  # type: ignore[attr-defined]
    return visit, batch


async def test_chips_say_how_many_and_show_only_those(opening: Opening) -> None:
    visit, batch = await judged(opening)
    assert tiles(visit) == [1, 2, 3, 4, 5, 6]
    press(visit, chip(visit, "rating"))
    assert tiles(visit) == [2, 4]
    press(visit, visit.one("least-stars"), "change", "5")
    assert tiles(visit) == [2]
    press(visit, chip(visit, "rating"))
    press(visit, chip(visit, "hide-rejected"))
    press(visit, visit.one("sort"))
    assert tiles(visit) == [2, 1, 5]
    press(visit, chip(visit, "unrated"))
    await visit.studio.app.image_service.mark(Marks(rating=1), batch.pictures[4].id)
    await until(lambda: bool(visit.all("nothing-shown")))
    visit.click("clear-filters")
    await until(lambda: not visit.all("nothing-shown"))
    assert tiles(visit) == [2, 1, 5, 4, 3, 6]


async def test_all_rejected_ones_go_to_the_trash_and_come_back(opening: Opening) -> None:
    visit, batch = await judged(opening)
    assert visit.one("trash-rejected").text == "Move 2 rejected to trash"
    visit.click("trash-rejected")
    await until(lambda: toasted(visit) == "2 images are in the trash.")
    await until(lambda: tiles(visit) == [1, 2, 5, 6] and not visit.all("trash-rejected"))
    visit.click("undo")
    await until(lambda: tiles(visit) == [1, 2, 3, 4, 5, 6])
    assert [p.rejected for p in batch.pictures] == [False, False, True, True, False]


async def test_many_are_chosen_and_marked_at_once_all_or_none(opening: Opening) -> None:
    visit, batch = await judged(opening)
    assert not visit.all("selection-bar")
    (area,) = visit.inside(visit.one("comparison-view"), Selecting)
    for how, indexes in (("toggle", [1, 2]), ("add", [2, 3, 4]), ("toggle", [2])):
        press(visit, area, "choose", {"how": how, "indexes": indexes, "turn": 1})
    assert visit.one("selected-count").text == "3 selected"
    bar = visit.one("selection-bar")
    (heart,) = (b for b in visit.inside(bar, ui.button) if b.props.get("data-key") == "f")
    press(visit, heart)
    await until(lambda: [p.favourite for p in batch.pictures] == [True, True, True, True, False])
    press(visit, area, "choose", {"how": "only", "indexes": [5, 6], "turn": 2})
    assert visit.one("selected-count").text == "1 selected"  # the sixth has no picture
    visit.click("select-none")
    assert not visit.all("selection-bar")
    visit.click("undo-last")
    await until(lambda: [p.favourite for p in batch.pictures] == [False, True, False, False, False])
    press(visit, area, "choose", {"how": "all", "indexes": [], "turn": 3})
    assert visit.one("select-all").value
