"""A start notices by itself what the folders know beyond the database, and
ends moves to the trash that were broken off. Folders that did not change are not opened again.
"""

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from batchgen_app.core.batch_file import document
from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.core.events import BatchDeleted, Event, ImageDeleted, ImageRated
from batchgen_app.core.state import BatchState
from batchgen_app.storage.checkup import look_over
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.storage import DATABASE_NAME, Storage, open_storage
from tests.core.stories import BATCH_ID, all_done, completed, happened, queued, started
from tests.soak.harms import HARMS, Harm, Victim
from tests.storage.rooms import Rooms

OTHER_ID = "20261122-150000-000000-0001"
Spoil = Callable[[Path], None]
LIFE: list[Event] = [
    *(queued(), started(), completed(1), completed(2), completed(3), all_done()),
    happened(ImageRated, index=3, rating=5),
]


def rooms(storage: Storage, folder: Path) -> Rooms:
    return Rooms(folder, storage.log, storage.gallery, storage.store)


@pytest.fixture
async def lived(tmp_path: Path) -> BatchState:
    """A batch in log and folder, an older copy of the database, and then another batch."""
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        batch = await rooms(storage, tmp_path).live(*LIFE)
        await storage.gallery.catch_up(storage.log)
    shutil.copyfile(tmp_path / DATABASE_NAME, tmp_path / "older.db")
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        later = happened(ImageRated, index=1, rating=2)
        batch = await rooms(storage, tmp_path).live(later)
        await rooms(storage, tmp_path).live(*LIFE, batch_id=OTHER_ID)
    return batch


