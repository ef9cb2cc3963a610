"""How many pictures each month has, in the time zone of this machine."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from batchgen_app.storage.database import Row
from batchgen_app.storage.search_rows import PICTURE, POSITIONS, SAME_MOMENT, id_from, moment_of

QUARTER = 15 * 60 * 1_000_000 * SAME_MOMENT * POSITIONS
"""Ids of a quarter of an hour: in every time zone, midnight is the beginning of one."""


def by_month(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Of rows in the order of time."""
    months: Counter[str] = Counter()
    month, end = "", 0
    for quarter, count in rows:
        if quarter * QUARTER >= end:
            moment = moment_of(quarter * QUARTER).astimezone()
            month, end = f"{moment:%Y-%m}", id_from(_next_month(moment))
        months[month] += count
    return sorted(months.items(), reverse=True)


def _next_month(moment: datetime) -> datetime:
    first = moment.date().replace(day=1)
    return datetime.combine(first + timedelta(days=32), time.min).replace(day=1).astimezone()


MONTHS = f"""
    SELECT f.id / {QUARTER}, count(*) FROM gallery_finds AS f WHERE f.shown = {PICTURE}{{where}}
    GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - our own names
ALL_MONTHS = f"""
    SELECT place / {QUARTER // POSITIONS}, sum(images) FROM gallery_batches
    WHERE deleted = 0 AND images > 0 GROUP BY 1 ORDER BY 1
"""  # noqa: S608 - our own names
