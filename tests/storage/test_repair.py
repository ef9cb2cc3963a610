"""A database that makes no sense is put aside, and the batch folders bring everything back."""

import asyncio
import errno
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from batchgen_app.core.batch_file import document
from batchgen_app.core.errors import DatabaseDamaged, StorageError
from batchgen_app.core.events import ImageFavourited, ImageRated
from batchgen_app.core.state import BatchState
from batchgen_app.storage import atomic_files
from batchgen_app.storage.locks import APP, Locks
from batchgen_app.storage.storage import DATABASE_NAME, Storage, open_storage
from tests.core.stories import (
    BATCH_ID,
    all_done,
    cancelled,
    completed,
    happened,
    queued,
    started,
    submitted,
)
from tests.storage.rooms import Rooms

Harm = Callable[[Path], None]


def random_bytes(path: Path) -> None:
    path.write_bytes(os.urandom(50_000))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garbage_behind_the_first_page(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + os.urandom(len(data) - 4096))


def the_file_of_another_app(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE recipes (name TEXT)")


def garbage_in_the_wal(path: Path) -> None:
    path.with_name(path.name + "-wal").write_bytes(os.urandom(50_000))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / DATABASE_NAME


@pytest.fixture
async def lived(tmp_path: Path) -> BatchState:
    """A finished batch with a favourite and a rating, in log, gallery and folder."""
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        batch = await rooms(storage, tmp_path).live(
            queued(),
            started(),
            *(submitted(1), completed(1), completed(2), completed(3)),
            all_done(),
            happened(ImageFavourited, index=2, favourite=True),
            happened(ImageRated, index=3, rating=4),
        )
        await storage.gallery.catch_up(storage.log)
        return batch


def rooms(storage: Storage, folder: Path) -> Rooms:
    return Rooms(folder, storage.log, storage.gallery, storage.store)


def content(path: Path) -> bytes:
    return path.read_bytes()


def put_aside(folder: Path) -> Path:
    (kept,) = folder.glob(f"{DATABASE_NAME}.broken-*[0-9]")
    return kept


def beside(folder: Path) -> list[str]:
    """What was in a folder that was put aside."""
    return [kept.name for kept in folder.parent.glob(f"{folder.name}.broken-*/*")]


async def append_and_look(storage: Storage) -> None:
    await storage.log.append(cancelled())
    await storage.gallery.images(BATCH_ID)


@pytest.mark.parametrize(
    "harm",
    [
        random_bytes,
        cut,
        garbage_behind_the_first_page,
        the_file_of_another_app,
        garbage_in_the_wal,
    ],
)
async def test_it_is_put_aside_and_everything_comes_back_and_is_said_once(
    tmp_path: Path, path: Path, lived: BatchState, harm: Harm
) -> None:
    harm(path)
    harmed = content(path)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await rooms(storage, tmp_path).batch()) == document(lived)
        assert [found.id for found in await storage.gallery.images(BATCH_ID)] == [
            picture.id for picture in lived.pictures
        ]
        (notice,) = storage.notices
    kept = put_aside(tmp_path)
    assert content(kept) == harmed
    assert kept.name in notice
    assert "1 batch with 3 images" in notice
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert not storage.notices


async def test_what_only_the_log_knew_survives_garbage_in_the_wal(
    tmp_path: Path, path: Path, lived: BatchState
) -> None:
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        before = await storage.log.read()
    garbage_in_the_wal(path)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert await storage.log.read() == before


def spoil_frames(path: Path, share: float) -> None:
    """Garbage behind the valid head of the write-ahead log, from some place in it on."""
    wal = path.with_name(path.name + "-wal")
    whole = wal.read_bytes()
    keep = 32 + int(share * (len(whole) - 32))
    wal.write_bytes(whole[:keep] + os.urandom(len(whole) - keep))


async def died_with_spoilt_frames(folder: Path, share: float) -> BatchState:
    """A process that died after a batch and a mark, on a disk that then lost what it had synced."""
    async with open_storage(folder / "before", folder / "images") as storage:
        before = rooms(storage, folder)
        await before.live(queued(), started(), submitted(1), completed(1))
        batch = await before.live(
            *(completed(2), completed(3), all_done()),
            happened(ImageFavourited, index=2, favourite=True),
        )
        shutil.copytree(folder / "before", folder / "after")
    spoil_frames(folder / "after" / DATABASE_NAME, share)
    return batch


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
async def test_what_is_lost_behind_a_valid_head_of_the_wal_comes_back_and_is_said_once(
    tmp_path: Path, share: float
) -> None:
    batch = await died_with_spoilt_frames(tmp_path, share)
    async with open_storage(tmp_path / "after", tmp_path / "images") as storage:
        after = rooms(storage, tmp_path)
        assert document(await after.batch()) == document(batch)
        assert len(await storage.gallery.images(BATCH_ID)) == 3
        assert [entry.seq for entry in await storage.log.read()][-1] == await storage.log.end()
        (notice,) = storage.notices
        assert "The last entries of the database were lost" in notice
        shutil.copytree(tmp_path / "after", tmp_path / "again")
    async with open_storage(tmp_path / "again", tmp_path / "images") as storage:
        assert not storage.notices


