"""The stage beside the form: it follows the queue, and stays with what has ended."""

from nicegui import ElementFilter
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.server_list import ListedServer
from batchgen_app.core.state import BatchState
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.batch_form.form_column import FormColumn
from batchgen_app.ui.batch_form.stage import Address
from tests.faulty_engine import Hold, Moment
from tests.studio import until
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


def address(visit: Visit) -> str:
    """What the browser's address has come to be; empty as long as it is the page's own."""
    with visit.page:
        (found,) = ElementFilter(kind=Address, local_scope=False)
    return str(found.props.get("path", ""))


async def settled(visit: Visit, batch: BatchState) -> None:
    """The stage shows what came out of the batch, at the batch's address, on the same page."""
    await until(lambda: address(visit) == f"/batch/{batch.batch_id}")
    assert visit.one("comparison-view")
    assert visit.user.back_history == ["/"]


async def test_an_empty_stage_shows_how_to_begin(opening: Opening) -> None:
    visit = await opening("/")
    assert visit.texts("example") == list(words.EXAMPLES)


async def test_the_stage_shows_the_batch_and_what_came_out_of_it_beside_the_form(
    opening: Opening,
) -> None:
    visit, batch = await begun(opening)
    assert visit.one("batch-progress")
    assert not visit.all("example")
    assert address(visit) in {"", "/"}
    await settled(visit, batch)
    assert visit.one("prompt").value == "a red fox"


async def test_what_came_out_stays_until_another_batch_is_started_here(opening: Opening) -> None:
    visit, first = await begun(opening)
    await settled(visit, first)
    of_others = await visit.studio.start()
    await visit.studio.end(of_others)
    assert address(visit) == f"/batch/{first.batch_id}"
    visit.click("generate")
    await until(lambda: bool(visit.all("batch-progress")))
    assert address(visit) == "/"
    running = visit.studio.app.queue.running
    assert running
    await settled(visit, running)


async def test_ones_own_batch_stays_in_sight_while_another_server_makes_an_older_one(
    opening: Opening,
) -> None:
    visit, first = await begun(opening)
    await settled(visit, first)
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    visit.studio.faults.add(hold)
    app = visit.studio.app
    async with DemoEngine(DemoSettings(step_delay=0.1)) as other:
        await app.servers.add(ListedServer(name="other", address=other.url))
        of_others = await visit.studio.start()
        visit.click("generate")
        await until(lambda: len(app.queue.all_running) == 2)
        own = app.queue.all_running[1]
        await until(lambda: bool(visit.all("batch-progress")))
        app.queue.changed.emit()
        await until(lambda: visit.texts("made-on") == ["On other"])
        await settled(visit, own)
        hold.released.set()
        await visit.studio.end(of_others)


async def test_beside_a_batch_the_form_is_folded_and_starts_another_one(opening: Opening) -> None:
    visit = await opening("/settings", step_delay=0.05)
    batch = await visit.studio.make()
    await visit.open(f"/batch/{batch.batch_id}")
    assert not visit.all("prompt")
    with visit.page:
        (column,) = ElementFilter(kind=FormColumn, local_scope=False)
    UserInteraction(visit.user, {column}, None).trigger("opened")
    await until(lambda: bool(visit.one("model").value))
    for mark, value in (("width", "64"), ("height", "64"), ("steps", "2"), ("batch-count", "2")):
        visit.fill(mark, value)
    visit.fill("prompt", "a red fox")
    visit.click("generate")
    await until(lambda: bool(visit.all("batch-progress")))
    await until(lambda: address(visit) not in {"", "/"})
    assert batch.batch_id not in address(visit)
    assert visit.one("comparison-view")


async def test_who_only_watches_is_led_to_the_pictures_too(opening: Opening) -> None:
    visit = await opening("/", step_delay=0.05)
    batch = await visit.studio.start()
    await until(lambda: bool(visit.all("batch-progress")))
    await settled(visit, batch)


async def test_nobody_loses_what_they_are_writing(opening: Opening) -> None:
    visit, batch = await begun(opening)
    visit.fill("prompt", "the next idea")
    await visit.studio.end(batch)
    await until(lambda: bool(visit.all("comparison-view")))
    assert address(visit) in {"", "/"}
    assert visit.one("prompt").value == "the next idea"


async def test_a_batch_of_others_takes_no_form_away_that_somebody_has_begun_with(
    opening: Opening,
) -> None:
    visit = await opening("/", step_delay=0.05)
    await until(lambda: bool(visit.one("model").value))
    visit.fill("batch-count", "7")
    batch = await visit.studio.start()
    await visit.studio.end(batch)
    await until(lambda: bool(visit.all("comparison-view")))
    assert address(visit) in {"", "/"}
    assert visit.one("batch-count").value == "7"


async def test_nobody_loses_the_picture_that_they_look_at(opening: Opening) -> None:
    visit, batch = await begun(opening)
    await visit.open_picture()
    assert visit.one("image-detail")
    await visit.studio.end(batch)
    await until(lambda: bool(visit.all("comparison-view")))
    assert address(visit) in {"", "/"}


async def test_the_page_waits_for_all_that_was_started_on_it(opening: Opening) -> None:
    visit, first = await begun(opening)
    visit.click("generate")
    await until(lambda: len(visit.studio.app.queue.waiting) == 1)
    (second,) = visit.studio.app.queue.waiting
    await visit.studio.end(first)
    assert address(visit) in {"", "/"}
    await settled(visit, second)
