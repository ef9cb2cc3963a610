"""Find it: all pictures as one grid. What the browser does with it is told in ``tests/e2e``."""

import io
import json
import re
import zipfile
from typing import Any
from urllib.parse import urlencode

import pytest
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import Marks
from batchgen_app.core.state import BatchState
from batchgen_app.services.values import ImageOrder
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.image_grid import ImageGrid, unpacked
from batchgen_app.ui.gallery.listing import MOST
from batchgen_app.ui.gallery.view import View
from batchgen_app.ui.parts.chosen import MOST as MOST_CHOICES
from batchgen_app.ui.parts.chosen import Chosen
from batchgen_app.ui.parts.toast import undos_here
from batchgen_app.ui.parts.undo import Undos
from tests.faulty_engine import Hold, Moment
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_theme import toasted

PAGE = "/gallery?view=images"
LANDSCAPES = "demo-landscapes.safetensors"


async def fox_and_sea(opening: Opening) -> tuple[Visit, BatchState, BatchState]:
    """All pictures of two batches, on an open page."""
    visit = await opening("/settings")
    fox = await visit.studio.make(prompt="A red Fox", batchCount=2)
    sea = await visit.studio.make(prompt="a calm sea", batchCount=3, model=LANDSCAPES)
    await visit.open(PAGE)
    return visit, fox, sea


def ids(batch: BatchState) -> list[str]:
    """Of its pictures, as they stand in the grid: the last one first."""
    return [picture.id for picture in reversed(batch.pictures)]


