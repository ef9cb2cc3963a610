"""ImageSearch: all pictures of the gallery, found by what people type."""

import asyncio
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from batchgen_app.core.found_image import FoundImage
from batchgen_app.core.ids import image_id, split_image_id
from batchgen_app.core.search import parse
from batchgen_app.storage.collections import COLLECTIONS, Collection, collections_of, tagged
from batchgen_app.storage.database import Database, Row
from batchgen_app.storage.image_query import (
    ImageOrder,
    ImagePage,
    ImageQuery,
    Key,
    Known,
    Place,
    beyond,
    cursor_of,
    order_by,
    place_in,
)
from batchgen_app.storage.months import ALL_MONTHS, MONTHS, by_month
from batchgen_app.storage.search_conditions import NO_CONDITION, Sought, sought
from batchgen_app.storage.search_rows import PICTURE, POSITIONS, id_from
from batchgen_app.storage.suggestions import MODELS, Suggestion, suggestions, tags
from batchgen_app.storage.workflow_names import WorkflowNames
from batchgen_app.storage.workflow_order import ALL_GROUPS, GROUPS, Group, Groups

logger = logging.getLogger(__name__)

FEW = 5_000
"""Pictures that are looked up one by one and sorted; where more are found, all are read in order
until a page is full.
"""
MOST_REMEMBERED = 200
"""Counts that are kept."""


@dataclass(frozen=True)
class Totals:
    """Of all that a search finds."""

    images: int
    bytes: int


