"""Where batches came from, and what came of them: along ``basedOn``, as the gallery knows them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from batchgen_app.core.ids import split_image_id, time_of
from batchgen_app.core.request import How
from batchgen_app.storage.database import Database, Row

GENERATIONS = 5
"""That are looked back at."""
MOST_DESCENDANTS = 8
"""That are told, the newest ones."""
MOST_PROOFS = 3
"""Of one picture that are told, the newest ones."""


@dataclass(frozen=True)
class Relative:
    """A batch that another one came from, or that came of it, and how. ``is_there`` tells that it
    can be opened: it is neither in the trash nor unknown; then it has a ``prompt``. What was to be
    proved has the number of its ``image``, and whether that came out ``is_identical``, as far as
    that is known.
    """

    batch_id: str
    how: How
    prompt: str
    created_at: datetime | None
    is_there: bool
    image: int | None = None
    is_identical: bool | None = None


@dataclass(frozen=True)
class Lineage:
    """Ancestors, the nearest first, each with how the one before it came from it; descendants of
    the first generation, the newest first. ``is_longer``, ``are_more``: there are others.
    """

    ancestors: tuple[Relative, ...] = ()
    is_longer: bool = False
    descendants: tuple[Relative, ...] = ()
    are_more: bool = False


async def lineage_of(db: Database, batch_id: str) -> Lineage:
    """What is known of a batch's; empty where that is nothing. Raises StorageError."""
    above = _once(batch_id, _relatives(await db.rows(ANCESTORS, (batch_id, GENERATIONS))))
    below = _relatives(await db.rows(DESCENDANTS, (batch_id, batch_id, MOST_DESCENDANTS + 1)))
    return Lineage(
        above[:GENERATIONS],
        len(above) > GENERATIONS,
        below[:MOST_DESCENDANTS],
        len(below) > MOST_DESCENDANTS,
    )


async def proofs_of(db: Database, image_id: str) -> tuple[Relative, ...]:
    """The batches in which a picture was made again, or is to be, the newest first: also those that
    came to nothing, but none in the trash. Raises StorageError.
    """
    batch_id, index = split_image_id(image_id) or ("", 0)
    return _relatives(await db.rows(PROOFS, (batch_id, index, MOST_PROOFS)))


def _once(batch_id: str, relatives: tuple[Relative, ...]) -> tuple[Relative, ...]:
    """Up to where they would go round in a circle: a folder may say that of its batch."""
    told = {batch_id}
    line = []
    for relative in relatives:
        if relative.batch_id in told:
            break
        told.add(relative.batch_id)
        line.append(relative)
    return tuple(line)


def _relatives(rows: list[Row]) -> tuple[Relative, ...]:
    return tuple(map(_relative, rows))


def _relative(row: Row) -> Relative:
    batch_id, how, prompt, _, is_there, image, verdict = row
    is_identical = None if verdict is None else bool(verdict)
    return Relative(batch_id, how, prompt or "", _time(row), bool(is_there), image, is_identical)


def _time(row: Row) -> datetime | None:
    batch_id: Any = row[0]
    return datetime.fromisoformat(row[3]) if row[3] else time_of(batch_id)


def _told(path: str) -> str:
    """What a summary says there; nothing, where it is damaged. Letter for letter as in the index
    (``schema.ORIGINS``), or that would not be used.
    """
    return f"CASE WHEN json_valid(summary) THEN summary ->> '{path}' END"


_TOLD = {
    "origin": _told("$.basedOn.batchId"),
    "how": _told("$.basedOn.how"),
    "prompt": _told("$.prompt"),
    "status": _told("$.status"),
    "image": _told("$.basedOn.image"),
    "verdict": _told("$.proof.identical"),
}
_ABOVE = """
    WITH RECURSIVE line (step, id, how) AS (
        SELECT 1, {origin}, {how} FROM gallery_summaries WHERE batch_id = ?
        UNION ALL
        SELECT step + 1, {origin}, {how}
        FROM line JOIN gallery_summaries ON batch_id = id WHERE step <= ?
    )
    SELECT id, how, {prompt}, created_at, ifnull(deleted = 0, 0), NULL, NULL
    FROM line LEFT JOIN gallery_batches AS b ON b.batch_id = id
    LEFT JOIN gallery_summaries AS s ON s.batch_id = id
    WHERE id IS NOT NULL ORDER BY step
"""
# Without those that came to nothing.
_BELOW = """
    SELECT batch_id, {how}, {prompt}, created_at, 1, {image}, {verdict}
    FROM gallery_summaries JOIN gallery_batches USING (batch_id)
    WHERE {origin} = ? AND batch_id <> ? AND deleted = 0
        AND (images > 0 OR {status} IN ('queued', 'generating'))
    ORDER BY batch_id DESC LIMIT ?
"""
_PROVES = """
    SELECT batch_id, {how}, {prompt}, created_at, 1, {image}, {verdict}
    FROM gallery_summaries JOIN gallery_batches USING (batch_id)
    WHERE {origin} = ? AND {how} = 'proved' AND {image} = ? AND deleted = 0
    ORDER BY batch_id DESC LIMIT ?
"""
ANCESTORS, DESCENDANTS = _ABOVE.format(**_TOLD), _BELOW.format(**_TOLD)
PROOFS = _PROVES.format(**_TOLD)
