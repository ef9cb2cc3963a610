"""Could a batch run here? And if not, what to do. With ``--diagnostics``, the same text as on the
settings page, without the app.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from batchgen_app.batches.server import Server, find_servers
from batchgen_app.cli.server_here import server_of
from batchgen_app.core.errors import (
    DatabaseDamaged,
    InUse,
    InvalidRequest,
    ServerError,
    StorageError,
)
from batchgen_app.diagnostics import Diagnostics
from batchgen_app.places import assets_dir, default_save_dir
from batchgen_app.secrets_store.server_headers import ServerHeaders
from batchgen_app.settings import Settings
from batchgen_app.storage.checkup import look_over
from batchgen_app.storage.folders import check_writable, free_bytes, missing_batches
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.storage import DATABASE_NAME, open_storage
from batchgen_app.window import words
from batchgen_app.window.available import back_end, toolkits, why_no_window
from batchgen_app.window.opener import Opener, WindowFiles

NEEDED_BYTES = 500 * 1000**2
"""A batch of 20 large pictures, with room to spare."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. A fault stops batches, a warning does not."""

    about: str
    text: str
    is_fault: bool = False
    is_warning: bool = False

    def __str__(self) -> str:
        return f"{self._mark()} {self.about}: {escape(self.text)}"

    def _mark(self) -> str:
        if self.is_fault:
            return "[red]✗[/]"
        return "[yellow]![/]" if self.is_warning else "[green]✓[/]"


async def diagnose(settings: Settings, console: Console) -> bool:
    """Look at everything and tell; whether a batch could run."""
    healthy = True
    async for finding in _findings(settings):
        console.print(str(finding), soft_wrap=True)
        healthy = healthy and not finding.is_fault
    return healthy


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    for finding in _folder("Data", settings.data_dir):
        yield finding
    async for finding in _images(settings.output_dir, settings.data_dir / DATABASE_NAME):
        yield finding
    yield await asyncio.to_thread(_database, settings.data_dir / DATABASE_NAME)
    async for finding in _servers(settings):
        yield finding
    yield await _window(settings)


def _folder(about: str, folder: Path) -> Iterator[Finding]:
    try:
        check_writable(folder)
        free = free_bytes(folder)
    except StorageError as error:
        yield Finding(about, str(error), is_fault=True)
        return
    yield Finding(about, f"{folder} can be written")
    if free < NEEDED_BYTES:
        yield Finding(about, f"only {free / 1000**2:.0f} MB free. Make room.", is_fault=True)


async def _images(folder: Path, database: Path) -> AsyncIterator[Finding]:
    """And the batches in it: a start refuses something else in their place, and tells which of them
    are not there.
    """
    findings = list(_folder("Images", folder))
    try:
        if not findings[0].is_fault and (told := await missing_batches(folder, database)):
            findings.append(Finding("Images", told, is_warning=True))
    except StorageError as error:
        findings = [Finding("Images", str(error), is_fault=True)]
    for finding in findings:
        yield finding


def _database(path: Path) -> Finding:
    """Every page and every row, as they lie there; nothing is changed."""
    try:
        return Finding("Database", look_over(path))
    except InUse as error:
        return Finding("Database", str(error), is_warning=True)
    except DatabaseDamaged as damage:
        text = (
            f"{damage} Start BatchGen: it is put aside, and the batch folders bring back what "
            "they know."
        )
        return Finding("Database", text, is_fault=True)
    except StorageError as error:
        return Finding("Database", str(error), is_fault=True)


async def _servers(settings: Settings) -> AsyncIterator[Finding]:
    """One that does not answer is no fault while another one does."""
    found = await find_servers(settings)
    if not found:
        yield Finding(
            "Server",
            "the built-in demo engine (placeholder pictures). Start ComfyUI, or give its address "
            "with --comfyui.",
            is_warning=not settings.demo,
        )
        return
    async with ServerHeaders(settings.data_dir) as headers:
        if headers.fault:
            yield Finding("Server", headers.fault, is_warning=True)
        findings = [await _of_one(server_of(about, settings, headers)) for about in found]
    in_use = [told for told, about in zip(findings, found, strict=True) if about.enabled]
    can_run = any(not any(finding.is_fault for finding in told) for told in in_use)
    for told, about in zip(findings, found, strict=True):
        for finding in told:
            is_bearable = finding.is_fault and (can_run or not about.enabled)
            yield replace(finding, is_fault=False, is_warning=True) if is_bearable else finding
        if not about.enabled:
            yield Finding("Server", f"{about.address} is switched off", is_warning=True)


async def _of_one(server: Server) -> list[Finding]:
    async with server:
        try:
            return [finding async for finding in _told(server)]
        except ServerError as error:
            return [Finding("Server", str(error), is_fault=True)]


async def _told(server: Server) -> AsyncIterator[Finding]:
    stats, address = await server.client.stats(), server.client.address
    if stats.is_demo:
        text = f"a demo engine at {address} (placeholder pictures)."
        yield Finding("Server", text, is_warning=True)
    elif server.about.kind == "comfy-api":
        yield Finding("Server", f"Comfy API v2 at {address}, which tells nothing of its models.")
        return
    else:
        yield Finding("Server", f"ComfyUI {stats.version} at {address}")
    if stats.previews is False:
        yield Finding(
            "Previews",
            "switched off on the server. Start ComfyUI with --preview-method auto to see pictures "
            "while they are made.",
            is_warning=True,
        )
    models = [model for model in await server.catalog.models() if model.makes_pictures]
    text = f"{len(models)} on the server" if models else server.catalog.no_models
    yield Finding("Models", text, is_fault=not models)


async def _window(settings: Settings) -> Finding:
    opener = Opener(
        WindowFiles(assets_dir(), settings.data_dir, default_save_dir()), "system", toolkits()
    )
    if reason := await why_no_window(opener):
        return Finding("Window", words.browser_instead(reason), is_warning=True)
    return Finding("Window", words.READY)


async def collect(settings: Settings) -> str:
    """The text; it raises nothing, whatever is out of order here."""
    async with AsyncExitStack() as stack:
        told, gallery = await _servers_told(settings, stack), await _gallery(settings, stack)
        return await Diagnostics(
            settings.data_dir,
            settings.output_dir,
            told if isinstance(told, str) else lambda: told,
            gallery,
            window=back_end,
            lan=lambda: settings.lan,
        ).text()


async def _servers_told(settings: Settings, stack: AsyncExitStack) -> tuple[Server, ...] | str:
    found = await find_servers(settings)
    if not found:
        return "the built-in demo engine"
    headers = await stack.enter_async_context(ServerHeaders(settings.data_dir))
    try:
        servers = [server_of(about, settings, headers) for about in found]
        return tuple([await stack.enter_async_context(server) for server in servers])
    except InvalidRequest:
        return "its address makes no sense"


async def _gallery(settings: Settings, stack: AsyncExitStack) -> GalleryIndex | None:
    try:
        storage = open_storage(settings.data_dir, settings.output_dir)
        return (await stack.enter_async_context(storage)).gallery
    except StorageError:
        return None
