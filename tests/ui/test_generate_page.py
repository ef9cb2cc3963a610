"""The stage beside the form: it follows the queue, and the page goes to what has ended."""

import asyncio

from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_form import words
from tests.studio import TIMEOUT_OF_THE_TEST, until
from tests.ui.conftest import Opening, Visit


async def begun(opening: Opening) -> tuple[Visit, BatchState]:
    """A page that started a batch which is slow enough to be watched."""
    visit = await opening("/", step_delay=0.2)
    await until(lambda: bool(visit.one("model").value))
    for mark, value in (("width", "64"), ("height", "64"), ("steps", "2"), ("batch-count", "2")):
        visit.fill(mark, value)
    visit.fill("prompt", "a red fox")
    visit.click("generate")
    await until(lambda: visit.studio.app.queue.running is not None)
    running = visit.studio.app.queue.running
    assert running
    return visit, running


async def gone_to(visit: Visit) -> str:
    """Where the page goes next."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while visit.user.back_history[-1] == "/":  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0)
    return visit.user.back_history[-1]


async def test_an_empty_stage_shows_how_to_begin(opening: Opening) -> None:
    visit = await opening("/")
    assert visit.texts("example") == list(words.EXAMPLES)


async def test_the_stage_shows_the_batch_and_the_page_goes_to_it_at_its_end(
    opening: Opening,
) -> None:
    visit, batch = await begun(opening)
    assert visit.one("batch-progress")
    assert not visit.all("example")
    assert await gone_to(visit) == f"/batch/{batch.batch_id}"


async def test_who_only_watches_is_led_to_the_pictures_too(opening: Opening) -> None:
    visit = await opening("/", step_delay=0.05)
    batch = await visit.studio.start()
    await until(lambda: bool(visit.all("batch-progress")))
    assert await gone_to(visit) == f"/batch/{batch.batch_id}"


async def test_nobody_loses_what_they_are_writing(opening: Opening) -> None:
    visit, batch = await begun(opening)
    visit.fill("prompt", "the next idea")
    await visit.studio.end(batch)
    await until(lambda: bool(visit.all("comparison-view")))
    assert visit.user.back_history == ["/"]
    assert visit.one("prompt").value == "the next idea"


async def test_nobody_loses_the_picture_that_they_look_at(opening: Opening) -> None:
    visit, batch = await begun(opening)
    await visit.open_picture()
    assert visit.one("image-detail")
    await visit.studio.end(batch)
    await until(lambda: bool(visit.all("comparison-view")))
    assert visit.user.back_history == ["/"]


async def test_the_page_waits_for_all_that_was_started_on_it(opening: Opening) -> None:
    visit, first = await begun(opening)
    visit.click("generate")
    await until(lambda: len(visit.studio.app.queue.waiting) == 1)
    (second,) = visit.studio.app.queue.waiting
    await visit.studio.end(first)
    assert visit.user.back_history == ["/"]
    assert await gone_to(visit) == f"/batch/{second.batch_id}"
