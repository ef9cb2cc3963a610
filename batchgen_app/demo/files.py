"""The engine's folders: where pictures are saved, uploaded and looked up."""

import os
import re
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

FOLDER_KINDS = ("output", "input", "temp")


class OutsideFolderError(Exception):
    """A path leads out of the folder it is said to be in."""

    told_as = Exception
    """What a client reads: ComfyUI has no name of its own for it."""


@dataclass(frozen=True)
class SaveTarget:
    """Where the next pictures of one node go: `<folder>/<stem>_<counter>_.png`."""

    folder: Path
    subfolder: str
    stem: str
    counter: int

    def file_name(self, position: int) -> str:
        stem = self.stem.replace("%batch_num%", str(position))
        return f"{stem}_{self.counter + position:05}_.png"


class Folders:
    """Output, input and temp folder; all but a given output folder vanish with `close`."""

    def __init__(self, output_dir: Path | None = None) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="batchgen-demo-"))
        self.output = output_dir or self._home / "output"
        self.input = self._home / "input"
        self.temp = self._home / "temp"
        self._user = self._home / "user"
        self._user.mkdir()
        for kind in FOLDER_KINDS:
            self.of(kind).mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)

    def of(self, kind: str) -> Path:
        """The folder of this kind. Raises KeyError for an unknown kind."""
        return {"output": self.output, "input": self.input, "temp": self.temp}[kind]

    def inside(self, kind: str, subfolder: str) -> Path:
        """The subfolder of a kind's folder. Raises KeyError and OutsideFolderError."""
        return _inside(self.of(kind), subfolder)

    def of_user(self, path: str) -> Path:
        """A place in the folder of the page's user. Raises OutsideFolderError."""
        return _inside(self._user, path)

    def newest(self, kind: str) -> list[str]:
        """The files at the top of a kind's folder as nodes call them, the newest first."""
        files = [path for path in self.of(kind).iterdir() if path.is_file()]
        return [f"{path.name} [{kind}]" for path in sorted(files, key=lambda p: -p.stat().st_mtime)]

    def empty_temp(self) -> None:
        """Forgets temporary pictures, as a server does when it starts and stops."""
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir(parents=True)

    def save_target(self, kind: str, prefix: str, size: tuple[int, int]) -> SaveTarget:
        """Where a node with this filename_prefix saves; makes the folder.

        Raises OutsideFolderError for a prefix that leaves the folder.
        """
        named = Path(os.path.normpath(_expand(prefix, size)))
        subfolder = "" if named.parent == Path() else named.parent.as_posix()
        try:
            folder = self.inside(kind, subfolder)
        except OutsideFolderError:
            raise OutsideFolderError(_complaint(self.of(kind), subfolder)) from None
        folder.mkdir(parents=True, exist_ok=True)
        return SaveTarget(folder, subfolder, named.name, _next_counter(folder, named.name))


def _inside(root: Path, below: str) -> Path:
    root = root.resolve()
    folder = Path(os.path.normpath(root / below))
    if not folder.is_relative_to(root):
        raise OutsideFolderError(below)
    return folder


def _expand(prefix: str, size: tuple[int, int]) -> str:
    now = time.localtime()
    values = {
        "width": str(size[0]),
        "height": str(size[1]),
        "year": f"{now.tm_year}",
        "month": f"{now.tm_mon:02}",
        "day": f"{now.tm_mday:02}",
        "hour": f"{now.tm_hour:02}",
        "minute": f"{now.tm_min:02}",
        "second": f"{now.tm_sec:02}",
    }
    for name, value in values.items():
        prefix = prefix.replace(f"%{name}%", value)
    return prefix


def _next_counter(folder: Path, stem: str) -> int:
    """One more than the highest number on disk, so that numbering goes on after a restart."""
    numbered = re.compile(re.escape(stem) + r"_(\d+)_", re.IGNORECASE)
    found = (numbered.match(path.name) for path in folder.iterdir())
    return max((int(match[1]) for match in found if match), default=0) + 1


def _complaint(root: Path, subfolder: str) -> str:
    folder = os.path.normpath(root / subfolder)
    return (
        "**** ERROR: Saving image outside the output folder is not allowed.\n"
        f" full_output_folder: {folder}\n"
        f"         output_dir: {root}\n"
        f"         commonpath: {os.path.commonpath([root, folder])}"
    )
