"""Batches through Comfy API v2: the official proxy in front of the demo engine."""

from pathlib import Path
from typing import Any

import pytest

from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.listener import Heard
from batchgen_app.comfy.messages import Preview, Progress, PromptEnded
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import Conflict, ServerFault
from tests.batches.power_cut import power_cut, seeds_run, the_batch
from tests.comfy_api.fleet import app_on, fleet
from tests.faulty_engine import FailAtNode, HangWhileSampling, Hold, Moment, RefuseSubmit
from tests.studio import SERVER_GONE, Studio, studio, until

STATE = "--state-dir"


def without_ours(picture: bytes) -> bytes:
    """A stored picture without the two chunks that the app has put in."""
    start = picture.index(b"parameters") - 8
    behind = picture.index(b"XML:com.adobe.xmp") - 8
    behind += int.from_bytes(picture[behind : behind + 4], "big") + 12
    return picture[:start] + picture[behind:]


async def test_a_batch_is_made_and_its_pictures_are_the_server_s_own(tmp_path: Path) -> None:
    async with fleet(tmp_path) as here:
        batch = await here.make()
        assert batch.status is BatchStatus.COMPLETE
        folder = here.app.storage.store.folder(batch.batch_id)
        stored = [(folder / picture.filename).read_bytes() for picture in batch.pictures]
        assert [without_ours(picture) for picture in stored] == here.made
        assert sorted(await seeds_run(here.engine)) == sorted(batch.seeds)


