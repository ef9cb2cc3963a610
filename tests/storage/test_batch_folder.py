"""Nothing in a batch's folder leads out of it, and nothing without an end is opened."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from batchgen_app.core.errors import NotFound, StorageError
from batchgen_app.storage import atomic_files, open_folder
from batchgen_app.storage.archive import pack
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.images import ImageStore
from tests.storage import making

BATCH = "20261122-141500-000000-9f3a"
SECRET = "somebody else's"


@pytest.fixture(params=[True, False], ids=["by descriptor", "by path"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on every system but Windows, and as there."""
    for module in (open_folder, atomic_files):
        monkeypatch.setattr(module, "BY_DESCRIPTOR", request.param and open_folder.BY_DESCRIPTOR)


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder of somebody else's, in which nothing is changed."""
    folder = tmp_path / "elsewhere"
    (folder / "deeper").mkdir(parents=True)
    for name in (
        "001.webp",
        "001_42.png",
        "001_42_2.png",
        "batch.json",
        ".x.partial",
        "001_42.txt",
    ):
        (folder / name).write_text(SECRET)
        (folder / "deeper" / name).write_text(SECRET)
    before = sorted(str(path) for path in folder.rglob("*"))
    yield folder
    assert sorted(str(path) for path in folder.rglob("*")) == before
    assert {p.read_text() for p in folder.rglob("*") if p.is_file()} == {SECRET}


@pytest.fixture
async def store(tmp_path: Path, _way: None) -> ImageStore:
    store = ImageStore(tmp_path / "images")
    await store.save_extra(BATCH, 1, 42, making.png(), "a fox", after=1)
    await store.save(BATCH, 1, 42, making.png(), "a fox")
    await store.write_batch(BATCH, {"prompt": "a fox"})
    return store


def put(path: Path, what: str, outside: Path) -> None:
    """Something else in the place of a file or folder."""
    path.rename(path.with_name(f"{path.name}.was"))
    match what:
        case "link":
            path.symlink_to(outside / path.name if (outside / path.name).exists() else outside)
        case "dangling link":
            path.symlink_to(outside / "new")
        case "endless":
            path.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case "file":
            path.write_text("a file")
        case "huge":
            with path.open("wb") as file:
                file.truncate(2**40)


WRONG = ("link", "dangling link", "endless", "pipe", "folder", "huge")


@pytest.mark.skipif(os.name == "nt", reason="making links there needs rights of its own")
@pytest.mark.parametrize("what", WRONG)
async def test_a_picture_that_is_something_else_is_no_picture(
    store: ImageStore, outside: Path, what: str
) -> None:
    put(store.folder(BATCH) / "001_42.png", what, outside)
    assert await store.find(BATCH, 1, 42) is None
    assert await store.checksum(BATCH, "001_42.png") is None
    with pytest.raises(NotFound, match=r"001_42\.png"):
        await store.open(BATCH, "001_42.png")
    with pytest.raises(NotFound, match=r"001_42\.png"):
        await pack([store.file(BATCH, "001_42.png")])
    assert await store.has(BATCH, "001_42.png") == (what == "huge")
    with await store.thumbnail(BATCH, "001_42.png") as small:
        assert small.file.read(4) == b"RIFF", "it was made when the picture was whole"
    with pytest.raises(StorageError, match="already there"):
        await store.save(BATCH, 1, 42, making.png(making.picture(48)), "a fox")
    assert await store.set_aside(BATCH, "001_42.png")
    await store.save(BATCH, 1, 42, making.png(), "a fox")


@pytest.mark.skipif(os.name == "nt", reason="making links there needs rights of its own")
@pytest.mark.parametrize("name", ["thumbnails", "thumbnails/001.webp"])
@pytest.mark.parametrize("what", [*WRONG, "file"])
async def test_a_thumbnail_that_cannot_be_kept_is_shown_all_the_same(
    store: ImageStore, outside: Path, name: str, what: str
) -> None:
    put(store.folder(BATCH) / name, what, outside)
    with await store.thumbnail(BATCH, "001_42.png") as small:
        assert making.opened(small.file.read()).size == (32, 32)
    await store.throw_away_picture(BATCH, "001_42.png")
    assert await store.bring_back_picture(BATCH, "001_42.png")


