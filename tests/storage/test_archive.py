"""Files packed into a ZIP while it is read."""

import asyncio
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


@pytest.mark.parametrize("later", [None, b"", b"longer than before" * 100])
async def test_a_file_that_goes_or_changes_meanwhile_is_named_and_all_else_is_whole(
    tmp_path: Path, later: bytes | None
) -> None:
    files = [tmp_path / name for name in ("001_7.png", "002_8.png", "003_9.png")]
    for file in files:
        file.write_bytes(f"before {file.name}".encode() * 10)
    archive = await pack([own(file) for file in files])
    if later is None:
        files[1].unlink()
    else:
        files[1].write_bytes(later)
    packed = tmp_path / "pack.zip"
    packed.write_bytes(b"".join(archive.chunks))
    assert packed.stat().st_size == archive.size, "as long as was said"
    to = tmp_path / "pack"
    unzip = await asyncio.create_subprocess_exec("unzip", "-q", packed, "-d", to)
    assert await unzip.wait() == 0
    there = {path.name: path.read_bytes() for path in to.iterdir()}
    said = there.pop("left-out.txt").decode()
    why = "its file is missing" if later is None else "its file changed"
    assert said.startswith(f"002_8.png is left out: {why}")
    assert there == {file.name: file.read_bytes() for file in (files[0], files[2])}


async def test_all_that_is_left_out_is_named_whenever_it_went(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("001_7.png", "002_8.png", "003_9.png")]
    for file in files[1:]:
        file.write_bytes(bytes(1000))
    archive = await pack([own(file) for file in files], ["one.png", "two.png", "three.png"])
    files[2].unlink()
    with zipfile.ZipFile(io.BytesIO(b"".join(archive.chunks))) as unpacked:
        assert unpacked.namelist() == ["two.png", "left-out.txt"]
        said = unpacked.read("left-out.txt").decode().splitlines()
    assert [line.split()[0] for line in said] == ["one.png", "three.png"]
