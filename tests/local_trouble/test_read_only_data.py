"""A data folder that cannot be written: at the start this is said in a sentence; while the app runs
it is said and waited for, and nothing is lost.
"""

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.batch import Marks
from batchgen_app.core.errors import StorageError
from tests.faulty_engine import Hold, Moment
from tests.local_trouble.disks import Disk, disk
from tests.local_trouble.test_disk_trouble import COUNT, READ_ONLY, RELAXED, Scene
from tests.studio import Studio, studio, until

if sys.platform != "linux":
    pytest.skip("Only Linux has disks that a story can mount", allow_module_level=True)

SERVE = ("serve", "--port", "0", "--demo")
GENERATE = ("generate", "a red fox", "-n", "2", "--demo")


def said(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What a command says, and its exit code."""
    folders = {
        "BATCHGEN_DATA_DIR": str(folder / "data"),
        "BATCHGEN_OUTPUT_DIR": str(folder / "images"),
    }
    return subprocess.run(
        [sys.executable, "-m", "batchgen_app", *arguments],
        env={**os.environ, **folders},
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("command", "is_new"),
    [(SERVE, True), (SERVE, False), (GENERATE, False), (("reindex",), True), (("events",), False)],
)
async def test_a_start_with_a_read_only_data_folder_ends_in_a_sentence(
    tmp_path: Path, command: tuple[str, ...], is_new: bool
) -> None:
    with disk(tmp_path / "data") as on_it:
        if not is_new:
            async with studio(tmp_path):
                pass
        on_it.forbid_writing()
        ended = said(tmp_path, *command)
        assert ended.returncode == 1
        assert ended.stdout == ""
        assert "cannot be written" in ended.stderr
        assert str(tmp_path / "data") in ended.stderr
        assert "Traceback" not in ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1
        assert not (tmp_path / "images").exists()


@asynccontextmanager
async def struck(folder: Path, **options: Any) -> AsyncIterator[Scene]:
    """A batch under way, when nothing can be written into the database any more. A disk on which a
    file is open cannot be made read-only from outside, so SQLite is told that it is.
    """
    hold = Hold(prompt=3, moment=Moment.SAMPLING)
    async with studio(folder, hold, **options) as here:
        batch = await here.start(batchCount=COUNT)
        await hold.reached.wait()
        await until(lambda: len(batch.pictures) == 2)
        await make_read_only(here, on=True)
        hold.released.set()
        yield Scene(here, batch, Disk(folder / "data", folder / "data"), READ_ONLY)


async def make_read_only(here: Studio, *, on: bool) -> None:
    writer = here.app.storage.log._db._writer
    await writer.execute_fetchall(f"PRAGMA query_only = {int(on)}")


async def test_a_data_folder_that_becomes_read_only_is_said_and_the_batch_goes_on_behind_it(
    tmp_path: Path,
) -> None:
    async with struck(tmp_path) as scene:
        told = await scene.told()
        assert str(tmp_path / "data") in told
        assert "trying again" in told
        made = scene.pictures()
        await make_read_only(scene.here, on=False)
        await scene.ends_whole()
        assert made <= scene.pictures()


async def test_while_it_is_read_only_what_is_made_can_be_seen_and_a_mark_is_refused_in_words(
    tmp_path: Path,
) -> None:
    async with struck(tmp_path, timeouts=RELAXED) as scene:
        await scene.told()
        first, app = scene.batch.pictures[0], scene.here.app
        with pytest.raises(StorageError, match="cannot be written"):
            await app.image_service.mark(Marks(rating=4), first.id)
        with await app.storage.store.open(scene.batch.batch_id, first.filename) as there:
            assert there.file.read(4) == b"\x89PNG"
        assert (await app.storage.gallery.statistics()).batches == 1
        await make_read_only(scene.here, on=False)
        app.queue.ask_again()
        await scene.ends_whole()
        (marked,) = await app.image_service.mark(Marks(rating=4), first.id)
        assert marked.rating == 4


async def test_an_app_that_ends_while_it_is_read_only_loses_nothing(tmp_path: Path) -> None:
    async with struck(tmp_path, timeouts=RELAXED) as scene:
        await scene.told()
        made, batch_id = scene.pictures(), scene.batch.batch_id
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(batch_id)
        await here.end(found)
        assert {picture.filename for picture in found.pictures} >= made
        await here.end((await here.app.batch_service.resume(batch_id)).batch)
        await Scene(here, found, scene.disk, READ_ONLY).ends_whole()
