"""The pictures move to another folder, whatever happens on the way: nothing is lost, nothing is
used before it is whole, nothing goes that is not the same elsewhere.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.errors import DiskTrouble, StorageError
from batchgen_app.storage.housekeeping import copying, move_checks
from batchgen_app.storage.housekeeping.move_checks import MARKER
from batchgen_app.storage.housekeeping.moving import Left, Mover
from batchgen_app.storage.open_folder import OpenFolder

FILES = {
    "batches/a/batch.json": b'{"a": 1}',
    "batches/a/001_1.png": b"one" * 1000,
    "batches/a/002_2.png": b"two" * 1000,
    "batches/a/thumbnails/001.webp": b"small",
    "batches/b/001_7.png": b"seven" * 500,
    "trash/c/batch/001_9.png": b"nine" * 100,
    "trash/a/images/003_3.png": b"three" * 100,
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    put(tmp_path / "old", FILES)
    return tmp_path / "old"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new"


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def held(folder: Path) -> dict[str, bytes]:
    """Every ordinary file in it, but the marker."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and path.name != MARKER
    }


def moved(source: Path, target: Path) -> Mover:
    mover = Mover(source, target)
    mover.begin()
    mover.copy()
    return mover


def test_everything_is_there_and_the_old_folder_as_it_was(source: Path, target: Path) -> None:
    progress: list[tuple[int, int]] = []
    mover = Mover(source, target, lambda done, total: progress.append((done, total)))
    mover.begin()
    assert mover.copy() == len(FILES)
    assert held(target) == held(source) == FILES
    total = sum(map(len, FILES.values()))
    assert progress[-1] == (total, total)
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)
    assert mover.copy() == 0
    assert (target / "batches/a/001_1.png").stat().st_mtime_ns == (
        source / "batches/a/001_1.png"
    ).stat().st_mtime_ns


def test_a_file_with_the_longest_name_that_there_is_keeps_nothing_from_moving(
    source: Path, target: Path
) -> None:
    put(source, {f"batches/a/{'l' * 255}": b"mine"})
    moved(source, target)
    assert held(target) == held(source)


def test_links_and_devices_are_not_followed(source: Path, target: Path, tmp_path: Path) -> None:
    put(tmp_path / "secret", {"001_1.png": b"somebody else's"})
    (source / "batches/link").symlink_to(tmp_path / "secret")
    (source / "batches/a/004_4.png").symlink_to("/dev/zero")
    os.mkfifo(source / "batches/a/pipe")
    moved(source, target)
    assert held(target) == FILES


