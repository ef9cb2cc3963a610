"""``batchgen export``: what a search finds, taken along; nothing of anybody's is written over."""

import asyncio
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.storage.kept_workflow import KeptWorkflow
from tests.demo.graphs import plain
from tests.storage import making
from tests.studio import studio
from tests.test_cli import Machine


@pytest.fixture
def lying(tmp_path: Path) -> dict[str, bytes]:
    """The files of two batches that were made."""
    return asyncio.run(made(tmp_path))


async def made(folder: Path) -> dict[str, bytes]:
    """Two batches, a fox and a wolf, by their files: name → content."""
    async with studio(folder) as here:
        for prompt in ("a red fox", "a grey wolf"):
            batch = await here.make(prompt=prompt, batchCount=2)
            await here.app.storage.gallery.catch_up(here.app.storage.log)
            assert batch.completed_images == 2
    lying = (folder / "images/batches").glob("*/00?_*.*")
    return {path.name: path.read_bytes() for path in lying}


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def checked(folder: Path) -> None:
    subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)


def test_what_is_found_is_copied_and_once_more_nothing_is(
    tmp_path: Path, lying: dict[str, bytes]
) -> None:
    machine, to = Machine(tmp_path), tmp_path / "taken" / "along"
    first = machine.run("export", "", "--to", str(to))
    assert (first.returncode, first.stdout.strip()) == (0, str(to)), first.stderr
    assert contents(to) == lying
    before = {path: path.stat().st_mtime_ns for path in to.iterdir()}
    again = machine.run("export", "", "--to", str(to), "--json")
    told = json.loads(again.stdout)
    assert (told["found"], told["pictures"], told["written"], told["there"]) == (4, 4, 0, 8)
    assert before == {path: path.stat().st_mtime_ns for path in to.iterdir()}
    foxes = machine.run("export", "fox", "--to", str(tmp_path / "foxes"), "--names", "{prompt}")
    assert foxes.returncode == 0, foxes.stderr
    stems = {"a red fox", "a red fox-2"}
    assert set(contents(tmp_path / "foxes")) == {f"{s}{e}" for s in stems for e in (".png", ".txt")}


def test_a_workflow_is_known_by_the_name_that_people_have_for_it(tmp_path: Path) -> None:
    async def make() -> None:
        async with studio(tmp_path) as here:
            await here.app.library.add(KeptWorkflow(name="Night portraits", workflow=plain()))
            await here.make(batchCount=2)
            kept: dict[str, Any] = {
                "workflowId": "Night portraits",
                "model": None,
                "baseParameters": {},
            }
            await here.make(batchCount=2, promptAsIs=True, **kept)

    asyncio.run(make())
    command = ("export", "workflow:portraits", "--to", str(tmp_path / "to"), "--json")
    done = Machine(tmp_path).run(*command)
    assert json.loads(done.stdout)["pictures"] == 2, done.stderr


@pytest.mark.usefixtures("lying")
def test_a_foreign_file_stays_and_the_picture_is_numbered_with_its_text(
    tmp_path: Path,
) -> None:
    machine, to = Machine(tmp_path), tmp_path / "to"
    to.mkdir()
    (to / "a grey wolf.txt").write_text("mine")
    for written in (4, 0):
        done = machine.run("export", "wolf", "--to", str(to), "--names", "{prompt}", "--json")
        assert json.loads(done.stdout)["written"] == written, done.stderr
    assert (to / "a grey wolf.txt").read_text() == "mine"
    assert set(contents(to)) == {
        "a grey wolf.txt",
        *(f"a grey wolf-{n}{end}" for n in (2, 3) for end in (".png", ".txt")),
    }


@pytest.mark.usefixtures("lying")
def test_a_slip_of_the_pen_does_not_copy_everything(tmp_path: Path) -> None:
    machine, to = Machine(tmp_path), tmp_path / "to"
    refused = machine.run("export", "fox after:2026-13", "--to", str(to))
    assert refused.returncode == 2
    assert '"after:2026-13" is not understood' in refused.stderr
    nothing = machine.run("export", "fox after:24.12.2026", "--to", str(to))
    assert nothing.returncode == 1
    assert 'No picture is found by "fox after:24.12.2026"' in nothing.stderr
    assert not to.exists()
    found = machine.run("search", "fox", "rating:>=")
    assert (found.returncode, len(found.stdout.splitlines())) == (0, 2)
    assert '"rating:>=" is not understood' in found.stderr


def test_a_zip_is_whole_and_none_is_written_over(tmp_path: Path, lying: dict[str, bytes]) -> None:
    machine, to = Machine(tmp_path), tmp_path / "all.zip"
    assert machine.run("export", "", "--to", str(to)).returncode == 0
    subprocess.run(["unzip", "-tq", str(to)], check=True, capture_output=True)
    with zipfile.ZipFile(to) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == lying
    before = to.read_bytes()
    again = machine.run("export", "", "--to", str(to))
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert to.read_bytes() == before
    assert not list(tmp_path.glob(".batchgen-*"))


