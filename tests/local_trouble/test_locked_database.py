"""A database that another program keeps locked: everybody is told, nothing is lost, and all goes on
by itself.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.core.batch import BatchStatus, Marks
from batchgen_app.core.errors import InUse
from batchgen_app.core.state import BatchState
from batchgen_app.storage.locks import Locks
from batchgen_app.storage.storage import DATABASE_NAME
from tests.batches.power_cut import power_cut, started_again, the_batch
from tests.faulty_engine import Hold, Moment, out_of_memory
from tests.storage.locker import locked
from tests.studio import POLL, QUICK, SERVER_GONE, TIMEOUT_OF_THE_TEST, Studio, studio, until

COUNT = 4
WORDS = "in use by another program"
RELAXED = replace(QUICK, retry=3600.0, retry_at_most=3600.0)


@dataclass
class Scene:
    """A batch with one picture, and nobody can write anything down."""

    here: Studio
    batch: BatchState
    let_go: Callable[[], object]

    async def told(self) -> None:
        await until(lambda: WORDS in (self.batch.server_trouble or ""))
        assert WORDS in self.here.app.storage.lockout.words

    async def written_down(self) -> str:
        """The last event, as soon as the gallery agrees that the batch has ended."""
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            while await self._shown() is not self.batch.status:  # noqa: ASYNC110
                await asyncio.sleep(POLL)
        return (await self.here.events(self.batch))[-1]

    async def _shown(self) -> BatchStatus | None:
        shown = await self.here.app.storage.gallery.batch(self.batch.batch_id)
        return shown.status if shown else None


@asynccontextmanager
async def scene(
    folder: Path, *later: Hold, last: Sequence[str] = (), timeouts: Timeouts = RELAXED
) -> AsyncIterator[Scene]:
    """Struck while the second picture is made. What tries again by itself does so in an hour.
    ``last`` is done to the database before it is let go.
    """
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with studio(folder, hold, *later, timeouts=timeouts) as here:
        batch = await here.start(batchCount=COUNT)
        await until(lambda: batch.image(3).prompt_id is not None and batch.completed_images == 1)
        async with locked(folder / "data" / DATABASE_NAME, *last) as let_go:
            hold.released.set()
            yield Scene(here, batch, let_go)


async def test_the_batch_and_whoever_asks_for_something_wait_and_go_on_by_themselves(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as story:
        await story.told()
        (first,) = story.batch.pictures
        marking = asyncio.create_task(
            story.here.app.image_service.mark(Marks(favourite=True), first.id)
        )
        starting = asyncio.create_task(story.here.start(batchCount=2))
        assert (await story.here.app.batch_service.batch(story.batch.batch_id)).pictures == (first,)
        story.let_go()
        assert [image.favourite for image in await marking] == [True]
        second = await starting
        assert (await story.here.end(story.batch)).status is BatchStatus.COMPLETE
        assert story.batch.server_trouble is None
        assert not story.here.app.storage.lockout.words
        assert (await story.here.end(second)).completed_images == 2


async def test_a_cancel_works_at_once_and_is_written_down_later(tmp_path: Path) -> None:
    async with scene(tmp_path) as story:
        await story.told()
        await story.here.app.batch_service.cancel(story.batch.batch_id, because="enough")
        await story.here.end(story.batch)
        assert (story.batch.status, story.batch.ended_because) == (BatchStatus.CANCELLED, "enough")
        assert not story.batch.interrupted
        assert await story.here.app.storage.log.unended()
        story.let_go()
        assert await story.written_down() == "batch_cancelled"
        await story.here.app.batch_service.resume(story.batch.batch_id)
        assert (await story.here.end(story.batch)).completed_images == COUNT


async def test_what_is_resumed_before_its_end_is_written_down_is_still_nobody_elses(
    tmp_path: Path,
) -> None:
    at_work = Hold(prompt=4, moment=Moment.SAMPLING)
    async with scene(tmp_path, at_work) as story, Locks(tmp_path / "data") as others:
        await story.told()
        batch_service, batch_id = story.here.app.batch_service, story.batch.batch_id
        await batch_service.cancel(batch_id, because="enough")
        await story.here.end(story.batch)
        resuming = asyncio.create_task(batch_service.resume(batch_id))
        story.let_go()
        await resuming
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await at_work.reached.wait()
        assert not await others.take(batch_id)
        at_work.released.set()
        assert (await story.here.end(story.batch)).completed_images == COUNT


def batches_held(folder: Path) -> list[Path]:
    """By whichever process works on them."""
    return list((folder / "data").rglob("*.lock"))


async def test_who_has_waited_long_enough_is_told_and_nothing_has_happened(tmp_path: Path) -> None:
    async with studio(tmp_path, timeouts=replace(QUICK, database=0.1)) as here:
        batch = await here.make(batchCount=2)
        await until(lambda: not batches_held(tmp_path))
        async with locked(tmp_path / "data" / DATABASE_NAME):
            with pytest.raises(InUse, match=WORDS):
                await here.app.image_service.mark(Marks(favourite=True), batch.pictures[0].id)
            with pytest.raises(InUse, match=WORDS):
                await here.start()
        assert not batch.pictures[0].favourite
        assert not here.app.queue.is_busy
        assert not batches_held(tmp_path)
        await until(lambda: not here.app.storage.lockout.words)


async def test_what_could_not_be_resumed_is_held_by_nobody(tmp_path: Path) -> None:
    timeouts = replace(QUICK, database=0.1)
    async with studio(tmp_path, out_of_memory(prompt=2), timeouts=timeouts) as here:
        batch = await here.make(batchCount=2)
        await until(lambda: not batches_held(tmp_path))
        async with locked(tmp_path / "data" / DATABASE_NAME):
            with pytest.raises(InUse, match=WORDS):
                await here.app.batch_service.resume(batch.batch_id)
            assert not batches_held(tmp_path)
        await here.app.batch_service.resume(batch.batch_id)
        assert (await here.end(batch)).completed_images == 2


async def test_what_could_not_be_resumed_is_held_until_its_end_is_written_down(
    tmp_path: Path,
) -> None:
    hurried = replace(RELAXED, database=0.1)
    async with scene(tmp_path, timeouts=hurried) as story, Locks(tmp_path / "data") as others:
        await story.told()
        batch_id = story.batch.batch_id
        await story.here.app.batch_service.cancel(batch_id, because="enough")
        await story.here.end(story.batch)
        with pytest.raises(InUse, match=WORDS):
            await story.here.app.batch_service.resume(batch_id)
        assert not await others.take(batch_id)
        story.let_go()
        assert await story.written_down() == "batch_cancelled"
        await until(lambda: not batches_held(tmp_path))


async def test_the_app_starts_all_the_same_and_writes_down_later_what_it_has_found(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path / "before") as story:
        await story.told()  # now everything stands still
        cut = power_cut(story.here, tmp_path / "after")
        await story.here.engine.stop()
    async with (
        locked(cut / "data" / DATABASE_NAME) as let_go,
        started_again(cut, story.here.engine, SERVER_GONE) as again,
    ):
        batch = await the_batch(again.app)
        assert batch.completed_images == 1
        await again.app.batch_service.cancel(batch.batch_id, because="enough")
        await again.end(batch)
        assert WORDS in again.app.storage.lockout.words
        let_go()
        assert await Scene(again, batch, let_go).written_down() == "batch_cancelled"


async def test_what_is_owed_to_a_log_that_turns_out_damaged_is_in_the_mended_one(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, last=["DROP TABLE events"]) as story:
        await story.told()
        mended = asyncio.Event()
        story.here.app.live_repair.done.subscribe(mended.set)
        await story.here.app.batch_service.cancel(story.batch.batch_id, because="enough")
        await story.here.end(story.batch)
        story.let_go()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await mended.wait()
        assert await story.written_down() == "batch_cancelled"
        found = await story.here.app.batch_service.batch(story.batch.batch_id)
        assert (found.status, found.ended_because) == (BatchStatus.CANCELLED, "enough")
        assert found.completed_images >= 1
        await story.here.app.batch_service.resume(found.batch_id)
        assert (await story.here.end(found)).completed_images == COUNT
    async with studio(tmp_path) as again:
        assert not again.app.storage.notices
        assert (await the_batch(again.app)).completed_images == COUNT
