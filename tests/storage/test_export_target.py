"""Where an export goes: whole files or none, and nobody else's is touched."""

import io
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.storage.delivery.parcel import Item, Parcel
from batchgen_app.storage.delivery.target import Folder, opened


def breaking(name: str) -> Item:
    """A file whose reading breaks off in the middle."""

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise OSError("the disk is gone")

    return Item(name, 8, time.time(), chunks)


def test_half_a_file_is_never_there(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    with pytest.raises(OSError, match="gone"):
        folder.put(breaking("a.png"))
    assert not list(tmp_path.iterdir())
    assert folder.put(Item.of("a.png", b"whole"))
    assert not folder.put(Item.of("a.png", b"whole"))
    with pytest.raises(InvalidRequest, match="is there already"):
        folder.put(Item.of("a.png", b"other"))
    assert (tmp_path / "a.png").read_bytes() == b"whole"


def test_half_a_file_is_not_in_a_zip_and_half_a_zip_is_none(tmp_path: Path) -> None:
    with opened(tmp_path / "a.zip") as target:
        target.put(Item.of("one", b"1"))
        with pytest.raises(OSError, match="gone"):
            target.put(breaking("two"))
        target.put(Item.of("three", b"333"))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["one", "three"]
    with pytest.raises(OSError, match="gone"), opened(tmp_path / "b.zip") as target:
        target.put(breaking("two"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(("written", "year"), [(0.0, 1980), (5_000_000_000.0, 2107)])
def test_a_file_of_a_time_that_no_zip_can_tell_is_in_it(
    tmp_path: Path, written: float, year: int
) -> None:
    """Cameras without a clock, and clocks that were set wrong, leave such files."""
    item = Item("one", 1, written, lambda: [b"1"])
    with opened(tmp_path / "a.zip") as target:
        target.put(item)
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert (archive.read("one"), archive.infolist()[0].date_time[0]) == (b"1", year)
    streamed = io.BytesIO(b"".join(Parcel([item]).zipped().chunks))
    with zipfile.ZipFile(streamed) as archive:
        assert (archive.read("one"), archive.infolist()[0].date_time[0]) == (b"1", year)


def test_one_that_comes_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    making = opened(tmp_path / "a.zip")
    making.__enter__().put(Item.of("one", b"1"))
    (tmp_path / "a.zip").write_bytes(b"somebody's")
    with pytest.raises(InvalidRequest):
        making.__exit__(None, None, None)
    assert (tmp_path / "a.zip").read_bytes() == b"somebody's"


def test_a_link_is_something_else_wherever_it_leads(tmp_path: Path) -> None:
    (tmp_path / "to").mkdir()
    (tmp_path / "mine").write_bytes(b"whole")
    (tmp_path / "to" / "a.png").symlink_to(tmp_path / "mine")
    (tmp_path / "to" / "b.png").symlink_to(tmp_path / "nothing")
    folder = Folder(tmp_path / "to")
    for name in ("a.png", "b.png"):
        assert not folder.may_have(Item.of(name, b"whole"))
    assert not (tmp_path / "nothing").exists()


def test_what_a_killed_export_has_left_is_swept_away_and_a_running_one_is_not(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / ".batchgen-old.partial", tmp_path / ".batchgen-new.partial"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    Folder(tmp_path)
    assert (old.exists(), new.exists()) == (False, True)
