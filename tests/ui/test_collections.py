"""Collections on the pages: pictures are put into them and taken out, and what was done is taken
back, but never over what somebody else has changed since.
"""

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import Marks
from batchgen_app.core.state import BatchState
from batchgen_app.core.tags import TagChange
from batchgen_app.services.values import Retagged
from batchgen_app.ui.parts.collecting import collection_address
from batchgen_app.ui.parts.tagging import ways_back
from tests.services.test_collections import HARD_NAMES, adding
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_comparison import choosing, press, tick
from tests.ui.test_theme import toasted


def tags(batch: BatchState) -> list[tuple[str, ...]]:
    return [picture.tags for picture in batch.pictures]


def enter(visit: Visit, name: str) -> None:
    """As a browser tells what stands in the field."""
    visit.trigger("collection-name", "keydown.enter", name)


async def asked(visit: Visit) -> None:
    await until(lambda: bool(visit.all("collection-name")))


async def gone(visit: Visit) -> None:
    (dialog,) = (e for e in visit.one("collection-name").ancestors() if isinstance(e, ui.dialog))
    await until(lambda: not dialog.value)
    UserInteraction(visit.user, {dialog}, None).trigger("hide")
    assert not visit.all("collection-name")


async def tagged(visit: Visit, batch: BatchState, *names: str) -> None:
    do = visit.studio.app.image_service
    await do.tag(adding(*names), *(picture.id for picture in batch.pictures))


def choices(visit: Visit) -> list[str]:
    """The names of the collections that are offered."""
    return [
        next(str(part.text) for part in one.descendants() if getattr(part, "text", ""))  # type: ignore[attr-defined]
        for one in visit.all("collection-choice")
    ]


def collect(visit: Visit, place: int = 0) -> None:
    press(visit, "collect", place)


async def test_what_is_chosen_is_put_into_a_new_collection_and_back(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    for place in (0, 2):
        tick(visit, place)
    await until(lambda: bool(visit.all("selection-bar")))
    (bar,) = visit.all("selection-bar")
    (button,) = [e for e in bar.descendants() if e.props.get("data-testid") == "collect"]
    UserInteraction(visit.user, {button}, None).trigger("click")
    await asked(visit)
    assert visit.texts("collecting-count") == ["2 images"]
    enter(visit, "  For  the wall ")
    await until(lambda: tags(batch) == [("For the wall",), (), ("For the wall",)])
    await until(lambda: "2 images added to “For the wall”." in toasted(visit))
    await gone(visit)
    await visit.studio.app.image_service.mark(
        Marks(tags=("x", "For the wall")), batch.pictures[2].id
    )
    visit.click("undo-last")
    await until(lambda: tags(batch) == [(), (), ("x",)])


async def test_those_that_there_are_are_offered_as_one_types(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    await tagged(visit, batch, "Night shot", "Print", "shopping")
    collect(visit)
    await asked(visit)
    assert choices(visit) == ["Night shot", "Print", "shopping"]
    visit.fill("collection-name", "SHO")
    await until(lambda: choices(visit) == ["shopping", "Night shot"])
    assert visit.texts("collection-new") == ["New collection “SHO”"]
    visit.fill("collection-name", "print")
    await until(lambda: choices(visit) == ["Print"])
    assert not visit.all("collection-new")


async def test_a_name_that_is_typed_is_written_as_it_is_there(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    await visit.studio.app.image_service.tag(adding("Für Anna"), batch.pictures[0].id)
    collect(visit, 1)
    await asked(visit)
    enter(visit, "fur ANNA")
    await until(lambda: tags(batch)[1] == ("Für Anna",))
    await gone(visit)
    collect(visit, 1)
    await asked(visit)
    press(visit, "collection-choice", 0)
    await until(lambda: "All of them are in it already." in toasted(visit))


async def test_what_the_chosen_are_in_is_taken_away_where_it_is_asked(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    await tagged(visit, batch, "all of them")
    await visit.studio.app.image_service.tag(adding("one"), batch.pictures[0].id)
    collect(visit)
    await asked(visit)
    await until(lambda: len(visit.all("tag-chip")) == 2)
    press(visit, "take-out", 0)
    await until(lambda: tags(batch)[0] == ("one",))
    await until(lambda: len(visit.all("tag-chip")) == 1)
    assert visit.all("collection-name")  # it is still asked
    visit.click("undo-last")
    await until(lambda: set(tags(batch)[0]) == {"one", "all of them"})


async def test_what_cannot_be_given_is_said_and_nothing_is_lost(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    full = tuple(f"tag {number}" for number in range(50))
    await visit.studio.app.image_service.mark(Marks(tags=full), batch.pictures[0].id)
    collect(visit)
    await asked(visit)
    enter(visit, "   ")
    enter(visit, "one more")
    await until(lambda: "has 50 tags already" in toasted(visit))
    assert visit.all("collection-name")
    assert tags(batch) == [full, (), ()]


async def test_in_large_the_collections_of_a_picture_are_chips(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    await visit.studio.app.image_service.tag(adding("wall", 'the "best"'), batch.pictures[0].id)
    await visit.open(f"/batch/{batch.batch_id}")
    tile = visit.all("comparison-tile")[0]
    (large,) = [e for e in tile.descendants() if e.props.get("data-place")]
    UserInteraction(visit.user, {large}, None).trigger("click")
    await until(lambda: bool(visit.all("image-detail")))
    links = [e for e in visit.one("tags").descendants() if "href" in e.props]
    assert [link.props["href"] for link in links] == [
        collection_address("wall"),
        collection_address('the "best"'),
    ]
    press(visit, "take-out", 0)
    await until(lambda: tags(batch)[0] == ('the "best"',))
    await until(lambda: len(visit.all("tag-chip")) == 1)


def test_what_was_changed_together_is_taken_back_together() -> None:
    changed = [
        Retagged("a-001", ("x",), ("x", "new")),
        Retagged("a-002", (), ("new",)),
        Retagged("a-003", ("old", "y"), ("new", "y")),
        Retagged("a-004", ("night",), ("Night",)),
    ]
    assert ways_back(changed) == [
        (TagChange(remove=("new",), only_with=("new",)), ["a-001", "a-002"]),
        (TagChange(add=("old",), remove=("new",), only_with=("new",)), ["a-003"]),
        (TagChange(add=("night",), remove=("Night",), only_with=("Night",)), ["a-004"]),
    ]


async def test_collections_are_seen_renamed_and_removed_and_it_is_taken_back(
    opening: Opening,
) -> None:
    visit, batch = await choosing(opening)
    await visit.open("/gallery?view=collections")
    await visit.user.should_see("No collections yet")
    await tagged(visit, batch, "wall", *HARD_NAMES)
    await until(lambda: len(visit.all("collection")) == len(HARD_NAMES) + 1)
    visit.fill("collection-search", "WAL")
    await until(lambda: len(visit.all("collection")) == 1)
    visit.click("collection-rename")
    await asked(visit)
    visit.fill("collection-name", "print")
    visit.click("agree")
    await until(lambda: all(given[0] == "print" for given in tags(batch)))
    await until(lambda: "“wall” is called “print” now." in toasted(visit))
    visit.click("undo-last")
    await until(lambda: all(given[0] == "wall" for given in tags(batch)))
    await until(lambda: len(visit.all("collection")) == 1)
    visit.click("collection-remove")
    await until(lambda: all("wall" not in given for given in tags(batch)))
    await until(lambda: not visit.all("collection"))
    visit.click("undo-last")
    await until(lambda: all("wall" in given for given in tags(batch)))
