"""``batchgen``: the command line."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from batchgen_app import __version__
from batchgen_app.cli.browser import show
from batchgen_app.cli.faults import Exit, screen, told
from batchgen_app.cli.options import ComfyuiUrl, DataDir, Demo, Host, OutputDir, Port
from batchgen_app.core.errors import AlreadyRunning
from batchgen_app.core.wire import JsonObject
from batchgen_app.settings import Settings, load_settings

main = typer.Typer(
    name="batchgen",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"batchgen {__version__}")
        raise typer.Exit


@main.callback(invoke_without_command=True)
def batchgen(
    context: typer.Context,
    host: Host = "127.0.0.1",
    port: Port = 8420,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """One prompt, 2 to 20 ComfyUI variations: watch them arrive, keep the best.

    Without a command, opens the app in the browser.
    """
    if context.invoked_subcommand is None:
        settings = _settings(data_dir, output_dir, comfyui, demo=demo)
        _serve(settings, host, port, then=show)


@main.command()
def generate(
    prompt: Annotated[str, typer.Argument(help="What the pictures show, 1 to 500 characters.")],
    count: Annotated[int, typer.Option("--count", "-n", help="How many, 2 to 20.")] = 5,
    random_seeds: Annotated[
        bool,
        typer.Option("--random-seeds/--incremental-seeds", help="A random seed for each image."),
    ] = True,
    base_seed: Annotated[
        int | None, typer.Option(help="First of the incremental seeds; -1 picks one.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="Checkpoint; without it, the server's first one.")
    ] = None,
    negative: Annotated[str | None, typer.Option(help="What the pictures should not show.")] = None,
    steps: Annotated[int | None, typer.Option(help="Sampling steps, 1 to 150.")] = None,
    cfg: Annotated[float | None, typer.Option(help="How closely to follow, 1.0 to 30.0.")] = None,
    width: Annotated[int | None, typer.Option(help="Pixels, 64 to 4096 in steps of 8.")] = None,
    height: Annotated[int | None, typer.Option(help="Pixels, 64 to 4096 in steps of 8.")] = None,
    sampler: Annotated[str | None, typer.Option(help="Sampler, from the server's list.")] = None,
    scheduler: Annotated[str | None, typer.Option(help="Scheduler, likewise.")] = None,
    workflow: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A workflow exported in API format.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the finished batch as one JSON object.")
    ] = False,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Run one batch here in the terminal. Ctrl-C stops it; finished images stay."""
    from batchgen_app.cli import generate as command  # noqa: PLC0415 - keeps the other commands quick

    base = _given(
        steps=steps, cfg=cfg, width=width, height=height, samplerName=sampler, scheduler=scheduler
    )
    with told():
        asked = _given(
            prompt=prompt,
            batchCount=count,
            seedMode="random" if random_seeds else "incremental",
            baseSeed=base_seed,
            model=model,
            negativePrompt=negative,
            workflow=command.read_workflow(workflow) if workflow else None,
            baseParameters=base,
        )
        settings = _settings(data_dir, output_dir, comfyui, demo=demo)
        outcome = asyncio.run(command.generate(settings, asked, screen()))
        screen().print(command.summary(outcome), soft_wrap=True)
        typer.echo(outcome.as_json() if as_json else str(outcome.folder))
        raise typer.Exit(outcome.exit_code)


@main.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8420,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Serve the pages and the API without a window, until Ctrl-C."""
    _serve(_settings(data_dir, output_dir, comfyui, demo=demo), host, port)


@main.command()
def events(
    after: Annotated[int, typer.Option(metavar="SEQ", min=0, help="Only later ones.")] = 0,
    follow: Annotated[bool, typer.Option("--follow", help="Go on with new ones.")] = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """The event log as JSON Lines, oldest first."""
    from batchgen_app.cli.events import print_events  # noqa: PLC0415

    with told():
        settings = _settings(data_dir, output_dir)
        asyncio.run(print_events(settings, after, follow=follow))


@main.command()
def reindex(data_dir: DataDir = None, output_dir: OutputDir = None) -> None:
    """Rebuild the gallery from the batch folders; loses nothing."""
    from batchgen_app.cli.reindex import rebuild  # noqa: PLC0415

    with told():
        settings = _settings(data_dir, output_dir)
        typer.echo(asyncio.run(rebuild(settings)))


@main.command("demo-engine")
def demo_engine(
    port: Port = 8188,
    host: Host = "127.0.0.1",
    step_delay: Annotated[
        float | None, typer.Option(min=0.0, metavar="SECONDS", help="Time for one sampling step.")
    ] = None,
) -> None:
    """The built-in ComfyUI-compatible demo server on its own."""
    from batchgen_app.cli.demo_engine import serve_demo  # noqa: PLC0415

    with told():
        asyncio.run(serve_demo(host, port, step_delay))


@main.command()
def doctor(
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Check what a batch needs, and say what to do about each fault."""
    from batchgen_app.cli.doctor import diagnose  # noqa: PLC0415

    with told():
        settings = _settings(data_dir, output_dir, comfyui, demo=demo)
        healthy = asyncio.run(diagnose(settings, screen()))
        raise typer.Exit(Exit.DONE if healthy else Exit.FAILED)


def _settings(
    data_dir: Path | None,
    output_dir: Path | None,
    comfyui_url: str | None = None,
    *,
    demo: bool = False,
) -> Settings:
    with told():
        return load_settings(
            data_dir=data_dir, output_dir=output_dir, comfyui_url=comfyui_url, demo=demo
        )


def _serve(
    settings: Settings, host: str, port: int, then: Callable[[str], None] | None = None
) -> None:
    """Serve, say where, and ``then`` do something with the address."""
    from batchgen_app.web import serve as serve_pages  # noqa: PLC0415

    def announce(address: str) -> None:
        typer.echo(f"Open {address}")
        if then:
            then(address)

    with told():
        try:
            asyncio.run(serve_pages(settings, host, port, announce))
        except AlreadyRunning as running:
            if not running.address:
                raise
            screen().print(str(running), soft_wrap=True)
            announce(running.address)


def _given(**values: object) -> JsonObject:
    """Only what was given."""
    return {name: value for name, value in values.items() if value is not None}
