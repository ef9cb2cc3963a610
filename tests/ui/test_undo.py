"""What was done on a page is taken back, the last thing first; and only what is still as it was."""

from datetime import UTC, datetime
from typing import Any

from nicegui import ElementFilter, ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.ui.parts.toast import Messages
from batchgen_app.ui.parts.undo import Deed, Undos, alike, is_still, replaced
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_comparison import choosing, press
from tests.ui.test_theme import toasted


def picture(**marks: Any) -> GeneratedImage:
    about = {"id": "b-001", "batchId": "b", "index": 1, "seed": 1, "filename": "001_1.png"}
    where = {"url": "/1", "thumbnailUrl": "/1/thumbnail", "bytes": 1}
    made = {"createdAt": datetime(2026, 11, 1, tzinfo=UTC)}
    return GeneratedImage.model_validate({**about, **where, **made, **marks})


async def nothing() -> str | None:
    return None


def deed(text: str, **before: Marks) -> Deed:
    return Deed(text, nothing, Marks(rating=4), before)


def test_the_last_thing_comes_first_and_what_failed_keeps_its_place() -> None:
    undos = Undos()
    first, second, third = deed("first"), deed("second"), deed("third")
    for one in (first, second, third):
        undos.add(one)
    assert undos.last is third
    place = undos.drop(second)
    undos.drop(third)
    assert undos.last is first
    undos.put_back(second, place)
    assert undos.last is second
    undos.drop(third)  # it is no longer there
    assert undos.last is second


def test_of_a_mark_of_many_each_can_be_taken_back_alone() -> None:
    undos = Undos()
    of_one, of_many = deed("one", a=Marks(rating=1)), deed("many", a=Marks(), b=Marks())
    undos.add(of_one)
    undos.add(of_many)
    assert undos.marked == {"a", "b"}
    assert undos.last_of("a") is of_many
    undos.forget(of_many, "a")
    assert undos.last_of("a") is of_one
    assert undos.last is of_many
    undos.forget(of_many, "b")
    assert undos.last is of_one
    assert undos.marked == {"a"}


def test_only_what_is_new_is_remembered_and_only_what_is_unchanged_comes_back() -> None:
    given = Marks(rating=4, favourite=True)
    before = replaced(picture(rating=2, favourite=True), given)
    assert before == Marks(rating=2)
    assert is_still(picture(rating=4, favourite=False), given, before)
    assert not is_still(picture(rating=5, favourite=True), given, before)
    assert not is_still(None, given, before)


def test_tags_come_back_as_they_were() -> None:
    given = Marks(tags=("fox", "Nacht"))
    before = replaced(picture(tags=["fox"]), given)
    assert before == Marks(tags=("fox",))
    assert replaced(picture(), given) == Marks(tags=())
    assert is_still(picture(tags=["fox", "Nacht"]), given, before)
    assert not is_still(picture(tags=["Nacht", "fox"]), given, before)
    assert replaced(picture(tags=["fox", "Nacht"]), given) == Marks()


def test_pictures_that_had_the_same_marks_come_back_in_one_request() -> None:
    before = {"a": Marks(rating=0), "b": Marks(rating=2), "c": Marks(rating=0)}
    assert alike(before, "abc") == [(Marks(rating=0), ["a", "c"]), (Marks(rating=2), ["b"])]


async def idle(visit: Visit) -> None:
    await until(lambda: visit.one("undo-last").props["aria-hidden"] == "true")


async def test_marks_are_taken_back_one_by_one_and_the_button_says_which_is_next(
    opening: Opening,
) -> None:
    visit, batch = await choosing(opening)
    await idle(visit)
    press(visit, "favourite", 0)
    press(visit, "favourite", 0)  # before the page shows the first one
    press(visit, "reject", 1)
    await until(lambda: [p.rejected for p in batch.pictures] == [False, True, False])
    assert not batch.pictures[0].favourite
    title = "Undo: Image 2: rejected (Ctrl/⌘ + Z)"
    await until(lambda: visit.one("undo-last").props["title"] == title)
    visit.click("undo-last")
    await until(lambda: not batch.pictures[1].rejected)
    visit.click("undo-last")
    await until(lambda: batch.pictures[0].favourite)
    visit.click("undo-last")
    await until(lambda: not batch.pictures[0].favourite)
    await idle(visit)
    # Of several in a row, what was taken back last is said; pictures are not hidden by the others.
    await visit.user.should_see("Taken back: Image 1: favourite")
    assert len(visit.all("toast")) == 1


async def test_a_deletion_is_taken_back_also_when_its_message_is_gone(opening: Opening) -> None:
    visit, batch = await choosing(opening)
    tile = visit.all("comparison-tile")[1]
    (bin_,) = (b for b in visit.inside(tile, ui.button) if b.props.get("data-key") == "Delete")
    UserInteraction(visit.user, {bin_}, None).trigger("click")
    await until(lambda: "Image 2 is in the trash." in toasted(visit))
    with visit.page:
        (messages,) = ElementFilter(kind=Messages, local_scope=False)
    messages.over(messages.shown[-1])
    assert not visit.all("toast")
    visit.click("undo-last")
    await until(lambda: "Taken back: Image 2 is in the trash." in toasted(visit))
    assert len(batch.pictures) == 3
    await idle(visit)


async def test_taking_back_leaves_alone_what_somebody_else_has_changed_since(
    opening: Opening,
) -> None:
    visit, batch = await choosing(opening)
    press(visit, "reject", 0)
    await until(lambda: batch.pictures[0].rejected)
    for rejected in (False, True):
        marks = Marks(rejected=rejected, rating=3)
        await visit.studio.app.image_service.mark(marks, batch.pictures[0].id)
    press(visit, "take-back", 0)
    await until(lambda: not batch.pictures[0].rejected)
    assert batch.pictures[0].rating == 3
    press(visit, "reject", 0)
    await until(lambda: batch.pictures[0].rejected)
    await visit.studio.app.image_service.mark(Marks(rejected=False), batch.pictures[0].id)
    visit.click("undo-last")
    await until(lambda: "It was changed elsewhere since" in toasted(visit))
    await idle(visit)


async def test_what_is_gone_from_the_trash_keeps_nothing_else_from_coming_back(
    opening: Opening,
) -> None:
    visit, batch = await choosing(opening)
    press(visit, "favourite", 0)
    await until(lambda: batch.pictures[0].favourite)
    ids = [picture.id for picture in batch.pictures[1:]]
    await visit.studio.app.image_service.mark(Marks(rejected=True), *ids)
    await until(lambda: visit.one("trash-rejected").visible)
    visit.click("trash-rejected")
    await until(lambda: toasted(visit) == "2 images are in the trash.")
    name = batch.images[1].in_trash.filename  # type: ignore[union-attr]
    (lost,) = visit.studio.folder.glob(f"images/**/{name}")
    lost.unlink()
    visit.click("undo-last")
    await visit.user.should_see(f"The file {name} is gone from the trash.")
    assert [picture.index for picture in batch.pictures] == [1, 3]
    visit.click("undo-last")
    await until(lambda: not batch.pictures[0].favourite)
    await idle(visit)