async def asked(visit: Visit, what: str = "", /, **asked: object) -> Any:
    """What the browser is told when it asks for pictures."""
    answer = await visit.user.http_client.get(f"/gallery/images{what}?{urlencode(asked)}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def found(visit: Visit, **given: object) -> list[str]:
    """The ids of the pictures that it is told."""
    return [image["id"] for image in (await asked(visit, **given))["images"]]


def grid(visit: Visit) -> ImageGrid:
    """The grid of the open page."""
    with visit.page:
        (made,) = (e for e in visit.page.elements.values() if isinstance(e, ImageGrid))
    return made


def told(visit: Visit, event: str, args: Any) -> None:
    """What the browser says that a person does."""
    UserInteraction(visit.user, {grid(visit)}, None).trigger(event, args)


def undos(visit: Visit) -> Undos:
    """What can be taken back on the open page; its turn is held while something is done."""
    with visit.page:
        return undos_here()


async def marks(visit: Visit, image: str) -> tuple[bool, int, bool]:
    """What is thought of a picture: favourite, stars, rejected."""
    kept = await visit.studio.app.storage.gallery.image(image)
    assert kept
    return kept.favourite, kept.rating, kept.rejected


async def test_any_part_of_what_is_found_can_be_had(opening: Opening) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    everything = [*ids(sea), *ids(fox)]
    first = await asked(visit)
    assert [image["id"] for image in first["images"]] == everything
    assert (first["offset"], first["total"], first["anchor"]) == (0, 5, None)
    assert first["bytes"] == sum(p.bytes for batch in (fox, sea) for p in batch.pictures)
    assert await found(visit, offset=2, limit=2) == everything[2:4]
    assert await found(visit, offset=5) == []
    assert await found(visit, sort="oldest") == everything[::-1]
    around = await asked(visit, anchor=everything[3], page=2, limit=2, offset=0)
    assert (around["offset"], around["anchor"]) == (2, 3)
    assert [image["id"] for image in around["images"]] == everything[2:4]
    gone = await asked(visit, anchor="20200101-000000-000000-0000-001", page=2, limit=1, offset=1)
    assert (gone["offset"], gone["anchor"]) == (1, None)
    assert (await asked(visit, "/ids", limit=5))["ids"] == everything
    assert (await asked(visit, "/ids", offset=1, limit=2))["ids"] == everything[1:3]
    ((month, count),) = (await asked(visit, "/months"))["months"]
    assert (month, count) == (f"{fox.created_at.astimezone():%Y-%m}", 5)


async def test_all_filters_of_the_page_hold_for_pictures_too(opening: Opening) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    await visit.studio.app.image_service.mark(Marks(favourite=True), sea.pictures[0].id)
    day = fox.created_at.astimezone().date().isoformat()
    assert await found(visit, q="FOX") == ids(fox)
    assert await found(visit, q="red -fox") == []
    assert await found(visit, model=LANDSCAPES) == ids(sea)
    assert await found(visit, model=LANDSCAPES, q="fox") == []
    assert await found(visit, model=LANDSCAPES, q='"calm se') == ids(sea)
    assert await found(visit, favourites="true") == [sea.pictures[0].id]
    assert len(await found(visit, **{"from": day, "to": day})) == 5
    assert await found(visit, to="2020-02-02") == []


@pytest.mark.parametrize(
    "senseless",
    [{"offset": "-1"}, {"limit": "x"}, {"sort": "up"}, {"anchor": "?"}, {"offset": "9" * 30}],
)
async def test_what_makes_no_sense_in_an_address_is_passed_over(
    opening: Opening, senseless: dict[str, str]
) -> None:
    visit = await opening(PAGE)
    assert (await asked(visit, **senseless))["total"] == 0
    assert (await asked(visit, limit=MOST * 9))["images"] == []


async def test_pictures_of_several_batches_are_marked_at_once_and_taken_back_at_once(
    opening: Opening,
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    both = {fox.batch_id: [1], sea.batch_id: [2, 3]}
    meant = [fox.pictures[0].id, sea.pictures[1].id, sea.pictures[2].id]
    told(visit, "mark", {"ids": both, "what": "rate", "value": 4})
    await until(lambda: visit.one("undo-last").props["title"].startswith("Undo: 3 images: 4 stars"))
    assert [await marks(visit, image) for image in meant] == [(False, 4, False)] * 3
    assert await marks(visit, fox.pictures[1].id) == (False, 0, False)
    told(visit, "mark", {"ids": {sea.batch_id: [2]}, "what": "reject", "value": 0})
    await until(lambda: "rejected" in visit.one("undo-last").props["title"])
    told(visit, "unmark", sea.pictures[1].id)
    await until(lambda: "4 stars" in visit.one("undo-last").props["title"])
    visit.click("undo-last")
    await until(lambda: toasted(visit) == "Taken back: 3 images: 4 stars")
    assert [await marks(visit, image) for image in meant] == [(False, 0, False)] * 3


async def test_two_presses_of_the_heart_right_after_each_other_leave_nothing(
    opening: Opening,
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    both = {fox.batch_id: [1], sea.batch_id: [2]}
    for _ in range(2):
        told(visit, "mark", {"ids": both, "what": "favourite", "value": 0})
    await until(lambda: "no favourite" in visit.one("undo-last").props["title"])
    assert await marks(visit, fox.pictures[0].id) == (False, 0, False)


async def test_what_is_thrown_away_comes_back_also_where_one_was_gone_already(
    opening: Opening,
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    first, second, third = (picture.id for picture in sea.pictures)
    await visit.studio.app.image_service.delete_images(first)
    told(visit, "delete", {fox.batch_id: [1, 2], sea.batch_id: [1, 3]})
    await until(lambda: "3 images moved" in toasted(visit))
    assert await found(visit) == [second]
    visit.click("undo")
    await until(lambda: (len(sea.pictures), len(fox.pictures)) == (2, 2))
    async with undos(visit).turn:
        assert await found(visit) == [third, second, *ids(fox)]


async def test_nothing_is_thrown_away_of_a_batch_that_runs_and_it_is_said(
    opening: Opening,
) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    visit = await opening(PAGE, hold)
    running = await visit.studio.start(batchCount=3)
    await hold.reached.wait()
    await until(lambda: len(running.pictures) == 1)
    storage = visit.studio.app.storage
    await storage.gallery.catch_up(storage.log)
    told(visit, "delete", {running.batch_id: [1]})
    await until(lambda: "still running" in toasted(visit))
    assert await found(visit) == [running.pictures[0].id]
    hold.released.set()


async def test_what_was_chosen_is_one_zip_with_a_folder_for_each_batch(opening: Opening) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    chosen = Chosen()
    assert chosen.of("guessed") == ()
    names = [chosen.keep([str(number)]) for number in range(MOST_CHOICES + 1)]
    assert (chosen.of(names[0]), chosen.of(names[1])) == ((), ("1",))
    run: list[str] = []
    grid(visit).download = run.append  # type: ignore[method-assign, assignment]
    told(visit, "download", {sea.batch_id: [1], fox.batch_id: [2]})
    await until(lambda: bool(run))
    answer = await visit.user.http_client.get(run[0])
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {name.partition("/")[0] for name in archive.namelist()} == {
            fox.batch_id,
            sea.batch_id,
        }
    assert (await visit.user.http_client.get(f"{run[0]}x")).status_code == 404


async def test_both_views_look_for_the_same_and_the_address_says_which(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    visit.fill("gallery-search", "fox")
    await until(lambda: grid(visit).props["query"] == "q=fox")
    assert visit.one("view-batches").props["href"] == "/gallery?q=fox"
    assert visit.one("view-images").props["aria-current"] == "page"
    visit.fill("gallery-order", ImageOrder.SEED)
    await until(lambda: grid(visit).props["query"] == "q=fox&sort=seed")
    filters = Filters(text="fox", sort=ImageOrder.SEED, view=View.IMAGES)
    assert filters.address == "/gallery?view=images&q=fox&sort=seed"
    told(visit, "found", {"total": 2, "bytes": 1})
    await visit.sees("gallery-stats", "2 of 5 images")
    told(visit, "found", {"total": 0, "bytes": 0})
    await visit.user.should_see(str(words.NOTHING_FOUND))


async def test_each_term_of_the_search_is_a_chip(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    visit.fill("gallery-search", 'red "a fox" rating:>=3')
    await until(lambda: len(visit.all("filter-chip")) == 3)
    filters = Filters(text='red "a fox" rating:>=3')
    assert [text for text, _ in filters.chips()] == ["red", '"a fox"', "rating:>=3"]
    assert filters.chips()[1][1].text == "red rating:>=3"


def test_ids_come_from_a_browser_in_any_shape_and_nothing_else_does() -> None:
    assert unpacked("a-001") == ["a-001"]
    assert unpacked(["a-001", 7, None]) == ["a-001"]
    assert unpacked({"a": [1, 12, 0, -3, "x", 5000], "b": 3}) == ["a-001", "a-012"]
    assert unpacked(None) == []


async def test_the_page_brings_its_first_pictures_along(opening: Opening) -> None:
    visit, _, sea = await fox_and_sea(opening)
    named = await visit.studio.make(prompt="sea </script> of <b>", batchCount=2)
    page = (await visit.user.http_client.get(f"{PAGE}&q=sea")).text
    brought = re.search(r'id="first-images">(.*?)</script>', page)
    assert brought
    told = json.loads(brought[1])
    assert told["query"] == "q=sea"
    assert told["answer"] == await asked(visit, q="sea")
    assert [image["id"] for image in told["answer"]["images"]] == [*ids(named), *ids(sea)]
    for image in told["answer"]["images"]:
        assert f'<link rel="preload" as="image" href="{image["thumbnail"]}">' in page
