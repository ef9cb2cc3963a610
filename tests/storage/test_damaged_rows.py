"""One row that cannot be read costs at most what only that row knew, and this is
said; the start repairs it, and reading never fails of it.
"""

import errno
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch_file import BatchFile, document
from batchgen_app.core.errors import StorageError
from batchgen_app.core.events import Event, ImageFavourited, ImageRated, Logged
from batchgen_app.core.state import BatchState
from batchgen_app.storage import connections
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog, replay
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.recover.folder_state import told_by
from batchgen_app.storage.recover.repair import _repaired
from batchgen_app.storage.recover.salvage import _sorted_out
from batchgen_app.storage.schema import MIGRATIONS
from batchgen_app.storage.storage import DATABASE_NAME, Storage, open_storage
from tests.core.histories import histories
from tests.core.stories import (
    BATCH_ID,
    all_done,
    completed,
    failed,
    happened,
    queued,
    resumed,
    started,
    submitted,
)
from tests.storage.rooms import Rooms

OTHER_ID = "20261122-150000-000000-0001"
LIFE: list[Event] = [
    *(queued(), started(), submitted(1), completed(1), failed(2, "no luck"), completed(3)),
    *(all_done(), resumed(2), started(), completed(2), all_done()),
    happened(ImageFavourited, index=1, favourite=True),
    happened(ImageRated, index=3, rating=5),
]


@pytest.fixture
async def lived(tmp_path: Path) -> BatchState:
    """Two batches with marks, in log, gallery and folders."""
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        rooms = Rooms(tmp_path, storage.log, storage.gallery, storage.store)
        await rooms.live(*LIFE, batch_id=OTHER_ID)
        batch = await rooms.live(*LIFE)
        await storage.gallery.catch_up(storage.log)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert not storage.notices
    return batch


def change(folder: Path, statement: str, *values: object) -> None:
    """Behind the back of the rule that the log is append-only."""
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as raw, raw:
        select = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'"
        triggers = raw.execute(select).fetchall()
        for name, _ in triggers:
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute(statement, values)
        for _, sql in triggers:
            raw.execute(sql)


def spoil(folder: Path, seq: int, text: bytes) -> None:
    """Four bytes in the middle of an event; the b-tree stays whole."""
    change(
        folder,
        "UPDATE events SET data = CAST(substr(CAST(data AS BLOB), 1, 40) || ?"
        " || substr(CAST(data AS BLOB), 45) AS TEXT) WHERE seq = ?",
        text,
        seq,
    )


def put_aside(folder: Path) -> list[Path]:
    return list(folder.glob(f"{DATABASE_NAME}.broken-*"))


async def assert_whole(storage: Storage, batch: BatchState) -> None:
    for batch_id in (BATCH_ID, OTHER_ID):
        found = await storage.log.state(batch_id)
        assert found
        assert [(p.index, p.favourite, p.rating) for p in found.pictures] == [
            (p.index, p.favourite, p.rating) for p in batch.pictures
        ]
        assert len(await storage.gallery.images(batch_id)) == 3
    log = await storage.log.read()
    assert [entry.seq for entry in log] == list(range(1, len(log) + 1))


@pytest.mark.parametrize("seq", range(len(LIFE) + 1, 2 * len(LIFE) + 1))
async def test_a_row_that_cannot_be_read_costs_only_what_it_knew_and_this_is_said(
    tmp_path: Path, lived: BatchState, seq: int
) -> None:
    text = (b"\0\0\0\0", b"\xff\xfe\xfd\xfc", b'}}""')[seq % 3]
    spoil(tmp_path, seq, text)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        await assert_whole(storage, lived)
        assert "The database was damaged. It is kept as" in storage.notices[0]
        assert "Entries of the log that could not be read: 1." in storage.notices[1]
        types = [entry.event.type for entry in await storage.log.of_batch(BATCH_ID)]
        lost = LIFE[seq - len(LIFE) - 1].type
        assert not [kept for kept in LIFE if kept.type != lost and kept.type not in types]
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert not storage.notices


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET type = 'image_cancelled' WHERE seq = 4",
        "UPDATE events SET data = replace(data, '.png', '.jpg') WHERE seq = 4",
        "DELETE FROM events WHERE seq BETWEEN 3 AND 6",
        "UPDATE gallery_summaries SET summary = '{}'",
        "UPDATE gallery_batches SET deleted = 1",
        "DELETE FROM gallery_images",
        "UPDATE gallery_finds SET rating = 5",
        "DELETE FROM gallery_finds",
        "UPDATE gallery_texts SET prompt = 'sea'",
        "DELETE FROM gallery_texts",
        "INSERT INTO gallery_words (gallery_words) VALUES ('delete-all')",
        "DELETE FROM gallery_words_data WHERE id > 10",
        "UPDATE gallery_words_data SET block = replace(block, x'666f78', x'73656c') WHERE id > 10",
        "UPDATE gallery_seen SET seq = 1000",
        "DELETE FROM gallery_seen",
    ],
)
async def test_what_can_be_read_but_was_not_written_so_is_damage_too(
    tmp_path: Path, lived: BatchState, statement: str
) -> None:
    change(tmp_path, statement)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        await assert_whole(storage, lived)
        assert "The database was damaged" in storage.notices[0]


