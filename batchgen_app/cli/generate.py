"""One batch in the terminal: ask, watch, list the files."""

import asyncio
import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from batchgen_app.app import build
from batchgen_app.batches.desk import Accepted
from batchgen_app.batches.workshop import Workshop
from batchgen_app.cli.faults import Exit
from batchgen_app.comfy.models import NO_MODELS
from batchgen_app.core.batch import BatchRequest, BatchStatus
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.report import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.settings import Settings

REDRAW_SECONDS = 0.1
CHOSEN_LATER = "the first model of the server"


@dataclass(frozen=True)
class Outcome:
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
        return json.dumps(summary_of(self.batch).to_json(), ensure_ascii=False)


def read_workflow(path: Path) -> JsonObject:
    """A workflow file; raises InvalidRequest. Its shape is checked with the request."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidRequest.of("workflow", "unreadable", f"{path} cannot be read: {error}") from (
            error
        )
    if not isinstance(data, dict):
        raise InvalidRequest.of("workflow", "not_a_workflow", f"{path} does not hold a workflow.")
    return data


async def generate(settings: Settings, asked: JsonObject, console: Console) -> Outcome:
    """Run one batch to its end. Raises InvalidRequest before anything else is done, ServerError,
    or StorageError.
    """
    needs_model = "model" not in asked and "workflow" not in asked
    request = BatchRequest.parse({**asked, "model": CHOSEN_LATER} if needs_model else asked)
    async with build(settings) as app:
        _say_where(app, console)
        if needs_model:
            request = request.model_copy(update={"model": await _first_model(app)})
        accepted = await app.desk.start(request)
        _say_what(accepted, console)
        await _watch(app, accepted.batch, console)
        return Outcome(accepted.batch, app.memory.store.folder(accepted.batch.batch_id))


async def _first_model(app: Workshop) -> str:
    checkpoints = [m for m in await app.server.catalog.models() if m.is_checkpoint]
    if not checkpoints:
        raise InvalidRequest.of("model", "no_models", NO_MODELS)
    return checkpoints[0].name


def _say_where(app: Workshop, console: Console) -> None:
    if app.is_demo and not app.settings.demo:
        console.print(
            "[yellow]No ComfyUI found, so these are placeholder pictures of the built-in demo "
            "engine.[/] Start ComfyUI, or give its address with --comfyui."
        )


def _say_what(accepted: Accepted, console: Console) -> None:
    batch = accepted.batch
    about = f"about {accepted.estimated_seconds:.0f} s" if accepted.estimated_seconds >= 1 else ""
    console.print(f"Batch {batch.batch_id} · {batch.total_images} images {about}".rstrip())
    if accepted.remark:
        console.print(f"[yellow]{accepted.remark}[/]")


async def _watch(app: Workshop, batch: BatchState, console: Console) -> None:
    ended = asyncio.create_task(app.queue.ended(batch.batch_id))
    stop = asyncio.Event()
    with _on_interrupt(stop.set), _Display(batch, console) as display:
        cancelling = asyncio.create_task(_cancel_when(stop, app, batch))
        while not ended.done():
            display.draw(stopping=stop.is_set())
            await asyncio.wait({ended}, timeout=REDRAW_SECONDS)
        display.draw(stopping=stop.is_set())
        cancelling.cancel()


async def _cancel_when(stop: asyncio.Event, app: Workshop, batch: BatchState) -> None:
    await stop.wait()
    await app.desk.cancel(batch.batch_id, because="Ctrl-C")


@contextmanager
def _on_interrupt(call: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C calls ``call``; a second one ends at once."""
    loop = asyncio.get_running_loop()

    def first(*_: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(call)

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Display:
    """The batch as two bars, and a line for each image that is done."""

    def __init__(self, batch: BatchState, console: Console) -> None:
        self._batch = batch
        self._console = console
        self._told: set[int] = set()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
            transient=True,
        )
        self._images: TaskID = self._progress.add_task("Images", total=batch.total_images, note="")
        self._steps: TaskID = self._progress.add_task("Steps", total=None, note="")

    def __enter__(self) -> "_Display":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def draw(self, *, stopping: bool) -> None:
        """Bring the screen up to date."""
        batch = self._batch
        self._tell_news()
        done = batch.completed_images + len(batch.failed_images)
        note = "Stopping…" if stopping else batch.server_trouble or _time_left(batch)
        self._progress.update(
            self._images, description=_label(batch), completed=done, note=escape(note)
        )
        self._progress.update(
            self._steps, completed=batch.current_step or 0, total=batch.total_steps
        )

    def _tell_news(self) -> None:
        for image in self._batch.images:
            if image.index in self._told or not (image.picture or image.message):
                continue
            self._told.add(image.index)
            self._console.print(_line(self._batch, image.index), soft_wrap=True)


def _label(batch: BatchState) -> str:
    if batch.current_image is None:
        return "Waiting" if batch.status is BatchStatus.QUEUED else "Finishing"
    return f"Image {batch.current_image} of {batch.total_images}"


def _time_left(batch: BatchState) -> str:
    seconds = batch.estimated_seconds_remaining
    return "" if seconds is None else f"{seconds:.0f} s left"


def _line(batch: BatchState, index: int) -> str:
    image = batch.image(index)
    place = f"{index:2} of {batch.total_images}"
    if image.status is ImageStatus.FAILED:
        return f"[red]✗[/] {place}  {escape(image.message or '')}"
    return f"[green]✓[/] {place}  {image.picture.filename if image.picture else ''}"


def summary(outcome: Outcome) -> str:
    """The last words: how many, how long, where."""
    batch = outcome.batch
    parts = [f"{batch.completed_images} of {batch.total_images} images"]
    if batch.failed_images:
        parts.append(f"{len(batch.failed_images)} failed")
    if batch.completed_at:
        parts.append(f"{(batch.completed_at - batch.created_at).total_seconds():.1f} s")
    words = " · ".join([batch.status.value, *parts])
    return words if not batch.ended_because else f"{words}\n{escape(batch.ended_because)}"
