"""The batch folders: whole files under their final names, and nothing else."""

import asyncio
import errno
import hashlib
import json
import os
from pathlib import Path

import pytest

from batchgen_app.core.errors import DiskTrouble, NotFound, PictureBroken, StorageError
from batchgen_app.storage import atomic_files, png
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.images import ImageStore
from tests.reading.sites import text_in
from tests.storage import making
from tests.stored_files import is_all_there

BATCH = "20261122-141500-000000-9f3a"
TEXT = "ein Fuchs, 狐\nNegative prompt: rain\nSteps: 4"


@pytest.fixture
def store(tmp_path: Path) -> ImageStore:
    return ImageStore(tmp_path / "images")


def names(store: ImageStore) -> set[str]:
    folder = store.folder(BATCH)
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


async def test_a_picture_lies_beside_its_text_and_its_thumbnail(store: ImageStore) -> None:
    stored = await store.save(BATCH, 1, 42, making.png(), TEXT)
    folder = store.folder(BATCH)
    assert names(store) == {"001_42.png", "001_42.txt", "thumbnails/001.webp"}
    assert (folder / "001_42.txt").read_text(encoding="utf-8") == TEXT
    assert making.opened((folder / "001_42.png").read_bytes()).info["parameters"] == TEXT
    assert stored.filename == "001_42.png"


async def test_what_is_said_of_a_picture_is_true_of_the_file(store: ImageStore) -> None:
    stored = await store.save(BATCH, 20, 2**53 - 1, making.png(), TEXT)
    file = store.picture_path(BATCH, stored.filename).read_bytes()
    assert (stored.width, stored.height, stored.bytes) == (32, 32, len(file))
    assert stored.sha256 == hashlib.sha256(file).hexdigest()
    assert await store.find(BATCH, 20, 2**53 - 1) == stored
    assert await store.checksum(BATCH, stored.filename) == stored.sha256


async def test_the_servers_bytes_are_all_there(store: ImageStore) -> None:
    sent = making.png(prompt="{}")
    stored = await store.save(BATCH, 1, 42, sent, TEXT)
    file = store.picture_path(BATCH, stored.filename).read_bytes()
    added = png.chunks(file)[1]
    assert file[: added.start] + file[added.end :] == sent


async def test_a_jpeg_keeps_the_servers_bytes_and_its_kind(store: ImageStore) -> None:
    sent = making.jpeg()
    stored = await store.save(BATCH, 1, 42, sent, TEXT)
    assert stored.filename == "001_42.jpg"
    file = store.picture_path(BATCH, "001_42.jpg").read_bytes()
    assert is_all_there(file, sent)
    assert text_in(file) == TEXT
    assert (store.folder(BATCH) / "001_42.txt").read_text(encoding="utf-8") == TEXT


async def test_no_folder_is_made_before_there_is_something_to_put_into_it(
    store: ImageStore,
) -> None:
    with pytest.raises(PictureBroken):
        await store.save(BATCH, 1, 42, b"broken", TEXT)
    assert await store.find(BATCH, 1, 42) is None
    assert await store.batch_ids() == []
    assert not store.folder(BATCH).parent.exists()


async def test_the_same_picture_again_is_fine(store: ImageStore) -> None:
    first = await store.save(BATCH, 1, 42, making.png(), TEXT)
    file = store.picture_path(BATCH, first.filename).read_bytes()
    assert await store.save(BATCH, 1, 42, file, TEXT) == first
    assert names(store) == {"001_42.png", "001_42.txt", "thumbnails/001.webp"}


async def test_another_picture_never_takes_the_place_of_one_that_is_there(
    store: ImageStore,
) -> None:
    await store.save(BATCH, 1, 42, making.png(), TEXT)
    before = {name: (store.folder(BATCH) / name).read_bytes() for name in names(store)}
    with pytest.raises(StorageError, match="already there"):
        await store.save(BATCH, 1, 42, making.png(making.picture(64)), "another text")
    assert {name: (store.folder(BATCH) / name).read_bytes() for name in names(store)} == before


