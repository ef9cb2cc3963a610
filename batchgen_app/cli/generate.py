"""One batch in the terminal: ask, watch, list the files."""

import asyncio
import json
import math
import os
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from batchgen_app.app import build
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.cli.display import Display
from batchgen_app.cli.exits import Exit, end_soon, on_signal, screen
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject, json_line
from batchgen_app.language.message import english
from batchgen_app.logs import COMMAND, written
from batchgen_app.services import HERE, Services
from batchgen_app.services.values import MOST_BYTES, WORKFLOWS, Accepted, workflow_data
from batchgen_app.settings import Settings
from batchgen_app.storage.locks import Lockout
from batchgen_app.storage.progress import InWords
from batchgen_app.workflows.families import FAMILIES
from batchgen_app.workflows.from_picture import PICTURE

REDRAW_SECONDS = 0.1
STOP_SECONDS = 3.0
"""How long a server that does not answer is waited for after Ctrl-C."""
CHOSEN_LATER = "the first model of the server"
"""In its place, so that all else is checked before a server is asked."""


@dataclass(frozen=True)
class BatchEnd:
    """How a batch ended: for stdout, and as exit code."""

    batch: BatchState
    folder: Path

    @property
    def exit_code(self) -> Exit:
        """0 all done, 1 something failed, 130 cancelled."""
        if self.batch.status is BatchStatus.CANCELLED and not self.batch.interrupted:
            return Exit.CANCELLED
        whole = self.batch.completed_images == self.batch.total_images
        return Exit.DONE if whole else Exit.FAILED

    def as_json(self) -> str:
        """The CompletedBatch, one line."""
        return json_line(summary_of(self.batch).to_json())


def read_workflow(path: Path) -> JsonObject:
    """What a file holds for a request; raises InvalidRequest."""
    content = read_file(path)
    try:
        return workflow_data(content)
    except InvalidRequest as error:
        raise unreadable(path, str(error)) from error


def workflow_given(path: Path, data_dir: Path) -> JsonObject:
    """What a request says of the workflow: that of a file, or the stored one of that name. Raises
    InvalidRequest.
    """
    if stored(path, data_dir):
        return {"workflowId": str(path)}
    return {"workflow": read_workflow(path)}


def stored(name: Path, data_dir: Path) -> Path | None:
    """The file of a stored workflow; None where ``name`` is that of a file, or of none."""
    kept = data_dir / WORKFLOWS / f"{name}.json"
    return kept if kept.is_file() and not name.exists() else None


def read_file(path: Path) -> bytes:
    """What may be a workflow; raises InvalidRequest."""
    try:
        with open(path, "rb", opener=without_waiting) as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise unreadable(path, error.strerror or str(error)) from error


def without_waiting(path: str, flags: int) -> int:
    """What comes out of another command is waited for, a pipe that nobody writes into is not."""
    if sys.platform == "win32":
        return os.open(path, flags)
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


def unreadable(path: Path, why: str) -> InvalidRequest:
    """Why the file ``path`` is not taken."""
    return InvalidRequest.of("workflow", "unreadable", english(f"{path} cannot be read: {why}"))


async def generate(
    settings: Settings, asked: JsonObject, console: Console, images: Sequence[str] = ()
) -> BatchEnd:
    """Run one batch to its end, from ``images`` ([SLOT=]FILE) where the workflow takes some. Raises
    InvalidRequest before anything else is done, ServerError, or StorageError.
    """
    needs_model = not {"model", "workflow", "workflowId"}.intersection(asked)
    whole = {**asked, "model": CHOSEN_LATER} if needs_model else asked
    request = BatchRequest.parse(whole, prompt_limit=settings.prompt_limit)
    async with opened(settings, console) as app:
        _say_where(app, console)
        if needs_model:
            request = request.model_copy(update={"model": await _first_model(app)})
        if images:
            given = await _given_pictures(app, await _picture_places(app, asked), images)
            request = request.model_copy(update={"input_images": given})
        return await _see_through(app, await app.commands.start(HERE, request), console)


async def resume(settings: Settings, batch_id: str, console: Console) -> BatchEnd:
    """Make what is missing of a batch; fine if that is nothing. Raises NotFound, Conflict where
    another process works on it, ServerError, or StorageError.
    """
    async with opened(settings, console) as app:
        _say_where(app, console)
        batch = await app.queries(HERE).batch(batch_id)
        if batch.ended and not batch.missing:
            return _outcome(app, batch)
        return await _see_through(app, await app.commands.resume(HERE, batch_id), console)


@asynccontextmanager
async def opened(settings: Settings, console: Console) -> AsyncIterator[Services]:
    """The app, with its log. What is refused before leaves nothing behind. A database that is
    locked is waited for as long as it takes: a person can give up with Ctrl-C.
    """
    timeouts = Timeouts(stall=settings.stall_seconds, database=math.inf)
    lockout = Lockout(partial(_warn, console))
    with written(settings.data_dir, COMMAND):
        progress = InWords(partial(_warn, console))
        async with build(settings, timeouts=timeouts, lockout=lockout, progress=progress) as app:
            yield Services(app)


async def _see_through(app: Services, accepted: Accepted, console: Console) -> BatchEnd:
    _say_what(accepted, console)
    await _watch(app, accepted.batch, console)
    return _outcome(app, accepted.batch)


