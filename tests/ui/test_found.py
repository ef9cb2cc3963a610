"""Find it: what is gone through in large, from picture to picture of all batches."""

from collections.abc import Sequence
from typing import Any

import pytest
from nicegui import ui
from nicegui.elements.label import Label
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import GeneratedImage, Marks
from batchgen_app.core.found_image import FoundImage
from batchgen_app.services.values import ImagePage
from batchgen_app.ui.comparison.large_view import LargeView
from batchgen_app.ui.gallery import found
from batchgen_app.ui.gallery.found import Found, merged
from batchgen_app.ui.gallery.found_view import FoundView
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_all_images import PAGE, fox_and_sea, ids, told
from tests.ui.test_theme import toasted
from tests.ui.test_undo import picture


def named(names: str) -> list[FoundImage]:
    return [FoundImage.model_validate({**dict(picture()), "id": name}) for name in names]


@pytest.mark.parametrize(
    ("before", "fresh", "stays", "after"),
    [
        ("abcd", "acd", "b", "abcd"),
        ("abcd", "bcd", "a", "abcd"),
        ("abcd", "xbcd", "a", "xabcd"),
        ("abcd", "ad", "bc", "abcd"),
        ("abcd", "cdef", "b", "bcdef"),
        ("abcd", "", "bd", "bd"),
        ("abcd", "axbcd", "", "axbcd"),
        ("", "abc", "", "abc"),
    ],
)
def test_what_stays_stands_where_it_stood(before: str, fresh: str, stays: str, after: str) -> None:
    kept = {one.id: one for one in named(stays)}
    assert "".join(one.id for one in merged(list(before), named(fresh), kept)) == after


async def looking(visit: Visit, image: str, query: str = "") -> FoundView:
    """A person who has opened a picture of the grid."""
    told(visit, "open", {"id": image, "query": query})
    await until(lambda: bool(visit.all("image-detail")))
    (view,) = visit.inside(visit.one("image-detail"), FoundView)
    return view


def strip(visit: Visit) -> LargeView:
    (view,) = visit.inside(visit.one("image-detail"), LargeView)
    return view


def keys(visit: Visit) -> list[str]:
    """The ids of the pictures that the browser knows."""
    return [told["key"] for told in strip(visit).props["pictures"]]


def tells(visit: Visit, event: str, args: Any) -> None:
    UserInteraction(visit.user, {strip(visit)}, None).trigger(event, args)


def says(visit: Visit) -> list[str]:
    return [label.text for label in visit.inside(visit.one("image-detail"), Label)]


def press(visit: Visit, key: str) -> None:
    found = [e for e in visit.one("image-detail").descendants() if e.props.get("data-key") == key]
    UserInteraction(visit.user, set(found), None).trigger("click")


async def rate(visit: Visit, stars: Sequence[int], pictures: Sequence[GeneratedImage]) -> None:
    for given, one in zip(stars, pictures, strict=True):
        await visit.studio.app.image_service.mark(Marks(rating=given), one.id)


async def test_keys_after_an_arrow_mean_the_picture_of_the_other_batch(opening: Opening) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    view = await looking(visit, ids(sea)[2])
    assert keys(visit) == [*ids(sea), *ids(fox)]
    await until(lambda: "3 of 5 · image 1 of its batch" in says(visit))
    tells(visit, "see", ids(fox)[0])
    press(visit, "4")
    await until(lambda: [p.rating for p in fox.pictures] == [0, 4])
    await until(lambda: view.batch is not None and view.batch.batch_id == fox.batch_id)
    assert visit.one("open-batch").props["href"] == f"/batch/{fox.batch_id}"
    for nothing in ("nobody", 3, None):
        tells(visit, "see", nothing)
        assert view.at == ids(fox)[0]
    tells(visit, "keep", ids(fox)[0])
    await until(lambda: fox.pictures[1].favourite)
    await until(lambda: "Image 2 is a favourite." in toasted(visit))


async def test_in_the_order_of_stars_a_mark_leads_nobody_elsewhere(opening: Opening) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    await rate(visit, (5, 4, 3), sea.pictures)
    await rate(visit, (2, 1), fox.pictures)
    by_stars = [picture.id for picture in (*sea.pictures, *fox.pictures)]
    view = await looking(visit, by_stars[2], "sort=rating")
    assert keys(visit) == by_stars
    press(visit, "0")
    await until(lambda: strip(visit).props["pictures"][2]["rating"] == 0)
    assert (keys(visit), view.at) == (by_stars, by_stars[2])
    press(visit, "Delete")
    await until(lambda: view.at == by_stars[3])
    await until(lambda: bool(visit.all("undo")))
    visit.click("undo")
    await until(lambda: view.at == by_stars[2])


async def test_a_mark_that_is_given_while_others_are_asked_for_keeps_its_place(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    everything = [*ids(sea), *ids(fox)]
    view = await looking(visit, everything[3], "q=rating:0")
    marked, page = everything[2], Found._page

    async def marked_meanwhile(looks: Found, place: int) -> ImagePage:
        await visit.studio.app.image_service.mark(Marks(rating=2), marked)
        return await page(looks, place)

    monkeypatch.setattr(Found, "_page", marked_meanwhile)
    view.look_again()
    await until(lambda: sea.pictures[0].rating == 2)
    await until(lambda: not view._is_busy)
    assert keys(visit) == everything
    assert strip(visit).props["total"] == len(everything)


async def test_only_those_around_the_one_that_is_seen_are_known(
    opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found, "SIDE", 3)
    monkeypatch.setattr(found, "NEAR", 2)
    visit = await opening("/settings")
    batches = [await visit.studio.make(prompt=f"number {n}", batchCount=8) for n in range(2)]
    await visit.open(PAGE)
    everything = [*ids(batches[1]), *ids(batches[0])]
    view = await looking(visit, everything[0])
    assert (keys(visit), strip(visit).props["start"]) == (everything[:7], 0)
    tells(visit, "see", everything[5])
    await until(lambda: keys(visit) == everything[2:9])
    assert strip(visit).props["start"] == 2
    tells(visit, "reach", 99)
    await until(lambda: view.at == everything[15])
    assert keys(visit) == everything[12:]
    await visit.studio.app.image_service.delete_images(*everything[12:])
    await until(lambda: view.at == everything[11])
    assert strip(visit).props["total"] == 12
    tells(visit, "reach", -1)
    await until(lambda: view.at == everything[0])
    assert strip(visit).props["wanted"][0] == everything[0]


async def test_who_is_led_to_a_picture_that_is_gone_sees_the_others(opening: Opening) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    gone = fox.pictures[0].id
    await visit.studio.app.image_service.delete_images(gone)
    await visit.open(f"{PAGE}&image={gone}")
    await until(lambda: "not there any more" in toasted(visit))
    assert not visit.all("image-detail")
    await visit.open(f"{PAGE}&q=fox&image={sea.pictures[1].id}")
    (left,) = fox.pictures
    assert keys(visit) == [sea.pictures[1].id, left.id], "where it would stand"
    with visit.page:
        (dialog,) = (d for d in visit.one("image-detail").ancestors() if isinstance(d, ui.dialog))
    await visit.studio.app.image_service.delete_images(left.id, sea.pictures[1].id)
    await until(lambda: not dialog.value)