async def test_where_files_cannot_be_linked_they_are_renamed(
    store: ImageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links on this drive")

    monkeypatch.setattr(os, "link", refuse)
    await store.save(BATCH, 1, 42, making.png(), TEXT)
    assert names(store) == {"001_42.png", "001_42.txt", "thumbnails/001.webp"}
    with pytest.raises(StorageError, match="already there"):
        await store.save(BATCH, 1, 42, making.png(), TEXT)


async def test_a_name_that_is_taken_at_the_last_moment_is_not_overwritten(
    store: ImageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_is_quicker(*_: object) -> None:
        path = store.folder(BATCH) / "001_42.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"quicker")
        monkeypatch.undo()

    monkeypatch.setattr(BatchFolder, "check_free", somebody_is_quicker)
    with pytest.raises(StorageError, match="already there"):
        await store.save(BATCH, 1, 42, making.png(), TEXT)
    assert (store.folder(BATCH) / "001_42.png").read_bytes() == b"quicker"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (errno.ENOSPC, "is full .* MB left.*Free some space"),
        (errno.EDQUOT, "is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.ENOENT, "not there any more"),
        (errno.EIO, "does not answer"),
        (errno.ENAMETOOLONG, "cannot be used"),
    ],
)
async def test_a_fault_of_the_disk_is_told_in_words_and_leaves_no_partial_file(
    store: ImageStore, monkeypatch: pytest.MonkeyPatch, fault: int, words: str
) -> None:
    def fail(_: int) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(os, "fsync", fail)
    store.folder(BATCH).joinpath("thumbnails").mkdir(parents=True)
    with pytest.raises(StorageError, match=words) as refusal:
        await store.save(BATCH, 1, 42, making.png(), TEXT)
    assert isinstance(refusal.value.__cause__, OSError)
    assert names(store) == set()


async def test_a_folder_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "images").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="images is already there"):
        await ImageStore(tmp_path / "images").save(BATCH, 1, 42, making.png(), TEXT)


def thumbnail_path(store: ImageStore) -> Path:
    return store.folder(BATCH) / "thumbnails" / "001.webp"


async def thumbnail(store: ImageStore) -> bytes:
    with await store.thumbnail(BATCH, "001_42.png") as opened:
        return opened.file.read()


async def test_a_thumbnail_is_made_again_when_it_is_missing_or_damaged(store: ImageStore) -> None:
    await store.save(BATCH, 1, 42, making.png(), TEXT)
    path, whole = thumbnail_path(store), await thumbnail(store)
    path.unlink()
    assert await thumbnail(store) == whole == path.read_bytes()
    path.write_bytes(whole[:100])
    assert await thumbnail(store) == whole == path.read_bytes()


async def test_a_thumbnail_that_is_whole_is_left_alone(store: ImageStore) -> None:
    await store.save(BATCH, 1, 42, making.png(), TEXT)
    path = thumbnail_path(store)
    before = path.stat()
    await thumbnail(store)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


async def test_no_thumbnail_can_be_made_of_a_picture_that_is_gone_or_damaged(
    store: ImageStore,
) -> None:
    stored = await store.save(BATCH, 1, 42, making.png(), TEXT)
    thumbnail_path(store).unlink()
    picture = store.picture_path(BATCH, stored.filename)
    picture.write_bytes(b"damaged")
    with pytest.raises(PictureBroken):
        await store.thumbnail(BATCH, stored.filename)
    picture.unlink()
    with pytest.raises(NotFound):
        await store.thumbnail(BATCH, stored.filename)
    assert not await store.has(BATCH, stored.filename)
    assert await store.checksum(BATCH, stored.filename) is None


