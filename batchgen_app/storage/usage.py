"""How much room the pictures take, by month and by model: sums over the index of the gallery alone,
so that a hundred thousand pictures are quick.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from batchgen_app.storage.database import Database, Row


@dataclass(frozen=True)
class Share:
    """How many pictures, and the bytes of their files and those beside them."""

    images: int
    bytes: int


@dataclass(frozen=True)
class MonthShare(Share):
    """Those of a month of this computer's time."""

    year: int
    month: int


@dataclass(frozen=True)
class ModelShare(Share):
    """Those of a model; None where that is not known."""

    model: str | None


@dataclass(frozen=True)
class Usage:
    """The newest month first; the model that takes most first. What is in the trash is left out."""

    months: Sequence[MonthShare] = ()
    models: Sequence[ModelShare] = ()

    @property
    def images(self) -> int:
        """All pictures."""
        return sum(share.images for share in self.months)

    @property
    def bytes(self) -> int:
        """Of all of them."""
        return sum(share.bytes for share in self.months)


async def usage_of(db: Database) -> Usage:
    """As it is now. Raises StorageError."""
    models = await db.rows(BY_MODEL)
    return Usage(_months(await db.rows(BY_HOUR)), [ModelShare(*row) for row in models])


def _months(hours: Iterable[Row]) -> list[MonthShare]:
    """A month begins at midnight here, which SQL does not know: an hour is the same everywhere."""
    sums: dict[tuple[int, int], tuple[int, int]] = {}
    for hour, images, size in hours:
        here = datetime.fromisoformat(f"{hour}:00").replace(tzinfo=UTC).astimezone()
        had = sums.get((here.year, here.month), (0, 0))
        sums[here.year, here.month] = (had[0] + images, had[1] + size)
    return [MonthShare(*sums[key], *key) for key in sorted(sums, reverse=True)]


BY_HOUR = """
    SELECT substr(b.created_at, 1, 13) AS hour, sum(b.images), sum(b.bytes)
    FROM gallery_batches AS b WHERE b.deleted = 0 GROUP BY hour
    HAVING sum(b.images)
"""
BY_MODEL = """
    SELECT sum(b.images), sum(b.bytes) AS size, b.model
    FROM gallery_batches AS b WHERE b.deleted = 0
    GROUP BY b.model HAVING sum(b.images) ORDER BY size DESC, b.model
"""
