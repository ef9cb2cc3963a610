"""The visible queue: what waits can be seen, moved, taken out and put back."""

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from batchgen_app.core.server_list import ListedServer
from batchgen_app.core.state import BatchState
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.ui.batch_progress import words
from tests.studio import until
from tests.ui.conftest import Opening, Visit


async def with_queue(opening: Opening, *prompts: str) -> tuple[Visit, list[BatchState]]:
    """A page while one batch runs and these wait."""
    visit = await opening("/", step_delay=30.0)
    await visit.studio.start(prompt="running", batchCount=2)
    await until(lambda: visit.studio.app.queue.running is not None)
    waiting = [await visit.studio.start(prompt=prompt) for prompt in prompts]
    return visit, waiting


def rows(visit: Visit) -> list[list[str]]:
    """The texts of each row, top to bottom."""
    return [[label.text for label in visit.inside(row, ui.label)] for row in in_order(visit)]


def in_order(visit: Visit) -> list[ui.element]:
    """The rows as they stand in the list."""
    found = visit.all("queued")
    assert found
    assert found[0].parent_slot
    return list(found[0].parent_slot.children)


def press(visit: Visit, mark: str, row: int) -> None:
    """Press a button of one row."""
    buttons = visit.inside(in_order(visit)[row], ui.button)
    (button,) = [b for b in buttons if b.props["data-testid"] == mark]
    UserInteraction(visit.user, {button}, None).click()


async def test_what_waits_is_shown_in_its_order(opening: Opening) -> None:
    visit, _ = await with_queue(opening, "first", "second")
    assert rows(visit) == [["1", "first", "3 images"], ["2", "second", "3 images"]]


async def test_nothing_is_shown_while_nothing_waits(opening: Opening) -> None:
    visit, _ = await with_queue(opening)
    assert not visit.all("queue")


async def test_a_batch_can_be_moved_up_and_down(opening: Opening) -> None:
    visit, _ = await with_queue(opening, "first", "second", "third")
    press(visit, "queue-up", 2)
    assert [row[1] for row in rows(visit)] == ["first", "third", "second"]
    press(visit, "queue-down", 0)
    assert [row[:2] for row in rows(visit)] == [["1", "third"], ["2", "first"], ["3", "second"]]
    waiting = visit.studio.app.queue.waiting
    assert [batch.request.prompt for batch in waiting] == ["third", "first", "second"]


async def test_a_removed_batch_is_cancelled_and_can_be_put_back(opening: Opening) -> None:
    visit, (first, second) = await with_queue(opening, "first", "second")
    press(visit, "queue-remove", 0)
    await visit.user.should_see(str(words.QUEUE_REMOVED), retries=50)
    assert [row[:2] for row in rows(visit)] == [["1", "second"]]
    assert first.ended
    visit.click("undo")
    await until(lambda: len(visit.all("queued")) == 2)
    assert visit.studio.app.queue.waiting == (second, first)
    assert not first.ended


async def test_what_is_at_work_says_on_which_server_from_its_first_image_on(
    opening: Opening,
) -> None:
    async with DemoEngine(DemoSettings(step_delay=30.0)) as attic:
        visit = await opening("/", step_delay=30.0)
        servers = visit.studio.app.servers
        await servers.add(ListedServer(name="Attic", address=attic.url))
        first = await visit.studio.start(prompt="first", batchCount=2)
        second = await visit.studio.start(prompt="second", batchCount=3)
        await until(lambda: first.server is not None and second.server is not None)
        own = servers.all[0].about.shown_name
        assert [visit.inside(row, ui.label)[0].text for row in visit.all("at-work")] == [
            f"On {own} · 0 of 2 images",
            "On Attic · 0 of 3 images",
        ]
