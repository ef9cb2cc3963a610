"""GalleryIndex: what came out of all batches, searchable. A projection of the log, rebuildable.

Each batch is shown as its events leave it, so a later event can bring back what an earlier one
took away. Deleted batches and images are not shown.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from batchgen_app.core.batch import CompletedBatch, GeneratedImage, Parameters
from batchgen_app.core.events import Logged
from batchgen_app.core.state import BatchState
from batchgen_app.storage.checkup import reading
from batchgen_app.storage.database import Database, Row
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.faults import in_words
from batchgen_app.storage.gallery_follower import GalleryFollower
from batchgen_app.storage.gallery_query import (
    Filter,
    GalleryPage,
    GalleryQuery,
    GalleryStatistics,
    Order,
    Rank,
    Ranks,
    Use,
    filter_of,
)
from batchgen_app.storage.gallery_rows import CLEAR, kind, summary_in
from batchgen_app.storage.image_query import ImagePage, ImageQuery
from batchgen_app.storage.image_search import ImageSearch
from batchgen_app.storage.lineage import Lineage, Relative, lineage_of, proofs_of
from batchgen_app.storage.progress import ProgressCallback, silent
from batchgen_app.storage.usage import Usage, usage_of
from batchgen_app.storage.workflow_order import groups_of

logger = logging.getLogger(__name__)

_WITH_PICTURES = "SELECT batch_id FROM gallery_batches WHERE images > 0 AND NOT deleted"

Shown = TypeVar("Shown", CompletedBatch, GeneratedImage)
PAGE_BYTES = 1_000_000
"""Characters of the batches that are shown at once."""


def shown_with_pictures(path: Path) -> list[str]:
    """The batches that have any, in the database at ``path`` as it lies there. Blocks; raises
    StorageError, also where there is no gallery yet.
    """
    with in_words(path), reading(path) as connection:
        return [batch_id for (batch_id,) in connection.execute(_WITH_PICTURES)]


class GalleryIndex:
    """The gallery's tables, in the database of the log."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.follower = GalleryFollower(db)
        """What keeps it at the state of the log."""
        self.search = ImageSearch(db)
        """What else can be asked about pictures that are found."""

    async def apply(self, batch: BatchState, logged: Logged) -> None:
        """Show ``batch``, to which ``logged`` happened, and what other processes logged before it;
        a second time is harmless.
        """
        await self.follower.apply(batch, logged)

    async def catch_up(self, log: EventLog, progress: ProgressCallback = silent) -> None:
        """Show all that ``log`` holds and the gallery has not seen."""
        await self.follower.catch_up(log, progress)

    async def with_pictures(self) -> list[str]:
        """The batches that have any."""
        rows = await self._db.rows(_WITH_PICTURES)
        return [batch_id for (batch_id,) in rows]

    async def clear(self) -> None:
        """Forget everything; ``catch_up`` brings it back."""
        async with self._db.transaction() as connection:
            for statement in CLEAR:
                await connection.execute_fetchall(statement)

    async def batches(self, query: GalleryQuery) -> GalleryPage:
        """One page of what ``query`` finds, with totals over all pages."""
        wanted = filter_of(query)
        found, ranks = await self._found(query, wanted)
        fitting = _fitting(found[: query.limit])
        page = await self._summaries(fitting)
        is_last = len(found) == len(fitting)
        after = None if is_last else fitting[-1][0]
        return GalleryPage(page, after, *await self._totals(wanted), ranks)

    async def batch(self, batch_id: str) -> CompletedBatch | None:
        """One batch, as far as it has come."""
        found = await self._summary_rows(Filter().also("b.batch_id = ?", batch_id), limit=1)
        return next(iter(await self._summaries(found)), None)

    async def images(self, batch_id: str) -> list[GeneratedImage]:
        """The images of a batch, in order."""
        return await self._images(Filter().also("i.batch_id = ?", batch_id))

    async def image(self, image_id: str) -> GeneratedImage | None:
        """One image."""
        found = await self._images(Filter().also("i.image_id = ?", image_id))
        return next(iter(found), None)

    async def find_images(self, query: ImageQuery) -> ImagePage:
        """One page of pictures of all batches, with totals over all pages; raises InvalidRequest
        for a cursor that is none.
        """
        return await self.search.find(query)

    async def lineage(self, batch_id: str) -> Lineage:
        """What a batch came from, and what came of it."""
        return await lineage_of(self._db, batch_id)

    async def proofs(self, image_id: str) -> tuple[Relative, ...]:
        """In what a picture was made again, the newest first."""
        return await proofs_of(self._db, image_id)

    async def shown_after(self, batch_id: str, limit: int) -> list[tuple[str, list[int]]]:
        """The next batches after that one, by their ids, each with its planned seeds."""
        rows = await self._db.rows(SHOWN_AFTER, (batch_id, limit))
        return [(found, json.loads(seeds or "[]")) for found, seeds in rows]

    async def usage(self) -> Usage:
        """How much room the pictures take, by month and by model."""
        return await usage_of(self._db)

    async def uses(self, workflows: Collection[str] = ()) -> list[Use]:
        """What the batches that have pictures were made with, one for each workflow and model; of
        all, or of these (digests).
        """
        only = USES_OF.format(marks=", ".join("?" * len(workflows))) if workflows else ""
        rows = await self._db.rows(USES.format(only=only), tuple(workflows))
        return [Use(*row) for row in rows]

    async def measured_seconds(self, parameters: Parameters, last: int = 20) -> list[float]:
        """How long the latest images of this kind (model, size, steps) took, newest first."""
        rows = await self._db.rows(MEASURED, (*kind(parameters), last))
        return [seconds for (seconds,) in rows]

    async def statistics(self) -> GalleryStatistics:
        """What is shown in all."""
        models = await self._db.rows(MODELS)
        return GalleryStatistics(*await self._totals(Filter()), [model for (model,) in models])

    async def count_by_status(self) -> dict[str, int]:
        """How many batches there are of each kind, without those in the trash."""
        return {str(status): int(count) for status, count in await self._db.rows(COUNTS)}

    async def _found(self, query: GalleryQuery, wanted: Filter) -> tuple[list[Row], Ranks]:
        """The rows of one page, and of one batch more, if there is one."""
        order, most = query.order, query.limit + 1
        if order is not Order.WORKFLOW:
            rest = wanted.also(order.after, query.before)
            return await self._summary_rows(rest, most, order), {}
        rows: list[Row] = []
        ranks: dict[str, Rank] = {}
        for group, rest in await groups_of(self._db, query, wanted):
            more = await self._summary_rows(rest, most - len(rows), order)
            ranks |= {row[0]: group.rank(query.workflows) for row in more}
            rows += more
            if len(rows) == most:
                break
        return rows, ranks

    async def _summary_rows(
        self, wanted: Filter, limit: int, order: Order = Order.NEWEST
    ) -> list[Row]:
        statement = PAGE.format(source=order.source, where=wanted.where, order=order.sql)
        return await self._db.rows(statement, (*wanted.values, limit))

    async def _totals(self, wanted: Filter) -> tuple[int, int, int]:
        """Batches, images, bytes."""
        ((batches, images, size),) = await self._db.rows(
            TOTALS.format(where=wanted.where), wanted.values
        )
        return batches, images, size

    async def _images(self, wanted: Filter) -> list[GeneratedImage]:
        rows = await self._db.rows(IMAGES.format(where=wanted.where), wanted.values)
        return self._whole(rows, list(_read(_image_in, rows)))

    async def _summaries(self, rows: Sequence[Row]) -> list[CompletedBatch]:
        return self._whole(rows, await asyncio.to_thread(lambda: list(_read(summary_in, rows))))

    def _whole(self, rows: Sequence[Row], found: list[Shown]) -> list[Shown]:
        """What was ``found`` in the rows; where that is not all, the database is damaged."""
        if len(found) < len(rows):
            self._db.damaged.emit()
        return found