@pytest.mark.skipif(os.name == "nt", reason="making links there needs rights of its own")
@pytest.mark.parametrize("what", WRONG)
async def test_a_batch_file_that_is_something_else_is_told_and_replaced(
    store: ImageStore, outside: Path, what: str
) -> None:
    path = store.folder(BATCH) / "batch.json"
    put(path, what, outside)
    with pytest.raises(StorageError, match=r"batch\.json"):
        await store.document(BATCH)
    if what == "folder":
        with pytest.raises(StorageError):
            await store.write_batch(BATCH, {"prompt": "again"})
        return
    await store.write_batch(BATCH, {"prompt": "again"})
    assert not path.is_symlink()
    assert await store.document(BATCH) == {"prompt": "again"}


@pytest.mark.skipif(os.name == "nt", reason="making links there needs rights of its own")
async def test_extras_behind_a_link_are_none(store: ImageStore, outside: Path) -> None:
    put(store.folder(BATCH) / "extra", "link", outside)
    stored = await store.find(BATCH, 1, 42)
    assert stored
    assert stored.extras == ()
    with pytest.raises(StorageError, match="is a link"):
        await store.save_extra(BATCH, 1, 42, making.png(), "a fox", after=1)
    await store.sweep(BATCH)
    await store.throw_away_picture(BATCH, "001_42.png")


@pytest.mark.skipif(os.name == "nt", reason="making links there needs rights of its own")
async def test_a_batch_folder_that_is_a_link_is_not_followed(
    store: ImageStore, outside: Path
) -> None:
    store.folder(BATCH).rename(store.folder("other"))
    store.folder(BATCH).symlink_to(outside)
    assert await store.batch_ids() == [BATCH, "other"]
    with pytest.raises(StorageError, match=f"{BATCH} is a link"):
        await store.document(BATCH)
    with pytest.raises(StorageError, match="is a link"):
        await store.write_batch(BATCH, {})
    with pytest.raises(StorageError, match="is a link"):
        await store.save(BATCH, 2, 43, making.png(), "a fox")
    with pytest.raises(StorageError, match="is a link"):
        await store.sweep(BATCH)
    with pytest.raises(NotFound):
        await store.open(BATCH, "001_42.png")
    await store.throw_away_batch(BATCH)
    assert not store.folder(BATCH).is_symlink(), "the link itself is what was moved"


@pytest.mark.skipif(os.name == "nt", reason="making links there needs rights of its own")
@pytest.mark.parametrize("part", ["", "batch", "images"])
async def test_nothing_goes_to_the_trash_over_a_link(
    store: ImageStore, outside: Path, tmp_path: Path, part: str
) -> None:
    place = tmp_path / "images" / "trash" / BATCH / part
    place.parent.mkdir(parents=True)
    place.symlink_to(outside)
    if part != "batch":
        with pytest.raises(StorageError, match="is a link"):
            await store.throw_away_picture(BATCH, "001_42.png")
    if part != "images":
        with pytest.raises(StorageError):
            await store.throw_away_batch(BATCH)
    assert await store.has(BATCH, "001_42.png")
    await store.bring_back_picture(BATCH, "001_42.png")


@pytest.mark.skipif(os.name == "nt", reason="making links there needs rights of its own")
async def test_the_folder_of_all_batches_may_be_a_link(store: ImageStore, tmp_path: Path) -> None:
    elsewhere = (tmp_path / "images").rename(tmp_path / "a larger disk")
    (tmp_path / "images").symlink_to(elsewhere)
    assert await store.find(BATCH, 1, 42)
    await store.save(BATCH, 2, 43, making.png(), "a fox")
    await store.throw_away_batch(BATCH)
    assert await store.bring_back_batch(BATCH)


async def test_files_that_grow_while_they_are_read_are_still_bounded(
    store: ImageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = BatchFolder(store.folder(BATCH).parent, BATCH)
    (folder.path / "grows").write_bytes(bytes(100))
    status = os.stat_result((0o100600, *(0,) * 5, 10, *(0,) * 3))
    monkeypatch.setattr(os, "fstat", lambda _: status)
    with pytest.raises(open_folder.NotUsed, match="larger than"):
        folder.read("grows", 50)


async def test_a_folder_without_end_is_walked_only_as_deep_as_ours_are(store: ImageStore) -> None:
    deepest = store.folder(BATCH)
    for _ in range(300):
        deepest = deepest / "d"
        deepest.mkdir()
    (deepest / ".x.partial").touch()
    await store.sweep(BATCH)
    await store.throw_away_batch(BATCH)
    assert await store.bring_back_batch(BATCH)
