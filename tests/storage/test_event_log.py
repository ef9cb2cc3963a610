"""The log: gapless, durable, shared between processes, and never changed."""

import asyncio
import sqlite3
import sys
from contextlib import aclosing, closing
from pathlib import Path

import pytest
from hypothesis import given, settings

from batchgen_app.core.errors import LifecycleError, StorageError
from batchgen_app.core.events import BatchInterrupted, Event, ImageCancelled, Logged
from batchgen_app.core.state import BatchState
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from tests.core.histories import histories
from tests.core.stories import (
    BATCH_ID,
    all_done,
    all_failed,
    cancelled,
    completed,
    failed,
    happened,
    queued,
    resumed,
    started,
    submitted,
)
from tests.storage.processes import APPENDS

WRITERS = 3


def seqs(logged: list[Logged]) -> list[int]:
    return [entry.seq for entry in logged]


async def test_events_are_counted_from_one_and_come_back_as_they_were(log: EventLog) -> None:
    told: list[Event] = [queued(), started(), submitted(1), completed(1), failed(2, "Ünmöglich")]
    logged = [await log.append(event) for event in told]
    assert seqs(logged) == [1, 2, 3, 4, 5]
    assert await log.read() == logged
    assert [entry.event for entry in logged] == told
    assert await log.end() == 5


async def test_an_empty_log_ends_at_nought(log: EventLog) -> None:
    assert await log.end() == 0
    assert await log.read() == []
    assert await log.state(BATCH_ID) is None


async def test_the_log_is_read_in_pieces(log: EventLog) -> None:
    logged = await log.append_all([queued(), started(), submitted(1), completed(1)])
    assert await log.read(after=1, limit=2) == logged[1:3]
    assert await log.read(after=4) == []


async def test_events_of_one_batch_are_found_among_others(log: EventLog) -> None:
    mine, others = queued(), queued().model_copy(update={"batch_id": "20270101-000000-000000-0000"})
    await log.append_all([mine, others, started()])
    assert seqs(await log.of_batch(BATCH_ID)) == [1, 3]
    assert await log.batch_ids() == [mine.batch_id, others.batch_id]
    assert await log.batch_ids(after=1, until=2) == [others.batch_id]


async def test_of_several_events_all_are_logged_or_none(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    await log.append(queued())
    broken = started().model_copy(update={"type": None})
    with pytest.raises(StorageError):
        await log.append_all([started(), broken])
    assert await log.end() == 1
    assert (await log.append(started())).seq == 2


async def test_many_tasks_append_without_a_gap(log: EventLog) -> None:
    logged = await asyncio.gather(*(log.append(submitted(1)) for _ in range(50)))
    assert sorted(seqs(logged)) == list(range(1, 51))


async def test_what_is_logged_can_be_neither_changed_nor_removed(
    log: EventLog, tmp_path: Path
) -> None:
    await log.append(queued())
    with closing(sqlite3.connect(tmp_path / "batchgen.db")) as raw:
        for statement in ("UPDATE events SET data = '{}'", "DELETE FROM events"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(statement)


async def test_the_log_outlives_its_process(tmp_path: Path) -> None:
    path = tmp_path / "batchgen.db"
    async with await open_database(path) as db:
        logged = await EventLog(db).append_all([queued(), started()])
    async with await open_database(path) as db:
        assert await EventLog(db).read() == logged


async def appending(folder: Path) -> asyncio.subprocess.Process:
    """Another process that waits for the word to append."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.storage.processes", "append", str(folder)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    await process.stdout.readline()
    return process


async def test_several_processes_append_without_a_gap(log: EventLog, tmp_path: Path) -> None:
    async with asyncio.timeout(60):
        processes = await asyncio.gather(*(appending(tmp_path) for _ in range(WRITERS)))
        said = asyncio.gather(*(process.communicate(b"go\n") for process in processes))
        mine = [(await log.append(queued())).seq for _ in range(APPENDS)]
        theirs = [int(line) for out, _ in await said for line in out.splitlines()]
    assert sorted(mine + theirs) == list(range(1, (WRITERS + 1) * APPENDS + 1))
    assert seqs(await log.read()) == sorted(mine + theirs)


async def test_a_follower_gets_what_is_there_and_then_what_another_process_appends(
    log: EventLog, tmp_path: Path
) -> None:
    await log.append(queued())
    other = await open_database(tmp_path / "batchgen.db")
    async with asyncio.timeout(30), other, aclosing(log.follow()) as followed:
        assert (await anext(followed)).seq == 1
        waiting = asyncio.ensure_future(anext(followed))
        logged = await EventLog(other).append(started())
        assert await waiting == logged
        mine = await log.append(submitted(1))
        assert await anext(followed) == mine


async def test_a_follower_may_begin_in_the_middle(log: EventLog) -> None:
    await log.append_all([queued(), started(), submitted(1)])
    async with asyncio.timeout(30), aclosing(log.follow(after=2)) as followed:
        assert (await anext(followed)).seq == 3


@pytest.mark.parametrize(
    ("events", "is_unended"),
    [
        ([], True),
        ([started(), completed(1)], True),
        ([started(), completed(1), all_done()], False),
        ([started(), failed(1), all_failed()], False),
        ([happened(ImageCancelled, index=1), cancelled()], False),
        ([happened(BatchInterrupted, because="the app died")], False),
        ([started(), completed(1), cancelled(), resumed(2)], True),
        ([started(), cancelled(), resumed(2), started(), completed(2), all_done()], False),
    ],
    ids=[
        "queued",
        "running",
        "done",
        "failed",
        "cancelled",
        "interrupted",
        "resumed",
        "resumed, done",
    ],
)
async def test_a_batch_is_unended_until_its_last_word(
    log: EventLog, events: list[Event], is_unended: bool
) -> None:
    await log.append_all([queued(), *events])
    assert await log.unended() == ([BATCH_ID] if is_unended else [])


async def test_unended_batches_come_in_the_order_they_were_queued_or_resumed(
    log: EventLog,
) -> None:
    for batch_id in ("b", "a"):
        events: list[Event] = [queued(), happened(BatchInterrupted, because="power cut")]
        await log.append_all([e.model_copy(update={"batch_id": batch_id}) for e in events])
    await log.append(resumed(1).model_copy(update={"batch_id": "b"}))
    await log.append(queued().model_copy(update={"batch_id": "c"}))
    await log.append(resumed(1).model_copy(update={"batch_id": "a"}))
    assert await log.unended() == ["b", "c", "a"]


async def test_a_batch_comes_back_as_the_kind_that_is_asked_for(log: EventLog) -> None:
    class Observable(BatchState):
        pass

    await log.append_all([queued(), started(), completed(1)])
    batch = await log.state(BATCH_ID, Observable)
    assert isinstance(batch, Observable)
    assert batch.completed_images == 1


async def test_a_batch_without_its_beginning_is_a_contradiction(log: EventLog) -> None:
    await log.append(started())
    with pytest.raises(LifecycleError, match="begins with batch_queued"):
        await log.state(BATCH_ID)


@settings(max_examples=15, deadline=None)
@given(histories())
async def test_a_batch_comes_back_as_it_was_lived_through(
    tmp_path_factory: pytest.TempPathFactory, history: list[Event]
) -> None:
    first, *rest = history
    lived = BatchState.queued(first)  # type: ignore[arg-type]
    async with await open_database(tmp_path_factory.mktemp("log") / "batchgen.db") as db:
        log = EventLog(db)
        await log.append(first)
        for event in rest:
            await log.append(event)
            lived.apply(event)
        assert await log.state(lived.batch_id) == lived
        assert (await log.unended() == []) == lived.ended
