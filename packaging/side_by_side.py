"""Several commands at once; each is heard whole when it has ended."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

PATIENCE = 10.0
"""Seconds that a command has to end after it was told to."""


def run_all(
    commands: Sequence[Sequence[str]], *, at_once: int, folder: Path, environment: Mapping[str, str]
) -> list[int]:
    """All of them, begun in this order, so many at a time; gives their exit codes. They end with
    this process, however it is told to.
    """

    async def all_of_them() -> list[int]:
        _hear_signals()
        places = asyncio.Semaphore(at_once)
        async with asyncio.TaskGroup() as group:
            runs = [
                group.create_task(_one(places, command, folder, environment))
                for command in commands
            ]
        return [run.result() for run in runs]

    try:
        return asyncio.run(all_of_them())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


def say(text: str) -> None:
    """What is being done, on stderr: stdout belongs to the commands."""
    print(f"» {text}", file=sys.stderr, flush=True)


def _hear_signals() -> None:
    """Those that would end this process and leave its commands alone; Ctrl-C is asyncio's."""
    this = asyncio.current_task()
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has not all of them
        if this and number and signal.getsignal(number) is signal.SIG_DFL:
            with suppress(NotImplementedError):
                asyncio.get_running_loop().add_signal_handler(number, this.cancel)


async def _one(
    places: asyncio.Semaphore,
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
) -> int:
    name = " ".join([Path(command[0]).name, *command[1:]])
    async with places:
        say(name)
        began = time.monotonic()
        process = await _begin(command, folder, environment)
        try:
            said, _ = await process.communicate()
        finally:
            await _end(process)
    say(f"{name}: {time.monotonic() - began:.0f} s")
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
    return process.returncode or 0


async def _begin(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Process:
    """Whole, even if it is to end at once: nobody else would know what there is to be ended."""
    beginning = asyncio.create_task(
        asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,  # it and all that it starts can be ended as one
        )
    )
    try:
        return await asyncio.shield(beginning)
    except asyncio.CancelledError:
        await _end(await beginning)
        raise


async def _end(process: Process) -> None:
    """It, and what it has started, if it still runs."""
    if process.returncode is not None:
        return
    try:
        _tell(process, signal.SIGINT)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), PATIENCE)
    finally:
        _tell(process, getattr(signal, "SIGKILL", signal.SIGTERM))


def _tell(process: Process, number: int) -> None:
    with suppress(ProcessLookupError):
        if os.name == "nt":
            process.terminate()
        else:
            os.killpg(process.pid, number)
