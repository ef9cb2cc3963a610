"""What the stories of the window share."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.window.home import Home
from tests.window.screen import Screen, new_screen
from tests.window.waiting import until_so


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """One for all stories: each leaves it empty."""
    with new_screen() as screen:
        yield screen


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's browser writes down here what it is asked to open."""
    seen = _writing_down(tmp_path / "browser", "$1")
    monkeypatch.setenv("BROWSER", str(tmp_path / "browser"))
    return seen


@pytest.fixture
def file_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The person's file manager writes down here what it is asked to show."""
    programs = tmp_path / "programs"
    programs.mkdir()
    seen = _writing_down(programs / "nautilus", "$@")
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "GNOME")
    return seen


def _writing_down(program: Path, what: str) -> Path:
    seen = program.with_suffix(".seen")
    program.write_text(f'#!/bin/sh\nprintf %s "{what}" >> "{seen}"\n')
    program.chmod(0o755)
    return seen


@pytest.fixture
async def home(tmp_path: Path, screen: Screen) -> AsyncIterator[Home]:
    """A home with nothing running in it."""
    home = Home(tmp_path, screen)
    yield home
    await home.tidy()
    await until_so(lambda: not screen.windows())
