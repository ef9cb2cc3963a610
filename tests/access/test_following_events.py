"""Who follows the events does so as long as they may come in, and the app is there."""

from pathlib import Path

import httpx
import pytest

from tests.access.neighbour import Elsewhere
from tests.access.serving import Served, asked, serving

STREAM = "/api/events/stream"


def test_who_only_views_may_follow_what_they_may_read(viewer: Elsewhere, batch_id: str) -> None:
    with viewer.stream("GET", STREAM) as answer:
        assert answer.status_code == 200
        assert any(line == "event: batch_completed" for line in answer.iter_lines())
    assert viewer.post("/api/batches", json=asked()).status_code == 403


def test_who_is_signed_out_hears_no_more(guest: Elsewhere, app: Served, batch_id: str) -> None:
    end = guest.get("/api/events").json()["end"]
    with guest.stream("GET", STREAM, params={"after": end}) as answer:
        lines = answer.iter_lines()
        assert next(lines) == "retry: 1000"
        assert guest.post("/logout").status_code == 303
        app.make()
        told = []
        with pytest.raises(httpx.RemoteProtocolError):  # cut, in the middle of it
            told += list(lines)
    assert not [line for line in told if line.startswith("data")]
    assert guest.get(STREAM).status_code == 401


def test_when_the_app_is_told_to_end_the_stream_ends_in_order(tmp_path: Path) -> None:
    with serving(tmp_path) as served:
        served.make()
        with httpx.stream("GET", f"{served.address}{STREAM}", timeout=30) as answer:
            lines = answer.iter_lines()
            assert any('"type":"batch_completed"' in line for line in lines)
            served.process.terminate()
            assert not [line for line in lines if line.startswith("data")]
        assert served.process.wait(timeout=30) == 0
