"""What a search costs: from a keystroke to its page at the services' level, beside one that reads
every prompt; and what the index of it takes.
"""

import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import quantiles

from rich.table import Table

from batchgen_app.core.events import ImageRated
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.image_query import ImageOrder, ImageQuery
from batchgen_app.storage.storage import DATABASE_NAME
from tests.bench.loop_lag import loop_lag
from tests.libraries import fill

PICTURES = (1_000, 10_000, 100_000, 1_000_000)
MOST_MADE_ANEW = 100_000
"""Of a gallery that is made anew from its log: a larger one takes minutes."""
TYPED = "masterpiece fox"
"""Letter by letter."""
ROUNDS = 3
SCAN = """
    SELECT i.image_id FROM gallery_batches AS b JOIN gallery_images AS i USING (batch_id)
    WHERE b.deleted = 0 AND instr(b.prompt, ?) > 0 ORDER BY i.image_id DESC LIMIT 100
"""
"""As it was before there was an index of words: the first page, and how many there are."""
COUNT = SCAN.replace("i.image_id FROM", "count(*) FROM").replace("LIMIT 100", "")
TABLES = ("gallery_words%", "gallery_texts%", "gallery_finds%")

Ask = Callable[[], Awaitable[object]]


async def measure_search(folder: Path, pictures: tuple[int, ...]) -> Table:
    """At each size of a library."""
    table = Table(title="A search, ms: median, and the 95th percentile of all keystrokes")
    table.add_column("what")
    columns = [await _measured(folder / str(size), size) for size in pictures]
    for size in pictures:
        table.add_column(f"{size:,}", justify="right")
    for what in columns[0]:
        table.add_row(what, *(column.get(what, "") for column in columns))
    return table


async def _measured(folder: Path, size: int) -> dict[str, str]:
    async with await open_database(folder / DATABASE_NAME) as db:
        batches = await fill(db, size)
        gallery = GalleryIndex(db)
        typed = [TYPED[:length] for length in range(1, len(TYPED) + 1)]
        found: dict[str, str] = {}
        await gallery.find_images(ImageQuery("fox"))  # what is made at the first time
        async with loop_lag() as lag:
            found["keystroke"] = await _times([_page(gallery, text) for text in typed])
            for what, query in _queries(size).items():
                found[what] = await _times([_find(gallery, query)])
            found["months"] = await _times([_months(gallery)])
            found["a mark"] = await _times([_mark(db, gallery, batches[-1])], rounds=9)
        found["event loop late, worst"] = f"{lag.worst_of_own:.0f}"
        found["keystroke, every prompt read"] = await _times([_scan(db, text) for text in typed])
        found["index, MB"] = f"{await _size(db):.1f}"
        found["all of the database, MB"] = f"{db.path.stat().st_size / 1e6:.0f}"
        if size <= MOST_MADE_ANEW:
            found["made anew, ms a picture"] = f"{await _anew(db, gallery) / size:.2f}"
        return found


def _queries(size: int) -> dict[str, ImageQuery]:
    return {
        "a filter": ImageQuery("rating:>=4 model:dreamshaper size:portrait"),
        **{f"in the order {order}": ImageQuery("fox", order=order) for order in ImageOrder},
        "the last page of all": ImageQuery(offset=size - 100),
    }


def _page(gallery: GalleryIndex, text: str) -> Ask:
    return _find(gallery, ImageQuery(text))


def _find(gallery: GalleryIndex, query: ImageQuery) -> Ask:
    async def ask() -> object:
        gallery.search._known.clear()  # as after any change
        return await gallery.find_images(query)

    return ask


def _months(gallery: GalleryIndex) -> Ask:
    async def ask() -> object:
        gallery.search._known.clear()
        return await gallery.search.months(ImageQuery("fox"))

    return ask


def _scan(db: Database, text: str) -> Ask:
    async def ask() -> object:
        return await db.rows(SCAN, (text,)), await db.rows(COUNT, (text,))

    return ask


def _mark(db: Database, gallery: GalleryIndex, batch_id: str) -> Ask:
    log = EventLog(db)

    async def ask() -> object:
        batch = await log.state(batch_id)
        assert batch
        event = ImageRated(at=batch.created_at, batch_id=batch_id, index=1, rating=3)
        batch.apply(event)
        await gallery.apply(batch, await log.append(event))
        return batch

    return ask


async def _times(asks: list[Ask], rounds: int = ROUNDS) -> str:
    found = []
    for _ in range(rounds):
        for ask in asks:
            began = time.perf_counter()
            await ask()
            found.append((time.perf_counter() - began) * 1000)
    cuts = quantiles(found, n=20, method="inclusive")
    return f"{cuts[9]:.1f} · {cuts[18]:.1f}"


async def _size(db: Database) -> float:
    """Megabytes of what is there for the search alone."""
    names = " OR ".join("name LIKE ?" for _ in TABLES)
    ((size,),) = await db.rows(f"SELECT sum(pgsize) FROM dbstat WHERE {names}", TABLES)
    return float(size) / 1e6


async def _anew(db: Database, gallery: GalleryIndex) -> float:
    """Milliseconds of making the gallery anew from its log."""
    began = time.perf_counter()
    await gallery.clear()
    await gallery.catch_up(EventLog(db))
    return (time.perf_counter() - began) * 1000
