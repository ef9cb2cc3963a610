"""What is understood of a workflow: for people as a list, for programs as JSON."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import typer
from pydantic.alias_generators import to_camel
from rich.console import Console
from rich.markup import escape

from batchgen_app.batches.workflow_reader import Inspection, WorkflowReader
from batchgen_app.cli.generate import read_file, stored, unreadable
from batchgen_app.cli.server_here import server_here
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.wire import JsonObject, json_line
from batchgen_app.services.values import ListedWorkflow
from batchgen_app.services.workflow_queries import Library, library_in
from batchgen_app.settings import Settings
from batchgen_app.workflows.corrections import questions
from batchgen_app.workflows.inspection import loras_in, roles_of
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


async def show(settings: Settings, path: Path | None, console: Console, *, as_json: bool) -> None:
    """Tell of one, or without a ``path`` which there are to choose from. Raises InvalidRequest,
    StorageError.
    """
    if path is None:
        tell_all(await library_in(settings.data_dir), console, as_json=as_json)
    else:
        tell(await inspect(settings, path), console, as_json=as_json)


async def inspect(settings: Settings, path: Path) -> Inspection:
    """What is in a file, or in the stored one of that name; raises InvalidRequest where there is no
    workflow in it.
    """
    kept = stored(path, settings.data_dir)
    content = read_file(kept or path)
    async with server_here(settings) as server:
        try:
            found = await WorkflowReader(server).inspect(content)
            return await asyncio.to_thread(_corrected, found, content) if kept else found
        except InvalidRequest as error:
            raise unreadable(path, str(error)) from error


def tell(found: Inspection, console: Console, *, as_json: bool) -> None:
    """On stdout, what is understood; on ``console``, what is to be done about it."""
    if as_json:
        typer.echo(json_line(found.to_json()))
        return
    for line in _lines(found.workflow.corrected(found.roles)):
        typer.echo(line)
    for slot, value in found.fields.items():
        typer.echo(f"{'Field':<16} {slot}={value}")
    for question in questions(found.workflow.found):
        candidates = ", ".join(map(str, question.candidates))
        console.print(f"[yellow]?[/] {escape(str(question.message))} {escape(candidates)}")
    for fault in found.problems:
        console.print(f"[red]✗[/] {escape(str(fault.message))}")


def tell_all(library: Library, console: Console, *, as_json: bool) -> None:
    """On stdout, what can be chosen by its id; on ``console``, which files cannot."""
    if as_json:
        typer.echo(json_line([_named(one) for one in library.workflows]))
    else:
        for one in library.workflows:
            typer.echo(f"{one.id:<24} {one.family or '–':<12} {one.name}")
    for file in library.unusable:
        console.print(f"[yellow]![/] {escape(file.filename)}: {escape(str(file.why))}")


def _named(one: ListedWorkflow) -> JsonObject:
    told = {"id": one.id, "name": one.name, "family": one.family, "builtIn": one.is_built_in}
    return {name: value for name, value in told.items() if value is not None}


def _corrected(found: Inspection, content: bytes) -> Inspection:
    """As the person knows better who keeps it."""
    roles = json.loads(content).get("roles", {})
    return replace(found, workflow=found.workflow.corrected(roles))


def _lines(workflow: Workflow) -> Iterator[str]:
    """Each role with its places and what stands there now; where that has to be asked, a ``?``."""
    files = loras_in(workflow)
    asked = {to_camel(role) for role in workflow.found.choices}
    for role, slots in roles_of(workflow).items():
        told = [f"{slot} ({files[slot]})" if slot in files else slot for slot in slots]
        yield f"{NAMES[role]:<16} {', '.join(told) or ('?' if role in asked else '–')}"