class ImageSearch:
    """Asks a database for pictures. What was counted is kept until something changes."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[tuple[str, Sought], tuple[int, Sequence[Row]]] = {}
        """What was counted by a statement, and after which event."""

    async def find(self, query: ImageQuery) -> ImagePage:
        """One page. Raises InvalidRequest for a cursor that is none."""
        wanted = _wanted(query)
        place = place_in(query.order, query.cursor) if query.cursor else None
        totals = await self._totals(wanted)
        rows = await self._page(query, wanted, totals, place)
        is_more, rows = len(rows) > query.limit, rows[: query.limit]
        keys = [row[:-1] for row in rows]
        images = await self._images([int(row[-1]) for row in rows])
        if query.is_backward:
            keys, images = keys[::-1], images[::-1]
        is_first = not (is_more if query.is_backward else place or query.offset)
        is_last = not (place if query.is_backward else is_more)
        return ImagePage(
            images,
            None if is_first or not keys else cursor_of(query.order, keys[0]),
            None if is_last or not keys else cursor_of(query.order, keys[-1]),
            totals.images,
            totals.bytes,
        )

    async def ids(self, query: ImageQuery) -> list[str]:
        """Those of the pictures of one page: quicker than all that is known of them."""
        wanted = _wanted(query)
        rows = await self._page(query, wanted, await self._totals(wanted), None)
        finds = [int(row[-1]) for row in rows[: query.limit]]
        places = [find // POSITIONS for find in finds] or [0]
        rows = await self._db.rows(BATCH_IDS, (min(places), max(places)))
        batches: dict[int, str] = {row[0]: row[1] for row in rows}
        named = ((batches.get(find // POSITIONS), find % POSITIONS) for find in finds)
        return [image_id(batch_id, index) for batch_id, index in named if batch_id]

    async def images_before(
        self, query: ImageQuery, image: str, *, or_would: bool = False
    ) -> int | None:
        """How many of the pictures that are found come before one: the ``offset`` of a page that
        begins with it. None where it is none of them, or (``or_would`` be there) no picture.
        """
        batch_id, index = split_image_id(image) or ("", 0)
        wanted, key = _wanted(query), query.order.key
        columns = ", ".join(name for name, _ in key)
        where, given = ("", ()) if or_would else (wanted.where, wanted.values)
        place = await self._db.row(
            f"SELECT {columns} {_FROM} WHERE f.shown = 1{where} AND f.id = "  # noqa: S608 - our own names
            "(SELECT place * 128 + ? FROM gallery_batches WHERE batch_id = ?)",
            (*given, index, batch_id),
        )
        if place is None:
            return None
        before, values = beyond(key, tuple(place), is_backward=True)
        if query.order is not ImageOrder.WORKFLOW:
            return await self._count(wanted, before, values)
        groups = await self._groups(query, wanted, counted=True)
        within = Group(*place[:2]).of(wanted)
        return groups.before(tuple(place)) + await self._count(within, before, values)

    async def known(self, query: ImageQuery, images: Sequence[str]) -> Known:
        """What there is of a few pictures, in their order, and which of them the query finds."""
        named = [(image, found) for image in images if (found := split_image_id(image))]
        batches = list({batch_id for _, (batch_id, _) in named})
        sql = PLACES.format(marks=", ".join("?" * len(batches)))
        places = {row[0]: row[1] for row in await self._db.rows(sql, batches)}
        finds = {
            places[batch_id] * POSITIONS + index: image
            for image, (batch_id, index) in named
            if batch_id in places
        }
        wanted = _wanted(query)
        there = await self._of(finds, "", ())
        met = await self._of(there, wanted.where, wanted.values)
        return Known(await self._images(there), frozenset(finds[find] for find in met))

    async def _of(self, finds: Iterable[int], where: str, values: Sequence[object]) -> list[int]:
        """Those of them that are pictures, and are found."""
        wanted = list(finds)
        among = ", ".join("?" * len(wanted))
        sql = f"SELECT f.id {_FROM} WHERE f.shown = {PICTURE}{where} AND f.id IN ({among})"
        found = {row[0] for row in await self._db.rows(sql, (*values, *wanted))}
        return [find for find in wanted if find in found]

    async def images_until(self, query: ImageQuery, moment: datetime) -> int:
        """How many pictures come before those of ``moment``, in the order of time: newest first,
        unless the query wants the oldest first.
        """
        sign = "<" if query.order is ImageOrder.OLDEST else ">="
        return await self._count(_wanted(query), f"f.id {sign} ?", (id_from(moment),))

    async def months(self, query: ImageQuery) -> list[tuple[str, int]]:
        """How many pictures each month has, as ``("2026-11", 20)``, the newest month first; in the
        time zone of this machine.
        """
        wanted = _wanted(query)
        rows = await self._counted(MONTHS if wanted.conditions else ALL_MONTHS, wanted)
        return await asyncio.to_thread(by_month, rows)

    async def models(self) -> list[str]:
        """The files of those that were used."""
        return [model for (model,) in await self._counted(MODELS, NO_CONDITION)]

    async def suggest(self, text: str, workflows: WorkflowNames) -> list[Suggestion]:
        """How a search that is being typed may go on, the likeliest first."""
        return await suggestions(self._db, text, workflows)

    async def tags(self) -> dict[str, int]:
        """Each tag that a picture has, and how many have it, the most used first."""
        return await tags(self._db)

    async def collections(self) -> list[Collection]:
        """Each tag that a picture has, in the order of the alphabet."""
        return collections_of(await self._counted(COLLECTIONS, NO_CONDITION))

    async def tagged(self, name: str) -> list[str]:
        """The ids of all pictures that have this tag, whatever its spelling."""
        return await tagged(self._db, name)

    async def _page(
        self, query: ImageQuery, wanted: Sought, totals: Totals, place: Place | None
    ) -> Sequence[Row]:
        """The rows of one page, and of one picture more at least, if there is one."""
        if query.order is not ImageOrder.WORKFLOW:
            return await self._db.rows(*_statement(query, wanted, totals, place))
        rows: list[Row] = []
        groups = await self._groups(query, wanted, counted=query.offset > 0)
        for group, asked, start in groups.pages(place):
            rows += await self._db.rows(*_statement(asked, group.of(wanted), totals, start))
            if len(rows) > query.limit:
                break
        return rows

    async def _groups(self, query: ImageQuery, wanted: Sought, *, counted: bool) -> Groups:
        statement = GROUPS if counted or wanted.conditions else ALL_GROUPS
        return Groups.among(query, await self._counted(statement, wanted))

    async def _count(self, wanted: Sought, condition: str, values: Sequence[object]) -> int:
        sql = f"SELECT count(*) {_FROM} WHERE f.shown = 1{wanted.where} AND {condition}"
        ((count,),) = await self._db.rows(sql, (*wanted.values, *values))
        return int(count)

    async def _totals(self, wanted: Sought) -> Totals:
        ((images, size),) = await self._counted(TOTALS if wanted.conditions else ALL, wanted)
        return Totals(images, size)

    async def _counted(self, statement: str, wanted: Sought) -> Sequence[Row]:
        # Asked first: what is counted then is this, or newer.
        ((seen,),) = await self._db.rows("SELECT max(seq) FROM gallery_seen")
        known = self._known.get((statement, wanted))
        if known is None or known[0] != seen:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            rows = await self._db.rows(statement.format(where=wanted.where), wanted.values)
            known = self._known[statement, wanted] = seen, rows
        return known[1]

    async def _images(self, ids: Sequence[int]) -> list[FoundImage]:
        marks = ", ".join("?" * len(ids))
        rows = await self._db.rows(IMAGES.format(marks=marks), ids)
        batches = {row[1] for row in rows}
        marks = ", ".join("?" * len(batches))
        told = await self._db.rows(BATCHES.format(marks=marks), [*batches])
        common = {row[0]: row[1] for row in told}
        rows = [row for row in rows if row[1] in common]  # the others have gone since
        found = await asyncio.to_thread(lambda: dict(_read(rows, common)))
        if len(found) < len(rows):
            self._db.damaged.emit()
        return [found[find] for find in ids if find in found]


def _wanted(query: ImageQuery) -> Sought:
    return sought(parse(query.text), query.workflows)


def _statement(
    query: ImageQuery, wanted: Sought, totals: Totals, place: Place | None
) -> tuple[str, tuple[object, ...]]:
    """The statement of one page, and one picture more: the values of its key, and its id."""
    key, is_backward = query.order.key, query.is_backward
    where, values = wanted.where, wanted.values
    if query.order.is_by_texts:
        where = where.replace("f.text_id", "+t.text_id")
    elif totals.images > FEW:
        where = _in_order(where, key)
    if query.order is ImageOrder.SEED:
        where += " AND f.seed >= 0"  # a batch has none
    if place:
        condition, bounds = beyond(key, place, is_backward=is_backward)
        where, values = f"{where} AND {condition}", (*values, *bounds)
    sql = PAGE.format(
        key=", ".join(name for name, _ in key),
        source=_BY_TEXTS if query.order.is_by_texts else _PLAIN,
        where=where,
        order=order_by(key, is_backward=is_backward),
    )
    return sql, (*values, query.limit + 1, query.offset)


def _in_order(where: str, key: Key) -> str:
    """With a plus before all that has an index, but not the order: only that one is used then."""
    for column in ("f.text_id", "f.rating", "f.seed"):
        if column != key[0][0]:
            where = where.replace(column, f"+{column}")
    return where


def _read(rows: Sequence[Row], batches: Mapping[str, bytes]) -> Iterator[tuple[int, FoundImage]]:
    """By their ids; what cannot be read is passed over."""
    for find, batch_id, details in rows:
        try:
            image = FoundImage.of(json.loads(details), json.loads(batches[batch_id]))
        except ValueError:
            logger.warning("Image %d of batch %s cannot be shown", find % POSITIONS, batch_id)
        else:
            yield find, image


_PLAIN = "gallery_finds AS f"
# CROSS keeps the order in which they are read (sqlite.org, "Query Optimizer", 7.3).
_BY_TEXTS = "gallery_texts AS t CROSS JOIN gallery_finds AS f ON f.text_id = t.text_id"
_FROM = "FROM gallery_finds AS f JOIN gallery_texts AS t ON t.text_id = f.text_id"
PAGE = """
    SELECT {key}, f.id FROM {source}
    WHERE f.shown = 1{where} ORDER BY {order} LIMIT ? OFFSET ?
"""
TOTALS = """
    SELECT count(*), ifnull(sum(f.bytes), 0) FROM gallery_finds AS f WHERE f.shown = 1{where}
"""
ALL = """
    SELECT ifnull(sum(images), 0), ifnull(sum(bytes), 0) FROM gallery_batches WHERE deleted = 0
"""
IMAGES = """
    SELECT f.id, b.batch_id, CAST(i.details AS BLOB) FROM gallery_finds AS f
    JOIN gallery_batches AS b ON b.place = f.id / 128
    JOIN gallery_images AS i ON i.batch_id = b.batch_id AND i.position = f.id % 128
    WHERE f.id IN ({marks})
"""
PLACES = "SELECT batch_id, place FROM gallery_batches WHERE batch_id IN ({marks})"
BATCH_IDS = "SELECT place, batch_id FROM gallery_batches WHERE place BETWEEN ? AND ?"
BATCHES = """
    SELECT batch_id, CAST(json_object('prompt', summary ->> '$.prompt',
        'parameters', json(summary -> '$.parameters')) AS BLOB)
    FROM gallery_summaries WHERE batch_id IN ({marks})
"""
