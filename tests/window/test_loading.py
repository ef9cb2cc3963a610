"""Pages come and go in a window; each can do there what a window is for."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from batchgen_app.window.handle import WindowProcess
from batchgen_app.window.opener import WindowFiles
from tests.window.home import ROOT, Home, arguments_of, free_port
from tests.window.page import WindowPage, page_at

BUSY = """<script>
  const busy = () => {
    for (const since = Date.now(); Date.now() - since < 2500;);
    setTimeout(busy, 5);
  };
  onload = () => setTimeout(busy, 5);
</script>"""
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nhere"


async def test_a_page_that_comes_while_the_splash_is_busy_is_equipped_as_any(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = WindowFiles(busy_assets(home.folder), home.data, home.folder)
    async with small_site() as address, window_of(home, files, monkeypatch) as (window, page):
        await page.becomes("document.readyState == 'complete'")
        window.tell("load", url=address)
        await page.appears("html.in-window")
        assert await page.text("body") == "here"


async def test_a_page_whose_process_dies_comes_back_equipped(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = WindowFiles(ROOT / "assets", home.data, home.folder)
    async with small_site() as address, window_of(home, files, monkeypatch) as (window, page):
        window.tell("load", url=address)
        await page.appears("html.in-window")
        kill_page_processes()
        await page.becomes("performance.getEntriesByType('navigation')[0].type == 'reload'")
        await page.appears("html.in-window")
        assert await page.text("body") == "here"


def kill_page_processes() -> None:
    """What runs the pages of all windows of this process."""
    for process in psutil.Process().children(recursive=True):
        if "--type=renderer" in arguments_of(process):
            process.kill()


def busy_assets(folder: Path) -> Path:
    """The app's own, with a splash that has its hands full as soon as it is there."""
    assets = folder / "assets"
    shutil.copytree(ROOT / "assets" / "window", assets / "window")
    splash = assets / "window" / "splash.html"
    splash.write_text(splash.read_text() + BUSY)
    return assets


@asynccontextmanager
async def small_site() -> AsyncIterator[str]:
    """Gives the address of a page that says "here"."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PAGE)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def window_of(
    home: Home, files: WindowFiles, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[WindowProcess, WindowPage]]:
    """A window without an app, which only the test tells what to do."""
    port = free_port()
    for name, value in home.environment(port).items():
        monkeypatch.setenv(name, value)
    window = WindowProcess((*files.options(), "--gui", "qt", "--appearance", "dark"), files.log)
    try:
        assert await window.is_shown()
        async with page_at(port) as page:
            yield window, page
    finally:
        await asyncio.to_thread(window.end)
