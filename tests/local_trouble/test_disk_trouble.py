"""A batch while the disk for its pictures, or for its log, is full, read-only or unplugged: it says
so and waits, nothing that is finished is lost, and with a word or by itself it goes on.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from batchgen_app import logs
from batchgen_app.batches import live_repair
from batchgen_app.batches.proving import Prover
from batchgen_app.core.batch import BatchStatus, Marks
from batchgen_app.core.errors import StorageError
from batchgen_app.core.proof import Proof
from batchgen_app.core.serializers import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.storage.storage import DATABASE_NAME
from tests.api.visitor import visit
from tests.batches.power_cut import power_cut, started_again
from tests.batches.test_live_repair import full_of_garbage
from tests.faulty_engine import Hold, Moment
from tests.local_trouble.disks import Disk, disk
from tests.storage.test_damaged_rows import spoil
from tests.studio import QUICK, Studio, studio, until

if sys.platform != "linux":
    pytest.skip("Only Linux has disks that a story can mount", allow_module_level=True)

COUNT = 6
MANY = 20
"""More than a server makes before the trouble is noticed, however busy this machine is."""
logger = logging.getLogger("batchgen_app.tests")
RELAXED = replace(QUICK, retry=3600.0, retry_at_most=3600.0)


@dataclass(frozen=True)
class Trouble:
    """What happens to a disk, how it is mended, and what is said meanwhile."""

    strike: str
    mend: str
    words: str


FULL = Trouble("fill", "make_room", "is full")
READ_ONLY = Trouble("forbid_writing", "allow_writing", "cannot be written")
UNPLUGGED = Trouble("unplug", "plug_in", "Bring the folder or drive back")

every_trouble = pytest.mark.parametrize(
    "trouble", [FULL, READ_ONLY, UNPLUGGED], ids=lambda trouble: trouble.strike
)


@dataclass
class Scene:
    """A batch that the trouble has struck."""

    here: Studio
    batch: BatchState
    disk: Disk
    trouble: Trouble

    async def told(self) -> str:
        """What everybody sees."""
        await until(lambda: self.trouble.words in (self.batch.server_trouble or ""))
        return progress_of(self.batch).server_trouble or ""

    def mend(self) -> None:
        getattr(self.disk, self.trouble.mend)()

    def pictures(self) -> set[str]:
        return {name for name in self.here.files(self.batch) if name.endswith(".png")}

    async def ends_whole(self) -> None:
        """To exactly the planned seeds, each once, in files, log and batch.json."""
        batch = await self.here.end(self.batch)
        assert (batch.status, batch.failed_images) == (BatchStatus.COMPLETE, ())
        assert batch.server_trouble is None
        assert self.pictures() == {f"{i:03d}_{seed}.png" for i, seed in enumerate(batch.seeds, 1)}
        assert (await self.here.events(batch)).count("image_completed") == batch.total_images
        logged = await self.here.app.storage.log.read()
        assert [entry.seq for entry in logged] == list(range(1, len(logged) + 1))
        assert self.here.batch_file(batch)["status"] == "complete"


@asynccontextmanager
async def struck(
    folder: Path,
    trouble: Trouble,
    *,
    where: str = "images",
    moment: Moment = Moment.SAMPLING,
    count: int = COUNT,
    keep: int | None = None,
    **options: object,
) -> AsyncIterator[Scene]:
    """A batch under way, struck by ``trouble`` at a moment of one of its images."""
    with disk(folder / where) as on_it:
        hold = Hold(prompt=3, moment=moment)
        next_one = Hold(prompt=4, moment=Moment.SAMPLING)
        async with studio(folder, hold, next_one, **options) as here:  # type: ignore[arg-type]
            batch = await here.start(batchCount=count, **({"keep": keep} if keep else {}))
            await hold.reached.wait()
            await until(lambda: batch.completed_images == 2)  # nothing else is on its way
            getattr(on_it, trouble.strike)()
            hold.released.set()
            next_one.released.set()
            yield Scene(here, batch, on_it, trouble)


@every_trouble
@pytest.mark.parametrize("moment", [Moment.SAMPLING, Moment.HALF_SENT], ids=lambda m: m.name)
async def test_it_is_said_and_waited_for_and_then_the_batch_goes_on_by_itself(
    tmp_path: Path, trouble: Trouble, moment: Moment
) -> None:
    async with struck(tmp_path, trouble, moment=moment) as scene:
        told = await scene.told()
        assert str(tmp_path / "images") in told
        assert "trying again" in told
        scene.mend()
        await scene.ends_whole()


async def test_the_server_is_not_kept_busy_with_pictures_that_have_no_place(
    tmp_path: Path,
) -> None:
    async with struck(tmp_path, FULL, step_delay=0.1, count=MANY) as scene:
        await scene.told()
        async with asyncio.timeout(30):
            while await scene.here.app.server.client.queue_remaining():
                pass
        sent = [image.prompt_id for image in scene.batch.images if image.prompt_id]
        assert len(sent) < MANY
        scene.mend()
        await scene.ends_whole()


@pytest.mark.parametrize("where", ["images", "data"])
async def test_a_batch_that_was_to_pause_is_whole_once_there_is_room_again(
    tmp_path: Path, where: str
) -> None:
    async with struck(
        tmp_path, FULL, where=where, timeouts=RELAXED, step_delay=0.1, count=MANY
    ) as scene:
        await scene.told()
        flow, batch_id = scene.here.app.flow, scene.batch.batch_id
        if where == "data":  # the wish is logged first: it is refused, and nothing has happened
            with pytest.raises(StorageError, match="full"):
                await flow.pause(batch_id)
            assert not scene.batch.paused
            scene.mend()
            await flow.pause(batch_id)
        else:
            await flow.pause(batch_id)
            scene.mend()
        assert scene.batch.paused
        scene.here.app.queue.ask_again()
        await until(lambda: scene.batch.server_trouble is None)
        await flow.go_on(batch_id)
        await scene.ends_whole()


async def test_a_batch_that_keeps_some_grows_by_what_could_be_logged(tmp_path: Path) -> None:
    async with struck(tmp_path, FULL, where="data", timeouts=RELAXED, keep=COUNT) as scene:
        await scene.told()
        first = scene.batch.pictures[0].id
        reject = scene.here.app.image_service.mark
        with pytest.raises(StorageError, match="full"):
            await reject(Marks(rejected=True), first)
        assert not scene.batch.pictures[0].rejected
        assert scene.batch.total_images == COUNT
        scene.mend()
        await reject(Marks(rejected=True), first)
        scene.here.app.queue.ask_again()
        await until(lambda: scene.batch.total_images == COUNT + 1)
        await scene.ends_whole()


async def test_retry_does_not_wait_for_the_next_turn(tmp_path: Path) -> None:
    async with struck(tmp_path, UNPLUGGED, timeouts=RELAXED) as scene:
        await scene.told()
        scene.mend()
        scene.here.app.queue.ask_again()
        await scene.ends_whole()


@every_trouble
async def test_a_cancel_works_and_what_is_missing_can_be_made_later(
    tmp_path: Path, trouble: Trouble
) -> None:
    async with struck(tmp_path, trouble, timeouts=RELAXED) as scene:
        await scene.told()
        made = scene.batch.completed_images
        await scene.here.app.batch_service.cancel(scene.batch.batch_id, because="enough")
        await scene.here.end(scene.batch)
        assert scene.batch.status is BatchStatus.CANCELLED
        assert scene.batch.completed_images == made
        scene.mend()
        await scene.here.app.batch_service.resume(scene.batch.batch_id)
        await scene.ends_whole()


async def test_a_log_that_has_no_room_is_waited_for(tmp_path: Path) -> None:
    async with struck(tmp_path, FULL, where="data") as scene:
        assert str(tmp_path / "data") in await scene.told()
        scene.mend()
        await scene.ends_whole()


async def test_a_batch_is_interrupted_on_screen_while_the_log_has_no_room_and_in_the_log_later(
    tmp_path: Path,
) -> None:
    async with struck(tmp_path, FULL, where="data", timeouts=RELAXED) as scene:
        await scene.told()
        await scene.here.app.batch_service.cancel(scene.batch.batch_id, because="enough")
        await scene.here.end(scene.batch)
        assert scene.batch.interrupted
        assert "is full" in (scene.batch.ended_because or "")
        scene.mend()
        await scene.here.app.batch_service.resume(scene.batch.batch_id)
        await scene.ends_whole()
        assert "batch_interrupted" in await scene.here.events(scene.batch)
        replayed = await scene.here.app.storage.log.state(scene.batch.batch_id)
        assert replayed
        assert replayed.status is BatchStatus.COMPLETE


@pytest.mark.parametrize("where", ["images", "data"])
async def test_the_app_ends_at_once_and_the_next_start_goes_on(tmp_path: Path, where: str) -> None:
    with disk(tmp_path / where) as on_it:
        hold = Hold(prompt=3, moment=Moment.VIEWED)
        async with asyncio.timeout(30), studio(tmp_path, hold, timeouts=RELAXED) as here:
            batch = await here.start(batchCount=COUNT)
            await hold.reached.wait()
            on_it.fill()
            hold.released.set()
            await until(lambda: "is full" in (batch.server_trouble or ""))
            made = batch.completed_images
        on_it.make_room()
        async with studio(tmp_path) as here:
            found = await here.app.batch_service.batch(batch.batch_id)
            await here.end(found)
            assert found.interrupted
            assert found.completed_images >= made
            await here.app.batch_service.resume(batch.batch_id)
            await Scene(here, found, on_it, FULL).ends_whole()


async def test_a_disk_without_room_costs_lines_of_the_log_and_nothing_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "LARGEST", 2000)
    folder, refused = tmp_path / "data", refusals(monkeypatch)
    with disk(folder) as on_it, logs.written(folder, logs.APP):
        logger.info("Before")
        await until(lambda: is_logged(folder, "Before"))
        on_it.fill()
        for number in range(100):
            logger.info("Meanwhile, line %d", number)
        await until(lambda: "Meanwhile, line 99" in refused)
        on_it.make_room()
        for number in range(100):
            logger.info("After, line %d", number)
        await until(lambda: is_logged(folder, "After, line 99"))
        assert len(list((folder / logs.FOLDER).iterdir())) > 1
    assert capfd.readouterr() == ("", "")


def refusals(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the disk does not take of the log."""
    refused, handle = [], logs._File.handleError

    def note(file: logs._File, record: logging.LogRecord) -> None:
        refused.append(record.getMessage().partition("tests ")[2])
        handle(file, record)

    monkeypatch.setattr(logs._File, "handleError", note)
    return refused


