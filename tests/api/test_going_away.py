"""Somebody who asked for a ZIP goes away: nothing more is done for them, and nothing is left."""

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.storage.delivery.looking import Looked, look
from batchgen_app.storage.delivery.pack import whole_pack
from batchgen_app.storage.delivery.parcel import Parcel
from tests.api.test_pack import LARGE, enlarge
from tests.api.visitor import Visitor, visit
from tests.studio import TIMEOUT_OF_THE_TEST, until


def held(folder: Path) -> list[str]:
    """What this process, and so the app in it, has open there."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(descriptor.readlink()))
        except FileNotFoundError:  # the one that looked
            continue
    return [path for path in found if path.startswith(str(folder)) and ".png" in path]


def files(folder: Path) -> set[Path]:
    """All but those of the database, which come and go."""
    return {path for path in folder.rglob("*") if path.parent != folder / "data"}


async def begin(visitor: Visitor, batch_id: str, query: str) -> None:
    """Have the first bytes of a ZIP, and go."""
    async with visitor.stream("GET", f"/batches/{batch_id}/archive?{query}") as answer:
        assert answer.status_code == 200
        await anext(answer.aiter_raw())


@pytest.mark.parametrize("query", ["", "pack=true"])
async def test_no_file_stays_open_once_its_reader_is_gone(tmp_path: Path, query: str) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=3)
        folder = tmp_path / "images/batches" / batch_id
        enlarge(folder, LARGE)
        before = files(tmp_path)
        await begin(visitor, batch_id, query)
        await until(lambda: not held(folder))
        assert files(tmp_path) == before


def is_packing(task: asyncio.Task[Any]) -> bool:
    return "DeliveryQueries.pack" in repr(task.get_coro())


async def test_a_pack_that_nobody_waits_for_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, ends = [], []
    begun, is_gone = threading.Event(), threading.Event()

    def slowly(*args: Any, **more: Any) -> Looked:
        looked.append(args)
        begun.set()
        is_gone.wait(TIMEOUT_OF_THE_TEST)
        return look(*args, **more)

    def watched(*args: Any, **more: Any) -> Parcel:
        try:
            return whole_pack(*args, **more)
        finally:
            ends.append(sys.exception())

    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=6)
        monkeypatch.setattr("batchgen_app.storage.delivery.pack.look", slowly)
        monkeypatch.setattr("batchgen_app.services.delivery_queries.whole_pack", watched)
        asked = asyncio.create_task(visitor.get(f"/batches/{batch_id}/archive?pack=true"))
        await until(begun.is_set)
        packing = {task for task in asyncio.all_tasks() if is_packing(task)}
        assert len(packing) == 1
        asked.cancel()
        await asyncio.wait(packing)
        is_gone.set()
        await until(lambda: bool(ends))
        assert len(looked) == 1
        assert ends != [None], "it was stopped"
