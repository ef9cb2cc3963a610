"""The gallery stays quick with ten thousand batches: what SQLite says it is going to do."""

import re
from datetime import timedelta
from typing import Any

import pytest

from batchgen_app.storage import collections, gallery, image_search, lineage
from batchgen_app.storage.database import Database
from batchgen_app.storage.gallery_query import GalleryQuery, Order, filter_of
from batchgen_app.storage.image_query import ImageOrder, ImageQuery
from batchgen_app.storage.image_search import Totals, _statement, _wanted
from batchgen_app.storage.workflow_order import GROUPS, Group
from tests.storage.diary import NOON, Diary

MATCHED = re.compile(r"SCAN gallery_words VIRTUAL TABLE INDEX \d+:\w*M\d+")
"""A look for words, not a reading of all."""
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
    order = query.order
    wanted = filter_of(query).also(order.after, query.before)
    if order is Order.WORKFLOW:  # which is asked about one workflow after the other
        wanted = wanted.also("t.workflow = ?", "x").also("t.model = ?", "x")
    statement = gallery.PAGE.format(source=order.source, where=wanted.where, order=order.sql)
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


async def test_what_was_made_with_a_workflow_is_found_by_an_index_alone(db: Database) -> None:
    statement = gallery.USES.format(only=gallery.USES_OF.format(marks="?, ?"))
    plan = await plan_of(db, statement, ("x", "y"))
    assert "SEARCH s USING COVERING INDEX gallery_by_workflow" in plan
    assert "SCAN" not in plan


async def test_what_came_of_a_batch_is_found_by_an_index(db: Database) -> None:
    below = await plan_of(db, lineage.DESCENDANTS, ("x", "x", 9))
    assert "SEARCH gallery_summaries USING INDEX gallery_by_origin" in below
    above = await plan_of(db, lineage.ANCESTORS, ("x", 5))
    assert "SCAN" not in below + above.replace("SCAN line", "")


async def test_collections_are_counted_from_indexes_alone(diary: Diary, db: Database) -> None:
    await diary.batch(1)
    plan = await plan_of(db, collections.COLLECTIONS, ())
    assert "SCAN t USING COVERING INDEX gallery_texts_tagged" in plan
    assert "SEARCH f USING COVERING INDEX gallery_finds_by_text" in plan
    of_one = await plan_of(db, collections.TAGGED, ("[]",))
    assert "gallery_texts_tagged" in of_one
    assert "SCAN f" not in f"{plan}{of_one}"
    assert "SCAN b" not in f"{plan}{of_one}"


async def plan_of(db: Database, statement: str, values: tuple[Any, ...]) -> str:
    """Without what it tells of the index of words: SQLite calls every look into one a scan."""
    rows = await db.rows(f"EXPLAIN QUERY PLAN {statement}", values)
    return "\n".join(detail for *_, detail in rows if not MATCHED.fullmatch(detail))


SORTED = "USE TEMP B-TREE FOR ORDER BY"
"""All of it; the few pictures of one text may be, which is told in other words."""
SEARCHES = {
    "everything": "",
    "words": 'fox "red hat" model:dreams -blue',
    "a seed": "seed:4..9",
    "the beginning of a seed": "12",
    "marks": "rating:>=3 fav:yes is:unrated size:64x64",
}


@pytest.mark.parametrize("order", ImageOrder)
@pytest.mark.parametrize("text", SEARCHES.values(), ids=SEARCHES)
async def test_a_page_of_pictures_is_read_in_order_without_sorting(
    diary: Diary, db: Database, order: ImageOrder, text: str
) -> None:
    await diary.batch(1)
    query = ImageQuery(text, order=order)
    many, wanted = Totals(image_search.FEW + 1, 0), _wanted(query)
    if order is ImageOrder.WORKFLOW:  # which is asked about one workflow after the other
        wanted = Group("x", "x").of(wanted)
    statement, values = _statement(query, wanted, many, None)
    assert SORTED not in await plan_of(db, statement, values)
    place = (*("x" for _ in order.key[:-1]), 1)
    statement, values = _statement(query, wanted, many, place)
    plan = await plan_of(db, statement, values)
    assert SORTED not in plan
    assert "SCAN f" not in plan
    assert "SCAN t" not in plan


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "SCAN t USING COVERING INDEX gallery_texts_by_workflow"),
        ("fox", "SEARCH t USING INTEGER PRIMARY KEY"),
    ],
)
async def test_pictures_of_each_workflow_are_counted_by_indexes(
    db: Database, text: str, first: str
) -> None:
    wanted = _wanted(ImageQuery(text))
    plan = await plan_of(db, GROUPS.format(where=wanted.where), wanted.values)
    assert first in plan
    assert "SEARCH f USING COVERING INDEX gallery_finds_by_text" in plan


async def test_what_words_find_is_counted_in_an_index_alone(db: Database) -> None:
    wanted = _wanted(ImageQuery("fox"))
    plan = await plan_of(db, image_search.TOTALS.format(where=wanted.where), wanted.values)
    assert "SEARCH f USING COVERING INDEX gallery_finds_by_text" in plan