@pytest.mark.parametrize(
    "name",
    [
        "../001_42.png",
        "..\\001_42.png",
        "/etc/passwd",
        "thumbnails/001.webp",
        "001_42.png/../../x.png",
        "001_42.txt",
        "batch.json",
        "001_42.png\0",
        "001_42.png\n",
        "",
        ".",
    ],
)
def test_only_pictures_have_a_path(store: ImageStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.picture_path(BATCH, name)


@pytest.mark.parametrize(
    "batch_id", ["..", ".", "", "a/b", "a\\b", "C:", "-x", "a.b", "a\n", "x" * 101, "ü"]
)
def test_only_batches_have_a_folder(store: ImageStore, batch_id: str) -> None:
    with pytest.raises(NotFound):
        store.folder(batch_id)


async def test_a_batch_file_is_replaced_in_one_step(store: ImageStore) -> None:
    await store.write_batch(BATCH, {"prompt": "狐", "status": "generating"})
    await store.write_batch(BATCH, {"prompt": "狐", "status": "complete"})
    assert names(store) == {"batch.json"}
    assert "狐" in (store.folder(BATCH) / "batch.json").read_text(encoding="utf-8")
    assert await store.document(BATCH) == {"prompt": "狐", "status": "complete"}


async def test_the_last_of_many_writers_wins(store: ImageStore) -> None:
    async with asyncio.TaskGroup() as writers:
        for turn in range(20):
            writers.create_task(store.write_batch(BATCH, {"turn": turn}))
    assert await store.document(BATCH) == {"turn": 19}
    assert names(store) == {"batch.json"}


async def test_a_failed_write_leaves_the_batch_file_as_it_was(
    store: ImageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    await store.write_batch(BATCH, {"status": "generating"})
    monkeypatch.setattr(os, "fsync", disk_full)
    with pytest.raises(StorageError, match="is full"):
        await store.write_batch(BATCH, {"status": "complete"})
    assert await store.document(BATCH) == {"status": "generating"}
    assert names(store) == {"batch.json"}


async def test_batches_are_known_by_their_folders(store: ImageStore) -> None:
    for batch_id in ("20270101-b", "20260101-a"):
        await store.write_batch(batch_id, {})
    (store.folder("x").parent / "notes.txt").write_text("not a batch")
    assert await store.batch_ids() == ["20260101-a", "20270101-b"]


@pytest.mark.parametrize(
    "content",
    [b"", b'{"prompt": "fo', b"[1, 2]", b"\x00\xff", b"[" * 100_000],
    ids=["empty", "cut", "a list", "binary", "an abyss"],
)
async def test_a_batch_file_that_cannot_be_read_is_told_in_words(
    store: ImageStore, content: bytes
) -> None:
    await store.write_batch(BATCH, {})
    (store.folder(BATCH) / "batch.json").write_bytes(content)
    with pytest.raises(StorageError, match=r"batch\.json"):
        await store.document(BATCH)


async def test_a_batch_without_a_file_has_no_document(store: ImageStore) -> None:
    assert await store.document(BATCH) is None


async def test_what_a_killed_process_left_is_swept_away(store: ImageStore) -> None:
    await store.save(BATCH, 1, 42, making.png(), TEXT)
    before = names(store)
    for folder in (store.folder(BATCH), store.folder(BATCH) / "thumbnails"):
        (folder / f".001_42.png.0123abcd{atomic_files.PARTIAL}").write_bytes(b"half a pict")
    await store.sweep(BATCH)
    assert names(store) == before


async def test_a_batch_file_is_plain_json_for_every_reader(store: ImageStore) -> None:
    await store.write_batch(BATCH, {"seeds": [2**53 - 1]})
    text = (store.folder(BATCH) / "batch.json").read_bytes()
    assert json.loads(text) == {"seeds": [9007199254740991]}


async def test_where_a_batch_folder_was_no_empty_one_is_made_and_it_may_come_back(
    store: ImageStore, tmp_path: Path
) -> None:
    await store.save(BATCH, 1, 42, making.png(), TEXT)
    elsewhere = (store.folder(BATCH).parent).rename(tmp_path / "unplugged")
    with pytest.raises(DiskTrouble, match="Bring the folder or drive back"):
        await store.save(BATCH, 2, 43, making.png(), TEXT)
    with pytest.raises(DiskTrouble):
        await store.write_batch("20261122-another", {})
    assert not store.folder(BATCH).parent.exists()
    elsewhere.rename(store.folder(BATCH).parent)
    await store.save(BATCH, 2, 43, making.png(), TEXT)


async def test_a_batch_that_was_there_before_this_start_is_not_begun_anew(
    store: ImageStore,
) -> None:
    store.expect(BATCH)
    with pytest.raises(DiskTrouble, match=BATCH):
        await store.write_batch(BATCH, {})
