"""Things that go to the trash and come back are renamed, and nothing is written over."""

from pathlib import Path

import pytest

from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.trash import Trash

NAMES = ("thumbnails/001.webp", "001_7.txt", "001_7.png")


@pytest.fixture
def folder(tmp_path: Path) -> BatchFolder:
    """A batch folder with one picture."""
    folder = tmp_path / "batches" / "a-batch"
    for name in NAMES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(Path(name).name)
    return BatchFolder(tmp_path / "batches", "a-batch")


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    return Trash(tmp_path / "trash")


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_picture_goes_and_comes_back(tmp_path: Path, folder: BatchFolder, trash: Trash) -> None:
    before = files(tmp_path)
    for _ in range(2):  # the second time there is nothing left to move
        trash.take_files(folder, NAMES)
        assert files(folder.path) == set()
        assert (tmp_path / "trash/a-batch/images/001_7.png").read_text() == "001_7.png"
    for _ in range(2):
        trash.give_back_files(folder, NAMES)
        assert files(tmp_path) == before
        assert not list((tmp_path / "trash").iterdir())


def test_a_batch_goes_and_comes_back(tmp_path: Path, folder: BatchFolder, trash: Trash) -> None:
    before = files(tmp_path)
    for _ in range(2):
        trash.take_batch(folder)
        assert not folder.path.exists()
        assert trash.batch_ids() == ["a-batch"]
    for _ in range(2):
        trash.give_back_batch(folder)
        assert files(tmp_path) == before
        assert trash.batch_ids() == []


def test_a_batch_and_one_of_its_pictures_do_not_get_in_each_other_s_way(
    tmp_path: Path, folder: BatchFolder, trash: Trash
) -> None:
    before = files(tmp_path)
    trash.take_files(folder, NAMES[2:])
    trash.take_batch(folder)
    trash.give_back_batch(folder)
    trash.give_back_files(folder, NAMES)
    assert files(tmp_path) == before


def test_what_is_half_moved_is_moved_the_rest_of_the_way(folder: BatchFolder, trash: Trash) -> None:
    trash.take_files(folder, NAMES[1:])
    trash.take_files(folder, NAMES)
    assert files(folder.path) == set()
    trash.give_back_files(folder, NAMES[:1])
    trash.give_back_files(folder, NAMES)
    assert len(files(folder.path)) == 3


def test_what_has_the_place_keeps_it(folder: BatchFolder, trash: Trash) -> None:
    trash.take_files(folder, NAMES)
    (folder.path / "001_7.png").write_text("another")
    with pytest.raises(FileExistsError):
        trash.give_back_files(folder, NAMES)
    assert (folder.path / "001_7.png").read_text() == "another"
    with pytest.raises(FileExistsError):
        trash.take_files(folder, NAMES[2:])
