"""What ``dev.py package`` puts around the app. The frozen folder itself takes minutes to make and
is tried by hand; all that goes beside it is looked at here.
"""

import configparser
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import typer.main
import yaml  # type: ignore[import-untyped]

from batchgen_app.cli import main

ROOT = Path(__file__).parent.parent
LINUX = ROOT / "packaging" / "linux"
BATCHGEN = Path(sys.executable).with_name("batchgen")
"""As it is installed beside this Python: for completion, its name counts."""
COMMANDS = typer.main.get_group(main).commands


def lines_of(*command: str | Path, **more: str) -> list[str]:
    """What a program says, in the project's folder."""
    environment = {**os.environ, **more}
    made = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    return made.stdout.splitlines()


def contents() -> dict[str, str]:
    """What the .deb and the .rpm hold: where it lies there, and what it is made from."""
    told = yaml.safe_load((LINUX / "nfpm.yaml").read_text(encoding="utf-8"))
    return {entry["dst"]: entry["src"] for entry in told["contents"]}


def test_the_manual_tells_of_every_command_and_option() -> None:
    manual = lines_of(sys.executable, LINUX / "manual.py", SOURCE_DATE_EPOCH="0")
    assert manual[0].startswith(".TH BATCHGEN 1 1970-01-01")
    titles = [line.removeprefix(".SH BATCHGEN ") for line in manual if line.startswith(".SH ")]
    assert {name.upper() for name in COMMANDS} <= set(titles)
    text = "\n".join(manual).replace("\\-", "-")
    options = [o for command in COMMANDS.values() for p in command.params for o in p.opts]
    assert [o for o in options if o.startswith("--") and o not in text] == []


def test_no_word_of_the_manual_is_taken_for_an_instruction() -> None:
    manual = lines_of(sys.executable, LINUX / "manual.py")
    own = (".TH ", ".SH ", ".nf", ".fi", "\\&", "batchgen \\- ")
    assert [line for line in manual if not line.startswith(own)] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_can_complete_its_commands(shell: str) -> None:
    script = lines_of(BATCHGEN, _BATCHGEN_COMPLETE=f"source_{shell}")
    assert "complete_" + shell in "\n".join(script)


def test_a_shell_that_asks_is_told_the_commands() -> None:
    asked = {"_BATCHGEN_COMPLETE": "complete_bash", "COMP_WORDS": "batchgen ge", "COMP_CWORD": "1"}
    assert lines_of(BATCHGEN, **asked) == ["generate"]


def test_what_the_linux_packages_take_from_here_is_here() -> None:
    own = [src for src in contents().values() if not src.startswith(("$", ".."))]
    assert own
    assert [src for src in own if not (ROOT / src).is_file()] == []


def test_the_menu_entry_starts_what_is_installed_and_shows_its_icon() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(LINUX / "batchgen.desktop", encoding="utf-8")
    desktop = entry["Desktop Entry"]
    assert f"/usr/bin/{desktop['Exec']}" in contents()
    icons = [place for place in contents() if place.startswith("/usr/share/icons/hicolor/")]
    assert {Path(place).stem for place in icons} == {desktop["Icon"]}


def test_the_wheel_brings_all_that_the_app_reads(tmp_path: Path) -> None:
    lines_of(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    kept = lines_of("git", "ls-files", "assets", "batchgen_app")
    meant = {f"batchgen_app/{path}" if path.startswith("assets/") else path for path in kept}
    assert "batchgen_app/py.typed" in held
    assert meant - held == set()
