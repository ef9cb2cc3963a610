"""A database that is harmed under the running app blinds nothing for long: as soon as no batch runs
it is put aside, and what its log and the batch folders know is back, without a new start (line 1).
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from batchgen_app.batches import live_repair
from batchgen_app.storage.database import open_database
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.recover import repair
from tests.api.visitor import Visitor, asked, visit
from tests.storage.diary import NOON, Diary, finished
from tests.studio import TIMEOUT_OF_THE_TEST

PAGE = 4096


def emptied(database: Path) -> None:
    with database.open("r+b") as file:
        file.truncate(0)


def cut_short(database: Path) -> None:
    with database.open("r+b") as file:
        file.truncate(database.stat().st_size // 2 // PAGE * PAGE)


def full_of_garbage(database: Path) -> None:
    with database.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xa5" * (database.stat().st_size - PAGE))


def with_a_broken_log_of_writes(database: Path) -> None:
    changed(database, "UPDATE gallery_seen SET seq = 0")
    wal = database.with_name(database.name + "-wal")
    wal.write_bytes(b"\xa5" * wal.stat().st_size)


def without_its_log(database: Path) -> None:
    changed(database, "DROP TABLE events")


def with_broken_rows(database: Path) -> None:
    broken = "UPDATE events SET data = CAST(x'fffe7b' AS TEXT) WHERE seq IN (1, 3)"
    changed(database, "DROP TRIGGER events_are_never_changed", broken)


def without_a_gallery(database: Path) -> None:
    changed(database, "UPDATE gallery_summaries SET summary = '{'")


def with_an_empty_gallery(database: Path) -> None:
    changed(database, *(f"DELETE FROM gallery_{name}" for name in ("images", "summaries")))
    changed(database, "DELETE FROM gallery_batches")


def with_an_empty_log(database: Path) -> None:
    changed(database, "DROP TRIGGER events_are_never_removed", "DELETE FROM events")


def with_nothing_in_it(database: Path) -> None:
    with_an_empty_log(database)
    with_an_empty_gallery(database)
    changed(database, "UPDATE gallery_seen SET seq = 0")


def changed(database: Path, *statements: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


HARMS = [
    emptied,
    cut_short,
    full_of_garbage,
    with_a_broken_log_of_writes,
    without_its_log,
    with_broken_rows,
    without_a_gallery,
    with_an_empty_gallery,
    with_an_empty_log,
    with_nothing_in_it,
]


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_repair, "PAUSE_SECONDS", 0.0)


async def seen(visitor: Visitor) -> list[tuple[str, list[bool]]] | None:
    """Every batch with the marks of its images, newest first; None where that is not told."""
    listed = await visitor.get("/batches")
    if not listed.is_success:
        return None
    ids = [batch["batchId"] for batch in listed.json()["batches"]]
    answers = [await visitor.get(f"/batches/{batch_id}") for batch_id in ids]
    answers.append(await visitor.get("/events", params={"limit": 1000}))
    if not all(answer.is_success for answer in answers):
        return None
    images = [answer.json()["images"] for answer in answers[:-1]]
    marks = [[image["favourite"] for image in of_batch] for of_batch in images]
    return list(zip(ids, marks, strict=True))


async def comes_back(visitor: Visitor, known: object) -> None:
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while await seen(visitor) != known:
            pass


async def made(visitor: Visitor) -> str:
    """A new batch; only this may show that something is harmed. Where that is in its midst, it is
    interrupted, keeps what it has, and goes on after the mending.
    """
    batch_id = str((await done_once_mended(visitor, "/batches", json=asked())).json()["batchId"])
    ended = await visitor.end(batch_id)
    if ended["progress"]["interrupted"]:
        await done_once_mended(visitor, f"/batches/{batch_id}/resume")
        ended = await visitor.end(batch_id)
    assert ended["progress"]["status"] == "complete"
    return batch_id


async def done_once_mended(visitor: Visitor, path: str, **body: Any) -> httpx.Response:
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while not (answer := await visitor.post(path, **body)).is_success:
            assert "as soon as no batch runs" in answer.text
    return answer


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
async def test_what_is_harmed_under_the_running_app_comes_back_without_a_new_start(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    async with visit(tmp_path) as (_, visitor):
        first, last = [await visitor.make() for _ in range(2)]
        await visitor.patch(f"/images/{first}-002", json={"favourite": True})
    known = [(last, [False, False, False]), (first, [False, True, False])]
    async with visit(tmp_path) as (_, visitor):  # with nothing in its cache
        await asyncio.to_thread(harm, tmp_path / "data" / "batchgen.db")
        await comes_back(visitor, known)
        new = await made(visitor)
        await comes_back(visitor, [(new, [False, False, False]), *known])
    async with visit(tmp_path) as (_, visitor):
        assert await seen(visitor) == [(new, [False, False, False]), *known]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
async def test_the_first_question_afterwards_is_answered(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    async with visit(tmp_path) as (_, visitor):
        first, last = [await visitor.make() for _ in range(2)]
    async with visit(tmp_path) as (_, visitor):
        await asyncio.to_thread(harm, tmp_path / "data" / "batchgen.db")
        assert await seen(visitor) == [(last, [False] * 3), (first, [False] * 3)]


async def test_what_is_written_after_the_files_were_taken_away_is_there_at_the_next_start(
    tmp_path: Path,
) -> None:
    """A file that has no name any more takes everything, and nobody ever reads it again."""

    async def events(visitor: Visitor) -> list[object]:
        answer = await visitor.get("/events", params={"limit": 1000})
        return list(answer.json()["events"])

    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        (tmp_path / "data" / "settings.json").write_text("{}")  # else a drive may be unplugged
        for file in (tmp_path / "data").glob("batchgen.db*"):
            file.unlink()
        marked = await visitor.patch(f"/images/{batch_id}-002", json={"favourite": True})
        assert marked.status_code == 200, marked.text
        told = await events(visitor)
        assert told
    async with visit(tmp_path) as (_, visitor):
        assert (await events(visitor))[: len(told)] == told


async def test_a_log_of_writes_that_was_emptied_is_damage_and_no_fault_of_the_disk(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        wal = tmp_path / "data" / "batchgen.db-wal"
        await asyncio.to_thread(wal.write_bytes, b"")
        assert await seen(visitor) == [(batch_id, [False] * 3)]
        marked = await visitor.patch(f"/images/{batch_id}-002", json={"favourite": True})
        assert marked.status_code == 200, marked.text
    async with visit(tmp_path) as (_, visitor):
        assert await seen(visitor) == [(batch_id, [False, True, False])]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
async def test_what_is_done_first_afterwards_is_done(
    tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
    async with visit(tmp_path) as (_, visitor):
        await asyncio.to_thread(harm, tmp_path / "data" / "batchgen.db")
        answer = await visitor.patch(f"/images/{batch_id}-002", json={"favourite": True})
        assert answer.status_code == 200, answer.text
        assert await seen(visitor) == [(batch_id, [False, True, False])]
        assert (await visitor.post("/batches", json=asked())).status_code == 201


@pytest.mark.parametrize("harm", [without_a_gallery, with_an_empty_gallery])
async def test_while_a_batch_runs_it_waits(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    async with visit(tmp_path, step_delay=0.02) as (here, visitor):
        first = await visitor.make()
        running = await visitor.start(batchCount=3)
        await asyncio.to_thread(harm, tmp_path / "data" / "batchgen.db")
        mended = asyncio.Event()
        here.app.live_repair.done.subscribe(mended.set)
        await visitor.get("/batches")
        assert here.app.queue.is_busy
        assert not mended.is_set()
        assert (await visitor.end(running))["progress"]["status"] == "complete"
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await mended.wait()
        found = (await visitor.get("/batches")).json()["batches"]
        assert [batch["batchId"] for batch in found] == [running, first]


async def test_what_another_process_of_ours_writes_is_no_damage(tmp_path: Path) -> None:
    theirs = tmp_path / "data" / "batchgen.db"
    async with visit(tmp_path) as (here, visitor), await open_database(theirs) as other:
        batch_id, noticed = await visitor.make(), list[bool]()
        here.app.storage.damaged.subscribe(lambda: noticed.append(True))
        diary = Diary(other)
        for event in finished(NOON):
            await diary.tell(event)
            assert len((await visitor.get("/batches")).json()["batches"]) == 2
        await diary.gallery.clear()
        await visitor.get("/batches")
        await diary.gallery.catch_up(diary.log)
        assert len((await visitor.get("/batches")).json()["batches"]) == 2
        await visitor.patch(f"/images/{batch_id}-002", json={"favourite": True})
        assert not noticed


async def test_who_asks_during_a_mending_that_lasts_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, salvaged = threading.Event(), repair._salvaged
    monkeypatch.setattr(repair, "_salvaged", lambda path: end.wait() and salvaged(path))
    monkeypatch.setattr(live_repair, "TIMEOUT_SECONDS", 0.3)
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        await asyncio.to_thread(without_a_gallery, tmp_path / "data" / "batchgen.db")
        for _ in range(2):
            told = await visitor.get("/batches")
            assert (told.status_code, told.json()["error"]["message"]) == (503, live_repair.LASTS)
            assert (await visitor.post("/batches", json=asked())).status_code == 503
        end.set()
        await comes_back(visitor, [(batch_id, [False] * 3)])


async def test_while_another_process_uses_it_nothing_is_begun_and_afterwards_all_is_mended(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (here, visitor), Locks(tmp_path / "data") as others:
        batch_id = await visitor.make()
        await visitor.patch(f"/images/{batch_id}-002", json={"favourite": True})
        here.app.batch_service.forget()  # it has to be read again
        assert await others.take("20261122-150000-000000-0001")
        mended: list[bool] = []
        here.app.live_repair.done.subscribe(lambda: mended.append(True))
        await asyncio.to_thread(with_broken_rows, tmp_path / "data" / "batchgen.db")
        for _ in range(3):
            answer = await visitor.get(f"/batches/{batch_id}")
            assert answer.status_code == 503
            assert "another BatchGen is using it" in answer.text
            assert (await visitor.get("/batches")).json()["batches"][0]["batchId"] == batch_id
            assert (await visitor.get("/events")).is_success
        assert not here.app.notices
        assert not mended
        await others.let_go("20261122-150000-000000-0001")
        assert await seen(visitor) == [(batch_id, [False, True, False])]
        assert mended == [True]
