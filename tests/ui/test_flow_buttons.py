"""The batch at work, held by hand from its page; and what the form asks to keep."""

from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from tests.faulty_engine import Fault, HangWhileSampling, Hold, Moment
from tests.studio import until
from tests.ui.conftest import Opening, Visit


async def watching(opening: Opening, *faults: Fault, **changes: object) -> tuple[Visit, BatchState]:
    """A person on the page of a batch that has just been started."""
    visit = await opening("/settings", *faults)
    batch = await visit.studio.start(**changes)
    await visit.open(f"/batch/{batch.batch_id}")
    return visit, batch


def says(visit: Visit, mark: str) -> str:
    """The name of a button, which is also shown when it is pointed at."""
    button = visit.one(mark)
    assert button.props["title"] == button.props["aria-label"]
    return str(button.props["title"])


async def test_each_button_says_what_it_does_and_then_that_it_is_being_done(
    opening: Opening,
) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    visit, batch = await watching(opening, hold, HangWhileSampling(prompt=3))
    # Sent and taken back, the second image comes again as the third prompt.
    await until(lambda: batch.image(2).prompt_id is not None)
    await until(lambda: says(visit, "skip") == str(words.SKIP) and visit.one("skip").enabled)
    assert (says(visit, "pause"), says(visit, "finish")) == (str(words.PAUSE), str(words.FINISH))
    visit.click("pause")
    await until(lambda: says(visit, "pause") == str(words.PAUSING))
    hold.released.set()
    await until(lambda: says(visit, "pause") == str(words.CONTINUE))
    assert visit.one("pause").props["aria-pressed"] == "true"
    assert not visit.one("skip").enabled
    visit.click("pause")
    await until(lambda: visit.one("skip").enabled and batch.current_step == 1)
    visit.click("skip")
    await until(lambda: batch.image(2).status is ImageStatus.CANCELLED)
    await visit.studio.end(batch)
    assert batch.completed_images == 2
    await until(lambda: bool(visit.all("comparison-view")))


async def test_a_batch_that_is_to_end_early_says_so_on_every_page(opening: Opening) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    visit, batch = await watching(opening, hold)
    await until(lambda: visit.one("finish").enabled)
    visit.click("finish")
    await until(lambda: says(visit, "finish") == str(words.FINISHING))
    assert not visit.one("finish").enabled
    assert not visit.one("pause").enabled
    hold.released.set()
    await visit.studio.end(batch)
    assert (batch.completed_images, batch.ended_because) == (1, "ended early by hand")


async def test_a_batch_that_waits_has_nothing_to_hold(opening: Opening) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    visit, first = await watching(opening, hold)
    second = await visit.studio.start()
    await visit.open(f"/batch/{second.batch_id}")
    assert not any(visit.one(mark).enabled for mark in ("pause", "skip", "finish"))
    hold.released.set()
    await visit.studio.end(first)
    await visit.studio.end(second)


async def test_the_row_grows_with_the_batch(opening: Opening) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    visit, batch = await watching(opening, hold, batchCount=2, keep=2)
    await until(lambda: batch.completed_images == 1)
    await until(lambda: len(visit.all("reject")) == 1)
    visit.click("reject")
    await until(lambda: len(visit.all("thumbnail")) == 3)
    await until(lambda: visit.all("thumbnail")[0].props["data-rejected"] == "true")
    assert visit.one("reject").props["aria-label"] == "Keep image 1 after all"
    assert visit.all("thumbnail")[2].props["data-status"] == "pending"
    hold.released.set()
    await visit.studio.end(batch)
    assert batch.completed_images == 3


async def test_the_form_asks_how_many_to_keep_only_of_a_batch(opening: Opening) -> None:
    visit = await opening("/")
    visit.fill("prompt", "a red fox")
    visit.fill("batch-count", "2")
    visit.fill("keep", "21")
    visit.click("generate")
    await visit.sees("field-error", "Keep must be a whole number between 1-20")
    visit.fill("keep", "2")
    visit.click("generate")
    await until(lambda: visit.studio.app.queue.running is not None)
    batch = visit.studio.app.queue.running
    assert batch
    assert batch.request.keep == 2
    await visit.studio.end(batch)
