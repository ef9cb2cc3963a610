"""Files packed into a ZIP while it is read."""

import io
import zipfile
from pathlib import Path

import pytest

from batchgen_app.core.errors import NotFound
from batchgen_app.storage.archive import pack
from batchgen_app.storage.batch_folder import BatchFolder, FolderFile


def own(file: Path) -> FolderFile:
    return FolderFile(BatchFolder(file.parent.parent, file.parent.name), file.name)


async def test_its_size_is_known_before_it_is_made(tmp_path: Path) -> None:
    files = [tmp_path / "001_7.png", tmp_path / "002_8.png"]
    for number, file in enumerate(files):
        file.write_bytes(bytes([number]) * (200_000 * number + 1))
    archive = await pack([own(file) for file in files])
    data = b"".join(archive.chunks)
    assert len(data) == archive.size
    with zipfile.ZipFile(io.BytesIO(data)) as unpacked:
        assert {name: unpacked.read(name) for name in unpacked.namelist()} == {
            file.name: file.read_bytes() for file in files
        }


async def test_what_is_missing_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "001_7.png").write_bytes(b"here")
    (tmp_path / "003_9.png").symlink_to(tmp_path / "001_7.png")
    files = [own(tmp_path / name) for name in ("001_7.png", "002_8.png", "003_9.png")]
    archive = await pack(files, ["fox.png", "sea.png", "elsewhere.png"])
    data = b"".join(archive.chunks)
    assert len(data) == archive.size
    with zipfile.ZipFile(io.BytesIO(data)) as unpacked:
        assert unpacked.namelist() == ["fox.png", "left-out.txt"]
        said = unpacked.read("left-out.txt").decode().splitlines()
    assert [line.split()[0] for line in said] == ["sea.png", "elsewhere.png"]
    assert str(tmp_path) not in "".join(said), "what is handed on does not tell where it was"


@pytest.mark.parametrize("clean", [False, True])
async def test_nothing_begins_where_nothing_is_left(tmp_path: Path, clean: bool) -> None:
    files = [own(tmp_path / "001_7.png"), own(tmp_path / "002_8.png")]
    with pytest.raises(NotFound, match=r"001_7\.png of batch .* is gone"):
        await pack(files, clean=clean)


@pytest.mark.parametrize("later", [b"", b"longer than before"])
async def test_a_file_that_changes_meanwhile_breaks_it_off(tmp_path: Path, later: bytes) -> None:
    file = tmp_path / "001_7.png"
    file.write_bytes(b"before")
    archive = await pack([own(file)])
    file.write_bytes(later)
    with pytest.raises(RuntimeError):
        b"".join(archive.chunks)
