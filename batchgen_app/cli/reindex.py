"""The gallery, rebuilt from the batch folders."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars

from batchgen_app.cli.exits import Exit, screen, tell, tell_all
from batchgen_app.logs import COMMAND, written
from batchgen_app.settings import Settings
from batchgen_app.storage.progress import InWords, ProgressCallback
from batchgen_app.storage.recover.reindex import reindex
from batchgen_app.storage.storage import open_storage


async def rebuild(settings: Settings) -> tuple[str, Exit]:
    """Rebuild it; gives a sentence about what was found, problems are told, and whether all
    pictures have their folder. Raises StorageError.
    """
    with written(settings.data_dir, COMMAND), shown() as progress:
        storage_of = open_storage(settings.data_dir, settings.output_dir, progress=progress)
        async with storage_of as storage:
            counted = storage.brought_back.problems_in_words
            tell_all(settings.notices, (text for text in storage.notices if text != counted))
            report = await reindex(
                storage.log, storage.gallery, storage.store, storage.locks, progress
            )
            told = report.after(storage.brought_back)
    tell_all(told.problems)
    return str(told), Exit.FAILED if told.without_folder else Exit.DONE


@contextmanager
def shown() -> Iterator[ProgressCallback]:
    """As a bar on a terminal; elsewhere in lines, where it takes long."""
    console = screen()
    if not console.is_terminal:
        yield InWords(tell)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total)

        yield show
