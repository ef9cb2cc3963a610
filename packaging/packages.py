"""The packages of this system, in ``dist/``: what ``dev.py package`` makes.

::

    wheel, sdist            for pip, pipx and uv, everywhere
    frozen folder           PyInstaller's, with Python and all libraries: frozen/batchgen.spec
    .deb, .rpm              the frozen folder where Linux expects it: linux/nfpm.yaml
    .tar.zst                the same, run from any folder; "browser" has no window and is small
    SHA256SUMS              of all of them

Two builds of one commit give the same files: all times in them are the commit's.
"""

import gzip
import hashlib
import os
import platform
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from side_by_side import say

ROOT = Path(__file__).resolve().parent.parent
DIST, BUILD = ROOT / "dist", ROOT / "build"
LINUX = ROOT / "packaging" / "linux"
COMPLETION = {
    "bash": "share/bash-completion/completions/batchgen",
    "zsh": "share/zsh/vendor-completions/_batchgen",
    "fish": "share/fish/vendor_completions.d/batchgen.fish",
}
"""Where each shell looks for what it can complete, below /usr."""
MOST = {"with a window": 640, "browser": 230}
"""Megabytes of each frozen folder: whoever makes one larger says so here."""


def make(python: Path) -> int:
    """All packages of this system, made by the environment of ``python``; gives an exit code."""
    shutil.rmtree(DIST, ignore_errors=True)
    DIST.mkdir()
    environment = {**os.environ, **_same_each_time()}
    _run(environment, python, "-m", "hatchling", "build", "--directory", DIST)
    complete = _frozen(python, environment, "with a window")
    browser = _frozen(python, environment, "browser")
    if platform.system() == "Linux":
        _linux_packages(python, complete, environment)
        name = f"batchgen-{version()}-linux-{platform.machine()}"
        _archive(python, complete, DIST / f"{name}.tar.zst", environment)
        _archive(python, browser, DIST / f"{name}-browser.tar.zst", environment)
    _sum_up()
    return 0


def version() -> str:
    """That of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return str(project["version"])


def _same_each_time() -> dict[str, str]:
    asked = ("git", "log", "-1", "--format=%ct")
    answer = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    return {"SOURCE_DATE_EPOCH": answer.stdout.strip(), "PYTHONHASHSEED": "0"}


def _frozen(python: Path, environment: Mapping[str, str], kind: str) -> Path:
    say(f"Freezing the app ({kind}; minutes)")
    made, work = BUILD / kind, BUILD / f"{kind} work"
    options = ("--noconfirm", "--clean", "--log-level", "ERROR", "--distpath", made)
    wanted = {**environment, "BATCHGEN_WITH_WINDOW": "0" if kind == "browser" else "1"}
    spec = ROOT / "packaging" / "frozen" / "batchgen.spec"
    _run(wanted, python, "-m", "PyInstaller", *options, "--workpath", work, spec)
    folder = made / "batchgen"
    if (size := _megabytes(folder)) > MOST[kind]:
        raise SystemExit(f"{folder} has {size} MB, more than the {MOST[kind]} that it may.")
    return folder


def _linux_packages(python: Path, frozen: Path, environment: Mapping[str, str]) -> None:
    """What is made for the shells comes from the app itself, as it will be installed."""
    extras = BUILD / "linux"
    shutil.rmtree(extras, ignore_errors=True)
    for shell, place in COMPLETION.items():
        wish = {**environment, "_BATCHGEN_COMPLETE": f"source_{shell}"}
        script = subprocess.run([frozen / "batchgen"], env=wish, capture_output=True, check=True)
        _write(extras / place, script.stdout)
    asked = (python, LINUX / "manual.py")
    manual = subprocess.run(asked, env=environment, capture_output=True, check=True).stdout
    _write(extras / "share/man/man1/batchgen.1.gz", gzip.compress(manual, mtime=0))
    told = {**environment, "BATCHGEN_VERSION": version(), "BATCHGEN_FROZEN": str(frozen)}
    told |= {"BATCHGEN_EXTRAS": str(extras), "BATCHGEN_ARCHITECTURE": _architecture()}
    for packager in ("deb", "rpm"):
        options = ("--config", LINUX / "nfpm.yaml", "--packager", packager, "--target", DIST)
        _run(told, python.parent / "nfpm", "package", *options)


def _architecture() -> str:
    """As Go calls it, and so nfpm."""
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())


def _archive(python: Path, folder: Path, target: Path, environment: Mapping[str, str]) -> None:
    """One file that is unpacked anywhere."""
    with _zstandard(python, target) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for path in sorted((folder, *folder.rglob("*"))):
            entry = archive.gettarinfo(path, f"batchgen/{path.relative_to(folder)}".rstrip("/."))
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mtime = int(environment["SOURCE_DATE_EPOCH"])
            if entry.isfile():
                with path.open("rb") as content:
                    archive.addfile(entry, content)
            else:
                archive.addfile(entry)


@contextmanager
def _zstandard(python: Path, target: Path) -> Iterator[IO[bytes]]:
    """Compresses what is written to it. The library is in the environment, not in this Python."""
    script = (
        "import sys, zstandard\n"
        "with open(sys.argv[1], 'wb') as target:\n"
        "    zstandard.ZstdCompressor(level=12).copy_stream(sys.stdin.buffer, target)\n"
    )
    with subprocess.Popen([python, "-c", script, target], stdin=subprocess.PIPE) as process:
        assert process.stdin
        yield process.stdin
    if process.returncode:
        raise SystemExit(process.returncode)


def _sum_up() -> None:
    """Their sums in a file, their sizes for whoever waits."""
    lines = []
    for path in sorted(DIST.iterdir()):
        with path.open("rb") as content:
            lines.append(f"{hashlib.file_digest(content, 'sha256').hexdigest()}  {path.name}\n")
        say(f"{path.stat().st_size / 1e6:7.1f} MB  {path.name}")
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _megabytes(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) // 1_000_000


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _run(environment: Mapping[str, str], *command: str | Path) -> None:
    """Or end here."""
    if code := subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise SystemExit(code)
