"""Pictures of other programs in the terminal: told, and on request taken into the gallery."""

import asyncio
import io
import json
import os
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from rich.console import Console

from batchgen_app.cli import imports
from batchgen_app.cli.generate import without_waiting
from batchgen_app.core.programs.asked import Reading
from batchgen_app.services.values import GivenPicture, Taken
from batchgen_app.settings import load_settings
from tests.programs.crafted import A1111, with_comment
from tests.storage.making import jpeg, png
from tests.test_cli import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def folder(tmp_path: Path) -> Path:
    """Two pictures, one of them deep inside; and what is no picture, or leads elsewhere."""
    place = tmp_path / "pictures"
    (place / "deep").mkdir(parents=True)
    (place / "a.png").write_bytes(png(parameters=A1111))
    (place / "deep" / "b.JPG").write_bytes(jpeg())
    (place / "notes.txt").write_text("not a picture")
    (tmp_path / "elsewhere.png").write_bytes(png())
    if sys.platform != "win32":
        (place / "link.png").symlink_to(tmp_path / "elsewhere.png")
        (place / "around").symlink_to(place)
        os.mkfifo(place / "pipe.png")
    return place


def test_what_is_read_is_told_and_nothing_is_kept(machine: Machine, tmp_path: Path) -> None:
    place = folder(tmp_path)
    told = machine.run("import", str(place), "--demo")
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[0].startswith(f'{place / "a.png"}: AUTOMATIC1111; "a lighthouse in a storm')
    assert "; seed 4011223344; demo-dreams-xl.safetensors; steps 28; cfg 6.5" in lines[0]
    assert "  not taken: Hires upscaler: 4x-UltraSharp" in lines
    assert f"{place / 'deep' / 'b.JPG'}: unknown" in lines
    assert told.stderr.splitlines()[-1] == "2 read, 1 without settings"
    assert not machine.images.exists()
    assert not (machine.data / "batchgen.db").exists()


def test_kept_ones_are_in_the_gallery_and_known_the_next_time(
    machine: Machine, tmp_path: Path
) -> None:
    place = folder(tmp_path)
    before = (place / "a.png").read_bytes()
    asked = ("import", str(place), str(place / "notes.txt"), "--keep", "--json", "--demo")
    kept = machine.run(*asked)
    assert kept.returncode == 2, kept.stderr
    first, second, bad = map(json.loads, kept.stdout.splitlines())
    assert (first["source"], first["known"]) == ("a1111", False)
    assert first["request"]["baseSeed"] == 4011223344
    assert (second["source"], second["known"]) == ("unknown", False)
    assert bad["error"].startswith("This file is no PNG")
    assert len(machine.batch_folders()) == 2
    again = machine.run("import", str(place / "a.png"), "--keep", "--demo")
    assert (again.returncode, again.stderr.splitlines()[-1]) == (0, "0 imported, 1 known already")
    assert f"known already as {first['imageId']}" in again.stdout
    assert (place / "a.png").read_bytes() == before
    assert len(machine.batch_folders()) == 2


def test_what_is_not_there_or_no_file_is_bad_input(machine: Machine, tmp_path: Path) -> None:
    missing = machine.run("import", str(tmp_path / "none.png"), "--demo")
    assert (missing.returncode, "cannot be read" in missing.stdout) == (2, True)
    too_long = machine.run("import", str(tmp_path / ("n" * 300)), "--demo")
    assert (too_long.returncode, "cannot be read" in too_long.stdout) == (2, True)
    (tmp_path / "empty").mkdir()
    empty = machine.run("import", str(tmp_path / "empty"), "--demo")
    assert (empty.returncode, "There is no picture" in empty.stderr) == (2, True)
    assert machine.run("import").returncode == 2


def test_a_folder_that_may_not_be_looked_into_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, scandir = folder(tmp_path), os.scandir

    def closed(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "deep":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert list(imports._all([place])) == [place / "a.png", place / "deep"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_name_does_nothing_to_the_terminal_and_a_broken_exif_says_nothing_there(
    machine: Machine, tmp_path: Path
) -> None:
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "a\nb\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}füchse.png").write_bytes(png())
    lying = bytearray(with_comment(b"UNICODE\0" + A1111.encode("utf-16-be")))
    start = lying.index(b"Exif\0\0") + 14
    lying[start : start + 26] = b"\xff" * 26
    (odd / "lying.jpg").write_bytes(lying)
    told = machine.run("import", str(odd), "--demo")
    names = [line.partition(": unknown")[0] for line in told.stdout.splitlines()[::2]]
    assert names[0].endswith(r"a\nb\x1b[2J\u202efüchse.png")
    assert names[1].endswith("lying.jpg")
    assert told.stderr.splitlines() == ["2 read, 2 without settings"]


def test_a_file_that_changes_while_it_is_read_is_told_and_not_taken(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "growing.png"
    file.write_bytes(png())
    with monkeypatch.context() as fault:

        def written_meanwhile(path: str, flags: int) -> int:
            descriptor = without_waiting(path, flags)
            stat_of = os.fstat

            def fstat(of: int) -> os.stat_result:
                fault.setattr(os, "fstat", stat_of)
                before = stat_of(of)
                file.write_bytes(png()[:-20])
                os.utime(file, ns=(0, 0))
                return before

            fault.setattr(os, "fstat", fstat)
            return descriptor

        fault.setattr(imports, "without_waiting", written_meanwhile)
        taken = imports._read(file)
    assert isinstance(taken, Taken)
    assert taken.fault == "It cannot be read: it was written meanwhile; import it again"
    assert isinstance(imports._read(file), GivenPicture)


async def test_whoever_stops_it_is_told_how_far_it_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        (tmp_path / f"{number}.png").write_bytes(png())
    is_reached = asyncio.Event()

    async def take(given: Sequence[GivenPicture]) -> list[Taken]:
        if given[0].name == "2.png":
            is_reached.set()
            await asyncio.Event().wait()
        reading = Reading("unknown", {})
        return [Taken(one.name, reading, f"x-00{n}") for n, one in enumerate(given)]

    @asynccontextmanager
    async def taking(*_: object, **__: object) -> AsyncIterator[object]:
        yield take

    monkeypatch.setattr(imports, "AT_ONCE", 2)
    monkeypatch.setattr(imports, "_taking", taking)
    console = Console(file=io.StringIO(), width=200)
    settings = load_settings(data_dir=tmp_path / "data", output_dir=tmp_path / "images")
    run = imports.run(settings, [tmp_path], console, keep=True, as_json=True)
    work = asyncio.create_task(run)
    await is_reached.wait()
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert isinstance(console.file, io.StringIO)
    (said,) = console.file.getvalue().splitlines()
    assert said.startswith("Stopped: 2 imported, 2 without settings, 3 left. Run it again")


def test_files_are_held_as_far_as_their_bytes_allow(tmp_path: Path) -> None:
    sizes = [imports.MOST_BYTES // 2, imports.MOST_BYTES // 2, 1, 10 * imports.MOST_BYTES, 1]
    paths = [tmp_path / f"{place}.png" for place in range(len(sizes))]
    for path, size in zip(paths, sizes, strict=True):
        with path.open("wb") as file:
            file.truncate(size)
    paths.append(tmp_path / "gone.png")
    parts = [list(part) for part in imports._in_parts(paths)]
    assert parts == [paths[:2], paths[2:3], paths[3:4], paths[4:]]