def is_logged(folder: Path, text: str) -> bool:
    return any(line.endswith(text) for line in logs.latest(folder, 1000))


@pytest.mark.parametrize("trouble", [FULL, UNPLUGGED], ids=lambda trouble: trouble.strike)
async def test_a_damaged_database_that_cannot_be_mended_now_is_mended_once_it_can_be(
    tmp_path: Path, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_repair, "PAUSE_SECONDS", 0.0)
    with disk(tmp_path / "data") as on_it:
        async with visit(tmp_path) as (here, visitor):
            batch_id = await visitor.make()
            await visitor.patch(f"/images/{batch_id}-002", json={"rating": 4})
            here.app.batch_service.forget()  # it has to be read again
            await asyncio.to_thread(spoil, tmp_path / "data", 1, b'"\x00\xff{')
            getattr(on_it, trouble.strike)()
            for _ in range(2):
                refused = await visitor.get(f"/batches/{batch_id}")
                assert refused.status_code == 503
                assert trouble.words in refused.text
            getattr(on_it, trouble.mend)()
            images = (await visitor.look(batch_id))["images"]
            assert [image["rating"] for image in images] == [0, 4, 0]
            kept = [path.name for path in (tmp_path / "data").glob("batchgen.db*")]
            assert sum(".broken-" in name for name in kept) == 1
            assert not [name for name in kept if ".new" in name or ".copy" in name]