def _read(read: Callable[[Row], Shown], rows: Iterable[Row]) -> Iterator[Shown]:
    for row in rows:
        try:
            yield read(row)
        except ValueError:
            logger.warning("%s cannot be shown", row[0])


def _image_in(row: Row) -> GeneratedImage:
    return GeneratedImage.model_validate_json(row[1])


def _fitting(rows: Sequence[Row]) -> list[Row]:
    """The first, and as many more as a page may hold: each has a whole workflow in it."""
    sizes = accumulate(len(summary) + len(graph or b"") for _, summary, graph in rows)
    return [
        row for row, size in zip(rows, sizes, strict=True) if row is rows[0] or size < PAGE_BYTES
    ]


PAGE = """
    SELECT b.batch_id, CAST(summary AS BLOB), CAST(graph AS BLOB)
    FROM {source} JOIN gallery_summaries AS s USING (batch_id)
    LEFT JOIN gallery_workflows ON s.workflow = digest
    WHERE {where} ORDER BY {order} LIMIT ?
"""
TOTALS = """
    SELECT count(*), ifnull(sum(b.images), 0), ifnull(sum(b.bytes), 0)
    FROM gallery_batches AS b WHERE {where}
"""
IMAGES = """
    SELECT i.image_id, CAST(details AS BLOB)
    FROM gallery_images AS i JOIN gallery_batches AS b USING (batch_id)
    WHERE {where} ORDER BY i.position
"""
MEASURED = """
    SELECT seconds FROM gallery_images
    WHERE model IS ? AND width IS ? AND height IS ? AND steps IS ? AND seconds IS NOT NULL
    ORDER BY created_at DESC LIMIT ?
"""
USES = """
    SELECT s.workflow, b.model, count(*), max(b.batch_id)
    FROM gallery_summaries AS s JOIN gallery_batches AS b USING (batch_id)
    WHERE b.deleted = 0 AND b.images > 0 {only} GROUP BY s.workflow, b.model
"""
USES_OF = "AND s.workflow IN ({marks})"
SHOWN_AFTER = """
    SELECT b.batch_id, CASE WHEN json_valid(summary) THEN summary -> '$.seeds' END
    FROM gallery_batches AS b JOIN gallery_summaries USING (batch_id)
    WHERE b.deleted = 0 AND b.batch_id > ? ORDER BY b.batch_id LIMIT ?
"""
COUNTS = """
    SELECT summary ->> '$.status' AS status, count(*)
    FROM gallery_batches JOIN gallery_summaries USING (batch_id)
    WHERE deleted = 0 GROUP BY status ORDER BY status
"""
MODELS = """
    SELECT DISTINCT model FROM gallery_batches
    WHERE deleted = 0 AND model IS NOT NULL ORDER BY model
"""
