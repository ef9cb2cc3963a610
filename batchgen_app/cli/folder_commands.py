"""The commands that work on the folders and the database themselves, without the app. What they
do stands in the modules of their names.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from batchgen_app.cli.exits import Exit, in_own_words, screen, tell_all
from batchgen_app.cli.options import (
    IMAGES,
    ORDERS,
    PLACE,
    Comfyui,
    DataDir,
    Demo,
    OutputDir,
    order,
    settings_of,
)


def events(
    after: Annotated[int, typer.Option(metavar="SEQ", parser=PLACE, help="Only later ones.")] = 0,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new ones.")] = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """The event log as JSON Lines, oldest first."""
    from batchgen_app.cli.events import print_events  # noqa: PLC0415

    with in_own_words():
        settings = settings_of(data_dir, output_dir)
        asyncio.run(print_events(settings, after, follow=follow))


def search(
    query: Annotated[list[str], typer.Argument(metavar="QUERY", hidden=True)],
    sort: Annotated[
        str, typer.Option(metavar="ORDER", parser=order, help=f"One of {', '.join(ORDERS)}.")
    ] = "newest",
    limit: Annotated[
        int, typer.Option(metavar="NUMBER", parser=IMAGES, help="Show so many at most.")
    ] = 50,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print them as GET /api/images gives them.")
    ] = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Find pictures: date, id, marks, seed, model, prompt, file.

    QUERY is what one types in the gallery: words, "phrases", -word, model:, rating:>=3, tag: …
    Put it in quotes; where it begins with a minus, put -- before it.
    """
    from batchgen_app.cli import search as command  # noqa: PLC0415 - keeps the other commands quick

    with in_own_words():
        settings = settings_of(data_dir, output_dir)
        found = command.search(settings, " ".join(query), sort, limit, as_json=as_json)
        asyncio.run(found)


def reindex(data_dir: DataDir = None, output_dir: OutputDir = None) -> None:
    """Rebuild the gallery from the batch folders; loses nothing."""
    from batchgen_app.cli.reindex import rebuild  # noqa: PLC0415

    with in_own_words():
        settings = settings_of(data_dir, output_dir)
        sentence, code = asyncio.run(rebuild(settings))
        typer.echo(sentence)
        raise typer.Exit(code)


def export(
    query: Annotated[str, typer.Argument(metavar="QUERY", hidden=True)],
    to: Annotated[Path, typer.Option("--to", metavar="DIR|FILE.zip", help="Where they go.")],
    pack: Annotated[
        bool,
        typer.Option("--pack", help="With contact sheet, light table and checksums."),
    ] = False,
    clean: Annotated[
        bool,
        typer.Option("--clean", help="Without their settings: not in the files, not beside them."),
    ] = False,
    names: Annotated[
        str | None,
        typer.Option(metavar="PATTERN", help="How files are called, like {date}_{prompt}_{seed}."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print what came of it as one JSON object.")
    ] = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Copy the pictures that a search finds into a folder or a ZIP. Nothing is written over.

    QUERY is what one would type into the gallery's search; "" for all pictures.
    """
    from batchgen_app.cli import export as command  # noqa: PLC0415 - keeps the other commands quick

    with in_own_words():
        settings = settings_of(data_dir, output_dir)
        exported = command.export(settings, query, to, names=names, pack=pack, clean=clean)
        done = asyncio.run(exported)
        command.finish(done, query, to, as_json=as_json)


def doctor(
    diagnostics: Annotated[
        bool,
        typer.Option("--diagnostics", help="Print a text for whoever helps, without secrets."),
    ] = False,
    comfyui: Comfyui = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Check what a batch needs, and say what to do about each fault."""
    from batchgen_app.cli.doctor import collect, diagnose  # noqa: PLC0415

    with in_own_words():
        settings = settings_of(data_dir, output_dir, comfyui, demo=demo)
        if diagnostics:
            typer.echo(asyncio.run(collect(settings)), nl=False)
            return
        tell_all(settings.notices)
        healthy = asyncio.run(diagnose(settings, screen()))
        raise typer.Exit(Exit.DONE if healthy else Exit.FAILED)