async def test_a_folder_that_is_only_late_is_no_sign_of_a_loss(tmp_path: Path) -> None:
    async with open_storage(tmp_path / "before", tmp_path / "images") as storage:
        await rooms(storage, tmp_path).live(queued(), started(), submitted(1), completed(1))
        await storage.log.append(happened(ImageFavourited, index=1, favourite=True))
        before = await storage.log.read()
        shutil.copytree(tmp_path / "before", tmp_path / "after")
    async with open_storage(tmp_path / "after", tmp_path / "images") as storage:
        assert not storage.notices
        assert await storage.log.read() == before


@pytest.mark.parametrize("moment", ["rebuilt", "put aside"])
async def test_a_repair_that_breaks_off_has_lost_nothing(
    tmp_path: Path, path: Path, lived: BatchState, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    random_bytes(path)
    move = atomic_files.move

    def break_off(source: Path, target: Path) -> None:
        if (source == path) == (moment == "rebuilt"):
            raise OSError(errno.EIO, "unplugged")
        move(source, target)

    monkeypatch.setattr(atomic_files, "move", break_off)
    with pytest.raises(StorageError):
        await open_storage(tmp_path, tmp_path / "images").__aenter__()
    monkeypatch.undo()
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await rooms(storage, tmp_path).batch()) == document(lived)


async def test_it_stays_where_it_is_while_another_process_works_here(
    tmp_path: Path, path: Path, lived: BatchState
) -> None:
    random_bytes(path)
    harmed = content(path)
    async with Locks(tmp_path).only_app():
        with pytest.raises(StorageError, match="another BatchGen is using it") as refused:
            await open_storage(tmp_path, tmp_path / "images").__aenter__()
        assert isinstance(refused.value.__context__, DatabaseDamaged)
    assert content(path) == harmed
    held = Locks(tmp_path)
    assert await held.take(APP)
    async with open_storage(tmp_path, tmp_path / "images", held) as storage:
        assert storage.notices


async def test_a_database_that_breaks_while_it_is_used_says_so_and_the_next_start_repairs_it(
    tmp_path: Path, path: Path, lived: BatchState
) -> None:
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        garbage_behind_the_first_page(path)
        with pytest.raises(DatabaseDamaged, match="as soon as no batch runs"):
            await append_and_look(storage)
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await rooms(storage, tmp_path).batch()) == document(lived)
        assert storage.notices


@pytest.mark.parametrize("name", [".new", ".new-wal", ".copy", ".copy-shm"])
async def test_a_folder_where_a_repair_works_is_put_aside(
    tmp_path: Path, path: Path, lived: BatchState, name: str
) -> None:
    random_bytes(path)
    in_the_way = path.with_name(path.name + name)
    in_the_way.mkdir()
    (in_the_way / "mine").touch()
    async with open_storage(tmp_path, tmp_path / "images") as storage:
        assert document(await rooms(storage, tmp_path).batch()) == document(lived)
    assert beside(in_the_way) == ["mine"]


async def test_a_mending_that_is_killed_at_any_moment_has_lost_nothing(
    tmp_path: Path, lived: BatchState
) -> None:
    folder = tmp_path / "whole"
    folder.mkdir()
    (tmp_path / "images").rename(folder / "images")
    async with open_storage(folder / "data", folder / "images"):
        pass
    killing = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.storage.processes", "mending_killed", str(folder)),
        stdout=subprocess.PIPE,
    )
    said, _ = await killing.communicate()
    deaths = [json.loads(line) for line in said.splitlines()]
    assert set(deaths[:-1]) == {signal.SIGKILL}
    assert len(deaths) > 5
    for turn in range(1, len(deaths) + 1):
        after = tmp_path / str(turn)
        async with open_storage(after / "data", after / "images") as storage:
            assert document(await rooms(storage, after).batch()) == document(lived)
            assert len(await storage.gallery.images(BATCH_ID)) == 3
        left = {path.name for path in (after / "data").glob(f"{DATABASE_NAME}*")}
        assert not [name for name in left if ".new" in name or ".copy" in name], turn
