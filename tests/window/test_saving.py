"""A file from the app's address: whole, or not at all."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from batchgen_app.window.process import desktop
from batchgen_app.window.process.desktop import NotSaved

PICTURE = bytes(range(256)) * 1000


class App(BaseHTTPRequestHandler):
    """Answers as the app does, well or badly."""

    def do_GET(self) -> None:
        if self.path == "/missing":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(PICTURE)))
        self.send_header("Content-Disposition", 'attachment; filename="../001_7.png"')
        self.end_headers()
        self.wfile.write(PICTURE[:1000] if self.path == "/cut" else PICTURE)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def app() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), App) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def save(url: str, target: Path) -> None:
    with desktop.fetching(url) as answer:
        desktop.write(answer, target)


def test_it_is_there_byte_for_byte(app: str, tmp_path: Path) -> None:
    target = tmp_path / "fox.png"
    target.write_bytes(b"an older one")
    save(f"{app}/picture", target)
    assert target.read_bytes() == PICTURE
    assert list(tmp_path.iterdir()) == [target]


def test_its_name_is_a_name_and_no_path(app: str) -> None:
    with desktop.fetching(f"{app}/picture") as answer:
        assert desktop.name_of(answer, "") == "001_7.png"
        assert desktop.name_of(answer, "../../chosen.zip") == "chosen.zip"


def test_what_came_in_part_leaves_what_was_there(app: str, tmp_path: Path) -> None:
    target = tmp_path / "fox.png"
    target.write_bytes(b"an older one")
    with pytest.raises(NotSaved, match="ended too early"):
        save(f"{app}/cut", target)
    assert target.read_bytes() == b"an older one"
    assert list(tmp_path.iterdir()) == [target]


def test_a_refusal_and_silence_are_told(app: str, tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="answered 404"):
        save(f"{app}/missing", tmp_path / "fox.png")
    with pytest.raises(NotSaved, match="does not answer"):
        save("http://127.0.0.1:9/", tmp_path / "fox.png")


def test_a_place_that_does_not_take_it_is_told(app: str, tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="Choose another place"):
        save(f"{app}/picture", tmp_path / "nowhere" / "fox.png")
    assert not list(tmp_path.iterdir())
