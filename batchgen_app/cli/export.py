"""What a search finds, into a folder or a ZIP: for other programs, or for somebody else."""

from dataclasses import asdict
from pathlib import Path

import typer

from batchgen_app import __version__
from batchgen_app.cli.exits import Exit, tell, tell_all
from batchgen_app.cli.reindex import shown
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.file_names import NamePattern
from batchgen_app.core.search import passed_over
from batchgen_app.core.wire import json_line
from batchgen_app.language.message import english
from batchgen_app.logs import COMMAND, written
from batchgen_app.services.search_queries import workflow_names_in
from batchgen_app.settings import Settings, saved_settings
from batchgen_app.storage.delivery.exporting import Exported, Exporter
from batchgen_app.storage.storage import open_storage


async def export(
    settings: Settings, query: str, to: Path, *, names: str | None, pack: bool, clean: bool
) -> Exported:
    """Write what is found, or clean copies of it; problems are told. Raises InvalidRequest,
    StorageError.
    """
    _check(query)
    if names is None:
        names = saved_settings(settings.data_dir).name_pattern
    pattern = NamePattern.parse(names) if names is not None else None
    with written(settings.data_dir, COMMAND), shown() as progress:
        storage_of = open_storage(settings.data_dir, settings.output_dir, progress=progress)
        async with storage_of as storage:
            tell_all(settings.notices, storage.notices)
            exporter = Exporter(
                storage,
                query,
                pattern,
                version=__version__,
                progress=progress,
                is_clean=clean,
                workflows=await workflow_names_in(storage, settings.data_dir),
            )
            return await exporter.export(to, pack=pack)


def _check(query: str) -> None:
    """Raises InvalidRequest where a term would be passed over: more would be copied than is asked
    for.
    """
    if terms := passed_over(query):
        said = f'"{terms[0]}" is not understood, and without it more is found. Nothing was copied.'
        raise InvalidRequest.of("query", "bad_query", english(said))


def finish(done: Exported, query: str, to: Path, *, as_json: bool) -> None:
    """The last words; the place, or a JSON object, on stdout; the exit code."""
    tell_all(done.problems)
    tell(_summary(done, query))
    if as_json:
        typer.echo(json_line({**asdict(done), "to": str(to)}))
    elif done.pictures:
        typer.echo(str(to))
    raise typer.Exit(Exit.DONE if done.pictures and not done.problems else Exit.FAILED)


def _summary(done: Exported, query: str) -> str:
    if not done.found:
        return f'No picture is found by "{query}".' if query else "There are no pictures yet."
    there = f", {done.there} were there already" if done.there else ""
    return f"{done.pictures} of {done.found} pictures: {done.written} files written{there}."
