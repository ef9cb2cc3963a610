"""``python3 packaging/dev.py bench [pages]``: run the measurements and print their tables.

``pages`` measures what people see in up to 20 browser pages; that takes minutes.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from tests.bench.overhead import measure_overhead
from tests.bench.pages import measure_pages
from tests.bench.storing import measure_storing


async def main(chosen: list[str]) -> None:
    """The chosen measurements, one after the other, each in a folder of its own."""
    console = Console(width=100)
    with tempfile.TemporaryDirectory() as folder:
        if "pages" in chosen:
            async with server("--step-delay", "0.1") as address:
                console.print(await measure_pages(address, Path(folder)))
            return
        async with server("--step-delay", "0") as address:
            console.print(await measure_overhead(address, Path(folder)))
        console.print(await measure_storing(Path(folder)))


@asynccontextmanager
async def server(*speed: str) -> AsyncIterator[str]:
    """A server that is not in this process: the one given, or a demo engine."""
    if address := os.environ.get("BATCHGEN_TEST_COMFYUI_URL"):
        yield address
        return
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "batchgen_app", "demo-engine", "--port", "0", *speed),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    line = await process.stdout.readline()
    try:
        yield line.decode().split()[-1]
    finally:
        process.terminate()
        await process.wait()


asyncio.run(main(sys.argv[1:]))
