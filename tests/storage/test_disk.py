"""A disk that fills up, and a process that is killed in the middle of a word."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.errors import StorageError
from batchgen_app.storage.database import open_database
from batchgen_app.storage.event_log import EventLog
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.kept_workflow import KeptWorkflow
from batchgen_app.storage.uploads import Uploads
from batchgen_app.storage.workflow_library import WorkflowLibrary
from tests.core.stories import queued
from tests.local_trouble.disks import disk
from tests.storage import making
from tests.storage.processes import BATCH, save
from tests.workflow_files import all_in
from tests.workflows.graphs import text_to_image


def said(*command: str) -> list[Any]:
    """What a process says, value by value."""
    ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=120)
    return [json.loads(line) for line in ended.stdout.splitlines()]


SPARE = "spare"


async def until_refused(work: Callable[[int], Awaitable[Any]]) -> int:
    """How often it went well, until the disk was full."""
    for turn in range(1, 1000):
        try:
            await work(turn)
        except StorageError as error:
            if "is full" in str(error):
                return turn - 1
            raise
    raise AssertionError("never refused")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has disks that a story can mount")
async def test_a_full_disk_is_told_in_words_and_with_room_again_everything_goes_on(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "small"
    with disk(folder) as on_it:
        async with await open_database(folder / "batchgen.db") as db:
            log, store = EventLog(db), ImageStore(folder)
            saved = await save(store, 1)
            (folder / SPARE).write_bytes(bytes(100_000))
            assert await until_refused(lambda turn: save(store, 1 + turn)) > 3
            on_it.fill()
            assert await until_refused(lambda turn: save(store, 500 + turn)) == 0
            logged = await until_refused(lambda _: log.append(queued()))
            on_it.make_room()
            (folder / SPARE).unlink()
            assert (await log.append(queued())).seq == logged + 1
            assert (await save(store, 999)).filename == "999_999.png"
            assert await store.find(BATCH, 1, 1) == saved
            await everything_is_whole(store)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has disks that a story can mount")
async def test_what_people_give_to_a_full_disk_is_refused_and_what_they_gave_before_stays(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "small"
    kept, picture = KeptWorkflow(name="mine", workflow=text_to_image()), making.png()
    with disk(folder) as on_it:
        library, uploads = WorkflowLibrary(folder / "workflows"), Uploads(folder / "uploads")
        workflow_id = await library.add(kept)
        upload = await uploads.keep(picture)
        on_it.fill()
        for given in (
            lambda: library.add(kept.model_copy(update={"name": "another"})),
            lambda: library.change(workflow_id, {"roles": {"prompt": ["positive.text"]}}),
            lambda: library.change(workflow_id, {"name": "renamed"}),
            lambda: uploads.keep(making.png()),
        ):
            with pytest.raises(StorageError, match="is full"):
                await given()
        assert await all_in(library) == {workflow_id: kept}
        assert await uploads.read(upload.id) == picture
        on_it.make_room()
        assert await library.change(workflow_id, {"name": "renamed"}) == "renamed"
        assert [path.name for path in (folder / "uploads").iterdir()] == [upload.id]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_process_that_is_killed_anywhere_leaves_only_whole_files(tmp_path: Path) -> None:
    process = await asyncio.to_thread(
        said, sys.executable, "-m", "tests.storage.processes", "killed", str(tmp_path)
    )
    assert len(process) > 10
    assert process[-1] == 0
    for turn in range(1, len(process) + 1):
        await everything_is_whole(ImageStore(tmp_path / str(turn)))


async def everything_is_whole(store: ImageStore) -> None:
    """Under the final names: a batch file that can be read, and a picture with all that belongs
    to it, which can be saved again.
    """
    for batch_id in await store.batch_ids():
        await store.document(batch_id)
        folder = store.folder(batch_id)
        names = {path.name for path in folder.rglob("*") if not path.name.startswith(".")}
        if "001_1.png" in names:
            assert names >= {"001_1.txt", "001.webp"}
            assert await store.find(batch_id, 1, 1)
