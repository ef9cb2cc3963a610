"""The app dies in the middle of a batch, and is started again."""

import json
import shutil
from pathlib import Path

import pytest

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.batch_file import document
from batchgen_app.core.errors import Conflict
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState
from batchgen_app.storage.event_log import replay
from batchgen_app.storage.storage import open_storage
from tests.batches.power_cut import power_cut, seeds_run, started_again, the_batch
from tests.faulty_engine import HangWhileSampling, Hold, Moment
from tests.studio import SERVER_GONE, Studio, studio, until


def at_second_image() -> Hold:
    """The server stands still while it samples the second image."""
    return Hold(prompt=2, moment=Moment.SAMPLING)


async def cut_at_second_image(here: Studio) -> tuple[BatchState, Path]:
    """A batch of four: one image made, one sampled, one waiting on the server, one to come. The
    server stands still, so nothing is being written.
    """
    batch = await here.start(batchCount=4)
    await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
    await until(lambda: batch.image(3).prompt_id is not None)
    await until(lambda: len(here.batch_file(batch)["images"]) == 1)
    return batch, power_cut(here)


def statuses(batch: BatchState) -> str:
    """The first letter of what has become of each image: pending, submitted, completed …"""
    return "".join(image.status[0] for image in batch.images)


async def assert_whole(here: Studio, batch: BatchState) -> None:
    """Every planned picture is there, once."""
    assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, batch.total_images)
    pictures = {name for name in here.files(batch) if name.endswith(".png")}
    assert pictures == {f"{i:03d}_{seed}.png" for i, seed in enumerate(batch.seeds, 1)}
    assert (await here.events(batch)).count("image_completed") == batch.total_images
    assert here.batch_file(batch)["status"] == "complete"


async def test_what_the_server_finishes_meanwhile_is_brought_home(tmp_path: Path) -> None:
    async with studio(tmp_path, hold := at_second_image()) as here:
        first, cut = await cut_at_second_image(here)
        hold.released.set()
        await here.end(first)
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            assert (statuses(batch), batch.interrupted) == ("cccp", True)
            assert again.app.recovery.sentence == (
                "BatchGen stopped in the middle of a batch: 3 of 4 images are safe "
                "(2 of them finished meanwhile); the missing image can be made."
            )
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            await assert_whole(again, batch)


async def test_what_is_still_on_the_server_is_followed_to_its_end(tmp_path: Path) -> None:
    async with studio(tmp_path, hold := at_second_image()) as here:
        _, cut = await cut_at_second_image(here)
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            assert again.app.queue.is_busy
            assert "from the server; the missing image can be" in again.app.recovery.sentence
            assert again.app.recovery.found[0].on_server == 2
            hold.released.set()
            await again.end(batch)
            assert (statuses(batch), batch.interrupted) == ("cccp", True)


async def test_resume_takes_over_from_recovery_and_nothing_is_made_twice(tmp_path: Path) -> None:
    async with studio(tmp_path, hold := at_second_image()) as here:
        _, cut = await cut_at_second_image(here)
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            accepted = await again.app.batch_service.resume(batch.batch_id)
            assert accepted.images == 3
            assert not again.app.recovery.sentence
            with pytest.raises(Conflict, match="still running"):
                await again.app.batch_service.resume(batch.batch_id)
            hold.released.set()
            await again.end(batch)
            await assert_whole(again, batch)
            run = await seeds_run(here.engine)
            assert [run.count(seed) for seed in batch.seeds[:3]] == [1, 1, 1]


