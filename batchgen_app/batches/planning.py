"""From a request to a plan: what it asks for is there, the seeds are fixed, the graph is ready."""

import asyncio
import logging
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from batchgen_app.batches.built_in_workflows import BuiltInWorkflows
from batchgen_app.batches.dynamic_prompts import DynamicPrompts
from batchgen_app.batches.input_pictures import InputPictures
from batchgen_app.batches.needed_files import require_files
from batchgen_app.batches.server import Server
from batchgen_app.batches.workflow_reader import WorkflowReader, require_workflow, said_by_app
from batchgen_app.comfy.client import ServerStats
from batchgen_app.comfy.models import Model
from batchgen_app.comfy.validation import require_runnable, spelled
from batchgen_app.core.batch import ImagePrompt, Parameters, Understood
from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound, ServerError
from batchgen_app.core.events import ImageAdded
from batchgen_app.core.keeping import further_seed
from batchgen_app.core.limits import MAX_LONG_PROMPT_LENGTH
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.state import BatchState
from batchgen_app.core.styles import with_styles
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.storage.style_book import StyleBook
from batchgen_app.storage.workflow_library import WorkflowLibrary
from batchgen_app.workflows.additions import refiner_in
from batchgen_app.workflows.corrections import require_settled
from batchgen_app.workflows.families import FAMILIES
from batchgen_app.workflows.from_picture import ROLES
from batchgen_app.workflows.loras import LOADERS
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.prompting import PromptPlaces, for_image
from batchgen_app.workflows.workflow import Workflow

logger = logging.getLogger(__name__)

OWN_PROMPT = later("(the workflow's own prompt)")


@dataclass(frozen=True)
class Plan:
    """A request that can be made on this server. Where it was to run as it is, ``request`` has the
    prompt that the workflow has. ``workflow`` is what the first image gets, ``parameters`` are
    those of all; ``prompts`` are there where the images have different ones.
    """

    batch_id: str
    request: BatchRequest
    seeds: tuple[int, ...]
    workflow: JsonObject
    parameters: Parameters
    server: ServerStats
    understood: Understood
    prompts: tuple[ImagePrompt, ...]


