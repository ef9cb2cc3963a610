"""What stories about many pictures are told in is a library like any other."""

from pathlib import Path

from batchgen_app.storage.checkup import check_pages, check_rows
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.image_query import ImageQuery
from tests.libraries import fill


async def test_a_library_that_was_made_up_is_whole_and_can_be_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "batchgen.db"
    async with await open_database(path) as db:
        batches = await fill(db, 300)
        gallery, log = GalleryIndex(db), EventLog(db)
        query = ImageQuery("rating:>=1", limit=500)
        before = await gallery.find_images(query)
        assert (before.total > 20, len(batches) > 20) == (True, True)
        assert not check_rows(path)
        await gallery.clear()
        assert (await gallery.find_images(query)).total == 0
        await gallery.catch_up(log)
        assert await gallery.find_images(query) == before
        check_pages(path)
        assert not check_rows(path)
