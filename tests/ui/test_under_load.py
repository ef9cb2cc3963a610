"""Many people at once: a page may take its time, and is then whole."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.storage.gallery import GalleryIndex
from tests.ui.test_guard import come_from, whole_app

FRAMEWORK_WAITS = 3.0
"""Seconds after which NiceGUI by itself gives up on a page."""


async def test_a_page_whose_turn_comes_late_is_answered_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under load, some page loads answered 500: NiceGUI gave up on their builders."""
    look = GalleryIndex.batches

    async def look_slowly(self: GalleryIndex, query: Any) -> Any:
        await asyncio.sleep(FRAMEWORK_WAITS + 0.2)  # others have their turn
        return await look(self, query)

    monkeypatch.setattr(GalleryIndex, "batches", look_slowly)
    async with whole_app(tmp_path) as (_, guard, _), come_from("127.0.0.1", guard) as visitor:
        answer = await visitor.get("/gallery")
    assert answer.status_code == 200
    assert "gallery-stats" in answer.text
