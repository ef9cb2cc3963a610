"""Processes of this project that a measurement needs beside it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil


@dataclass
class Running:
    """A process that has said its first line; ``last_words`` are there when it has ended."""

    first_words: str
    usage: psutil.Process
    last_words: str = ""

    @property
    def address(self) -> str:
        """Where it serves, as its first line tells."""
        return self.first_words.split()[-1]

    @property
    def cpu_seconds(self) -> float:
        """What it has used of the processor until now."""
        times = self.usage.cpu_times()
        return float(times.user + times.system)


@asynccontextmanager
async def running(module: str, *arguments: str) -> AsyncIterator[Running]:
    """``python -m module arguments``, from its first line on; told to end with the context."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        stdout=asyncio.subprocess.PIPE,
        env={name: value for name, value in os.environ.items() if name != "BATCHGEN_DATA_DIR"},
    )
    assert process.stdout
    line = (await process.stdout.readline()).decode()
    assert line, f"{module} ended at once"
    told = Running(line, psutil.Process(process.pid))
    try:
        yield told
    finally:
        process.terminate()
        told.last_words = (await process.communicate())[0].decode()
