"""What `batchgen generate` is told, option by option."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from batchgen_app.cli.options import CFG, COUNT, DENOISE, GUIDANCE, KEEP, SEED, SIDE, STEPS

Prompt: TypeAlias = Annotated[str, typer.Argument(metavar="PROMPT", hidden=True)]
Count: TypeAlias = Annotated[
    int,
    typer.Option("--count", "-n", metavar="NUMBER", parser=COUNT, help="How many, 2 to 20."),
]
Keep: TypeAlias = Annotated[
    int | None,
    typer.Option(metavar="NUMBER", parser=KEEP, help="Replace rejected ones until so many stay."),
]
RandomSeeds: TypeAlias = Annotated[
    bool,
    typer.Option("--random-seeds/--incremental-seeds", help="A random seed for each image."),
]
BaseSeed: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="NUMBER", parser=SEED, help="First of the incremental seeds; -1 picks one."
    ),
]
Seeds: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NUMBER,…", help="Just these seeds, one for each image."),
]
Model: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Checkpoint; without it, the server's first one."),
]
Negative: TypeAlias = Annotated[
    str | None, typer.Option(metavar="TEXT", help="What the pictures should not show.")
]
Steps: TypeAlias = Annotated[
    int | None, typer.Option(metavar="NUMBER", parser=STEPS, help="Sampling steps, 1 to 150.")
]
Cfg: TypeAlias = Annotated[
    float | None,
    typer.Option(metavar="NUMBER", parser=CFG, help="How closely to follow, 1.0 to 30.0."),
]
Side: TypeAlias = Annotated[
    int | None, typer.Option(metavar="PIXELS", parser=SIDE, help="64 to 4096 in steps of 8.")
]
Sampler: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Sampler, from the server's list.")
]
Scheduler: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Scheduler, likewise.")
]
WorkflowFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="A workflow of ComfyUI, a picture that carries one, or a stored name."
    ),
]
Guidance: TypeAlias = Annotated[
    float | None,
    typer.Option(metavar="NUMBER", parser=GUIDANCE, help="Guidance, where there is one."),
]
Denoise: TypeAlias = Annotated[
    float | None,
    typer.Option(metavar="NUMBER", parser=DENOISE, help="How much changes, 0 to 1."),
]
FamilyName: TypeAlias = Annotated[
    str | None,
    typer.Option("--family", metavar="NAME", help="Of a model whose name does not tell it."),
]
Vae: TypeAlias = Annotated[
    str | None, typer.Option(metavar="NAME", help="Another VAE than the one that is found.")
]
TextEncoders: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--text-encoder", metavar="NAME", help="Likewise; each of them, in their order."),
]
Refiner: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Of SDXL: a checkpoint for the last fifth of the steps."),
]
Loras: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--lora", metavar="NAME[:STRENGTH]", help="A LoRA; may be given several times."),
]
Styles: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--style", metavar="NAME", help="A saved style; may be given several times."),
]
Pictures: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--image", metavar="[SLOT=]FILE", help="A picture to start from."),
]
RoleCorrections: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="ROLE=SLOT", help="Correct a role; ROLE= for none."),
]
InputValues: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="SLOT=VALUE", help="Set another input of the workflow."),
]
Dynamic: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--dynamic", help="Choose anew for each image in {red|blue}, {2$$a|b|c} and __wildcards__."
    ),
]
AsIs: TypeAlias = Annotated[
    bool, typer.Option("--as-is", help="Run even if the prompt or the seed has no place.")
]