async def test_steps_and_previews_come_as_the_server_s_events(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    heard: list[object] = []
    async with fleet(tmp_path, hold) as here:
        router = here.app.server.router
        listener: Any = here.app.server.listener

        def hear(message: Heard) -> None:
            heard.append(message)
            router(message)

        listener._on_message = hear
        batch = await here.start(batchCount=2)
        await hold.reached.wait()
        await until(lambda: here.streams == 2)
        hold.released.set()
        await here.end(batch)
        assert {Progress, Preview, PromptEnded} <= {type(message) for message in heard}


async def test_an_image_outlives_the_proxy_and_is_made_once(tmp_path: Path) -> None:
    hold = Hold(prompt=2, moment=Moment.SAMPLING)
    async with fleet(tmp_path, hold) as here:
        batch = await here.start()
        await hold.reached.wait()
        await here.proxy.kill()
        await until(lambda: batch.server_trouble is not None)
        hold.released.set()
        await here.proxy.start()
        await here.end(batch)
        assert batch.status is BatchStatus.COMPLETE
        assert len(here.made) == 3


async def test_what_a_comfyui_behind_the_proxy_lost_is_made_again(tmp_path: Path) -> None:
    async with fleet(tmp_path, HangWhileSampling(prompt=2)) as here:
        batch = await here.start()
        await until(lambda: batch.completed_images == 1)
        await here.engine.stop()
        await until(lambda: batch.server_trouble is not None)
        await here.engine.start()
        await here.end(batch)
        assert batch.status is BatchStatus.COMPLETE
        pictures = {name for name in here.files(batch) if name.endswith(".png")}
        assert pictures == {f"{i:03d}_{seed}.png" for i, seed in enumerate(batch.seeds, 1)}


async def test_a_cancel_does_not_wait_for_a_proxy_that_is_away(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with fleet(tmp_path, hold, timeouts=SERVER_GONE) as here:
        batch = await here.start()
        await hold.reached.wait()
        await here.proxy.kill()
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert batch.status is BatchStatus.CANCELLED
        hold.released.set()


@pytest.mark.parametrize("is_killed", [False, True])
async def test_what_an_answer_was_lost_for_is_asked_for_again_and_made_once(
    tmp_path: Path, *, is_killed: bool
) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with fleet(tmp_path, hold, options=(STATE, str(tmp_path / "state"))) as here:
        here.line.loses_answer = True
        batch = await here.start()
        await here.line.lost.wait()
        if is_killed:
            await here.proxy.kill()
            await here.proxy.start()
        here.line.mended.set()
        await hold.reached.wait()
        hold.released.set()
        await here.end(batch)
        assert batch.status is BatchStatus.COMPLETE
        assert len(here.made) == 3
        assert len(here.files(batch) & {p.filename for p in batch.pictures}) == 3


async def test_a_cancel_stops_what_runs_and_what_waits(tmp_path: Path) -> None:
    async with fleet(tmp_path, HangWhileSampling(prompt=1)) as here:
        batch = await here.start()
        # Of each, first the id that it is given, then that of its job.
        while (await here.events(batch)).count("image_submitted") < 4:
            pass
        await here.app.batch_service.cancel(batch.batch_id, because="enough")
        await here.end(batch)
        assert batch.status is BatchStatus.CANCELLED
        async with ComfyClient(here.engine.url) as onlooker:
            while await onlooker.queue_remaining():
                pass
        assert not here.made


async def said_of(here: Studio) -> list[str]:
    batch = await here.make()
    assert batch.status is BatchStatus.FAILED
    return [str(image.message) for image in batch.images]


@pytest.mark.parametrize(
    "fault",
    [
        RefuseSubmit(
            node_errors={
                "sampler": {
                    "class_type": "KSampler",
                    "errors": [
                        {
                            "type": "value_not_in_list",
                            "message": "Value not in list",
                            "details": "",
                            "extra_info": {
                                "input_name": "sampler_name",
                                "received_value": "x",
                                "input_config": [["euler", "heun"], {}],
                            },
                        }
                    ],
                }
            }
        ),
        FailAtNode(),
    ],
    ids=["refused", "failed"],
)
async def test_what_goes_wrong_is_said_in_the_same_words_as_by_comfyui(
    tmp_path: Path, fault: RefuseSubmit | FailAtNode
) -> None:
    for folder in ("plain", "fleet"):
        (tmp_path / folder).mkdir()
    async with studio(tmp_path / "plain", fault) as plain:
        expected = await said_of(plain)
    async with fleet(tmp_path / "fleet", fault) as here:
        assert await said_of(here) == expected


async def test_a_wrong_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    async with fleet(tmp_path, options=("--token", "right"), key="wrong") as here:
        with pytest.raises(ServerFault, match="Check the address and the access key"):
            await here.start()
        assert isinstance(here.app.server.fault, ServerFault)


async def test_the_right_key_goes_to_the_server(tmp_path: Path) -> None:
    async with fleet(tmp_path, options=("--token", "right"), key="right") as here:
        assert (await here.make()).status is BatchStatus.COMPLETE


async def test_a_picture_to_start_from_reaches_the_server(tmp_path: Path) -> None:
    async with fleet(tmp_path) as here:
        first = await here.make(batchCount=2)
        picture = first.pictures[0]
        workflow = {
            "1": {"class_type": "LoadImage", "inputs": {"image": "any.png"}},
            "9": {
                "class_type": "SaveImage",
                "inputs": {"images": ["1", 0], "filename_prefix": "again"},
            },
        }
        batch = await here.make(
            model=None,
            baseParameters={},
            workflow=workflow,
            promptAsIs=True,
            batchCount=2,
            inputImages={"1.image": picture.id},
        )
        assert batch.status is BatchStatus.COMPLETE, [image.message for image in batch.images]


async def test_nothing_is_proved_where_it_is_not_told_what_was_made(tmp_path: Path) -> None:
    async with fleet(tmp_path) as here:
        batch = await here.make(batchCount=2)
        with pytest.raises(Conflict, match="nothing can be proved there"):
            await here.app.batch_service.prove(batch.pictures[0].id)


async def test_what_was_begun_before_a_restart_of_the_app_is_brought_home(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with fleet(tmp_path, hold) as here:
        batch = await here.start(batchCount=2)
        await hold.reached.wait()
        async with ComfyClient(here.engine.url) as onlooker:
            while await onlooker.queue_remaining() < 2:
                pass
        # Whether the id of the second one's job is known by now or not: it is found.
        cut = power_cut(here)
        async with app_on(cut, here.app.server.client.address) as app:
            again = Studio(app, here.engine, cut)
            resumed = await the_batch(app)
            hold.released.set()
            await again.end(resumed)
            assert resumed.completed_images == 2
        await here.end(batch)
        assert len(here.made) == 2
