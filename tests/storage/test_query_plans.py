"""The gallery stays quick with ten thousand batches: what SQLite says it is going to do."""

from datetime import timedelta
from typing import Any

import pytest

from batchgen_app.storage import gallery
from batchgen_app.storage.database import Database
from batchgen_app.storage.gallery_query import GalleryQuery, Order, filter_of
from tests.storage.diary import NOON, Diary

QUERIES = {
    "everything": GalleryQuery(),
    "the next page": GalleryQuery(before="20261122"),
    "a model": GalleryQuery(model="dreams.ckpt"),
    "favourites of a day": GalleryQuery(
        favourites=True, created_from=NOON, created_to=NOON + timedelta(days=1)
    ),
    "a text": GalleryQuery(text="fox"),
    **{f"in the order {order}": GalleryQuery(order=order, before="20261122") for order in Order},
}


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
async def test_a_page_is_read_in_order_without_sorting_or_scanning(
    diary: Diary, db: Database, query: GalleryQuery
) -> None:
    await diary.batch(1)
    wanted = filter_of(query).also(query.order.after, query.before)
    statement = gallery.PAGE.format(where=wanted.where, order=query.order.sql)
    plan = await plan_of(db, statement, (*wanted.values, 50))
    assert "USING INDEX" in plan or "USING COVERING INDEX" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.parametrize("query", [query for name, query in QUERIES.items() if name != "a text"])
async def test_totals_are_summed_up_from_an_index_alone(
    diary: Diary, db: Database, query: GalleryQuery
) -> None:
    await diary.batch(1)
    wanted = filter_of(query)
    plan = await plan_of(db, gallery.TOTALS.format(where=wanted.where), wanted.values)
    assert "SEARCH b USING COVERING INDEX gallery_shown" in plan


@pytest.mark.parametrize(
    ("statement", "values"),
    [
        (gallery.MEASURED, ("m", 1, 1, 1, 20)),
        (gallery.IMAGES.format(where="b.deleted = ? AND i.batch_id = ?"), (0, "x")),
        (gallery.IMAGES.format(where="b.deleted = ? AND i.image_id = ?"), (0, "x")),
        ("SELECT seq, data FROM events WHERE batch_id = ? ORDER BY seq", ("x",)),
        ("SELECT seq, data FROM events WHERE seq > ? ORDER BY seq LIMIT ?", (1, 1)),
    ],
)
async def test_single_things_are_looked_up_not_searched_for(
    db: Database, statement: str, values: tuple[Any, ...]
) -> None:
    plan = await plan_of(db, statement, values)
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan


async def plan_of(db: Database, statement: str, values: tuple[Any, ...]) -> str:
    rows = await db.rows(f"EXPLAIN QUERY PLAN {statement}", values)
    return "\n".join(detail for *_, detail in rows)
