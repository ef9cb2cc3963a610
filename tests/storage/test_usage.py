"""How much room the pictures take, as the index has it."""

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from batchgen_app.core.batch import Parameters
from batchgen_app.core.events import BatchDeleted
from batchgen_app.storage import usage
from batchgen_app.storage.database import Database
from tests.storage.diary import NOON, Diary


@pytest.fixture
def in_tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as here:
        here.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


async def test_an_empty_gallery_takes_no_room(diary: Diary) -> None:
    found = await diary.gallery.usage()
    assert (found.images, found.bytes, list(found.months), list(found.models)) == (0, 0, [], [])


async def test_room_is_told_by_month_and_by_model(diary: Diary) -> None:
    await diary.batch(0, images=2, size=1000)
    await diary.batch(-24 * 30, images=3, size=5000)
    await diary.batch(1, size=5, parameters=Parameters(model="sea.ckpt"))
    thrown = await diary.batch(2, images=4)
    await diary.tell(BatchDeleted(at=NOON, batch_id=thrown))
    found = await diary.gallery.usage()
    assert [(m.year, m.month, m.images, m.bytes) for m in found.months] == [
        (2026, 11, 4, 2010),
        (2026, 10, 3, 15000),
    ]
    models = [(m.model, m.images, m.bytes) for m in found.models]
    assert models == [("dreams.ckpt", 5, 17000), ("sea.ckpt", 2, 10)]
    assert (found.images, found.bytes) == (7, 17010)


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows takes its zone from the system")
async def test_a_month_is_that_of_this_computer(diary: Diary, in_tokyo: None) -> None:
    last_of_november = datetime.fromisoformat("2026-11-30T16:00Z")
    await diary.batch((last_of_november - NOON).days * 24 + 4)
    assert [m.month for m in (await diary.gallery.usage()).months] == [12]


@pytest.mark.parametrize("statement", [usage.BY_HOUR, usage.BY_MODEL])
async def test_the_index_alone_is_asked(diary: Diary, db: Database, statement: str) -> None:
    await diary.batch(1)
    plan = " / ".join(row[3] for row in await db.rows(f"EXPLAIN QUERY PLAN {statement}"))
    assert "USING COVERING INDEX gallery_shown" in plan