def _outcome(app: Services, batch: BatchState) -> BatchEnd:
    return BatchEnd(batch, app.queries(HERE).files.folder(batch.batch_id))


async def _picture_places(app: Services, asked: JsonObject) -> list[str]:
    """Where the workflow takes pictures, be it given, stored or built in."""
    queries, workflow = app.queries(HERE), asked.get("workflow")
    if (stored := asked.get("workflowId")) and stored not in FAMILIES:
        workflow = (await queries.workflow(stored)).workflow
    if workflow is None:
        return [str(PICTURE)]
    found = await queries.server.inspect(json.dumps(workflow).encode())
    return [str(slot) for slot in found.workflow.roles.image]


async def _given_pictures(
    app: Services, places: Sequence[str], images: Sequence[str]
) -> dict[str, str]:
    """The pictures' ids by slot; without one, the only place that there is."""
    given: dict[str, str] = {}
    for text in images:
        slot, path = _place_and_path(text, places)
        kept = await app.commands.keep_picture(HERE, await asyncio.to_thread(read_file, path))
        given[slot] = kept.id
    return given


def _place_and_path(text: str, places: Sequence[str]) -> tuple[str, Path]:
    slot, sign, name = text.partition("=")
    if sign and slot in places:
        return slot, Path(name)
    if len(places) != 1:
        known = ", ".join(places) or "none"
        message = f"Say where the picture goes, as SLOT=FILE. The workflow takes some at: {known}."
        raise InvalidRequest.of("inputImages", "no_picture_place", english(message))
    return places[0], Path(text)


async def _first_model(app: Services) -> str:
    server = app.queries(HERE).server
    checkpoints = [m for m in await server.models() if m.is_checkpoint]
    if not checkpoints:
        raise InvalidRequest.of("model", "no_models", server.no_models())
    return checkpoints[0].name


def _say_where(app: Services, console: Console) -> None:
    queries = app.queries(HERE)
    for notice in queries.notices:
        _warn(console, notice)
    if not queries.server.is_demo:
        return
    if queries.is_server_given:
        address = queries.server.address
        _warn(console, f"A demo engine answers at {address}: it paints placeholder pictures.")
    elif not queries.is_demo_wanted:
        console.print(
            "[yellow]No ComfyUI found, so these are placeholder pictures of the built-in demo "
            "engine.[/] Start ComfyUI, or give its address with --comfyui."
        )


def _warn(console: Console, text: str) -> None:
    console.print(text, style="yellow", markup=False, soft_wrap=True)


def _say_what(accepted: Accepted, console: Console) -> None:
    batch = accepted.batch
    seconds = accepted.known_seconds or 0.0
    about = f"about {seconds:.0f} s" if seconds >= 1 else ""
    console.print(f"Batch {batch.batch_id} · {accepted.images} images {about}".rstrip())
    if accepted.remark:
        console.print(f"[yellow]{accepted.remark}[/]")


async def _watch(app: Services, batch: BatchState, console: Console) -> None:
    """Until it has ended, or is to be left: the app breaks it off when it closes."""
    stop, leave = asyncio.Event(), asyncio.Event()
    ended = app.queries(HERE).ended(batch.batch_id)
    waits = [
        asyncio.create_task(wait) for wait in (ended, _stopped(stop, app, batch), leave.wait())
    ]
    with (
        on_signal(signal.SIGINT, partial(_end, stop, Exit.CANCELLED)),
        on_signal(signal.SIGTERM, partial(_end, leave, Exit.FAILED)),
        Display(batch, console) as display,
    ):
        while not any(wait.done() for wait in waits):
            display.draw(stopping=stop.is_set())
            await asyncio.wait(waits, timeout=REDRAW_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        display.draw(stopping=stop.is_set())
    for wait in waits:
        wait.cancel()


def _end(event: asyncio.Event, code: Exit) -> None:
    event.set()
    end_soon(code)


async def _stopped(stop: asyncio.Event, app: Services, batch: BatchState) -> None:
    """Somebody wanted it to stop, and it has; or the server was waited for long enough."""
    await stop.wait()
    await app.commands.cancel(HERE, batch.batch_id, "Ctrl-C")
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            await app.queries(HERE).ended(batch.batch_id)


def tell(outcome: BatchEnd, *, as_json: bool) -> NoReturn:
    """The last words, the folder or the JSON object on stdout, and the exit code."""
    screen().print(_summary(outcome), soft_wrap=True)
    typer.echo(outcome.as_json() if as_json else str(outcome.folder))
    raise typer.Exit(outcome.exit_code)


def _summary(outcome: BatchEnd) -> str:
    """The last words: how many, how long, where."""
    batch = outcome.batch
    parts = [f"{batch.completed_images} of {batch.total_images} images"]
    if batch.failed_images:
        parts.append(f"{len(batch.failed_images)} failed")
    if extras := sum(len(picture.extras) for picture in batch.pictures):
        parts.append(f"{extras} further in the folder extra")
    if batch.completed_at:
        parts.append(f"{batch.working.seconds:.1f} s")
    remarks = dict.fromkeys(picture.remark for picture in batch.pictures)
    said = [escape(words) for words in (batch.ended_because, *remarks) if words]
    how = "interrupted" if batch.interrupted else batch.status.value
    return "\n".join([" · ".join([how, *parts]), *said])
