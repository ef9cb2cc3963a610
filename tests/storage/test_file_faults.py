"""What keeps the file of a picture from being shown, in words."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from batchgen_app.storage.batch_folder import BatchFolder, FolderFile
from batchgen_app.storage.file_faults import FaultKind, fault_of
from batchgen_app.storage.images import ImageStore
from tests.storage.making import film as filmed
from tests.storage.making import png

BATCH = "20261122-101500-000000-a1b2"


@pytest.fixture
async def stored(tmp_path: Path) -> FolderFile:
    """A whole picture."""
    store = ImageStore(tmp_path)
    made = await store.save(BATCH, 1, 42, png(), "a fox")
    return store.file(BATCH, made.filename)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def fill(path: Path) -> None:
    path.write_bytes(b"no picture")


def fold(path: Path) -> None:
    path.unlink()
    path.mkdir()


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere.png"))
    path.symlink_to(path.with_name("elsewhere.png"))


def remove_all(path: Path) -> None:
    path.parent.rename(path.parent.with_name("moved"))


@pytest.mark.parametrize(
    ("spoil", "kind", "said"),
    [
        (Path.unlink, FaultKind.MISSING, "001_42.png of batch {id} is gone"),
        (cut, FaultKind.DAMAGED, "001_42.png of batch {id} is damaged"),
        (fill, FaultKind.DAMAGED, "001_42.png of batch {id} is damaged"),
        (fold, FaultKind.UNUSABLE, "001_42.png is something else than BatchGen keeps there"),
        (link, FaultKind.UNUSABLE, "001_42.png is a link"),
        (remove_all, FaultKind.NO_FOLDER, "folder of batch {id} is not in"),
    ],
)
async def test_each_fault_names_the_file_and_what_happened(
    stored: FolderFile, spoil: Callable[[Path], None], kind: FaultKind, said: str
) -> None:
    length = stored.path.stat().st_size
    assert fault_of(stored, length) is None
    spoil(stored.path)
    fault = fault_of(stored, length)
    assert fault
    assert fault.kind is kind
    assert said.format(id=BATCH) in str(fault.said)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.EACCES, "001_42.png of batch {id} cannot be read. Allow BatchGen to read it."),
        (errno.EIO, "does not answer"),
    ],
)
async def test_what_the_disk_does_not_give_is_unusable(
    stored: FolderFile, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, "no")

    monkeypatch.setattr(BatchFolder, "open", refuse)
    fault = fault_of(stored, 1)
    assert fault
    assert fault.kind is FaultKind.UNUSABLE
    assert said.format(id=BATCH) in str(fault.said)


async def test_of_a_film_only_its_length_can_be_told(tmp_path: Path) -> None:
    store = ImageStore(tmp_path)
    made = await store.save(BATCH, 1, 42, filmed(), "a fox", name="film.mp4")
    film = store.file(BATCH, made.filename)
    assert fault_of(film, made.bytes) is None
    cut(film.path)
    fault = fault_of(film, made.bytes)
    assert fault
    assert fault.kind is FaultKind.DAMAGED
