"""``batch.json`` follows what happens, with as few writings as will do."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.batches.reconcile_files import BatchFiles
from batchgen_app.core.errors import StorageError
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import english
from tests.core.stories import completed, queued, started
from tests.studio import studio


class Shelf:
    """A store that keeps what it is given, one at a time and as slowly as it is let."""

    def __init__(self) -> None:
        self.goes_on = asyncio.Event()
        self.begun = asyncio.Event()
        self.written: list[int] = []
        self.fault: StorageError | None = None

    def expect(self, batch_id: str) -> None:
        """Nothing is missing here."""

    async def write_batch(self, batch_id: str, document: dict[str, Any]) -> None:
        self.begun.set()
        await self.goes_on.wait()
        if self.fault:
            raise self.fault
        self.written.append(len(document["images"]))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def files(shelf: Shelf) -> BatchFiles:
    return BatchFiles(shelf)  # type: ignore[arg-type]


def running() -> BatchState:
    batch = BatchState.queued(queued())
    batch.apply(started())
    return batch


async def test_who_waits_while_a_file_is_written_shares_the_next_one(
    shelf: Shelf, files: BatchFiles
) -> None:
    batch = running()
    async with asyncio.TaskGroup() as writing:
        writing.create_task(files.write(batch))
        await shelf.begun.wait()
        for index in (1, 2, 3):
            batch.apply(completed(index))
            writing.create_task(files.write(batch))
        await asyncio.sleep(0)  # all of them wait now
        shelf.goes_on.set()
    assert shelf.written == [0, 3]


async def test_what_was_not_written_is_written_for_the_next_who_wants_it(
    shelf: Shelf, files: BatchFiles
) -> None:
    batch = running()
    shelf.goes_on.set()
    shelf.fault = StorageError(english("The disk is full."))
    with pytest.raises(StorageError):
        await files.write(batch)
    shelf.fault = None
    await files.write(batch)
    assert shelf.written == [0]


async def test_two_batches_do_not_take_each_others_turn(shelf: Shelf, files: BatchFiles) -> None:
    one, other = running(), running()
    shelf.goes_on.set()
    other.apply(completed(1))
    for batch in (one, other, one):
        await files.write(batch)
    assert shelf.written == [0, 1, 0]


async def test_each_picture_of_a_batch_stands_in_its_file(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=6)
        assert len(here.batch_file(batch)["images"]) == 6
