"""An export onto a disk that is full or read-only: what is there is whole, and with room, the same
command ends it.
"""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.local_trouble.disks import disk
from tests.studio import studio
from tests.test_cli import Machine

if sys.platform != "linux":
    pytest.skip("Only Linux has disks that a story can mount", allow_module_level=True)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """One with four pictures."""

    async def make() -> None:
        async with studio(tmp_path) as here:
            await here.make(batchCount=4)

    asyncio.run(make())
    return Machine(tmp_path)


@pytest.mark.parametrize("pack", [(), ("--pack",)])
def test_a_full_disk_is_said_and_with_room_the_same_command_ends_it(
    machine: Machine, tmp_path: Path, pack: tuple[str, ...]
) -> None:
    lying = {path.name: path for path in machine.images.glob("batches/*/00?_*.*")}
    with disk(tmp_path / "stick") as stick:
        command = ("export", "", "--to", str(stick.folder / "to"), *pack)
        stick.folder.joinpath("to").mkdir()
        stick.fill()
        full = machine.run(*command)
        assert full.returncode == 1
        assert "is full" in " ".join(full.stderr.split())
        assert "Traceback" not in full.stderr
        for path in (stick.folder / "to").rglob("*.*"):
            assert path.read_bytes() == lying[path.name].read_bytes(), "whole, or not there"
        stick.make_room()
        done = machine.run(*command)
        assert done.returncode == 0, done.stderr
        there = {path.name: path for path in (stick.folder / "to").rglob("00?_*.*")}
        assert there.keys() == lying.keys()


def test_a_zip_for_which_there_is_no_room_is_not_there(machine: Machine, tmp_path: Path) -> None:
    with disk(tmp_path / "stick") as stick:
        stick.fill()
        full = machine.run("export", "", "--to", str(stick.folder / "all.zip"))
        assert (full.returncode, "is full" in " ".join(full.stderr.split())) == (1, True)
        assert {path.name for path in stick.folder.iterdir()} == {"filler"}
        stick.make_room()
        stick.forbid_writing()
        locked = machine.run("export", "", "--to", str(stick.folder / "all.zip"))
        assert locked.returncode == 1
        assert "Traceback" not in locked.stderr
        stick.allow_writing()
        assert machine.run("export", "", "--to", str(stick.folder / "all.zip")).returncode == 0