async def test_marks_that_only_a_lost_row_knew_are_named(tmp_path: Path, lived: BatchState) -> None:
    spoil(tmp_path, 2 * len(LIFE), b"\0\0\0\0")
    (tmp_path / "images" / "batches" / BATCH_ID / "batch.json").write_text("no JSON")
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        (told,) = [one for one in storage.notices if "ratings may be missing" in one]
        assert BATCH_ID in told
        assert OTHER_ID not in told


async def test_while_another_process_uses_it_a_broken_row_is_passed_over(
    tmp_path: Path, lived: BatchState
) -> None:
    spoil(tmp_path, 4, b"\0\0\0\0")
    async with Locks(tmp_path).only_app(), open_storage(tmp_path, tmp_path / "images") as storage:
        (told,) = storage.notices
        assert "another BatchGen is using it" in told
        assert len(await storage.log.read()) == 2 * len(LIFE) - 1
        assert [entry.seq for entry in await storage.log.page(after=3, limit=1)] == [5]
    assert not put_aside(tmp_path)


async def test_a_row_that_breaks_while_the_app_runs_is_passed_over(
    tmp_path: Path, lived: BatchState
) -> None:
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        spoil(tmp_path, len(LIFE), b"\xff\xff\xff\xff")
        change(tmp_path, "UPDATE gallery_summaries SET summary = 'x' WHERE rowid = 1")
        assert len(await storage.log.read()) == 2 * len(LIFE) - 1
        assert (await storage.gallery.statistics()).batches == 2
        assert (await storage.log.state(OTHER_ID)) is not None


async def test_a_disk_that_is_full_while_it_is_repaired_loses_nothing(
    tmp_path: Path, lived: BatchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(tmp_path, 4, b"\0\0\0\0")
    before = (tmp_path / DATABASE_NAME).read_bytes()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    with pytest.raises(StorageError, match="is full"):
        await open_storage(tmp_path, tmp_path / "images").__aenter__()
    monkeypatch.undo()
    assert (tmp_path / DATABASE_NAME).read_bytes() == before
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        await assert_whole(storage, lived)


async def test_a_log_of_an_earlier_version_gets_its_checksums_and_is_looked_after_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / DATABASE_NAME
    monkeypatch.setattr(connections, "MIGRATIONS", MIGRATIONS[:3])
    async with await open_database(path) as db, db.transaction() as connection:
        for seq, event in enumerate(LIFE, start=1):
            row = (seq, event.batch_id, event.type, event.model_dump_json(by_alias=True))
            insert = "INSERT INTO events (seq, batch_id, type, data) VALUES (?, ?, ?, ?)"
            await connection.execute_fetchall(insert, row)
    monkeypatch.undo()
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert [entry.event for entry in await storage.log.read()] == LIFE
        (absent,) = storage.notices
        assert "pictures of this gallery are not in" in absent  # there were never folders
    change(tmp_path, "UPDATE events SET data = replace(data, '.png', '.jpg') WHERE seq = 4")
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert "The database was damaged" in storage.notices[0]


async def test_what_is_put_aside_has_a_name_of_its_own(tmp_path: Path, lived: BatchState) -> None:
    for _ in range(3):
        spoil(tmp_path, 1, b"\0\0\0\0")
        async with open_storage(tmp_path, tmp_path / "images") as storage:
            assert storage.notices
    assert len(put_aside(tmp_path)) == 3


@settings(max_examples=25, phases=[Phase.generate])
@given(histories(), st.data())
def test_whichever_rows_are_lost_the_folder_s_story_can_go_on(
    history: list[Event], data: st.DataObject
) -> None:
    batch = replay(history)
    gone = data.draw(st.sets(st.integers(0, len(history) - 1), max_size=3))
    left = [Logged(n, event) for n, event in enumerate(history, 1) if n - 1 not in gone]
    told = [event for _, event in _repaired(left, BatchFile.of(batch))]
    after = replay([*told, *told_by(BatchFile.of(batch), told)])
    assert {*after.pictures} >= {*batch.pictures}
    assert after.deleted == batch.deleted


async def test_the_rule_of_the_file_holds_for_checksums_too(tmp_path: Path) -> None:
    async with await open_database(tmp_path / DATABASE_NAME) as db:
        await EventLog(db).append(queued())
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as raw:
        for column in ("checksum", "data"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(f"UPDATE events SET {column} = 7")


async def test_the_whole_batch_file_comes_back(tmp_path: Path, lived: BatchState) -> None:
    spoil(tmp_path, len(LIFE) + 1, b"\0\0\0\0")
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await storage.log.state(BATCH_ID) or lived) == document(lived)


async def test_rows_that_come_twice_and_in_any_order_are_told_once_in_theirs(
    tmp_path: Path, lived: BatchState
) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as raw:
        raw.text_factory = bytes
        rows = raw.execute("SELECT * FROM events ORDER BY seq").fetchall()
    found = _sorted_out([*rows[5:], *rows[:8]])
    assert [entry.seq for entry in found.events] == list(range(1, len(rows) + 1))
    assert not found.lost
