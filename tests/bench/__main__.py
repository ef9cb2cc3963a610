"""Prints tables: ``python3 packaging/dev.py bench [window | pages [N...] | search [N...] |
gallery [N...] | storage [N...] | fleet [N...] | CHOICE | outside]``.

``window`` measures how long it takes to appear, against the window of NiceGUI's own.

``pages`` measures what people see in their browsers with so many pages open; without numbers with
1, 5 and 20, which takes some minutes.

``search`` measures finding pictures in libraries of so many; without numbers of 1,000 to 1,000,000.

``gallery`` measures the grid of all pictures; without numbers with 1,000 and 10,000 of them.

``storage`` measures the page of that name; without numbers with 1,000 to 100,000 pictures.

``fleet`` measures one queue on so many servers that die and come back; without numbers on 1, 2, 8
and 32, which takes some minutes.

``CHOICE`` is what choosing takes: ``marks`` how long until the mark of a key is seen, ``next``
until the next picture is, ``table`` how smoothly nine large ones move side by side, and ``memory``
what a page holds after 200 were looked at.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.bench.fleet import SERVERS, measure_fleet
from tests.bench.housekeeping import PICTURES as STORED
from tests.bench.housekeeping import measure_housekeeping
from tests.bench.light_table import measure_light_table
from tests.bench.many_images import SIZES, measure_many_images
from tests.bench.marking import measure_marks
from tests.bench.memory import measure_memory
from tests.bench.next_picture import measure_next_picture
from tests.bench.outside import measure_outside
from tests.bench.overhead import measure_overhead
from tests.bench.pages import PAGES, measure_pages
from tests.bench.processes import running
from tests.bench.rating import measure_rating
from tests.bench.searching import PICTURES, measure_search
from tests.bench.storing import measure_storing
from tests.bench.window import measure_window

CHOICE = {
    "marks": measure_marks,
    "next": measure_next_picture,
    "table": measure_light_table,
    "memory": measure_memory,
}

SIZED: dict[str, tuple[Callable[[Path, tuple[int, ...]], Awaitable[Table]], tuple[int, ...]]] = {
    "gallery": (measure_many_images, SIZES),
    "storage": (measure_housekeeping, STORED),
    "search": (measure_search, PICTURES),
    "fleet": (measure_fleet, SERVERS),
}
"""Those of as much as numbers say, and the usual ones."""


async def main(chosen: list[str]) -> None:
    """The chosen measurements, one after the other, each in a folder of its own."""
    console = Console(width=100)
    name, *numbers = chosen or [""]
    with tempfile.TemporaryDirectory() as folder:
        if name == "window":
            console.print(await measure_window(Path(folder)))
            return
        if name in SIZED:
            measure_sizes, usual = SIZED[name]
            console.print(await measure_sizes(Path(folder), tuple(map(int, numbers)) or usual))
            return
        if name == "pages":
            async with server("--step-delay", "0.1") as address:
                pages = [*map(int, numbers)] or PAGES
                console.print(await measure_pages(address, Path(folder), pages))
            return
        async with server("--step-delay", "0") as address:
            if measure := CHOICE.get(name):
                console.print(await measure(address, Path(folder)))
                return
            if name != "outside":
                console.print(await measure_overhead(address, Path(folder)))
                console.print(await measure_storing(Path(folder)))
                console.print(await measure_rating(address, Path(folder)))
                console.print(await measure_marks(address, Path(folder)))
            console.print(await measure_outside(address, Path(folder) / "outside"))


@asynccontextmanager
async def server(*speed: str) -> AsyncIterator[str]:
    """A server that is not in this process: the one given, or a demo engine."""
    if address := os.environ.get("BATCHGEN_TEST_COMFYUI_URL"):
        yield address
        return
    async with running("batchgen_app", "demo-engine", "--port", "0", *speed) as engine:
        yield engine.address


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
