"""Collections: the pictures that share a tag. Each has the tag's name."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from batchgen_app.core.ids import image_id
from batchgen_app.core.tags import same
from batchgen_app.storage.database import Database, Row
from batchgen_app.storage.search_rows import PICTURE, POSITIONS


@dataclass(frozen=True)
class Collection:
    """All pictures in the gallery that have a tag: how many, and the ``newest`` one's id. The name
    is spelled as on that one.
    """

    name: str
    images: int
    newest: str

    @property
    def thumbnail_url(self) -> str:
        """Of the newest picture."""
        return f"/api/images/{self.newest}/thumbnail"


def collections_of(rows: Iterable[Row]) -> list[Collection]:
    """From rows of ``COLLECTIONS``: those of the newest pictures come first."""
    known: dict[str, Collection] = {}
    for names, images, newest, batch_id in rows:
        for name in json.loads(names):
            shown = known.get(same(name)) or Collection(name, 0, _id(batch_id, newest))
            known[same(name)] = Collection(shown.name, shown.images + images, shown.newest)
    return [known[key] for key in sorted(known)]


async def tagged(db: Database, name: str) -> list[str]:
    """The ids of all pictures in the gallery that have the tag, in whatever spelling."""
    sets = [names for (names,) in await db.rows(SETS)]
    wanted = [names for names in sets if same(name) in map(same, json.loads(names))]
    rows = await db.rows(TAGGED, (json.dumps(wanted),)) if wanted else ()
    return [_id(batch_id, find) for find, batch_id in rows]


def _id(batch_id: str, find: int) -> str:
    return image_id(batch_id, find % POSITIONS)


# CROSS keeps the order in which they are read (sqlite.org, "Query Optimizer", 7.3).
COLLECTIONS = f"""
    SELECT s.tag_names, s.images, s.newest, b.batch_id FROM (
        SELECT t.tag_names, count(*) AS images, max(f.id) AS newest FROM gallery_texts AS t
        CROSS JOIN gallery_finds AS f ON f.text_id = t.text_id
        WHERE t.tag_names <> '[]' AND f.shown = {PICTURE} GROUP BY t.tag_names
    ) AS s CROSS JOIN gallery_batches AS b ON b.place = s.newest / {POSITIONS}
    ORDER BY s.newest DESC
"""  # noqa: S608 - our own names
SETS = "SELECT DISTINCT tag_names FROM gallery_texts WHERE tag_names <> '[]'"
TAGGED = f"""
    SELECT f.id, b.batch_id FROM gallery_texts AS t
    CROSS JOIN gallery_finds AS f ON f.text_id = t.text_id
    CROSS JOIN gallery_batches AS b ON b.place = f.id / {POSITIONS}
    WHERE t.tag_names <> '[]' AND f.shown = {PICTURE}
        AND t.tag_names IN (SELECT value FROM json_each(?))
    ORDER BY f.id
"""  # noqa: S608 - our own names
