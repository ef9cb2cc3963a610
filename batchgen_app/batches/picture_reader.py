"""PictureReader: how a picture was made, whichever program made it, as a request for the server in
use.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from batchgen_app.batches.server import Server
from batchgen_app.batches.workflow_reader import WorkflowReader
from batchgen_app.comfy.models import Category, Model
from batchgen_app.core.errors import InvalidRequest, PictureBroken, ServerError
from batchgen_app.core.image_source import Source
from batchgen_app.core.limits import MAX_GRAPH_DEPTH
from batchgen_app.core.programs import a1111, read_by
from batchgen_app.core.programs.asked import Offered, Reading, asked, possible
from batchgen_app.core.programs.told import Told, sorted_out
from batchgen_app.core.wire import JsonObject, is_deeper
from batchgen_app.language.message import Message, later
from batchgen_app.storage import decoding
from batchgen_app.storage.picture_texts import PictureTexts, texts_of
from batchgen_app.storage.workflow_file import CHUNKS
from batchgen_app.workflows.graph import Kind, NodeGraph, Slot
from batchgen_app.workflows.workflow import Workflow

NO_SETTINGS = later("The file carries no settings that can be read.")
DAMAGED = later("The picture is damaged, and what stands behind the damage cannot be read.")
NO_PICTURE = later("This file is no PNG, JPEG or WebP picture, and no text of settings.")
UNCLEAR = later("{role}: it is not clear which input of the workflow it is")
UNUSABLE_GRAPH = later("Workflow: {why}")
NOT_COMPARED = later(
    "The server does not answer, so models and samplers are as the picture names them."
)
LONGEST_TEXT = 1_000_000
"""Bytes of a text that is given instead of a picture."""
ROLES: Mapping[str, Kind] = {
    "prompt": str, "negative_prompt": str, "steps": int, "cfg": (int, float), "width": int,
    "height": int, "sampler_name": str, "scheduler": str, "model": str, "vae": str,
    "guidance": (int, float), "seed": int,
}  # fmt: skip
FIELDS = {"negative_prompt": "negativePrompt", "sampler_name": "sampler"}


class PictureReader:
    """Reads for one server, whether it answers or not."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._workflows = WorkflowReader(server)

    async def read(self, content: bytes, prompt_limit: int) -> Reading:
        """What a picture tells, or the text beside one. Raises InvalidRequest for what is neither;
        what carries nothing is read as "unknown".
        """
        found = await asyncio.to_thread(_texts, content)
        told = await asyncio.to_thread(read_by.read, found.texts)
        offered, unasked = await self._offered()
        graph = None if told.source == "swarmui" else await self._graph(found)
        if graph and not (told.source == "batchgen" and graph.workflow and graph.is_built_in):
            reading = await asyncio.to_thread(_of_graph, graph, told, offered, prompt_limit)
        else:
            reading = await asyncio.to_thread(asked, told, offered, prompt_limit)
        if reading.source == "unknown":
            return reading.also_unread(await asyncio.to_thread(_why_nothing, content))
        made_at = reading.made_at or found.made_at
        return replace(reading.also_unread(*unasked), made_at=made_at)

    async def _offered(self) -> tuple[Offered, Sequence[Message]]:
        catalog = self._server.catalog
        try:
            models, samplers = await catalog.models(), await catalog.samplers()
            schedulers = await catalog.schedulers()
        except ServerError:
            return Offered(), [NOT_COMPARED]
        return (
            Offered(
                models=[model.name for model in models if model.makes_pictures],
                loras=_named(models, Category.LORAS),
                vaes=_named(models, Category.VAE),
                samplers=samplers,
                schedulers=schedulers,
            ),
            [],
        )

    async def _graph(self, found: PictureTexts) -> "_Graph | None":
        """What was run, or else what stood in the editor; None where there is neither."""
        faults: list[Message] = []
        for keyword in CHUNKS:
            if data := await asyncio.to_thread(_object, found.texts.get(keyword)):
                try:
                    return _Graph(await self._workflow(data))
                except InvalidRequest as error:
                    faults.append(later(UNUSABLE_GRAPH, why=error.message))
        return _Graph(None, faults[0]) if faults else None

    async def _workflow(self, data: JsonObject) -> Workflow:
        """Raises InvalidRequest."""
        try:
            nodes, known = await self._workflows.nodes(data, to_look_at=True)
        except ServerError:
            return await asyncio.to_thread(Workflow.parse, data)
        return await asyncio.to_thread(Workflow, nodes, known)


