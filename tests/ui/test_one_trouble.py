"""One trouble, one box: that the server is away is told once on a page, where it matters last."""

from nicegui import ui

from batchgen_app.core.errors import Conflict, ServerUnreachable
from batchgen_app.language.message import english
from batchgen_app.ui.batch_form import words
from batchgen_app.ui.frame import words as frame
from batchgen_app.ui.parts.trouble import Trouble
from tests.faulty_engine import HangWhileSampling
from tests.studio import until
from tests.ui.conftest import Opening, Visit


async def ready(opening: Opening, *faults: HangWhileSampling) -> Visit:
    """The form, filled in."""
    visit = await opening("/", *faults, step_delay=0.01)
    await until(lambda: bool(visit.one("model").value))
    for mark, value in (("prompt", "a red fox"), ("width", "64"), ("height", "64"), ("steps", "2")):
        visit.fill(mark, value)
    return visit


def told(visit: Visit) -> list[str]:
    """What each box about the server says."""
    return [
        " ".join([getattr(box, "text", ""), *(e.text for e in visit.inside(box, ui.label))])
        for box in visit.all("server-error")
    ]


def is_told_once(visit: Visit, text: str) -> bool:
    return len(told(visit)) == len(visit.all("retry")) == 1 and text in told(visit)[0]


async def test_generate_while_the_server_is_away_shows_one_box(opening: Opening) -> None:
    visit = await ready(opening)
    await visit.studio.engine.stop()
    await until(lambda: is_told_once(visit, str(frame.SERVER_LOST)))
    visit.click("generate")
    refused = words.submit_lost(visit.studio.engine.url)
    await until(lambda: is_told_once(visit, refused))
    visit.click("retry")
    await until(lambda: "loading" not in visit.one("generate").props)
    assert is_told_once(visit, refused)


async def test_the_banner_comes_back_when_what_was_nearer_has_gone(opening: Opening) -> None:
    visit = await ready(opening)
    await visit.studio.engine.stop()
    visit.click("generate")
    await until(lambda: is_told_once(visit, words.submit_lost(visit.studio.engine.url)))
    visit.fill("prompt", "")
    visit.click("generate")
    await visit.sees("field-error", "Prompt cannot be empty")
    await until(lambda: is_told_once(visit, str(frame.SERVER_LOST)))


async def test_beside_a_batch_that_waits_for_the_server_the_form_tells_of_it_alone(
    opening: Opening,
) -> None:
    visit = await ready(opening, HangWhileSampling(prompt=1))
    visit.click("generate")
    await until(lambda: bool(visit.all("batch-progress")))
    await visit.studio.engine.stop()
    await until(lambda: is_told_once(visit, "Nothing is lost."))
    visit.click("generate")
    await until(lambda: is_told_once(visit, words.submit_lost(visit.studio.engine.url)))


async def test_the_error_of_the_form_goes_when_the_server_is_back(opening: Opening) -> None:
    visit = await ready(opening)
    await visit.studio.engine.stop()
    visit.click("generate")
    await until(lambda: is_told_once(visit, words.submit_lost(visit.studio.engine.url)))
    await visit.studio.engine.start()
    await until(lambda: not visit.all("server-error"))
    assert not visit.studio.app.queue.is_busy


async def test_the_error_of_a_batchs_page_goes_when_the_server_is_back(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = await visit.studio.make()
    await visit.open(f"/batch/{batch.batch_id}")
    await visit.studio.engine.stop()
    visit.click("regenerate")
    await until(lambda: is_told_once(visit, "Is ComfyUI running"))
    await visit.studio.engine.start()
    await until(lambda: not visit.all("server-error"))


async def test_another_trouble_hides_nothing_and_stays_when_the_server_is_back(
    opening: Opening,
) -> None:
    visit = await opening("/gallery")
    await visit.studio.engine.stop()
    await until(lambda: is_told_once(visit, str(frame.SERVER_LOST)))
    with visit.page, visit.page.layout:
        other = Trouble(lambda: None)
        other.tell("Not now", error=Conflict(english("Not now")))
        assert len(told(visit)) == 2
        other.tell("Away", error=ServerUnreachable("there"))
        assert is_told_once(visit, "Away")
        other.tell("Not now", error=Conflict(english("Not now")))
    await visit.studio.engine.start()
    await until(lambda: [text.strip().split()[0] for text in told(visit)] == ["Not"])