def test_wherever_it_is_killed_it_goes_on(source: Path, tmp_path: Path) -> None:
    """At each call of the system that changes something, one after the other."""
    command = [sys.executable, "-m", "tests.storage.processes", "moving_killed", str(source)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    statuses = [json.loads(line) for line in said.stdout.splitlines()]
    assert statuses[:-1] == [signal.SIGKILL] * (len(statuses) - 1)
    assert statuses[-1] == 0
    assert len(statuses) > 3 * len(FILES)
    for turn in range(1, len(statuses) + 1):
        target = tmp_path / str(turn)
        whole = {n: data for n, data in held(target).items() if not n.endswith(".partial")}
        assert whole.items() <= FILES.items()
        moved(source, target).catch_up()
        assert held(target) == held(source) == FILES
        assert sorted(path.name for path in target.iterdir()) == [MARKER, "batches", "trash"]


def test_once_everything_is_there_the_old_files_go(source: Path, target: Path) -> None:
    mover = moved(source, target)
    mover.catch_up()
    mover.unmark()
    assert mover.free() == Left()
    assert held(source) == {}
    assert held(target) == FILES


def test_it_catches_up_with_what_changed_meanwhile(source: Path, target: Path) -> None:
    mover = moved(source, target)
    (source / "batches/a/batch.json").write_bytes(b'{"a": 2}')  # as long, in the same second
    put(source, {"batches/d/001_4.png": b"new"})
    (source / "trash/b").mkdir()
    (source / "batches/b").rename(source / "trash/b/batch")
    (source / "trash/a/images/003_3.png").rename(source / "batches/a/003_3.png")
    (source / "trash/c/batch/001_9.png").unlink()
    mover.catch_up()
    assert held(target) == held(source)
    assert not (target / "batches/b").exists()


def test_an_unplugged_old_disk_is_not_taken_for_an_empty_one(source: Path, target: Path) -> None:
    mover = moved(source, target)
    source.rename(source.with_name("unplugged"))
    for is_empty_place in (False, True):
        if is_empty_place:
            source.mkdir()
        with pytest.raises(StorageError, match="is not there any more"):
            mover.catch_up()
        assert held(target) == FILES


def test_an_unplugged_new_disk_is_not_filled_in_its_empty_place(source: Path, target: Path) -> None:
    mover = moved(source, target)
    target.rename(target.with_name("unplugged"))
    target.mkdir()
    with pytest.raises(StorageError, match="is not there any more"):
        mover.copy()
    assert held(target) == {}


def test_what_disappears_on_the_way_is_met_where_it_went(source: Path, target: Path) -> None:
    def move(done: int, total: int) -> None:
        home = source / "batches/b"
        if home.exists():
            (source / "trash/b").mkdir(exist_ok=True)
            home.rename(source / "trash/b/batch")

    mover = Mover(source, target, move)
    mover.begin()
    mover.copy()
    mover.catch_up()
    assert held(target) == held(source)


def test_a_full_disk_ends_it_in_words_and_it_goes_on_later(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mover = Mover(source, target)
    mover.begin()
    with monkeypatch.context() as patched:
        full = OSError(28, "No space left on device")
        patched.setattr(copying, "_flush", lambda _: (_ for _ in ()).throw(full))
        with pytest.raises(DiskTrouble, match="is full"):
            mover.copy()
    assert held(target) == {}
    mover.copy()
    assert held(target) == FILES


def test_what_reads_back_as_something_else_has_no_name_there(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = OpenFolder.new_file

    def bad(folder: OpenFolder, name: str, mode: int) -> Any:
        file = real(folder, name, mode)
        write = file.write
        return _Bad(file, write) if folder.path.name == "b" else file

    monkeypatch.setattr(OpenFolder, "new_file", bad)
    with pytest.raises(DiskTrouble, match="reads back as something else"):
        moved(source, target)
    assert "batches/b/001_7.png" not in held(target)
    assert held(source) == FILES


class _Bad:
    """A file on a disk that keeps other bytes than it was given."""

    def __init__(self, file: Any, write: Any) -> None:
        self._file, self._write = file, write

    def write(self, data: bytes) -> int:
        count: int = self._write(b"x" * len(data))
        return count

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> "_Bad":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def test_old_files_go_only_if_their_copy_is_the_same(source: Path, target: Path) -> None:
    mover = moved(source, target)
    mover.catch_up()
    mover.unmark()
    (target / "batches/a/batch.json").write_bytes(b'{"marked": true}')
    (target / "batches/a/002_2.png").write_bytes(b"two" * 999 + b"owt")
    (target / "trash/b").mkdir()
    (target / "batches/b").rename(target / "trash/b/batch")
    (target / "trash/c/batch/001_9.png").unlink()
    left = mover.free()
    assert held(source).keys() == {"batches/a/002_2.png", "trash/c/batch/001_9.png"}
    assert left == Left(2, 3000 + 400)
    assert not (source / "batches/b").exists()


def test_nothing_goes_where_the_new_disk_is_unplugged(source: Path, target: Path) -> None:
    mover = moved(source, target)
    target.rename(target.with_name("unplugged"))
    assert mover.free().files == len(FILES)
    assert held(source) == FILES


@pytest.mark.parametrize("below", ["", "batches", "batches/a/deep"])
def test_a_folder_in_itself_is_refused(source: Path, below: str) -> None:
    with pytest.raises(StorageError, match=r"already|inside"):
        Mover(source, source / below).begin()
    with pytest.raises(StorageError, match="inside"):
        Mover(source / "batches", source).begin()
    assert held(source) == FILES


def test_a_link_to_the_folder_itself_is_refused(source: Path, target: Path) -> None:
    target.symlink_to(source)
    with pytest.raises(StorageError, match="already"):
        Mover(source, target).begin()
    with pytest.raises(StorageError, match="inside"):
        Mover(source, target / "new").begin()


def test_what_is_the_same_folder_in_other_capitals_is_refused(
    source: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capitals = source.with_name("OLD")
    capitals.symlink_to(source)  # as on a disk that knows no capitals: another name, one folder
    monkeypatch.setattr(Path, "resolve", lambda path, strict=False: path)
    with pytest.raises(StorageError, match="already"):
        Mover(source, capitals).begin()
    with pytest.raises(StorageError, match="inside"):
        Mover(source, capitals / "new").begin()


@pytest.mark.parametrize("kind", ["relative", "file", "dangling", "circle", "full", "small"])
def test_a_folder_that_cannot_take_them_is_refused_in_words(
    source: Path, target: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    match kind:
        case "relative":
            target, words = Path("new"), "whole path"
        case "file":
            target.write_bytes(b"mine")
            words = "is no folder"
        case "dangling" | "circle":
            target.symlink_to(target if kind == "circle" else target / "nowhere")
            words = "is no folder"
        case "full":
            put(target, {"holiday.jpg": b"mine"})
            words = "is not empty"
        case _:
            monkeypatch.setattr(move_checks, "free_bytes", lambda _: 10**6)
            words = "too little room"
    with pytest.raises(StorageError, match=words):
        Mover(source, target).begin()
    assert held(source) == FILES
