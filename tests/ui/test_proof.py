"""A picture is made again from the page, and both batches tell what came of it."""

from collections.abc import AsyncIterator

from nicegui.elements.label import Label

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.ui.comparison import proof_words as words
from tests.batches.test_proving import path_of, repainted
from tests.faulty_engine import FailAtNode, HangWhileSampling, Hold, Moment
from tests.studio import until
from tests.ui.conftest import Opening, Visit
from tests.ui.test_image_detail import browser_tells, looking, open_tile
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


async def test_it_is_followed_where_it_was_asked_for_up_to_its_verdict(opening: Opening) -> None:
    visit, batch = await looking(opening, 1)
    assert not visit.all("proofs")
    first, hold = Hold(prompt=4, moment=Moment.SAMPLING), Hold(prompt=7, moment=Moment.SAMPLING)
    visit.studio.faults.add(first)
    visit.studio.faults.add(hold)
    await visit.studio.start()
    await first.reached.wait()
    repainted(path_of(visit.studio, batch), (3, 5))
    visit.click("prove")
    await visit.sees("proof-stands", "Waiting for its turn, behind 1 batch")
    first.released.set()
    await visit.sees("proof-stands", "Step 1 of 2")
    hold.released.set()
    await until(lambda: bool(visit.all("proof")))
    assert not visit.all("proof-progress")
    assert told(visit) == [str(words.VERDICTS[False])]
    (proof,) = [one async for one in proofs_of(visit, batch)]
    difference = visit.one("see-proof").props["href"]
    assert difference == f"/batch/{proof}?show=difference"
    assert not visit.all("toast")  # it was seen here
    await visit.open(difference)
    await until(lambda: bool(visit.all("side-by-side-view")))
    assert table(visit).props["begin"] == "difference"


async def proofs_of(visit: Visit, batch: BatchState, index: int = 2) -> AsyncIterator[str]:
    """The batches in which the picture was made again, the newest first."""
    gallery = visit.studio.app.storage.gallery
    for proof in await gallery.proofs(f"{batch.batch_id}-{index:03d}"):
        yield proof.batch_id


async def test_it_stays_in_the_details_of_its_picture_alone_and_older_ones_below(
    opening: Opening,
) -> None:
    visit, batch = await looking(opening, 1)
    for _ in range(2):
        visit.click("prove")
        await until(lambda: bool(visit.all("proof-progress")))
        await until(lambda: not visit.all("proof-progress"))
    await visit.open(f"/batch/{batch.batch_id}")
    open_tile(visit, 2)
    await until(lambda: bool(visit.all("proof")))
    assert visit.one("proof").props["data-identical"] == "true"
    (earlier,) = visit.all("earlier-proof")
    newest, oldest = [one async for one in proofs_of(visit, batch)]
    assert earlier.props["href"] == f"/batch/{oldest}"
    assert visit.one("see-proof").props["href"] == f"/batch/{newest}"
    browser_tells(visit, "see", 3)
    await until(lambda: not visit.all("proofs"))
    browser_tells(visit, "see", 2)
    await until(lambda: bool(visit.all("proofs")))


async def test_two_who_ask_at_once_see_both_and_both_are_made(opening: Opening) -> None:
    visit, batch = await looking(opening, 1)
    hold = Hold(prompt=4, moment=Moment.SAMPLING)
    visit.studio.faults.add(hold)
    other = (await visit.studio.app.batch_service.prove(f"{batch.batch_id}-002")).batch
    await hold.reached.wait()
    await visit.sees("proof-stands", "Step 1 of 2")
    visit.click("prove")
    await visit.sees("proof-stands", "Waiting for its turn, behind 1 batch")
    (earlier,) = visit.all("earlier-proof")
    assert visit.inside(earlier, Label)[0].text.startswith("under way · Today ")
    hold.released.set()
    await until(lambda: bool(visit.all("proof")))
    assert visit.one("proof").props["data-identical"] == "true"
    await until(lambda: visit.inside(earlier, Label)[0].text.startswith("identical · Today "))
    assert other.status is BatchStatus.COMPLETE


async def test_it_is_cancelled_there_and_gone_on_with_there(opening: Opening) -> None:
    visit, _ = await looking(opening, 1)
    visit.studio.faults.add(HangWhileSampling(prompt=4))
    visit.click("prove")
    await visit.sees("proof-stands", "Step 1 of 2")
    visit.click("proof-cancel")
    await until(lambda: bool(visit.all("prove-again")))
    assert visit.one("proof").props["data-identical"] == "none"
    assert not visit.all("see-proof")
    visit.click("prove-again")
    await until(lambda: [p.props["data-identical"] for p in visit.all("proof")] == ["true"])


async def test_what_failed_says_why_and_is_tried_again(opening: Opening) -> None:
    visit, _ = await looking(opening, 1)
    visit.studio.faults.add(FailAtNode(prompt=4))
    visit.click("prove")
    await until(lambda: bool(visit.all("prove-again")))
    (why,) = (e for e in visit.one("proof").descendants() if "data-about" in e.props)
    assert why.props["data-about"] == "not_made"
    visit.click("prove-again")
    await until(lambda: [p.props["data-identical"] for p in visit.all("proof")] == ["true"])


async def test_who_has_gone_elsewhere_meanwhile_is_told_there(opening: Opening) -> None:
    visit, batch = await looking(opening, 1)
    hold = Hold(prompt=4, moment=Moment.SAMPLING)
    visit.studio.faults.add(hold)
    visit.click("prove")
    await hold.reached.wait()
    (proof,) = [one async for one in proofs_of(visit, batch)]
    await visit.open("/gallery")
    hold.released.set()
    await until(lambda: bool(visit.all("toast")))
    (said,) = visit.inside(visit.one("toast"), Label)
    assert said.text == "Image 2 made again: identical"
    assert visit.one("toast-link").props["href"] == f"/batch/{proof}"


async def test_the_server_goes_away_meanwhile_and_the_proof_goes_on_when_it_is_back(
    opening: Opening,
) -> None:
    visit, _ = await looking(opening, 1)
    hold = Hold(prompt=4, moment=Moment.SAMPLING)
    visit.studio.faults.add(hold)
    visit.click("prove")
    await visit.sees("proof-stands", "Step 1 of 2")
    await visit.studio.engine.stop()
    await visit.sees("proof-stands", str(words.WAITS_FOR_SERVER))
    assert visit.all("proof-retry")
    await visit.studio.engine.start()
    visit.click("proof-retry")
    await until(lambda: bool(visit.all("proof")))
    assert visit.one("proof").props["data-identical"] == "true"


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