def missing(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def older(path: Path) -> None:
    shutil.copyfile(path.with_name("older.db"), path)


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def a_link_to_nowhere(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to("unplugged")


def a_link_to_itself(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


def a_folder_beside(path: Path, part: str) -> None:
    path.with_name(path.name + part).mkdir()


def a_pipe_beside(path: Path, part: str) -> None:
    os.mkfifo(path.with_name(path.name + part))


def a_link_beside(path: Path, part: str) -> None:
    path.with_name(path.name + part).symlink_to("elsewhere")


def beside(*parts: str) -> list[Spoil]:
    """Something else than a file, where SQLite keeps one beside the database."""
    kinds = (a_folder_beside, a_pipe_beside, a_link_beside)
    return [partial(kind, part=part) for part in parts for kind in kinds]


def a_flipped_bit_in_the_version(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[63] ^= 0x10
    path.write_bytes(data)


def no_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA user_version = 0")


def _name(harm: Spoil) -> str:
    if isinstance(harm, partial):
        return f"{harm.func.__name__}_{harm.keywords['part']}"
    return harm.__name__


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes nor devices among files")
@pytest.mark.parametrize(
    "harm",
    [
        *(a_pipe, a_folder, a_device, a_link_to_nowhere, a_link_to_itself),
        *beside("-wal", "-shm", "-journal"),
        *(no_version, a_flipped_bit_in_the_version),
    ],
    ids=_name,
)
async def test_what_is_no_database_of_ours_is_put_aside_and_doctor_finds_it(
    tmp_path: Path, lived: BatchState, harm: Spoil
) -> None:
    path = tmp_path / DATABASE_NAME
    harm(path)
    with pytest.raises(DatabaseDamaged):
        look_over(path)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await rooms(storage, tmp_path).batch()) == document(lived)
        assert (await storage.gallery.statistics()).images == 6
        assert any("The database was damaged" in notice for notice in storage.notices)
    assert any(f"{DATABASE_NAME}.broken-" in name for name in os.listdir(tmp_path))  # noqa: PTH208


async def test_a_database_of_a_newer_app_has_another_schema_and_is_left_alone(
    tmp_path: Path, lived: BatchState
) -> None:
    path = tmp_path / DATABASE_NAME
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("ALTER TABLE gallery_batches ADD COLUMN colour TEXT")
    a_flipped_bit_in_the_version(path)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="newer BatchGen"):
        await open_storage(tmp_path, tmp_path / "images").__aenter__()
    assert path.read_bytes() == before


def a_text(path: Path) -> None:
    path.write_text("mine")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among files")
@pytest.mark.parametrize("harm", [a_text, os.mkfifo, a_link_to_itself, a_link_to_nowhere])
async def test_what_is_no_folder_in_place_of_the_trash_keeps_nothing_from_starting(
    tmp_path: Path, lived: BatchState, harm: Spoil, caplog: pytest.LogCaptureFixture
) -> None:
    trash = tmp_path / "images" / "trash"
    harm(trash)
    missing(tmp_path / DATABASE_NAME)
    batch_json = tmp_path / "images" / "batches" / OTHER_ID / "batch.json"
    batch_json.write_text("no JSON")
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await rooms(storage, tmp_path).batch()) == document(lived)
        assert (await storage.gallery.statistics()).images == 6
        with pytest.raises(StorageError, match="trash"):
            await storage.store.throw_away_batch(BATCH_ID)
        assert (await storage.gallery.statistics()).images == 6
    if harm is not a_link_to_nowhere:
        assert f"{trash} is something else than BatchGen keeps there. Move it" in caplog.text


@pytest.mark.parametrize("loss", [missing, empty, older])
async def test_a_database_that_is_missing_empty_or_older_is_completed_by_itself_and_this_is_said(
    tmp_path: Path, lived: BatchState, loss: Callable[[Path], None]
) -> None:
    loss(tmp_path / DATABASE_NAME)
    told: list[tuple[str, int, int]] = []
    async with open_storage(
        tmp_path, tmp_path / "images", progress=lambda *how_far: told.append(how_far)
    ) as storage:
        found = await rooms(storage, tmp_path).batch()
        assert document(found) == document(lived)
        assert (await storage.gallery.statistics()).images == 6
        (notice,) = storage.notices
        assert "missing, empty or older than the batch folders" in notice
        assert "2 batches with 6 images" in notice
    assert ("The batch folders are compared with the database", 2, 2) in told
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert not storage.notices


async def test_a_batch_folder_that_is_put_there_is_taken_in(
    tmp_path: Path, lived: BatchState
) -> None:
    async with open_storage(tmp_path / "new", tmp_path / "new-images") as storage:
        assert not storage.notices
    shutil.copytree(tmp_path / "images", tmp_path / "new-images")
    async with open_storage(tmp_path / "new", tmp_path / "new-images") as storage:
        assert (await storage.gallery.statistics()).batches == 2


async def test_folders_that_did_not_change_are_not_opened_again(
    tmp_path: Path, lived: BatchState, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    document_of = ImageStore.document

    async def watched(store: ImageStore, batch_id: str) -> object:
        opened.append(batch_id)
        return await document_of(store, batch_id)

    async def start() -> None:
        opened.clear()
        async with open_storage(tmp_path, tmp_path / "images") as storage:
            assert not storage.notices

    monkeypatch.setattr(ImageStore, "document", watched)
    await start()
    assert sorted(opened) == [BATCH_ID, OTHER_ID]
    await start()
    assert opened == []
    os.utime(tmp_path / "images" / "batches" / OTHER_ID / "batch.json")
    await start()
    assert opened == [OTHER_ID]


async def test_what_is_no_batch_is_said_once_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "images" / "batches" / "holiday").mkdir(parents=True)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        (notice,) = storage.notices
        assert "Batch folders with something wrong in them: 1" in notice
        assert "holiday" in notice
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert not storage.notices


async def test_while_another_process_is_at_work_nothing_is_compared(
    tmp_path: Path, lived: BatchState
) -> None:
    missing(tmp_path / DATABASE_NAME)
    async with (
        Locks(tmp_path).only_app(),
        open_storage(tmp_path, tmp_path / "images") as storage,
    ):
        assert await storage.log.end() == 0


async def test_a_delete_that_was_killed_in_the_middle_is_finished_at_the_next_start(
    tmp_path: Path, lived: BatchState
) -> None:
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        await storage.log.append(happened(ImageDeleted, index=2))
        deleted = happened(BatchDeleted).model_copy(update={"batch_id": OTHER_ID})
        await storage.log.append(deleted)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert not storage.notices
        assert (await storage.gallery.statistics()).images == 2
    trash, batches = tmp_path / "images" / "trash", tmp_path / "images" / "batches"
    assert (trash / BATCH_ID / "images" / "002_102.png").exists()
    assert not (batches / BATCH_ID / "002_102.png").exists()
    assert (trash / OTHER_ID / "batch" / "batch.json").exists()
    assert not (batches / OTHER_ID).exists()


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
async def test_each_harm_of_the_long_run_in_small(
    tmp_path: Path, lived: BatchState, harm: Harm
) -> None:
    """Schema, pages, rows, heads, side files of an older copy, parts that changed places."""
    earlier = tmp_path / "earlier"
    earlier.mkdir()
    shutil.copyfile(tmp_path / "older.db", earlier / DATABASE_NAME)
    harm(Victim(tmp_path / DATABASE_NAME, earlier, random.Random(2026)))
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await rooms(storage, tmp_path).batch()) == document(lived)
        assert (await storage.gallery.statistics()).images == 6
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert not storage.notices, "it is said once"
