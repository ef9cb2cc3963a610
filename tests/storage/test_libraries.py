"""What stories about many pictures are told in is a library like any other."""

from pathlib import Path

import pytest

from batchgen_app.storage.checkup import check_pages, check_rows
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.housekeeping.survey import Survey
from batchgen_app.storage.image_query import ImageQuery
from batchgen_app.storage.progress import silent
from batchgen_app.storage.recover.reindex import reindex
from batchgen_app.storage.storage import open_storage
from tests import libraries
from tests.libraries import fill, library


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


async def test_a_large_library_is_whole_too_and_can_be_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "MADE_UP", 50)
    path = tmp_path / "batchgen.db"
    async with await open_database(path) as db:
        bare = await db.rows(SCHEMA)
        batches = await fill(db, 200)
        assert (len(batches), batches) == (len(set(batches)), sorted(batches))
        assert await db.rows(SCHEMA) == bare
        ((pictures, files),) = await db.rows(FILES)
        assert pictures == files >= 200
        gallery = GalleryIndex(db)
        query = ImageQuery("rating:>=1", limit=500)
        before = await gallery.find_images(query)
        assert before.total > 10
        assert not check_rows(path)
        await gallery.clear()
        await gallery.catch_up(EventLog(db))
        assert await gallery.find_images(query) == before
        check_pages(path)
        assert not check_rows(path)


SCHEMA = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
FILES = """
    SELECT count(*), count(DISTINCT data ->> '$.sha256') FROM events
    WHERE type = 'image_completed'
"""


async def test_the_files_of_a_library_are_those_that_its_log_tells_of(tmp_path: Path) -> None:
    output = tmp_path / "images"
    (tmp_path / "data").mkdir()
    await library(tmp_path / "data", 40, output_dir=output)
    async with open_storage(tmp_path / "data", output) as storage:
        report = await reindex(storage.log, storage.gallery, storage.store, storage.locks)
        survey = Survey(storage.store, storage.gallery, storage.log, silent)
        found = await survey.run()
    assert report.images == found.images >= 40
    assert (report.problems, report.restored_images, found.problems) == ([], 0, ())
    assert (found.faulty, found.foreign, found.unknown, found.same) == ((), (), (), ())
