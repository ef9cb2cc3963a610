"""The options that several commands share, and what they come to."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

ComfyuiUrl: TypeAlias = Annotated[
    str | None,
    typer.Option("--comfyui", metavar="URL", help="Address of ComfyUI. [BATCHGEN_COMFYUI_URL]"),
]
Demo: TypeAlias = Annotated[
    bool, typer.Option("--demo", help="Use the built-in demo engine: placeholder pictures.")
]
DataDir: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--data-dir", metavar="DIR", help="Settings, event log, caches. [BATCHGEN_DATA_DIR]"
    ),
]
OutputDir: TypeAlias = Annotated[
    Path | None,
    typer.Option("--output-dir", metavar="DIR", help="Where images go. [BATCHGEN_OUTPUT_DIR]"),
]
Host: TypeAlias = Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")]
Port: TypeAlias = Annotated[
    int, typer.Option(metavar="PORT", min=0, max=65535, help="0 picks a free one.")
]
Lan: TypeAlias = Annotated[
    bool | None,
    typer.Option("--lan/--no-lan", help="Let others on your network in, with an access code."),
]
AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print the finished batch as one JSON object.")
]

NEIGHBOURS = 9


def usual_ports(first: int) -> tuple[int, ...]:
    """Where to listen, in this order. What a browser keeps, such as what was typed, belongs to one
    port, so the next one is the same each time; any free one comes last.
    """
    return (*range(first, first + 1 + NEIGHBOURS), 0)
