"""What is understood of a workflow: for people as a list, for programs as JSON."""

import json
from collections.abc import Iterator
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from batchgen_app.app import server_address
from batchgen_app.batches.server import Server
from batchgen_app.batches.workflow_reader import Inspection, WorkflowReader
from batchgen_app.cli.generate import read_file, unreadable
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.secrets_store.server_headers import ServerHeaders
from batchgen_app.settings import Settings
from batchgen_app.workflows.corrections import questions
from batchgen_app.workflows.inspection import roles_of
from batchgen_app.workflows.workflow import Workflow

NAMES = {
    "prompt": "Prompt",
    "negativePrompt": "Negative prompt",
    "seed": "Seed",
    "steps": "Steps",
    "cfg": "CFG",
    "guidance": "Guidance",
    "denoise": "Denoise",
    "width": "Width",
    "height": "Height",
    "samplerName": "Sampler",
    "scheduler": "Scheduler",
    "model": "Model",
    "vae": "VAE",
    "textEncoder": "Text encoder",
    "lora": "LoRA",
    "image": "Picture",
    "output": "Output",
}


async def inspect(settings: Settings, path: Path) -> Inspection:
    """What is in a file; raises InvalidRequest where there is no workflow in it."""
    content = read_file(path)
    async with (
        ServerHeaders(settings.data_dir) as headers,
        server_address(settings) as address,
        Server(address, headers.values_for(settings.comfyui_url)) as server,
    ):
        try:
            return await WorkflowReader(server).inspect(content)
        except InvalidRequest as error:
            raise unreadable(path, str(error)) from error


def tell(found: Inspection, console: Console, *, as_json: bool) -> None:
    """On stdout, what is understood; on ``console``, what is to be done about it."""
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False))
        return
    for line in _lines(found.workflow):
        typer.echo(line)
    for question in questions(found.workflow.found):
        candidates = ", ".join(map(str, question.candidates))
        console.print(f"[yellow]?[/] {escape(str(question.message))} {escape(candidates)}")
    for fault in found.problems:
        console.print(f"[red]✗[/] {escape(str(fault.message))}")


def _lines(workflow: Workflow) -> Iterator[str]:
    """Each role with its places and what stands there now."""
    for role, slots in roles_of(workflow).items():
        yield f"{NAMES[role]:<16} {', '.join(slots) or '–'}"
