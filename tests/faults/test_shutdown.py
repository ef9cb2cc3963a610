"""The app is told to end, in the middle of a batch: it does so at once and in order."""

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.faults.scene import STEPS, Scene, assert_nothing_lost_or_double, scene
from tests.studio import TIMEOUT_OF_THE_TEST

IN_TIME = 5.0
"""Seconds: the promise."""
SMALL = ("--width", "64", "--height", "64", "--steps", str(STEPS))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["sampling", "fetching"])
async def test_the_app_ends_at_once_though_the_server_hangs(
    tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    async with scene(tmp_path) as here:
        engine = here.engine.process.pid
        app = await here.start_dying_app(moment, pid=engine, number=signal.SIGSTOP)
        batch_id = await app.start_batch()
        await stopped(engine)
        app.process.send(number)
        assert await app.process.ended(within=IN_TIME) == 0
        assert here.types()[-1] == "batch_interrupted"
        here.engine.send(signal.SIGCONT)
        app = await here.start_app()
        assert (await app.ended(batch_id))["interrupted"]
        await assert_nothing_lost_or_double(here, await app.complete(batch_id))
        assert set((await here.seeds_run()).values()) == {1}


@pytest.mark.parametrize(
    ("number", "code", "end"),
    [(signal.SIGINT, 130, "batch_cancelled"), (signal.SIGTERM, 1, "batch_interrupted")],
)
async def test_a_batch_in_the_terminal_ends_at_once_though_the_server_hangs(
    tmp_path: Path, number: signal.Signals, code: int, end: str
) -> None:
    async with scene(tmp_path, step_delay=0.1) as here:
        generate = ("generate", "a red fox", "-n", "4", "--comfyui", here.engine.address)
        command = await here.start_command(*generate, *SMALL)
        await logged(here, "image_completed")
        here.engine.send(signal.SIGSTOP)
        command.send(number)
        assert await command.ended(within=IN_TIME) == code
        assert here.types()[-1] == end
        here.engine.send(signal.SIGCONT)
        resumed = here.command(
            "resume", here.events()[0]["batchId"], "--comfyui", here.engine.address
        )
        assert resumed.returncode == 0, resumed.stderr


async def test_the_app_ends_in_time_though_a_disk_never_answers(tmp_path: Path) -> None:
    pipe = tmp_path / "stuck"
    async with scene(tmp_path, step_delay=0.1) as here:
        app = await here.start_hanging_app(pipe)
        batch_id = await app.start_batch()
        await logged(here, "batch_started")
        os.mkfifo(pipe)
        writer = await somebody_reads(pipe)
        app.process.send(signal.SIGTERM)
        assert await app.process.ended(within=IN_TIME) == 0
        assert here.types()[-1] == "batch_interrupted"
        os.close(writer)
        pipe.unlink()
        app = await here.start_app()
        await assert_nothing_lost_or_double(here, await app.complete(batch_id))


async def somebody_reads(pipe: Path) -> int:
    """Wait until somebody does; gives the pipe's other end."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while True:
            with suppress(OSError):
                return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            await asyncio.sleep(0.01)


async def stopped(pid: int) -> None:
    """Wait until a process stands still."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while psutil.Process(pid).status() != psutil.STATUS_STOPPED:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def logged(here: Scene, kind: str) -> None:
    """Wait until such an event is in the log."""
    async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
        while kind not in here.types():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
