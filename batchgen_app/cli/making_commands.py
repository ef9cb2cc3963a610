"""The commands that make pictures, or say how they are made, with a ComfyUI server. What they do
stands in the modules of their names.
"""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from batchgen_app.cli.exits import in_own_words, screen
from batchgen_app.cli.generate_options import (
    AsIs,
    BaseSeed,
    Cfg,
    Count,
    Denoise,
    Dynamic,
    FamilyName,
    Guidance,
    InputValues,
    Keep,
    Loras,
    Model,
    Negative,
    Pictures,
    Prompt,
    RandomSeeds,
    Refiner,
    RoleCorrections,
    Sampler,
    Scheduler,
    Seeds,
    Side,
    Steps,
    Styles,
    TextEncoders,
    Vae,
    WorkflowFile,
)
from batchgen_app.cli.options import (
    AsJson,
    Comfyui,
    DataDir,
    Demo,
    OutputDir,
    given,
    inputs,
    is_given,
    loras,
    roles,
    seed_list,
    settings_of,
)


def generate(
    context: typer.Context,
    prompt: Prompt,
    count: Count = 5,
    keep: Keep = None,
    random_seeds: RandomSeeds = True,
    base_seed: BaseSeed = None,
    seeds: Seeds = None,
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
    vae: Vae = None,
    text_encoder: TextEncoders = None,
    refiner: Refiner = None,
    lora: Loras = None,
    style: Styles = None,
    image: Pictures = None,
    role: RoleCorrections = None,
    values: InputValues = None,
    dynamic: Dynamic = False,
    as_is: AsIs = False,
    as_json: AsJson = False,
    comfyui: Comfyui = None,
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
    with in_own_words():
        chosen = seed_list(seeds)
        asked = given(
            prompt=prompt,
            batchCount=len(chosen) if chosen and not is_given(context, "count") else count,
            keep=keep,
            seedMode="random" if random_seeds else "incremental",
            baseSeed=base_seed,
            seeds=chosen,
            model=model,
            negativePrompt=negative,
            baseParameters=base,
            guidance=guidance,
            denoise=denoise,
            family=family,
            vae=vae,
            textEncoders=text_encoder or None,
            refiner=refiner,
            loras=loras(lora or []),
            styles=style or None,
            roles=roles(role or []),
            inputs=inputs(values or []),
            promptAsIs=as_is or None,
            dynamicPrompt=dynamic or None,
        )
        settings = settings_of(data_dir, output_dir, comfyui, demo=demo)
        if workflow:
            asked |= command.workflow_given(workflow, settings.data_dir)
        ended = command.generate(settings, asked, screen(), images=image or ())
        command.tell(asyncio.run(ended), as_json=as_json)


def workflow(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", hidden=True)] = None,
    as_json: AsJson = False,
    comfyui: Comfyui = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Say what is understood of a workflow, and what it lacks on the server.

    FILE is a workflow, a picture that carries one, or a stored name. Without it: which are stored.
    """
    from batchgen_app.cli import workflow as command  # noqa: PLC0415 - keeps the other commands quick

    with in_own_words():
        settings = settings_of(data_dir, output_dir, comfyui, demo=demo)
        asyncio.run(command.show(settings, file, screen(), as_json=as_json))


def import_pictures(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", hidden=True)],
    keep: Annotated[
        bool, typer.Option("--keep", help="Take them into the gallery; the files stay.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="A JSON object a file, a line each.")
    ] = False,
    comfyui: Comfyui = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Say how pictures were made, whichever program made them.

    FILE is a PNG, JPEG or WebP, or a folder with some.
    """
    from batchgen_app.cli import imports as command  # noqa: PLC0415 - keeps the other commands quick

    with in_own_words():
        settings = settings_of(data_dir, output_dir, comfyui, demo=demo)
        told = command.run(settings, files, screen(), keep=keep, as_json=as_json)
        raise typer.Exit(asyncio.run(told))


def resume(
    batch_id: Annotated[str, typer.Argument(metavar="BATCH", hidden=True)],
    as_json: AsJson = False,
    comfyui: Comfyui = None,
    demo: Demo = False,
    data_dir: DataDir = None,
    output_dir: OutputDir = None,
) -> None:
    """Make what is missing of a batch that was interrupted, stopped, or failed in part.

    BATCH is the name of its folder.
    """
    from batchgen_app.cli import generate as command  # noqa: PLC0415 - keeps the other commands quick

    with in_own_words():
        settings = settings_of(data_dir, output_dir, comfyui, demo=demo)
        command.tell(asyncio.run(command.resume(settings, batch_id, screen())), as_json=as_json)
