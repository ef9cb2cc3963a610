"""Where a window stands, on the screens that are there now."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

from batchgen_app.window.process.window_place import (
    MIN_HEIGHT,
    MIN_WIDTH,
    WindowPlace,
    WindowPlaceFile,
)
from tests.test_settings import a_device, a_pipe, endless


@dataclass
class Area:
    """A screen."""

    x: int = 0
    y: int = 0
    width: int = 1920
    height: int = 1080


LEFT, RIGHT = Area(), Area(x=1920)


def test_it_stands_where_it_was_left() -> None:
    place = WindowPlace(2000, 100, 1000, 800)
    assert place.on([LEFT, RIGHT]) == place


@pytest.mark.parametrize(
    "place",
    [
        WindowPlace(2000, 100, 1000, 800),  # on the screen that is gone
        WindowPlace(-990, 100, 1000, 800),  # but for a corner
        WindowPlace(100, -50, 1000, 800),  # its title above the edge
        WindowPlace(100, 1050, 1000, 800),  # or below it
    ],
)
def test_out_of_reach_it_comes_back_to_the_middle(place: WindowPlace) -> None:
    assert place.on([LEFT]) == WindowPlace(None, None, 1000, 800)


def test_it_is_no_larger_than_the_largest_screen_and_never_tiny() -> None:
    assert WindowPlace(width=5000, height=5000).on([LEFT]) == WindowPlace(width=1920, height=1080)
    assert WindowPlace(width=1, height=1).on([LEFT]) == WindowPlace(
        width=MIN_WIDTH, height=MIN_HEIGHT
    )


def test_zoom_goes_in_steps_and_ends() -> None:
    assert WindowPlace(zoom=1.0).zoomed(1).zoom == 1.1
    assert WindowPlace(zoom=2.0).zoomed(1).zoom == 2.0
    assert WindowPlace(zoom=0.5).zoomed(-1).zoom == 0.5
    assert WindowPlace(zoom=1.75).zoomed(0).zoom == 1.0


def test_maximized_it_keeps_the_size_it_had(tmp_path: Path) -> None:
    file = WindowPlaceFile(tmp_path / "window.json")
    file.move(x=10, y=20, width=900, height=700)
    file.write()
    file.move(x=0, y=0, width=1920, height=1080)
    file.change(maximized=True)
    file.write()
    assert WindowPlaceFile(tmp_path / "window.json").place == WindowPlace(
        10, 20, 900, 700, maximized=True
    )


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{not json",
        "{}",
        json.dumps({**asdict(WindowPlace()), "width": "wide"}),
        json.dumps({**asdict(WindowPlace()), "width": None}),
        json.dumps({**asdict(WindowPlace()), "zoom": float("nan")}),
        json.dumps({**asdict(WindowPlace()), "x": float("inf")}),
        "[" * 60_000,
        "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"),
    ],
)
def test_a_file_that_makes_no_sense_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "window.json"
    path.write_text(content, encoding="latin-1")
    assert WindowPlaceFile(path).place == WindowPlace()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither pipes nor holes in files")
@pytest.mark.parametrize("harm", [a_pipe, a_device, endless])
def test_only_a_file_of_bounded_size_is_read(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    harm(tmp_path / "window.json")
    a_pipe(tmp_path / ".window.json.partial")
    file = WindowPlaceFile(tmp_path / "window.json")
    assert file.place == WindowPlace()
    file.change(maximized=True)
    file.write()
    assert WindowPlaceFile(tmp_path / "window.json").place.maximized


def test_a_place_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    file = WindowPlaceFile(tmp_path / "file" / "window.json")
    file.change(maximized=True)
    file.write()
    assert file.place.maximized
