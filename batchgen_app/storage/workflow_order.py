"""Pictures and batches in the order of their workflows: the gallery has no names of workflows, so
it is asked about one after the other, in the order of their names. Those without a name come last.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from batchgen_app.core.search.folding import fold
from batchgen_app.storage.database import Database, Row
from batchgen_app.storage.gallery_query import ID, OF_BATCH, Filter, GalleryQuery
from batchgen_app.storage.image_query import ImageQuery, Place
from batchgen_app.storage.search_conditions import Sought
from batchgen_app.storage.workflow_names import WorkflowNames


@dataclass(frozen=True)
class Group:
    """How many ``images`` are found of one workflow and one model, as a row of ``gallery_texts``
    has them; more than 0 where nobody has to know.
    """

    workflow: str
    model: str
    images: int = 0

    def of(self, wanted: Sought) -> Sought:
        """What of it is wanted."""
        return replace(wanted, conditions=(*wanted.conditions, (OF_GROUP, self.start)))

    @property
    def start(self) -> Place:
        """What the place of each of its pictures begins with."""
        return self.workflow, self.model

    def rank(self, names: WorkflowNames) -> tuple[bool, str, str, str]:
        """Its place among the others."""
        name = fold(names.of(self.workflow, self.model))
        return not name, name, self.workflow, self.model


@dataclass(frozen=True)
class Groups:
    """All of them, in the order in which ``query`` wants them."""

    query: ImageQuery
    found: list[Group]

    @classmethod
    def among(cls, query: ImageQuery, rows: Iterable[Row]) -> "Groups":
        """From rows of ``GROUPS`` or ``ALL_GROUPS``."""
        found = [Group(*row) for row in rows]
        found.sort(key=lambda one: one.rank(query.workflows), reverse=query.is_backward)
        return cls(query, found)

    def pages(self, place: Place | None) -> Iterator[tuple[Group, ImageQuery, Place | None]]:
        """Those that a page may have pictures of: each with what is asked of it, and the place in
        it that they come after.
        """
        skipped = self.query.offset
        for one in self.found:
            if place and self._is_passed(one, place):
                continue
            if skipped >= one.images:
                skipped -= one.images
                continue
            there = place if place and place[:2] == one.start else None
            yield one, replace(self.query, offset=skipped), there
            skipped = 0

    def before(self, place: Place) -> int:
        """How many pictures there are in those that come before the one of ``place``."""
        return sum(one.images for one in self.found if self._is_passed(one, place))

    def _is_passed(self, one: Group, place: Place) -> bool:
        names = self.query.workflows
        ranks = one.rank(names), Group(str(place[0]), str(place[1])).rank(names)
        return ranks[0] > ranks[1] if self.query.is_backward else ranks[0] < ranks[1]


OF_GROUP = "t.workflow = ? AND t.model = ?"
GROUPS = """
    SELECT t.workflow, t.model, count(*) FROM gallery_texts AS t
    CROSS JOIN gallery_finds AS f ON f.text_id = t.text_id WHERE f.shown = 1{where}
    GROUP BY 1, 2
"""
ALL_GROUPS = "SELECT DISTINCT t.workflow, t.model, 1 FROM gallery_texts AS t"
"""All there are, where nothing is sought. They are not counted, which takes ten times as long."""

BATCH_GROUPS = f"SELECT DISTINCT t.workflow, t.model, 1 FROM {OF_BATCH} WHERE {{where}}"  # noqa: S608 - our own names


async def groups_of(
    db: Database, query: GalleryQuery, wanted: Filter
) -> list[tuple[Group, Filter]]:
    """Those that a page may have batches of, in order, each with what is wanted of it."""
    is_all = wanted == Filter()
    sql = ALL_GROUPS if is_all else BATCH_GROUPS.format(where=wanted.where)
    groups = [Group(*row) for row in await db.rows(sql, () if is_all else wanted.values)]
    names = query.workflows
    groups.sort(key=lambda one: one.rank(names))
    of_each = [
        (one, wanted.also("t.workflow = ?", one.workflow).also("t.model = ?", one.model))
        for one in groups
    ]
    if query.before is None:
        return of_each
    row = await db.row(BATCH_GROUPS.format(where=f"{ID} = ?"), (query.before,))
    if row is None:
        return []
    start = Group(*row)
    return [
        (one, rest.also(query.order.after, query.before) if one == start else rest)
        for one, rest in of_each
        if one.rank(names) >= start.rank(names)
    ]
