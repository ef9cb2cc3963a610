"""Real disks that are small, become read-only and are unplugged: each is a tmpfs of Linux."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

MEGABYTES = 3
MAY_NOT_MOUNT = (
    "This story needs a disk of its own, and may not mount one: {fault}. Run the tests as root, or "
    "behind `unshare --user --map-root-user --mount`."
)


@dataclass
class Disk:
    """A tmpfs that is seen at ``folder``. Unplugged, it is still there ``elsewhere``, and its place
    is an empty folder.
    """

    folder: Path
    elsewhere: Path

    def fill(self) -> None:
        with (self.elsewhere / "filler").open("wb", buffering=0) as filler:
            while written(filler.fileno()):
                pass

    def make_room(self) -> None:
        (self.elsewhere / "filler").unlink()

    def forbid_writing(self) -> None:
        run("mount", "-o", "remount,bind,ro", self.folder)

    def allow_writing(self) -> None:
        run("mount", "-o", "remount,bind,rw", self.folder)

    def unplug(self) -> None:
        run("umount", "--lazy", self.folder)

    def plug_in(self) -> None:
        run("mount", "--bind", self.elsewhere, self.folder)


def written(descriptor: int) -> bool:
    """Whether there was still room for a little."""
    try:
        return os.write(descriptor, bytes(4096)) > 0
    except OSError:
        return False


def run(*command: str | Path) -> None:
    subprocess.run(list(map(str, command)), check=True, capture_output=True)


@contextmanager
def disk(folder: Path) -> Iterator[Disk]:
    """A disk of a few megabytes at ``folder``, as long as the block lasts."""
    mounted = Disk(folder, folder.with_name(f"{folder.name} elsewhere"))
    for place in (folder, mounted.elsewhere):
        place.mkdir(parents=True)
    try:
        run("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", mounted.elsewhere)
    except (OSError, subprocess.CalledProcessError) as fault:
        pytest.fail(MAY_NOT_MOUNT.format(fault=fault))
    mounted.plug_in()
    try:
        yield mounted
    finally:
        for place in (folder, mounted.elsewhere):
            subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)