async def test_a_full_disk_is_said_to_be_full_where_a_damaged_database_is_to_be_mended(
    tmp_path: Path,
) -> None:
    with disk(tmp_path / "data") as on_it:
        async with studio(tmp_path) as here:
            batch_id = (await here.make()).batch_id
        full_of_garbage(tmp_path / "data" / DATABASE_NAME)
        on_it.fill()
        with pytest.raises(StorageError, match="is full"):
            await studio(tmp_path).__aenter__()
        on_it.make_room()
        async with studio(tmp_path) as here:
            assert (await here.app.batch_service.batch(batch_id)).completed_images == 3


@asynccontextmanager
async def verdict_without_room(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scene]:
    """A picture was made again and compared, and the disk of the log is full by then."""
    with disk(folder / "data") as on_it:
        compare = Prover.proof

        async def compared(prover: Prover, batch: BatchState) -> Proof:
            proof = await compare(prover, batch)
            on_it.fill()
            return proof

        async with studio(folder) as here:
            made = await here.make(batchCount=2)
            monkeypatch.setattr(Prover, "proof", compared)
            proving = (await here.app.batch_service.prove(made.pictures[0].id)).batch
            scene = Scene(here, proving, on_it, FULL)
            await scene.told()
            assert proving.proof is None
            monkeypatch.setattr(Prover, "proof", compare)
            yield scene


async def test_a_verdict_that_has_no_room_is_logged_as_soon_as_there_is_some(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with verdict_without_room(tmp_path, monkeypatch) as scene:
        assert len(scene.batch.pictures) == 1
        scene.mend()
        await scene.ends_whole()
        assert scene.batch.proof
        assert scene.batch.proof.identical
        assert (await scene.here.events(scene.batch)).count("batch_proved") == 1


async def test_a_verdict_that_was_never_logged_is_found_again_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with verdict_without_room(tmp_path, monkeypatch) as scene:
        cut = power_cut(scene.here, tmp_path / "cut")
        (cut / "data" / "filler").unlink()
        engine = scene.here.engine
        async with started_again(cut, engine) as later:
            found = await later.app.batch_service.batch(scene.batch.batch_id)
            await later.end(found)
            assert (found.status, found.failed_images) == (BatchStatus.COMPLETE, ())
            assert found.proof
            assert found.proof.identical
        scene.mend()
