"""A picture is made again from the page, and both batches tell what came of it."""

from nicegui.elements.label import Label

from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import proof_words as words
from tests.batches.test_proving import path_of, repainted
from tests.faulty_engine import HangWhileSampling
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_image_detail import looking
from tests.ui.test_light_table import table
from tests.ui.test_lineage import links


async def newest(visit: Visit, old: BatchState) -> BatchState:
    """The batch that came of what was pressed, at its end."""
    log, ids = visit.studio.app.storage.log, list[str]()
    while len(ids) < 2:
        ids = await log.batch_ids()
    (batch_id,) = {*ids} - {old.batch_id}
    return await visit.studio.end(await visit.studio.app.batch_service.batch(batch_id))


def told(visit: Visit) -> list[str]:
    """What came of it."""
    return [label.text for label in visit.inside(visit.one("proof"), Label)]


async def test_what_came_of_it_stands_on_both_pages(opening: Opening) -> None:
    visit, batch = await looking(opening, 1)
    visit.click("prove")
    proof = await newest(visit, batch)
    await visit.open(f"/batch/{proof.batch_id}")
    await until(lambda: bool(visit.all("proof")))
    assert visit.one("proof").props["data-identical"] == "true"
    assert told(visit) == [str(words.VERDICTS[True])]
    await until(lambda: bool(visit.all("ancestors")))
    assert list(links(visit, "ancestors").values()) == [f"/batch/{batch.batch_id}"]
    await visit.open(f"/batch/{batch.batch_id}")
    await until(lambda: bool(visit.all("descendants")))
    ((said, target),) = links(visit, "descendants").items()
    assert said.startswith("Image 2 made again: identical · Today ")
    assert target == f"/batch/{proof.batch_id}"


async def test_what_differs_is_told_and_seen_on_the_light_table(opening: Opening) -> None:
    visit, batch = await looking(opening, 1)
    repainted(path_of(visit.studio, batch), (3, 5))
    visit.click("prove")
    proof = await newest(visit, batch)
    await visit.open(f"/batch/{proof.batch_id}")
    await until(lambda: bool(visit.all("proof")))
    assert visit.one("proof").props["data-identical"] == "false"
    assert [e.props["data-about"] for e in visit.one("proof").descendants() if e.tag == "li"] == [
        "pixels"
    ]
    await until(lambda: len(visit.all("pair")) == 1)
    visit.click("compare-pair")
    await until(lambda: bool(visit.all("side-by-side-view")))
    assert table(visit).props["begin"] == "difference"
    assert table(visit).props["first"] == [f"{batch.batch_id}-002", f"{proof.batch_id}-001"]


async def test_what_stands_in_the_way_is_said_where_it_was_asked_for(opening: Opening) -> None:
    visit, batch = await looking(opening, 0)
    path_of(visit.studio, batch, 1).unlink()
    visit.click("prove")
    detail = visit.one("image-detail")
    await until(lambda: any("001_" in label.text for label in visit.inside(detail, Label)))
    assert len(await visit.studio.app.storage.log.batch_ids()) == 1


async def test_a_proof_that_was_stopped_says_that_nothing_is_known(opening: Opening) -> None:
    visit, batch = await looking(opening, 0)
    visit.studio.faults.add(HangWhileSampling(prompt=4))
    proof = (await visit.studio.app.batch_service.prove(f"{batch.batch_id}-001")).batch
    await until(lambda: proof.current_step == 1)
    await visit.studio.app.batch_service.cancel(proof.batch_id, "enough")
    await visit.studio.end(proof)
    await visit.open(f"/batch/{proof.batch_id}")
    assert visit.one("proof").props["data-identical"] == "none"
    assert told(visit) == [str(words.VERDICTS[None])]