@pytest.mark.usefixtures("lying")
def test_a_pack_of_several_batches_has_one_light_table_and_is_renewed(
    tmp_path: Path,
) -> None:
    machine, to = Machine(tmp_path), tmp_path / "pack"
    first = machine.run("export", "", "--to", str(to), "--pack")
    assert first.returncode == 0, first.stderr
    checked(to)
    names = set(contents(to))
    assert {"light-table.html", "contact-sheet.jpg", "SHA256SUMS"} < names
    assert len([name for name in names if name.startswith("batches/")]) == 2
    assert len([name for name in names if name.startswith("pictures/")]) == 8
    again = machine.run("export", "", "--to", str(to), "--pack")
    assert again.returncode == 0, again.stderr
    assert set(contents(to)) == names
    checked(to)
    (to / "light-table.html").write_text("my own notes")
    refused = machine.run("export", "fox", "--to", str(to), "--pack")
    assert refused.returncode == 2
    assert "light-table.html is there already" in refused.stderr
    assert (to / "light-table.html").read_text() == "my own notes"
    zipped = tmp_path / "pack.zip"
    assert machine.run("export", "", "--to", str(zipped), "--pack").returncode == 0
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(tmp_path / "unpacked")
    checked(tmp_path / "unpacked")


def test_clean_copies_tell_nothing_of_how_they_were_made(
    tmp_path: Path, lying: dict[str, bytes]
) -> None:
    machine, to = Machine(tmp_path), tmp_path / "to"
    for written in (2, 0):
        done = machine.run("export", "fox", "--to", str(to), "--clean", "--json")
        assert json.loads(done.stdout)["written"] == written, done.stderr
    clean = contents(to)
    assert all(name.endswith(("_001.png", "_002.png")) for name in clean)
    stored = [making.opened(data).tobytes() for name, data in lying.items() if ".png" in name]
    for data in clean.values():
        assert making.opened(data).tobytes() in stored
        assert not any(word in data for word in (b"fox", b"parameters", b"BatchGen"))
    named = machine.run(
        "export", "fox", "--to", str(tmp_path / "x"), "--clean", "--names", "{prompt}"
    )
    assert named.returncode == 0, named.stderr
    assert set(contents(tmp_path / "x")) == {"a red fox.png", "a red fox-2.png"}


def test_a_clean_pack_tells_nothing_either(tmp_path: Path, lying: dict[str, bytes]) -> None:
    machine, to = Machine(tmp_path), tmp_path / "pack"
    done = machine.run("export", "fox", "--to", str(to), "--pack", "--clean")
    assert done.returncode == 0, done.stderr
    checked(to)
    inside = contents(to)
    assert {"README.txt", "pictures/001.png", "pictures/002.png", "batch.json"} < set(inside)
    seeds = [name[4:-4].encode() for name in lying if name.endswith(".png")]
    assert not any(word in data for word in (b"fox", *seeds) for data in inside.values())


def test_what_has_no_clean_copy_is_told_and_never_given_in_its_place(
    tmp_path: Path, lying: dict[str, bytes]
) -> None:
    machine, to = Machine(tmp_path), tmp_path / "to"
    broken = min((tmp_path / "images/batches").glob("*/001_*.png"))
    broken.write_bytes(b"no picture")
    done = machine.run("export", "", "--to", str(to), "--clean", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["pictures"], len(contents(to))) == (1, 3, 3)
    assert broken.name in " ".join(told["problems"])
    for picture in (tmp_path / "images/batches").glob("*/00?_*.png"):
        picture.write_bytes(b"no picture")
    for pack in (), ("--pack",):
        none = machine.run("export", "", "--to", str(tmp_path / "none"), "--clean", *pack)
        assert (none.returncode, none.stdout) == (1, ""), none.stderr
        assert not contents(tmp_path / "none")


def test_what_is_gone_is_told_and_the_rest_is_there(
    tmp_path: Path, lying: dict[str, bytes]
) -> None:
    machine = Machine(tmp_path)
    gone = min((tmp_path / "images/batches").glob("*/001_*.png"))
    gone.unlink()
    done = machine.run("export", "", "--to", str(tmp_path / "to"), "--json")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    told = json.loads(done.stdout)
    assert (told["found"], told["pictures"]) == (4, 3)
    assert gone.name in " ".join(told["problems"])
    assert set(contents(tmp_path / "to")) == {n for n in lying if not n.startswith(gone.stem)}
    pack = machine.run("export", "", "--to", str(tmp_path / "pack"), "--pack")
    assert pack.returncode == 1
    assert gone.name in (tmp_path / "pack/MISSING.txt").read_text(encoding="utf-8")
    checked(tmp_path / "pack")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("elephant", "--to", "to"), 1, 'No picture is found by "elephant".'),
        (("", "--to", "to"), 1, "There are no pictures yet."),
        (("", "--to", "to", "--names", "{sead}"), 2, "{seed}"),
        (("",), 2, "--to"),
    ],
)
def test_what_gives_nothing_says_why(
    tmp_path: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    done = Machine(tmp_path).run("export", *arguments)
    assert done.returncode == code
    assert said in done.stderr
    assert not done.stdout


@pytest.mark.usefixtures("lying")
def test_where_a_file_is_in_place_of_the_folder_it_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    done = Machine(tmp_path).run("export", "", "--to", str(tmp_path / "taken"))
    assert (done.returncode, (tmp_path / "taken").read_text()) == (2, "a file")
    below = Machine(tmp_path).run("export", "", "--to", str(tmp_path / "taken" / "x"))
    assert below.returncode == 1
    assert "Traceback" not in below.stderr
