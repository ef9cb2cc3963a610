"""A batch that is polled by many is written once for each change, and not sent twice."""

import gc
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.api import conditional_requests
from batchgen_app.api.conditional_requests import Snapshots
from batchgen_app.core.passing import StepDone
from batchgen_app.core.state import BatchState
from tests.core.stories import BATCH_ID, all_done, batch_after, completed, started


def request(known: str = "") -> Request:
    headers = [(b"if-none-match", known.encode())] if known else []
    return Request({"type": "http", "method": "GET", "headers": headers})


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The revisions that were written, in order."""
    revisions = []
    write = conditional_requests.snapshot_of

    def count(batch: BatchState) -> Any:
        revisions.append(batch.revision)
        return write(batch)

    monkeypatch.setattr(conditional_requests, "snapshot_of", count)
    return revisions


async def test_each_revision_is_written_once_however_many_ask(written: list[int]) -> None:
    snapshots, batch = Snapshots(), batch_after(started())
    for _ in range(3):
        await snapshots.answer(request(), batch)
    before = batch.revision
    batch.apply(completed(1))
    answers = [await snapshots.answer(request(), batch) for _ in range(3)]
    assert written == [before, batch.revision]
    assert len({bytes(answer.body) for answer in answers}) == 1


async def test_who_has_the_present_state_is_told_so_until_it_changes() -> None:
    snapshots, batch = Snapshots(), batch_after(started())
    etag = (await snapshots.answer(request(), batch)).headers["etag"]
    for known in (etag, etag.removeprefix("W/"), f'"x", {etag}', "*"):
        answer = await snapshots.answer(request(known), batch)
        assert (answer.status_code, answer.body) == (304, b"")
        assert answer.headers["etag"] == etag
    batch.apply(StepDone(BATCH_ID, 1, 3, 20))
    answer = await snapshots.answer(request(etag), batch)
    assert answer.status_code == 200
    assert answer.headers["etag"] != etag


async def test_the_same_number_of_changes_is_not_the_same_state() -> None:
    lived = batch_after(started(), *(StepDone(BATCH_ID, 1, step, 20) for step in range(4)))
    replayed = batch_after(started(), completed(1), completed(2), completed(3), all_done())
    assert lived.revision == replayed.revision
    tags = {
        (await Snapshots().answer(request(), batch)).headers["etag"] for batch in (lived, replayed)
    }
    assert len(tags) == 2


async def test_a_batch_that_was_read_anew_is_written_anew(written: list[int]) -> None:
    snapshots = Snapshots()
    first, second = batch_after(started()), batch_after(started(), completed(1))
    second.revision = first.revision
    answers: list[Response] = [
        await snapshots.answer(request(), batch) for batch in (first, second)
    ]
    assert len(written) == 2
    assert answers[0].body != answers[1].body


async def test_a_batch_that_nobody_holds_any_more_is_let_go() -> None:
    snapshots = Snapshots()
    await snapshots.answer(request(), batch_after(started()))
    gc.collect()
    assert snapshots._written == {}
