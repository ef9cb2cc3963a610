"""Find it: the gallery, from nothing in it to more than a page of it."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from nicegui import ElementFilter, ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.batch import Marks
from batchgen_app.core.events import Event
from batchgen_app.core.signal import Signal
from batchgen_app.core.state import BatchState
from batchgen_app.storage.gallery_query import Order
from batchgen_app.ui import words as common
from batchgen_app.ui.gallery import words
from batchgen_app.ui.gallery.filters import Filters
from batchgen_app.ui.gallery.gallery import PAGE
from batchgen_app.ui.gallery.pile import ON_TOP, Pile
from batchgen_app.ui.parts.controls import Picture
from batchgen_app.ui.parts.fields import Text
from tests.core.stories import completed, queued, started
from tests.faulty_engine import Hold, Moment
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_theme import toasted

LANDSCAPES = "demo-landscapes.safetensors"


def piles(visit: Visit) -> list[Pile]:
    """All piles, as they stand in the grid."""
    grid = visit.one("gallery-grid")
    return [pile for pile in grid.default_slot.children if isinstance(pile, Pile)]


def prompts(visit: Visit) -> list[str]:
    """The prompts of all piles, from the first to the last."""
    return [pile.shown.batch.prompt for pile in piles(visit)]


def thumbnails(visit: Visit, pile: Pile) -> list[Picture]:
    """The pictures that a pile shows."""
    return visit.inside(pile, Picture)


async def fox_and_sea(opening: Opening) -> tuple[Visit, BatchState, BatchState]:
    """The gallery with two batches in it."""
    visit = await opening("/gallery")
    fox = await visit.studio.make(prompt="A red Fox", batchCount=2)
    sea = await visit.studio.make(prompt="a calm sea", batchCount=5, model=LANDSCAPES)
    await visit.open("/gallery")
    assert prompts(visit) == ["a calm sea", "A red Fox"]
    return visit, fox, sea


async def remember(visit: Visit, batches: int) -> None:
    """Batches of two pictures that were made long ago: number 1 is the oldest."""
    storage = visit.studio.app.storage
    for number in range(1, batches + 1):
        event: Event
        for event in (queued(2), started(), completed(1), completed(2)):
            await storage.log.append(event.model_copy(update={"batch_id": f"20200101-{number:06}"}))
    await storage.gallery.catch_up(storage.log)


async def test_an_empty_gallery_says_what_to_do(opening: Opening) -> None:
    visit = await opening("/gallery")
    await visit.user.should_see(str(words.NOTHING_YET))
    await visit.user.should_see(str(words.FIRST_BATCH))
    assert visit.texts("gallery-stats") == ["0 images, 0\N{NO-BREAK SPACE}B"]
    assert not piles(visit)


async def test_batches_are_piles_newest_first_that_lead_to_their_pages(opening: Opening) -> None:
    visit, _, sea = await fox_and_sea(opening)
    newest = piles(visit)[0]
    link = visit.inside(newest, ui.link)[0]
    assert link.props["href"] == f"/batch/{sea.batch_id}"
    assert visit.texts("gallery-stats")[0].startswith("7 images, ")


async def test_a_closed_pile_shows_a_few_pictures_an_open_one_all(opening: Opening) -> None:
    visit, _, sea = await fox_and_sea(opening)
    newest = piles(visit)[0]
    assert len(thumbnails(visit, newest)) == ON_TOP
    press(visit, newest, str(words.SHOW_ALL))
    fan = thumbnails(visit, newest)[ON_TOP:]
    assert [img.props["src"] for img in fan] == [p.thumbnail_url for p in sea.pictures]
    press(visit, newest, str(words.SHOW_LESS))
    assert len(thumbnails(visit, newest)) == ON_TOP


async def test_the_best_picture_lies_in_front_with_its_marks_and_a_rejected_one_never(
    opening: Opening,
) -> None:
    visit, _, sea = await fox_and_sea(opening)
    newest = piles(visit)[0]
    mark = visit.studio.app.image_service.mark

    def on_top() -> list[int]:
        shown = [img.props["src"] for img in thumbnails(visit, newest)]
        return [p.index for src in shown for p in sea.pictures if p.thumbnail_url == src]

    def said() -> list[str]:
        (marks,) = (
            e
            for e in visit.inside(newest, ui.element)
            if e.props.get("data-testid") == "pile-marks"
        )
        return [text.text for text in visit.inside(marks, Text)]

    assert on_top() == [1, 2, 3, 4]
    assert said() == []
    await mark(Marks(rating=3), sea.pictures[1].id, sea.pictures[3].id)
    await until(lambda: on_top() == [2, 4, 1, 3])
    await mark(Marks(favourite=True), sea.pictures[3].id)
    await until(lambda: on_top() == [4, 2, 1, 3])
    assert said() == ["♥", "★★★"]
    await mark(Marks(rejected=True), sea.pictures[3].id)
    await until(lambda: on_top() == [2, 1, 3, 5])
    await mark(Marks(rejected=True), *(picture.id for picture in sea.pictures))
    await until(lambda: on_top() == [4, 2, 1, 3])
    assert said() == ["♥", "★★★", str(common.REJECTED)]


async def test_pictures_load_late_and_say_what_they_are(opening: Opening) -> None:
    visit, _, sea = await fox_and_sea(opening)
    first = thumbnails(visit, piles(visit)[0])[0]
    assert (first.props["loading"], first.props["decoding"]) == ("lazy", "async")
    assert "a calm sea" in first.props["alt"]
    assert str(sea.pictures[0].seed) in first.props["alt"]


async def test_searching_finds_as_one_types_whatever_the_case(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    visit.fill("gallery-search", "FOX")
    await until(lambda: prompts(visit) == ["A red Fox"])
    await visit.sees("gallery-stats", "2 of 7 images")
    visit.fill("gallery-search", "")
    await until(lambda: len(piles(visit)) == 2)
    await visit.sees("gallery-stats", "7 images, ")


async def test_nothing_found_says_so_and_the_filters_can_be_cleared(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    visit.fill("gallery-search", "elephant")
    await until(lambda: sees(visit, str(words.NOTHING_FOUND)))
    assert not piles(visit)
    visit.click("clear-filters")
    await until(lambda: len(piles(visit)) == 2)
    assert visit.one("gallery-search").value == ""
    assert not visit.all("clear-filters")


async def test_filters_are_chips_that_go_one_by_one(opening: Opening) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    await visit.studio.app.image_service.mark(Marks(favourite=True), fox.pictures[0].id)
    visit.fill("filter-model", LANDSCAPES)
    await until(lambda: prompts(visit) == ["a calm sea"])
    visit.click("filter-favourites")
    await until(lambda: not piles(visit))
    assert chips(visit) == ["demo-landscapes", str(words.FAVOURITES)]
    press(visit, visit.all("filter-chip")[0], words.remove_filter("demo-landscapes"))
    await until(lambda: prompts(visit) == ["A red Fox"])
    assert chips(visit) == [str(words.FAVOURITES)]
    assert visit.one("filter-model").value == ""


async def test_days_are_both_included(opening: Opening) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    day = fox.created_at.astimezone().date()
    visit.fill("filter-from", day.isoformat())
    visit.fill("filter-to", day.isoformat())
    await until(lambda: chips(visit) == [common.day(day)])
    assert len(piles(visit)) == 2
    visit.fill("filter-to", "")
    visit.fill("filter-from", (day + timedelta(days=1)).isoformat())
    await until(lambda: not piles(visit))


async def test_an_end_before_the_start_is_pointed_out(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    visit.fill("filter-from", "2026-11-20")
    visit.fill("filter-to", "2026-11-19")
    await until(lambda: visit.texts("field-error") == ["End date must be after start date"])
    visit.fill("filter-to", "2026-11-20")
    await until(lambda: not visit.all("field-error"))


async def test_the_order_can_be_chosen_and_outlives_the_filters(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    visit.fill("gallery-order", Order.OLDEST)
    await until(lambda: prompts(visit) == ["A red Fox", "a calm sea"])
    assert not visit.all("clear-filters")
    visit.fill("gallery-order", Order.PROMPT)
    await until(lambda: prompts(visit) == ["a calm sea", "A red Fox"])
    visit.fill("gallery-search", "fox")
    await until(lambda: prompts(visit) == ["A red Fox"])
    visit.click("clear-filters")
    await until(lambda: prompts(visit) == ["a calm sea", "A red Fox"])
    assert visit.one("gallery-order").value is Order.PROMPT


async def test_a_new_batch_takes_its_place_in_the_chosen_order(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    await visit.open("/gallery?order=images")
    assert prompts(visit) == ["a calm sea", "A red Fox"]
    await visit.studio.make(prompt="three trees", batchCount=3)
    await until(lambda: prompts(visit) == ["a calm sea", "three trees", "A red Fox"])


@pytest.mark.parametrize(
    ("order", "sorted_so"),
    [
        (Order.STEPS, ["many steps", "named", "large", "few steps"]),
        (Order.SIZE, ["large", "many steps", "named", "few steps"]),
        (Order.SAMPLER, ["named", "many steps", "large", "few steps"]),
        (Order.WORKFLOW, ["many steps", "large", "few steps", "named"]),
    ],
)
async def test_piles_are_in_any_order_that_all_images_have_and_stay_so(
    opening: Opening, order: Order, sorted_so: list[str]
) -> None:
    visit = await opening("/gallery")
    small = {"steps": 2, "width": 64, "height": 64}
    made = {
        "few steps": {**small, "steps": 1},
        "large": {**small, "width": 128},
        "named": {**small, "samplerName": "ddim"},
        "many steps": {**small, "steps": 3},
    }
    for prompt, parameters in made.items():
        family = {"family": "sd15"} if prompt == "named" else {}
        await visit.studio.make(prompt=prompt, baseParameters=parameters, batchCount=2, **family)
    await visit.open(f"/gallery?order={order}")
    assert prompts(visit) == sorted_so
    await visit.studio.make(prompt="new", baseParameters=made["many steps"], batchCount=2)
    place = sorted_so.index("many steps")
    now = [*sorted_so[:place], "new", *sorted_so[place:]]
    await until(lambda: prompts(visit) == now)
    visit.fill("gallery-order", Order.OLDEST)
    await until(lambda: prompts(visit) == [*made, "new"])
    visit.fill("gallery-order", order)
    await until(lambda: prompts(visit) == now)


async def test_what_happens_on_the_page_of_a_batch_shows_in_an_open_gallery(
    opening: Opening,
) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    image_service = visit.studio.app.image_service
    press(visit, piles(visit)[1], str(words.SHOW_ALL))
    heart = visit.all("favourite")[0]
    await image_service.mark(Marks(favourite=True), fox.pictures[0].id)
    await until(lambda: heart.props["aria-pressed"] == "true")
    await until(lambda: sees(visit, "♥ 1"))
    await image_service.delete_images(fox.pictures[0].id)
    await until(lambda: len(visit.all("favourite")) == 1)
    await image_service.delete_batch(fox.batch_id)
    await until(lambda: prompts(visit) == ["a calm sea"])
    await visit.sees("gallery-stats", "5 images")
    await image_service.restore_batch(fox.batch_id)
    await until(lambda: prompts(visit) == ["a calm sea", "A red Fox"])


async def test_the_headline_follows_pictures_that_go_and_come_back_elsewhere(
    opening: Opening,
) -> None:
    visit, fox, sea = await fox_and_sea(opening)
    image_service, lost = visit.studio.app.image_service, fox.pictures[0].id
    await image_service.delete_images(lost)
    await visit.sees("gallery-stats", "6 images, ")
    await image_service.restore_image(lost)
    await visit.sees("gallery-stats", "7 images, ")
    await visit.open("/gallery?q=sea")
    await image_service.delete_images(lost)  # not among what is looked for
    await visit.sees("gallery-stats", "5 of 6 images")
    await image_service.delete_images(sea.pictures[0].id)
    await visit.sees("gallery-stats", "4 of 5 images")
    await image_service.delete_batch(fox.batch_id)
    await visit.sees("gallery-stats", "4 of 4 images")


async def test_a_restored_batch_that_is_not_looked_for_stays_away(opening: Opening) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    await visit.studio.app.image_service.delete_batch(fox.batch_id)
    await visit.open("/gallery?q=sea")
    await visit.studio.app.image_service.restore_batch(fox.batch_id)
    await visit.sees("gallery-stats", "5 of 7 images")
    assert prompts(visit) == ["a calm sea"]


async def test_an_address_brings_its_filters_along(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    await visit.open("/gallery?q=fox&favourites=maybe&from=yesterday")
    assert prompts(visit) == ["A red Fox"]
    assert visit.one("gallery-search").value == "fox"


async def test_a_heart_is_kept_and_counted(opening: Opening) -> None:
    visit, _, sea = await fox_and_sea(opening)
    newest = piles(visit)[0]
    press(visit, newest, str(words.SHOW_ALL))
    heart = visit.all("favourite")[1]
    press(visit, newest, words.favourite_of(2))
    await until(lambda: heart.props["aria-pressed"] == "true")
    await until(lambda: sees(visit, "♥ 1"))
    image = await visit.studio.app.storage.gallery.image(sea.pictures[1].id)
    assert image
    assert image.favourite
    press(visit, newest, words.favourite_of(2))
    await until(lambda: heart.props["aria-pressed"] == "false")


async def test_a_picture_is_rejected_and_rated_there_and_the_last_mark_is_taken_back(
    opening: Opening,
) -> None:
    visit, _, sea = await fox_and_sea(opening)
    newest = piles(visit)[0]
    press(visit, newest, str(words.SHOW_ALL))
    card = visit.all("reject")[1].parent_slot
    assert card
    press(visit, newest, words.reject_of(2))
    await until(lambda: card.parent.props["data-rejected"] == "true")
    (star,) = (e for e in visit.inside(card.parent, Text) if e.props.get("data-star") == "4")
    UserInteraction(visit.user, {star}, None).trigger("click")
    await until(lambda: visit.one("undo-last").props["title"].startswith("Undo: Image 2: 4 stars"))
    press(visit, card.parent, str(common.TAKE_BACK))
    gallery = visit.studio.app.storage.gallery

    async def marks() -> tuple[bool, int]:
        image = await gallery.image(sea.pictures[1].id)
        assert image
        return image.rejected, image.rating

    await until(lambda: visit.one("undo-last").props["title"].startswith("Undo: Image 2: rejected"))
    assert await marks() == (True, 0)
    visit.click("undo-last")
    await until(lambda: card.parent.props["data-rejected"] == "false")


async def test_a_deleted_batch_can_be_had_back(opening: Opening) -> None:
    visit, _, _ = await fox_and_sea(opening)
    press(visit, piles(visit)[0], str(words.DELETE_BATCH))
    await until(lambda: prompts(visit) == ["A red Fox"])
    await until(lambda: bool(visit.all("toast")))
    assert toasted(visit) == str(words.BATCH_DELETED)
    await visit.sees("gallery-stats", "2 images")
    visit.click("undo")
    await until(lambda: prompts(visit) == ["a calm sea", "A red Fox"])
    assert not visit.all("toast")


async def test_a_batch_that_is_gone_already_is_said_in_words(opening: Opening) -> None:
    visit, fox, _ = await fox_and_sea(opening)
    visit.studio.app.image_service.changed = Signal()  # the news is slower than the person
    await visit.studio.app.image_service.delete_batch(fox.batch_id)
    press(visit, piles(visit)[1], str(words.DELETE_BATCH))
    await until(lambda: bool(visit.all("toast")))
    assert fox.batch_id in toasted(visit)


async def test_new_batches_appear_by_themselves_and_grow(opening: Opening) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    visit = await opening("/gallery", hold)
    batch = await visit.studio.start(prompt="a new one", batchCount=2)
    await until(lambda: prompts(visit) == ["a new one"])
    pile = piles(visit)[0]
    await visit.user.should_not_see(str(words.NOTHING_YET))
    assert str(words.DELETE_BATCH) not in names(visit, pile)
    await until(lambda: len(thumbnails(visit, pile)) == 1)
    await visit.user.should_see("1 of 2 made")
    hold.released.set()
    await visit.studio.end(batch)
    await until(lambda: len(thumbnails(visit, pile)) == 2)
    await until(lambda: str(words.DELETE_BATCH) in names(visit, pile))


async def test_more_batches_come_as_one_scrolls(opening: Opening) -> None:
    visit = await opening("/gallery")
    await remember(visit, PAGE + 1)
    await visit.open("/gallery")
    assert len(piles(visit)) == PAGE
    visit.trigger("gallery-more", "visibility", args=False)
    visit.trigger("gallery-more", "visibility", args=True)
    await until(lambda: len(piles(visit)) == PAGE + 1)
    assert piles(visit)[-1].shown.batch.batch_id == "20200101-000001"
    await until(lambda: not visit.all("gallery-more"))
    await visit.sees("gallery-stats", f"{2 * PAGE + 2} images")


async def test_a_new_batch_does_not_take_away_what_was_scrolled_to(opening: Opening) -> None:
    visit = await opening("/gallery")
    await remember(visit, PAGE + 1)
    await visit.open("/gallery")
    visit.trigger("gallery-more", "visibility", args=True)
    await until(lambda: len(piles(visit)) == PAGE + 1)
    await visit.studio.make(prompt="a new one", batchCount=2)
    await until(lambda: prompts(visit)[0] == "a new one")
    assert len(piles(visit)) == PAGE + 2


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(text="a & b = 100 %"),
        Filters(model="ünïcode/模型.ckpt", favourites=True),
        Filters(first_day=date(2026, 11, 1), last_day=date(2026, 11, 30)),
        Filters(text="fox", order=Order.PROMPT),
    ],
)
def test_filters_survive_the_way_through_an_address(filters: Filters) -> None:
    path, _, query = filters.address.partition("?")
    assert path == "/gallery"
    assert Filters.from_address(dict(parse_qsl(query))) == filters


def test_moments_are_told_as_people_say_them() -> None:
    now = datetime(2026, 11, 22, 14, 15, tzinfo=UTC)
    assert common.when(now, now) == "Today 14:15"
    assert common.when(now - timedelta(days=1), now) == "Yesterday 14:15"
    assert common.when(now - timedelta(days=2), now) == "20 Nov 2026 14:15"


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_234_567, "1.2 MB"), (1_200_000_000, "1.2 GB")],
)
def test_amounts_are_told_in_the_unit_that_fits(size: int, said: str) -> None:
    assert common.broken(common.amount(size)) == said


@pytest.mark.parametrize(
    "said",
    [
        common.size(128, 128),
        *(common.duration(seconds) for seconds in (45, 80, 60, 7500, 7200)),
        common.amount(1_200_000_000),
    ],
)
def test_a_number_and_what_belongs_to_it_are_not_broken_into_two_lines(said: str) -> None:
    """On a phone, "128 × 128" was."""
    assert " " not in said
    assert len(common.broken(said).split(" ")) > 1


def sees(visit: Visit, text: str) -> bool:
    """Whether a label says so."""
    with visit.page:
        labels = ElementFilter(kind=ui.label, only_visible=True, local_scope=False)
        return any(label.text == text for label in labels)


def chips(visit: Visit) -> list[str]:
    """What the chips say."""
    return [visit.inside(chip, ui.label)[0].text for chip in visit.all("filter-chip")]


def names(visit: Visit, inside: ui.element) -> list[str]:
    """What the buttons in there are called."""
    return [str(b.props.get("aria-label")) for b in visit.inside(inside, ui.button)]


def press(visit: Visit, inside: ui.element, name: str) -> None:
    """Click a button by its name."""
    (button,) = [b for b in visit.inside(inside, ui.button) if b.props.get("aria-label") == name]
    UserInteraction(visit.user, {button}, None).click()