async def test_what_a_restarted_server_has_forgotten_is_made_when_it_is_resumed(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        _, cut = await cut_at_second_image(here)
        await here.engine.stop()
        await here.engine.start()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            assert (statuses(batch), batch.interrupted) == ("cssp", True)
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            await assert_whole(again, batch)


async def test_a_picture_that_lies_there_unknown_to_the_log_is_adopted(tmp_path: Path) -> None:
    async with studio(tmp_path, hold := at_second_image()) as here:
        first, cut = await cut_at_second_image(here)
        hold.released.set()
        await here.end(first)
        name = first.pictures[1].filename
        folder = here.app.storage.store.folder(first.batch_id)
        shutil.copy(folder / name, cut / "images" / "batches" / first.batch_id / name)
        await here.engine.stop()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            assert statuses(batch) == "ccsp", "at once, with the server away"
            assert batch.pictures[1].bytes == first.pictures[1].bytes
            await here.engine.start()
            await again.end(batch)


@pytest.mark.parametrize("damage", ["gone", "damaged"])
async def test_a_picture_whose_file_is_lost_is_fetched_again(tmp_path: Path, damage: str) -> None:
    async with studio(tmp_path, hold := at_second_image()) as here:
        first, cut = await cut_at_second_image(here)
        hold.released.set()
        await here.end(first)
        lost = cut / "images" / "batches" / first.batch_id / first.pictures[0].filename
        lost.unlink() if damage == "gone" else lost.write_bytes(lost.read_bytes()[:-20])
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            assert statuses(batch) == "cccp"
            assert "image_lost" in await again.events(batch)
            assert lost.stat().st_size == first.pictures[0].bytes


async def test_a_lost_picture_that_nobody_has_any_more_is_made_again(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        first, cut = await cut_at_second_image(here)
        (cut / "images" / "batches" / first.batch_id / first.pictures[0].filename).unlink()
        await here.engine.stop()
        await here.engine.start()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await again.end(batch)
            assert (batch.completed_images, batch.interrupted) == (0, True)
            await again.app.batch_service.resume(batch.batch_id)
            await again.end(batch)
            assert batch.status is BatchStatus.COMPLETE
            assert batch.completed_images == 4


async def test_without_a_server_the_app_starts_and_recovery_waits_for_it(tmp_path: Path) -> None:
    async with studio(tmp_path, hold := at_second_image()) as here:
        first, cut = await cut_at_second_image(here)
        hold.released.set()
        await here.end(first)
        await here.engine.stop()
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await until(lambda: batch.server_trouble is not None)
            assert statuses(batch) == "cssp"
            await here.engine.start()
            await again.end(batch)
            assert (statuses(batch), batch.interrupted) == ("cssp", True), "its history is gone"


async def test_recovery_that_waits_for_a_server_can_be_cancelled(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        _, cut = await cut_at_second_image(here)
        await here.engine.stop()
        async with started_again(cut, here.engine, SERVER_GONE) as again:
            batch = await the_batch(again.app)
            await until(lambda: batch.server_trouble is not None)
            await again.app.batch_service.cancel(batch.batch_id, because="enough")
            await again.end(batch)
            assert (batch.status, batch.ended_because) == (BatchStatus.CANCELLED, "enough")
            assert [image.status for image in batch.missing] == [ImageStatus.CANCELLED] * 3


async def test_a_batch_that_waited_its_turn_is_interrupted_and_can_be_resumed(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=1)) as here:
        first, second = await here.start(), await here.start()
        await until(lambda: first.current_step == 1)
        cut = power_cut(here)
        await here.engine.stop()
        await here.engine.start()
        async with started_again(cut, here.engine) as again:
            waiting = await again.app.batch_service.batch(second.batch_id)
            assert (waiting.status, waiting.interrupted) == (BatchStatus.CANCELLED, True)
            assert "middle of 2 batches: none of the 6" in again.app.recovery.sentence
            await again.app.batch_service.resume(waiting.batch_id)
            await again.end(waiting)
            await assert_whole(again, waiting)


async def test_a_batch_of_which_only_the_end_was_not_logged_is_complete(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(batchCount=2)
        cut = power_cut(here)
        log = here.app.storage.log
        first_words = [entry.event for entry in await log.of_batch(batch.batch_id)][:-1]
        shutil.rmtree(cut / "data")
        async with open_storage(cut / "data", cut / "nothing") as before:
            await before.log.append_all(first_words)
        file = cut / "images" / "batches" / batch.batch_id / "batch.json"
        file.write_text(json.dumps(document(replay(first_words))), encoding="utf-8")
        async with started_again(cut, here.engine) as again:
            batch = await the_batch(again.app)
            await assert_whole(again, batch)
            assert "2 of 2 images are safe." in again.app.recovery.sentence


async def test_a_batch_that_is_broken_off_with_nothing_missing_is_complete(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        made = await here.make(batchCount=2)
        logged = await here.app.storage.log.of_batch(made.batch_id)
        batch = replay(entry.event for entry in logged[:-1])
        await here.app.batch_service.recover(batch).break_off()
        assert batch.status is BatchStatus.COMPLETE


async def test_where_nothing_was_finished_the_sentence_does_not_sound_like_a_loss(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=1)) as here:
        batch = await here.start(batchCount=3)
        await until(lambda: batch.current_step == 1)
        cut = power_cut(here)
    async with (
        studio(cut.parent / "later") as elsewhere,
        started_again(cut, elsewhere.engine) as again,
    ):
        await again.end(await the_batch(again.app))
        assert again.app.recovery.sentence == (
            "BatchGen stopped in the middle of a batch: none of the 3 images was finished yet, so "
            "nothing is lost; the missing 3 can be made."
        )


async def test_a_batch_that_another_process_works_on_is_left_alone(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        batch = await here.start(batchCount=2)
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        async with started_again(tmp_path, here.engine) as again:
            assert not again.app.recovery.found
            with pytest.raises(Conflict, match="still running"):
                await again.app.batch_service.resume((await the_batch(again.app)).batch_id)


async def test_without_anything_unfinished_nothing_is_said(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        await here.make(batchCount=2)
        async with started_again(power_cut(here), here.engine) as again:
            assert not again.app.recovery.sentence
