"""A batch from its request to its files, and all that can go wrong on the way."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from batchgen_app.comfy.listener import ComfyListener
from batchgen_app.comfy.messages import Status
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import InvalidRequest, ServerUnreachable
from batchgen_app.core.events import BatchQueued, Logged
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.serializers import progress_of
from batchgen_app.core.state import BatchState
from tests.faulty_engine import (
    BreakSubmit,
    DropSockets,
    FailAtNode,
    FailView,
    Fault,
    HangWhileSampling,
    Hold,
    LateHistory,
    Moment,
    RefuseSubmit,
    SilenceSockets,
    ViewFailure,
    out_of_memory,
)
from tests.reading.containers import packets
from tests.studio import QUICK, SERVER_GONE, request, studio, until

ALL_FINE = [
    "batch_queued",
    "batch_started",
    *["image_submitted"] * 2,
    "image_completed",
    "image_submitted",
    *["image_completed"] * 2,
    "batch_completed",
]


async def test_three_pictures_arrive_and_everything_agrees_on_their_seeds(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make()
        assert batch.status is BatchStatus.COMPLETE
        assert sorted(await here.events(batch)) == sorted(ALL_FINE)
        assert here.files(batch) == {
            "batch.json",
            *(f"{i:03d}_{seed}.png" for i, seed in enumerate(batch.seeds, 1)),
            *(f"{i:03d}_{seed}.txt" for i, seed in enumerate(batch.seeds, 1)),
            *(f"thumbnails/{i:03d}.webp" for i in (1, 2, 3)),
        }
        assert here.batch_file(batch)["seeds"] == list(batch.seeds)
        folder = here.app.storage.store.folder(batch.batch_id)
        for picture in batch.pictures:
            with Image.open(folder / picture.filename) as opened:
                graph = json.loads(opened.info["prompt"])
                assert graph["sampler"]["inputs"]["seed"] == picture.seed
                assert f"Seed: {picture.seed}" in opened.info["parameters"]
                assert opened.size == (picture.width, picture.height) == (64, 64)


async def test_a_picture_that_is_slow_to_come_keeps_no_other_one_waiting(tmp_path: Path) -> None:
    slow = Hold(prompt=1, moment=Moment.HALF_SENT)
    async with studio(tmp_path, slow) as here:
        batch = await here.start()
        await until(lambda: batch.completed_images == 2)
        assert batch.image(1).status is ImageStatus.SUBMITTED
        slow.released.set()
        await here.end(batch)
        assert batch.status is BatchStatus.COMPLETE


async def test_a_listener_that_fails_stops_neither_this_batch_nor_the_next(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with studio(tmp_path) as here:

        def broken() -> None:
            raise ZeroDivisionError

        here.app.queue.changed.subscribe(broken)
        for _ in range(2):
            assert (await here.make()).status is BatchStatus.COMPLETE
    assert "broken failed" in caplog.text


async def test_the_pixels_and_chunks_are_the_server_s_own(tmp_path: Path) -> None:
    kept = tmp_path / "server"
    async with studio(tmp_path, output_dir=kept) as here:
        batch = await here.make()
        folder = here.app.storage.store.folder(batch.batch_id)
        on_server = sorted(kept.rglob("*.png"))
        assert len(on_server) == 3
        for picture, original in zip(batch.pictures, on_server, strict=True):
            ours = (folder / picture.filename).read_bytes()
            theirs = original.read_bytes()
            start = ours.index(b"parameters") - 8
            behind = ours.index(b"XML:com.adobe.xmp") - 8
            behind += int.from_bytes(ours[behind : behind + 4], "big") + 12
            assert ours[:start] + ours[behind:] == theirs
            assert len(packets(ours)) == 1


async def test_never_more_than_one_prompt_waits_while_one_runs(tmp_path: Path) -> None:
    first = Hold(prompt=1, moment=Moment.SAMPLING)
    async with studio(tmp_path, first) as here:
        heard: list[object] = []

        def most() -> int:
            return max((m.queue_remaining for m in heard if isinstance(m, Status)), default=0)

        async with ComfyListener(here.client, heard.append) as onlooker:
            await onlooker.connected()
            batch = await here.start(batchCount=6)
            await until(lambda: most() > 1)
            first.released.set()
            await here.end(batch)
        assert most() == 2


async def test_living_through_a_batch_equals_replaying_its_log(tmp_path: Path) -> None:
    async with studio(tmp_path, FailAtNode(prompt=2)) as here:
        lived = await here.make()
        replayed = await here.app.storage.log.state(lived.batch_id)
        assert replayed
        assert replace(replayed, expected_seconds=lived.expected_seconds) == lived


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (RefuseSubmit(prompt=2), "refuse"),
        (FailAtNode(prompt=2, message="boom"), "boom"),
        (out_of_memory(prompt=2), "out of memory"),
        (FailView(prompt=2, failure=ViewFailure.MISSING), "does not have it any more"),
        (FailView(prompt=2, failure=ViewFailure.BROKEN), "did not hand it over"),
        (FailView(prompt=2, failure=ViewFailure.CUT_CONNECTION), "did not hand it over"),
        (FailView(prompt=2, failure=ViewFailure.CUT_FILE), "picture"),
        (FailView(prompt=2, failure=ViewFailure.NOT_A_PICTURE), "picture"),
        (FailView(prompt=2, failure=ViewFailure.HUGE_CLAIM), "60000 x 60000"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Fault) else str(value)[:12],
)
async def test_one_image_fails_with_its_reason_and_the_others_finish(
    tmp_path: Path, fault: Fault, reason: str
) -> None:
    async with studio(tmp_path, fault) as here:
        batch = await here.make()
        assert batch.status is BatchStatus.COMPLETE
        assert batch.failed_images == (2,)
        assert [picture.index for picture in batch.pictures] == [1, 3]
        assert reason in (batch.image(2).message or "")
        assert not [name for name in here.files(batch) if name.startswith(("002", ".", "tmp"))]


@pytest.mark.parametrize(
    "fault",
    [
        FailView(prompt=2, failure=ViewFailure.BROKEN, times=2),
        FailView(prompt=2, failure=ViewFailure.CUT_CONNECTION, times=3),
        BreakSubmit(prompt=2),
        BreakSubmit(prompt=2, queued=True),
        SilenceSockets(),
        DropSockets(prompt=1),
        LateHistory(seconds=0.3),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_a_fault_that_passes_costs_time_but_no_picture(tmp_path: Path, fault: Fault) -> None:
    async with studio(tmp_path, fault) as here:
        batch = await here.make()
        assert batch.completed_images == 3
        assert (await here.events(batch)).count("image_submitted") == 3


async def test_when_every_image_fails_the_batch_has_failed(tmp_path: Path) -> None:
    async with studio(tmp_path, FailAtNode(message="no such luck")) as here:
        batch = await here.make()
        assert batch.status is BatchStatus.FAILED
        assert (await here.events(batch))[-1] == "batch_failed"
        assert (batch.ended_because or "").startswith("Batch generation failed")
        assert "no such luck" in (batch.ended_because or "")


async def test_a_cancel_keeps_what_is_finished_and_empties_the_server(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        batch = await here.start(batchCount=5)
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert batch.status is BatchStatus.CANCELLED
        assert batch.ended_because == "enough"
        assert [image.status for image in batch.images] == [
            ImageStatus.COMPLETED,
            *[ImageStatus.CANCELLED] * 4,
        ]
        assert len([name for name in here.files(batch) if name.endswith(".png")]) == 1
        assert here.batch_file(batch)["status"] == "cancelled"
        assert await here.app.server.client.queue_remaining() == 0


async def test_a_cancel_leaves_the_prompts_of_others_alone(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=1)) as here:
        batch = await here.start()
        await until(lambda: batch.current_step == 1)
        graph = {
            "1": {
                "class_type": "EmptyImage",
                "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 255},
            },
            "2": {
                "class_type": "SaveImage",
                "inputs": {"images": ["1", 0], "filename_prefix": "theirs"},
            },
        }
        client = here.client
        theirs = "6f1d4d0e-2c5c-4a63-9d6e-0d4b5a4c7e11"
        await client.submit(graph, prompt_id=theirs, client_id=None)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        while not (entry := await client.history(theirs)):
            pass
        assert entry.files


async def test_a_batch_that_waits_can_be_cancelled_before_its_turn(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=1)) as here:
        first, second = await here.start(), await here.start()
        await until(lambda: first.current_step == 1)
        await here.app.batch_service.cancel(second.batch_id, because="changed my mind")
        assert second.status is BatchStatus.CANCELLED
        assert "batch_started" not in await here.events(second)
        assert first.status is BatchStatus.GENERATING
        await here.app.batch_service.cancel(first.batch_id, because="done")
        await here.end(first)


async def test_batches_run_one_after_the_other(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        first, second = await here.start(), await here.start()
        await here.end(second)
        logged = await here.app.storage.log.read()
        ended = [entry.event.batch_id for entry in logged if entry.event.type == "batch_completed"]
        started = [entry.seq for entry in logged if entry.event.type == "batch_started"]
        first_end = next(entry.seq for entry in logged if entry.event.type == "batch_completed")
        assert ended == [first.batch_id, second.batch_id]
        assert started[1] > first_end


async def test_no_progress_for_too_long_fails_the_image_and_frees_the_server(
    tmp_path: Path,
) -> None:
    async with studio(
        tmp_path, HangWhileSampling(prompt=2), timeouts=replace(QUICK, stall=1.0)
    ) as here:
        batch = await here.make()
        assert batch.failed_images == (2,)
        assert batch.image(2).message == "Generation timed out. Check server logs."
        assert batch.completed_images == 2


async def test_a_server_that_restarts_is_waited_for_and_given_the_rest(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2)) as here:
        batch = await here.start(batchCount=4)
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        await here.engine.stop()
        await until(lambda: batch.server_trouble is not None)
        assert "trying again" in (progress_of(batch).server_trouble or "")
        await here.engine.start()
        await here.end(batch)
        assert batch.completed_images == 4
        assert batch.server_trouble is None
        assert len([name for name in here.files(batch) if name.endswith(".png")]) == 4


async def test_a_cancel_works_while_the_server_is_away(tmp_path: Path) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=2), timeouts=SERVER_GONE) as here:
        batch = await here.start()
        await until(lambda: batch.completed_images == 1 and batch.current_step == 1)
        await here.engine.stop()
        await until(lambda: batch.server_trouble is not None)
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert batch.status is BatchStatus.CANCELLED
        assert batch.completed_images == 1


async def test_an_image_that_somebody_removes_from_the_queue_fails_with_that_reason(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, HangWhileSampling(prompt=1)) as here:
        batch = await here.start()
        await until(lambda: batch.image(2).prompt_id is not None and batch.current_step == 1)
        watches = here.app.server.router._followed
        await until(lambda: watches[batch.image(2).prompt_id or ""].has_waited)
        await here.app.server.client.cancel(batch.image(2).prompt_id or "")
        await here.app.server.client.cancel(batch.image(1).prompt_id or "")
        await here.end(batch)
        assert "Somebody stopped" in (batch.image(1).message or "")
        assert "out of the server's queue" in (batch.image(2).message or "")
        assert batch.completed_images == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"model": "no-such.safetensors"}, "model"),
        ({"baseParameters": {"samplerName": "no-such"}}, "baseParameters.samplerName"),
        ({"baseParameters": {"scheduler": "no-such"}}, "baseParameters.scheduler"),
        ({"workflow": {"nodes": [], "links": []}}, "workflow"),
        ({"workflow": {"1": "no node"}}, "workflow"),
    ],
)
async def test_what_the_server_does_not_offer_is_refused_and_leaves_nothing_behind(
    tmp_path: Path, changes: dict[str, object], field: str
) -> None:
    async with studio(tmp_path) as here:
        with pytest.raises(InvalidRequest) as refused:
            await here.start(**changes)
        assert [problem.field for problem in refused.value.problems] == [field]
        assert await here.app.storage.log.end() == 0
        assert not (tmp_path / "images").exists()


async def test_without_a_server_nothing_is_accepted_and_nothing_left_behind(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        await here.engine.stop()
        with pytest.raises(ServerUnreachable, match="Cannot connect to server"):
            await here.start()
        assert await here.app.storage.log.end() == 0
        assert not (tmp_path / "images").exists()


async def test_the_second_batch_of_a_kind_is_estimated_from_the_first(tmp_path: Path) -> None:
    async with studio(tmp_path, step_delay=0.02) as here:
        batch_service = here.app.batch_service
        first = await batch_service.start(request())
        assert first.image_time.basis == "default"
        await here.end(first.batch)
        second = await batch_service.start(request())
        assert second.image_time.basis == "measured"
        measured = [image.seconds or 0.0 for image in first.batch.images]
        assert second.estimated_seconds == pytest.approx(sum(measured))
        await here.end(second.batch)


async def test_a_workflow_without_a_model_gives_as_many_pictures_as_asked(tmp_path: Path) -> None:
    graph = {
        "1": {
            "class_type": "EmptyImage",
            "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": 0xFF0000},
        },
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": "x"}},
    }
    async with studio(tmp_path) as here:
        batch = await here.make(workflow=graph, model=None, baseParameters={}, promptAsIs=True)
        assert batch.completed_images == 3
        assert {picture.filename for picture in batch.pictures} == {
            f"{index:03d}_{seed}.png" for index, seed in enumerate(batch.seeds, 1)
        }
        assert batch.workflow == graph


async def test_who_looks_at_a_batch_as_soon_as_it_is_logged_sees_it_go_on(tmp_path: Path) -> None:
    """And does not hold a copy for ever that was read from the log."""
    async with studio(tmp_path) as here:
        seen: list[BatchState] = []

        async def look(_: BatchState, logged: Logged) -> None:
            if isinstance(logged.event, BatchQueued):
                seen.append(await here.app.batch_service.batch(logged.event.batch_id))

        here.app.batch_service._recorder._recorded.subscribe(look)
        batch = await here.make()
        assert [one is batch for one in seen] == [True]