class Planner:
    """Plans batches for one server."""

    def __init__(
        self,
        server: Server,
        built_in: BuiltInWorkflows,
        pictures: InputPictures,
        *,
        library: WorkflowLibrary,
        styles: StyleBook,
        dynamic_prompts: DynamicPrompts,
        rng: random.Random,
    ) -> None:
        self._library = library
        self._styles = styles
        self._dynamic_prompts = dynamic_prompts
        self._pictures = pictures
        self._server = server
        self._reader = WorkflowReader(server)
        self.built_in = built_in
        self._rng = rng

    @property
    def defaults(self) -> Parameters:
        """The parameters of the workflow of requests that bring none."""
        return self.built_in.plain.parameters()

    async def with_styles(self, request: BatchRequest, prompt_limit: int) -> BatchRequest:
        """With the words of the styles that it names. Raises InvalidRequest for one that is not
        there, and where the prompt would be too long with them; StorageError.
        """
        if not request.styles:
            return request
        return with_styles(request, await self._styles.all(), prompt_limit)

    async def with_stored(self, request: BatchRequest) -> BatchRequest:
        """With the workflow that it names, and what was said about that; its own word counts more.
        Raises InvalidRequest where there is none of that name.
        """
        if request.workflow_id is None:
            return request
        if request.workflow_id in FAMILIES:
            asked = {**request.to_json(), "family": request.workflow_id}
            del asked["workflowId"]  # a built-in one is chosen by its family, and needs a model
            return type(request).parse_in({}, asked)
        try:
            kept = await self._library.get(request.workflow_id)
        except NotFound as error:
            raise InvalidRequest.of("workflowId", "unknown_workflow", error.message) from error
        changes = {
            "workflow": kept.workflow,
            "workflow_id": None,
            "workflow_key": kept.key,
            "roles": {**kept.roles, **(request.roles or {})} or None,
            "inputs": {**kept.fields, **(request.inputs or {})} or None,
        }
        return request.model_copy(update=changes)

    async def plan(
        self,
        request: BatchRequest,
        batch_id: str,
        avoid: Sequence[int] = (),
        *,
        prompt_limit: int,
    ) -> Plan:
        """Random seeds are not in ``avoid``; words that vary come to a prompt of at most
        ``prompt_limit`` characters. Raises InvalidRequest, or ServerUnreachable: the
        server is asked at this moment.
        """
        if request.workflow is not None:
            # Before a server is asked: what is no workflow is told wherever it is.
            await asyncio.to_thread(require_workflow, request.workflow)
        seeds = request.plan_seeds(self._rng, avoid)
        prompts = await self._dynamic_prompts.words(request, seeds, prompt_limit)
        # Asked now: the catalog may remember the lists of a server that has gone since.
        stats = await self._server.client.stats()
        model = await self._named(request)
        data = request.workflow or await self._built_in(request, model)
        nodes, known = await self._reader.nodes(data, also=LOADERS if request.loras else ())
        template = await asyncio.to_thread(self._template, request, nodes, known, batch_id)
        if request.input_images:
            template = await self._pictures.give(template, request.input_images)
        await self._pictures.require(template)
        workflow, remarks = await asyncio.to_thread(_filled_in, template, request)
        remarks += await self._pictures.without_mask(template, request.input_images or {})
        asked = _as_it_is(request, template)
        places = PromptPlaces.of(workflow.roles, request.inputs or {})
        words = places.kept(prompts, asked.prompt)
        first = workflow.for_seed(seeds[0])
        if model and request.workflow is None:
            await self.built_in.learn(model, request.family)
        return Plan(
            batch_id=batch_id,
            request=asked,
            seeds=seeds,
            workflow=for_image(first.nodes, places, words),
            parameters=await self._with_hashes(workflow.parameters()),
            server=stats,
            understood=Understood(
                seeds={str(slot): most for slot, most in workflow.seed_places().items()},
                remarks=tuple(remarks),
                outputs=workflow.roles.output,
                prompts=tuple(map(str, places.prompt if words else ())),
                negative_prompts=tuple(map(str, places.negative if words else ())),
            ),
            prompts=words,
        )

    async def _with_hashes(self, parameters: Parameters) -> Parameters:
        """As far as the server tells; a batch is made without them, too."""
        names = [parameters.model, *(lora.name for lora in parameters.loras or ())]
        with suppress(ServerError):
            told = await self._server.catalog.hashes([*filter(None, names)])
            return parameters.model_copy(update={"hashes": told or None})
        return parameters

    async def further_image(
        self, batch: BatchState, now: datetime, prompt_limit: int
    ) -> ImageAdded | None:
        """One more of a batch that is made, with the next seed of its plan. None where there is
        none, or where its words cannot be chosen any more.
        """
        seed = further_seed(batch, self._rng)
        if seed is None:
            return None
        try:
            words = await self._further_words(batch, seed, prompt_limit)
        except InvalidRequest:
            logger.warning("No further image: its words cannot be chosen")
            return None
        index = batch.total_images + 1
        prompt = words[0] if words else None
        return ImageAdded(at=now, batch_id=batch.batch_id, index=index, seed=seed, prompt=prompt)

    async def _further_words(
        self, batch: BatchState, seed: int, prompt_limit: int
    ) -> tuple[ImagePrompt, ...]:
        if not batch.prompts:
            return ()
        words = await self._dynamic_prompts.words(batch.request, [seed], prompt_limit)
        places = await asyncio.to_thread(PromptPlaces.remembered, batch.workflow, batch.understood)
        return places.kept(words, batch.request.prompt)

    async def bring_pictures(self, request: BatchRequest) -> bool:
        """Those that a batch starts from: the server may be another one by now, or have lost them.
        Whether there are any. Raises Conflict where they are not here any more, ServerError,
        StorageError.
        """
        try:
            return bool(await self._pictures.bring((request.input_images or {}).values()))
        except InvalidRequest as error:
            raise Conflict(error.message) from error

    async def require_runnable(self, nodes: JsonObject) -> None:
        """Raises Conflict where nothing would come any more of what was once accepted, or what a
        folder says was: it may be no workflow.
        """
        try:
            graph, known = await self._reader.nodes(nodes)
            await asyncio.to_thread(require_runnable, graph, known)
        except InvalidRequest as error:
            raise Conflict(error.message) from error

    def _template(
        self, request: BatchRequest, nodes: JsonObject, known: NodeTypes, batch_id: str
    ) -> Workflow:
        """As the request has it, understood with what the server tells and the person knows."""
        # A switch that a person sets decides what plays a role.
        as_set = Workflow(nodes, known).set_by_hand(request.inputs or {}).nodes
        workflow = Workflow(as_set, known)
        chosen, _ = said_by_app(request.workflow, workflow)
        if request.workflow is None and request.input_images:
            chosen = ROLES
        workflow = workflow.corrected({**chosen, **(request.roles or {})})
        return workflow.saving_to(f"BatchGen/{batch_id}") if request.workflow is None else workflow

    async def _built_in(self, request: BatchRequest, model: Model | None) -> JsonObject:
        """For its model; with a picture, one that starts from it."""
        if model is None:
            return self.built_in.plain.nodes
        pictures = (request.input_images or {}).values()
        shape = await self._pictures.size(next(iter(pictures))) if pictures else None
        return self.built_in.nodes(model, await self._server.catalog.models(), request, shape)

    async def _named(self, request: BatchRequest) -> Model | None:
        """The model of the request, if it names one, as the server has it. Raises InvalidRequest
        where it does not have what is named.
        """
        catalog, given = self._server.catalog, request.base_parameters
        model = None if request.model is None else await catalog.require(request.model)
        if given.sampler_name is not None:
            _require("samplerName", later("sampler"), given.sampler_name, await catalog.samplers())
        if given.scheduler is not None:
            _require("scheduler", later("scheduler"), given.scheduler, await catalog.schedulers())
        return model


