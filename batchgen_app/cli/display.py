"""A batch in the terminal, while it is made."""

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.state import BatchState


class Display:
    """The batch as two bars, and a line for each image that is done."""

    def __init__(self, batch: BatchState, console: Console) -> None:
        self._batch = batch
        self._console = console
        self._shown: set[int] = set()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[note]}"),
            console=console,
            transient=True,
        )
        self._images: TaskID = self._progress.add_task("Images", total=batch.total_images, note="")
        self._steps: TaskID = self._progress.add_task("Steps", total=None, note="")

    def __enter__(self) -> "Display":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def draw(self, *, stopping: bool) -> None:
        """Bring the screen up to date."""
        batch = self._batch
        self._tell_news()
        done = batch.total_images - len(batch.unfinished)
        note = "Stopping…" if stopping else batch.server_trouble or _time_left(batch)
        self._progress.update(
            self._images,
            description=_label(batch),
            completed=done,
            total=batch.total_images,
            note=escape(note),
        )
        self._progress.update(
            self._steps, completed=batch.current_step or 0, total=batch.total_steps
        )

    def _tell_news(self) -> None:
        for image in self._batch.images:
            if image.index in self._shown or not (image.picture or image.message):
                continue
            self._shown.add(image.index)
            self._console.print(_line(self._batch, image.index), soft_wrap=True)


def _label(batch: BatchState) -> str:
    if batch.current_image is None:
        return "Waiting" if batch.status is BatchStatus.QUEUED else "Finishing"
    return f"Image {batch.current_image} of {batch.total_images}"


def _time_left(batch: BatchState) -> str:
    seconds = batch.estimated_seconds_remaining
    if seconds is None:
        return ""
    said = f"{max(1.0, seconds):.0f} s left"
    return (
        said if batch.estimate_basis == "observed" else f"about {said}, by what earlier ones took"
    )


def _line(batch: BatchState, index: int) -> str:
    image = batch.image(index)
    place = f"{index:2} of {batch.total_images}"
    if image.status is ImageStatus.FAILED:
        return f"[red]✗[/] {place}  {escape(image.message or '')}"
    words = f"  [dim]{escape(image.prompt)}[/]" if image.prompt else ""
    return f"[green]✓[/] {place}  {image.picture.filename if image.picture else ''}{words}"