@dataclass(frozen=True)
class _Graph:
    """A workflow, or why there is none."""

    workflow: Workflow | None
    fault: Message | None = None

    @property
    def is_built_in(self) -> bool:
        """Whether it is one of ours, which a request need not hand in."""
        graph = self.workflow.graph if self.workflow else NodeGraph({})
        saved = (graph.inputs(node).get("filename_prefix") for node in graph)
        return any(isinstance(prefix, str) and prefix.startswith("BatchGen/") for prefix in saved)


def _texts(content: bytes) -> PictureTexts:
    """Raises InvalidRequest."""
    try:
        return texts_of(content)
    except PictureBroken as error:
        if told := _settings_in(content):
            return PictureTexts({read_by.PARAMETERS: told})
        raise InvalidRequest.of("file", "no_picture", NO_PICTURE) from error


def _settings_in(content: bytes) -> str | None:
    """The text that lies beside a picture, given by itself."""
    if len(content) > LONGEST_TEXT or b"\0" in content:
        return None
    with suppress(ValueError):
        written = content.decode("utf-8-sig").replace("\r\n", "\n")
        return written if a1111.read(written).values else None
    return None


def _why_nothing(content: bytes) -> Message:
    try:
        decoding.claim_of(content)
    except PictureBroken:
        return DAMAGED
    return NO_SETTINGS


def _named(models: Sequence[Model], category: Category) -> list[str]:
    return [model.name for model in models if model.category is category]


def _object(written: str | None) -> JsonObject | None:
    """ComfyUI writes NaN where it means nothing."""
    if not written:
        return None
    with suppress(ValueError, RecursionError):
        found = json.loads(written, parse_constant=lambda _: None)
        if isinstance(found, dict) and not is_deeper(found, MAX_GRAPH_DEPTH):
            return found
    return None


def _of_graph(graph: _Graph, told: Told, offered: Offered, prompt_limit: int) -> Reading:
    """The workflow is used as it is. What it tells by itself counts; where it does not, the text
    that others wrote beside it.
    """
    workflow = graph.workflow
    source: Source
    if workflow is None:
        reading = asked(told, offered, prompt_limit)
        source = "comfyui" if told.source == "unknown" else told.source
        return replace(reading, source=source).also_unread(*filter(None, [graph.fault]))
    values = _values(workflow)
    source = "batchgen" if told.source == "batchgen" else "comfyui"
    seen = sorted_out(source, values, {name: name for name in values})
    also = {name: value for name, value in told.values.items() if name in {"prompt", "seed"}}
    whole = replace(
        seen, values={**also, **seen.values}, loras=tuple(workflow.parameters().loras or ())
    )
    reading = asked(whole, offered, prompt_limit)
    if why := possible("workflow", workflow.nodes):
        return reading.also_unread(later(UNUSABLE_GRAPH, why=why))
    # They are in the graph; given besides, they would be put into it a second time.
    request = {name: value for name, value in reading.request.items() if name != "loras"}
    whole_request = {**request, "workflow": workflow.nodes}
    reading = replace(reading, request=whole_request, alike=workflow.for_seed(0).nodes)
    return reading.also_unread(*_unclear(workflow, request))


def _values(workflow: Workflow) -> JsonObject:
    """Of each role what stands in its places, where that is one thing."""
    told: JsonObject = {}
    for role, kind in ROLES.items():
        slots: Sequence[Slot] = getattr(workflow.roles, role)
        values = {workflow.graph.read(slot, kind) for slot in slots}
        if len(values) == 1 and (value := values.pop()) is not None:
            told[FIELDS.get(role, role)] = value
    return told


def _unclear(workflow: Workflow, request: JsonObject) -> list[Message]:
    asked_about = {"prompt": later("Prompt"), "negative_prompt": later("Negative prompt")}
    return [
        later(UNCLEAR, role=called)
        for role, called in asked_about.items()
        if role in workflow.found.choices and FIELDS.get(role, role) not in request
    ]
