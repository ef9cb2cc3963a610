"""Real disks that are small, become read-only and are unplugged.

Where this process may mount, a disk is a tmpfs. Where it may not, the kernel is asked for the same
refusals in another way: a limit for the size of files, rights taken away, a folder that is gone.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MEGABYTES = 3


class Disk(Protocol):
    """A folder on a disk of its own, and what can happen to it."""

    def fill(self) -> None: ...
    def make_room(self) -> None: ...
    def forbid_writing(self) -> None: ...
    def allow_writing(self) -> None: ...
    def unplug(self) -> None: ...
    def plug_in(self) -> None: ...


@dataclass
class MountedDisk:
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


@dataclass
class PlainFolder:
    """A folder like any other, on which the kernel refuses what it would refuse on a disk."""

    folder: Path
    elsewhere: Path

    def fill(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def make_room(self) -> None:
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)

    def forbid_writing(self) -> None:
        for folder in self._folders():
            folder.chmod(0o500)

    def allow_writing(self) -> None:
        for folder in self._folders():
            folder.chmod(0o700)

    def unplug(self) -> None:
        self.folder.rename(self.elsewhere)

    def plug_in(self) -> None:
        self.elsewhere.rename(self.folder)

    def _folders(self) -> list[Path]:
        return [self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())]


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
    elsewhere = folder.with_name(f"{folder.name} elsewhere")
    folder.mkdir(parents=True)
    try:
        elsewhere.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", elsewhere)
    except (OSError, subprocess.CalledProcessError):
        elsewhere.rmdir()
        yield PlainFolder(folder, elsewhere)
        return
    mounted = MountedDisk(folder, elsewhere)
    mounted.plug_in()
    try:
        yield mounted
    finally:
        for place in (folder, elsewhere):
            subprocess.run(["umount", "--lazy", str(place)], check=False, capture_output=True)
