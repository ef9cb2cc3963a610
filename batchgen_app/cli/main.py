"""``batchgen``: the command line."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from batchgen_app import __version__
from batchgen_app.cli.exits import Exit, screen, tell_all, told
from batchgen_app.cli.generate_options import (
    AsIs,
    BaseSeed,
    Cfg,
    Count,
    Denoise,
    FamilyName,
    Guidance,
    InputValues,
    Loras,
    Model,
    Negative,
    Pictures,
    Prompt,
    RandomSeeds,
    RoleCorrections,
    Sampler,
    Scheduler,
    Side,
    Steps,
    WorkflowFile,
)
from batchgen_app.cli.options import (
    DELAY,
    PLACE,
    AsJson,
    ComfyuiUrl,
    DataDir,
    Demo,
    Host,
    Lan,
    OutputDir,
    Port,
    given,
    inputs,
    loras,
    roles,
    usual_ports,
)
from batchgen_app.language.choosing import choose
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
    lan: Lan = None,
    browser: Annotated[bool, typer.Option("--browser", help="No window: the browser.")] = False,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which version.")
    ] = False,
) -> None:
    """One prompt, 2 to 20 ComfyUI variations: watch them arrive, keep the best.

    Without a command, opens the app in a window of its own.
    """
    if context.invoked_subcommand is None:
        settings = _settings(data_dir, output_dir, comfyui, demo=demo, lan=lan)
        choose(settings.language)

        from batchgen_app.cli.opening import open_app  # noqa: PLC0415 - no other command needs it

        asked = context.get_parameter_source("port")
        # Only the usual port may give way to its neighbours; one that somebody chose is it or none.
        is_default = asked is not None and asked.name == "DEFAULT"
        open_app(settings, host, usual_ports(port) if is_default else (port,), browser=browser)


@main.command()
def generate(
    prompt: Prompt,
    count: Count = 5,
    random_seeds: RandomSeeds = True,
    base_seed: BaseSeed = None,
    model: Model = None,
    negative: Negative = None,
    steps: Steps = None,
    cfg: Cfg = None,
    width: Side = None,
    height: Side = None,
    sampler: Sampler = None,
    scheduler: Scheduler = None,
    workflow: WorkflowFile = None,
    guidance: Guidance = None,
    denoise: Denoise = None,
    family: FamilyName = None,
    lora: Loras = None,
    image: Pictures = None,
    role: RoleCorrections = None,
    values: InputValues = None,
    as_is: AsIs = False,
    as_json: AsJson = False,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Run one batch here in the terminal. Ctrl-C stops it; finished images stay.

    PROMPT says what the pictures show, in 1 to 500 characters.
    """
    from batchgen_app.cli import generate as command  # noqa: PLC0415 - keeps the other commands quick

    base = given(
        steps=steps, cfg=cfg, width=width, height=height, samplerName=sampler, scheduler=scheduler
    )
    with told():
        asked = given(
            prompt=prompt,
            batchCount=count,
            seedMode="random" if random_seeds else "incremental",
            baseSeed=base_seed,
            model=model,
            negativePrompt=negative,
            baseParameters=base,
            guidance=guidance,
            denoise=denoise,
            family=family,
            loras=loras(lora or []),
            roles=roles(role or []),
            inputs=inputs(values or []),
            promptAsIs=as_is or None,
        )
        settings = _settings(data_dir, output_dir, comfyui, demo=demo)
        if workflow:
            asked |= command.workflow_given(workflow, settings.data_dir)
        ended = command.generate(settings, asked, screen(), images=image or ())
        command.tell(asyncio.run(ended), as_json=as_json)


@main.command()
def workflow(
    file: Annotated[Path, typer.Argument(metavar="FILE", hidden=True)],
    as_json: AsJson = False,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Say what is understood of a workflow, and what it lacks on the server.

    FILE is a workflow, or a picture that carries one.
    """
    from batchgen_app.cli import workflow as command  # noqa: PLC0415 - keeps the other commands quick

    with told():
        settings = _settings(data_dir, output_dir, comfyui, demo=demo)
        command.tell(asyncio.run(command.inspect(settings, file)), screen(), as_json=as_json)


@main.command()
def resume(
    batch_id: Annotated[str, typer.Argument(metavar="BATCH", hidden=True)],
    as_json: AsJson = False,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Make what is missing of a batch that was interrupted, stopped, or failed in part.

    BATCH is the name of its folder.
    """
    from batchgen_app.cli import generate as command  # noqa: PLC0415 - keeps the other commands quick

    with told():
        settings = _settings(data_dir, output_dir, comfyui, demo=demo)
        command.tell(asyncio.run(command.resume(settings, batch_id, screen())), as_json=as_json)


@main.command()
def serve(
    host: Host = "127.0.0.1",
    port: Port = 8420,
    lan: Lan = None,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Serve the pages and the API without a window, until Ctrl-C."""
    settings = _settings(data_dir, output_dir, comfyui, demo=demo, lan=lan)
    choose(settings.language)

    from batchgen_app.cli.serving import serve_here  # noqa: PLC0415 - slow to import

    serve_here(settings, host, (port,))


@main.command()
def events(
    after: Annotated[int, typer.Option(metavar="SEQ", parser=PLACE, help="Only later ones.")] = 0,
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
        sentence, code = asyncio.run(rebuild(settings))
        typer.echo(sentence)
        raise typer.Exit(code)


@main.command("demo-engine")
def demo_engine(
    port: Port = 8188,
    host: Host = "127.0.0.1",
    step_delay: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", parser=DELAY, help="Time for one sampling step."),
    ] = None,
) -> None:
    """The built-in ComfyUI-compatible demo server on its own."""
    from batchgen_app.cli.demo_engine import serve_demo  # noqa: PLC0415

    with told():
        asyncio.run(serve_demo(host, port, step_delay))


@main.command()
def doctor(
    diagnostics: Annotated[
        bool,
        typer.Option("--diagnostics", help="Print a text for whoever helps, without secrets."),
    ] = False,
    comfyui: ComfyuiUrl = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Check what a batch needs, and say what to do about each fault."""
    from batchgen_app.cli.doctor import collect, diagnose  # noqa: PLC0415

    with told():
        settings = _settings(data_dir, output_dir, comfyui, demo=demo)
        if diagnostics:
            typer.echo(asyncio.run(collect(settings)), nl=False)
            return
        tell_all(settings.notices)
        healthy = asyncio.run(diagnose(settings, screen()))
        raise typer.Exit(Exit.DONE if healthy else Exit.FAILED)


def _settings(
    data_dir: Path | None,
    output_dir: Path | None,
    comfyui_url: str | None = None,
    *,
    demo: bool = False,
    lan: bool | None = None,
) -> Settings:
    with told():
        return load_settings(
            data_dir=data_dir,
            output_dir=output_dir,
            comfyui_url=comfyui_url,
            demo=demo,
            lan=lan,
        )
