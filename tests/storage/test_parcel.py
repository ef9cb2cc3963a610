"""A parcel is read as slowly as whoever gets it: never more than one file is open, and the sums are
those of what was sent.
"""

import hashlib
import io
import re
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from batchgen_app.storage.delivery.parcel import SUMS, Item, Parcel
from tests.storage.test_archive import own


def counted(name: str, pieces: int, read: list[str]) -> Item:
    """A file that tells when each piece of it is read."""

    def chunks() -> Iterator[bytes]:
        for _ in range(pieces):
            read.append(name)
            yield bytes(1000)

    return Item(name, 1000 * pieces, time.time(), chunks)


def test_nothing_is_read_before_it_is_wanted() -> None:
    read: list[str] = []
    archive = Parcel([counted("a", 100, read), counted("b", 100, read)]).zipped()
    assert not read
    chunks = iter(archive.chunks)
    taken = 0
    while taken < 50_000:
        taken += len(next(chunks))
    assert set(read) == {"a"}
    assert len(read) * 1000 <= taken + 1000
    rest = sum(map(len, chunks))
    assert taken + rest == archive.size


def test_the_sums_are_of_all_else_whatever_the_names() -> None:
    contents = {"a b.png": b"1", "ü/狐 🦊.txt": b"", "=x": b"333"}
    items = [Item.of(name, data) for name, data in contents.items()]
    data = b"".join(Parcel(items).zipped().chunks)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [*contents, SUMS]
        lines = archive.read(SUMS).decode().splitlines()
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()}
    assert lines == [f"{digest}  {name}" for name, digest in digests.items()]


@pytest.mark.parametrize("later", [None, b"", b"longer than before"])
def test_a_file_that_goes_or_changes_meanwhile_is_named_and_all_else_is_whole(
    tmp_path: Path, later: bytes | None
) -> None:
    file = tmp_path / "001_7.png"
    file.write_bytes(b"before")
    items = [Item.of("a.txt", b"1"), Item.lying("x.png", own(file)), Item.of("z.txt", b"26")]
    archive = Parcel(items).zipped()
    if later is None:
        file.unlink()
    else:
        file.write_bytes(later)
    to = tmp_path / "pack"
    packed = to.with_suffix(".zip")
    packed.write_bytes(b"".join(archive.chunks))
    assert packed.stat().st_size == archive.size, "as long as was said"
    subprocess.run(["unzip", "-q", str(packed), "-d", str(to)], check=True)
    assert sorted(path.name for path in to.iterdir()) == [SUMS, "a.txt", "z.txt"]
    subprocess.run(["sha256sum", "-c", "--strict", "--quiet", SUMS], cwd=to, check=True)
    (named,) = (line for line in (to / SUMS).read_text().splitlines() if line.startswith("#"))
    assert re.fullmatch(r"# .*while the pack was made:? +x\.png", named)
