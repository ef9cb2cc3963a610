"""MakingAgain: one picture once more, by the graph and the seed that its own file carries."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from batchgen_app.batches.image_graphs import ImageGraphs, without_token
from batchgen_app.batches.input_pictures import InputPictures
from batchgen_app.batches.planning import Plan
from batchgen_app.batches.server import Server
from batchgen_app.batches.workflow_reader import WorkflowReader
from batchgen_app.comfy.validation import require_runnable, spelled
from batchgen_app.core.batch import GeneratedImage, Understood
from batchgen_app.core.errors import Conflict, InvalidRequest
from batchgen_app.core.request import AnyRequest, BasedOn
from batchgen_app.core.resuming import WORKFLOW_UNKNOWN
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.storage import png
from batchgen_app.storage.images import ImageStore
from batchgen_app.storage.workflow_file import workflow_of_picture
from batchgen_app.workflows.workflow import Workflow

FROM_BATCH = later(
    "The file {name} carries no graph itself, so the one that BatchGen has noted for it was used."
)
NOT_TOLD = later(
    "This server does not tell whether it makes a picture or gives an earlier one again, so "
    "nothing can be proved there. Use a ComfyUI itself."
)
_SEED = re.compile(r"(?:^|, )Seed: (\d{1,16})(?:,|$)", re.MULTILINE)


@dataclass(frozen=True)
class Recipe:
    """What a picture was made by; ``remarks`` say where that does not stand in its file."""

    nodes: JsonObject
    seed: int
    remarks: tuple[Message, ...] = ()


class MakingAgain:
    """Plans for one server."""

    def __init__(self, server: Server, pictures: InputPictures, store: ImageStore) -> None:
        self._server = server
        self._pictures = pictures
        self._store = store
        self._reader = WorkflowReader(server)

    async def plan(
        self, batch: BatchState, picture: GeneratedImage, batch_id: str, now: datetime
    ) -> Plan:
        """Of a picture of ``batch``. Raises InvalidRequest, in which stands what the server lacks,
        Conflict where no graph is known or nothing would be proved, NotFound, ServerError,
        StorageError.
        """
        if not self._server.client.tells_recalls:
            raise Conflict(NOT_TOLD)
        recipe = await self._recipe(batch, picture, now)
        stats = await self._server.client.stats()
        nodes, known = await self._reader.nodes(recipe.nodes)
        with suppress(InvalidRequest):  # where it is gone, the server may still have it
            await self._pictures.bring((batch.request.input_images or {}).values())
        workflow = await asyncio.to_thread(Workflow, nodes, known)
        if names := list(spelled(nodes, known)):
            workflow = workflow.with_values(names)
        await self._pictures.require(workflow)
        await asyncio.to_thread(require_runnable, workflow.nodes, known)
        return Plan(
            batch_id=batch_id,
            request=_request(batch, picture, recipe.seed),
            seeds=(recipe.seed,),
            workflow=workflow.nodes,
            parameters=batch.parameters.model_copy(
                update={"negative_prompt": batch.words(picture.index).negative_prompt}
            ),
            server=stats,
            understood=Understood(remarks=recipe.remarks, outputs=_outputs(batch, workflow)),
            prompts=(),
        )

    async def _recipe(self, batch: BatchState, picture: GeneratedImage, now: datetime) -> Recipe:
        content = await self._store.read(picture.batch_id, picture.filename)
        if found := await asyncio.to_thread(_in_file, content, picture.seed):
            return found
        return await asyncio.to_thread(_noted, batch, picture, now)


def _in_file(content: bytes, noted: int) -> Recipe | None:
    """The graph as it ran has the seed in it; the text beside it tells which one that is."""
    if workflow := workflow_of_picture(content):
        return Recipe(without_token(workflow.nodes), _seed_in(content, noted))
    return None


def _seed_in(content: bytes, noted: int) -> int:
    if not content.startswith(png.SIGNATURE):
        return noted
    told = _SEED.findall(png.text(png.chunks(content), "parameters") or "")
    return int(told[-1]) if told and int(told[-1]) <= MAX_SEED else noted


def _noted(batch: BatchState, picture: GeneratedImage, now: datetime) -> Recipe:
    if not batch.workflow:
        raise Conflict(WORKFLOW_UNKNOWN)
    nodes = ImageGraphs(batch).of(batch.image(picture.index), now)
    return Recipe(nodes, picture.seed, (later(FROM_BATCH, name=picture.filename),))


def _request(batch: BatchState, picture: GeneratedImage, seed: int) -> AnyRequest:
    """What was asked for then, for this image alone, in the words that it got."""
    words = batch.words(picture.index)
    changes = {
        "prompt": words.prompt,
        "negative_prompt": words.negative_prompt
        if batch.prompts
        else batch.request.negative_prompt,
        "dynamic_prompt": None,
        "based_on": BasedOn(batch_id=batch.batch_id, how="proved", image=picture.index),
    }
    return batch.request.with_seeds([seed]).model_copy(update=changes)


def _outputs(batch: BatchState, workflow: Workflow) -> tuple[str, ...]:
    """The nodes that give files, the one of the image first."""
    known = batch.understood.outputs if batch.understood else ()
    kept = tuple(node_id for node_id in known if node_id in workflow.nodes)
    return kept or workflow.roles.output