def _filled_in(template: Workflow, request: BatchRequest) -> tuple[Workflow, list[Message]]:
    """With all values but the seed, by the names that the server has for its files. Raises
    InvalidRequest where nothing can come of it, once instead of for every image.
    """
    filling = template.filling(request)
    workflow = template.with_values(filling.changes.items()).set_by_hand(request.inputs or {})
    workflow = workflow.with_loras(request.loras or ())
    if names := list(spelled(workflow.nodes, workflow.known)):
        workflow = workflow.with_values(names)
    require_files(workflow, request)
    require_runnable(workflow.nodes, workflow.known)
    require_settled(template.graph, template.found, request)
    return workflow, [*template.lost(_beside_its_graph(request, template)), *filling.remarks]


def _beside_its_graph(request: BatchRequest, template: Workflow) -> BatchRequest:
    """Without what the graph was made for: a denoise decides where the samplers of one with a
    refiner begin, and has no other place in it.
    """
    is_made_for_it = request.input_images and refiner_in(template.nodes)
    return request.model_copy(update={"denoise": None}) if is_made_for_it else request


def _as_it_is(request: BatchRequest, workflow: Workflow) -> BatchRequest:
    """What is remembered tells the prompt that was sent, not one that had no place."""
    if not request.prompt_as_is or workflow.roles.prompt:
        return request
    own = workflow.own_words().strip()[:MAX_LONG_PROMPT_LENGTH]
    return request.model_copy(update={"prompt": own or str(OWN_PROMPT)})


def _require(field: str, noun: str, name: str, offered: tuple[str, ...]) -> None:
    if name not in offered:
        all_of_it = {"noun": noun, "name": name, "known": ", ".join(offered)}
        message = later('The server has no {noun} "{name}". It offers: {known}', **all_of_it)
        raise InvalidRequest.of(f"baseParameters.{field}", f"unknown_{noun}", message)
