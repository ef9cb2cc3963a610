"""From a request to a plan: what it asks for is there, the seeds are fixed, the graph is ready."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from batchgen_app.batches.input_pictures import InputPictures
from batchgen_app.batches.model_families import ModelFamilies
from batchgen_app.batches.server import Server
from batchgen_app.batches.workflow_reader import WorkflowReader, require_workflow
from batchgen_app.comfy.client import ServerStats
from batchgen_app.comfy.models import Model
from batchgen_app.comfy.validation import require_runnable, spelled
from batchgen_app.core.batch import Parameters, Understood
from batchgen_app.core.errors import Conflict, InvalidRequest, NotFound
from batchgen_app.core.limits import MAX_PROMPT_LENGTH
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import Message, later
from batchgen_app.storage.workflow_library import WorkflowLibrary
from batchgen_app.workflows.corrections import require_settled
from batchgen_app.workflows.families import FAMILIES
from batchgen_app.workflows.loras import LOADERS
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.workflow import Workflow

OWN_PROMPT = later("(the workflow's own prompt)")


@dataclass(frozen=True)
class Plan:
    """A request that can be made on this server. Where it was to run as it is, ``request`` has the
    prompt that the workflow has.
    """

    batch_id: str
    request: BatchRequest
    seeds: tuple[int, ...]
    workflow: Workflow
    server: ServerStats
    understood: Understood


class Planner:
    """Plans batches for one server. ``default`` is the workflow of requests that bring none, for
    models of no particular family.
    """

    def __init__(
        self,
        server: Server,
        default: Workflow,
        families: ModelFamilies,
        pictures: InputPictures,
        library: WorkflowLibrary,
        *,
        rng: random.Random,
    ) -> None:
        self._library = library
        self.families = families
        self._pictures = pictures
        self._server = server
        self._reader = WorkflowReader(server)
        self._default = default
        self._rng = rng

    @property
    def defaults(self) -> Parameters:
        """The parameters of the workflow of requests that bring none."""
        return self._default.parameters()

    async def with_stored(self, request: BatchRequest) -> BatchRequest:
        """With the workflow that it names, and what was said about that; its own word counts more.
        Raises InvalidRequest where there is none of that name.
        """
        if request.workflow_id is None:
            return request
        if request.workflow_id in FAMILIES:
            asked = {**request.to_json(), "family": request.workflow_id}
            del asked["workflowId"]  # a built-in one is chosen by its family, and needs a model
            return type(request).parse(asked)
        try:
            kept = await self._library.get(request.workflow_id)
        except NotFound as error:
            raise InvalidRequest.of("workflowId", "unknown_workflow", error.message) from error
        changes = {
            "workflow": kept.workflow,
            "workflow_id": None,
            "roles": {**kept.roles, **(request.roles or {})} or None,
            "inputs": {**kept.fields, **(request.inputs or {})} or None,
        }
        return request.model_copy(update=changes)

    def defaults_for(self, model: Model) -> Parameters:
        """The same, for a model; of one whose family is not known, as for the others."""
        with suppress(InvalidRequest):
            if recipe := self.families.recipe(model):
                return Workflow(self.families.workflow(recipe, model, ())).parameters()
        return self.defaults

    async def plan(self, request: BatchRequest, batch_id: str, avoid: Sequence[int] = ()) -> Plan:
        """Random seeds are not in ``avoid``. Raises InvalidRequest, or ServerUnreachable: the
        server is asked at this moment.
        """
        if request.workflow is not None:
            # Before a server is asked: what is no workflow is told wherever it is.
            await asyncio.to_thread(require_workflow, request.workflow)
        # Asked now: the catalog may remember the lists of a server that has gone since.
        stats = await self._server.client.stats()
        model = await self._named(request)
        data = request.workflow or await self._built_in(request, model)
        nodes, known = await self._reader.nodes(data, also=LOADERS if request.loras else ())
        seeds = request.plan_seeds(self._rng, avoid)
        template = await asyncio.to_thread(self._template, request, nodes, known, batch_id)
        if request.input_images:
            template = await self._pictures.give(template, request.input_images)
        workflow, remarks = await asyncio.to_thread(_filled_in, template, request)
        return Plan(
            batch_id=batch_id,
            request=_as_it_is(request, template),
            seeds=seeds,
            workflow=workflow.for_seed(seeds[0]),
            server=stats,
            understood=Understood(
                seeds={str(slot): most for slot, most in workflow.seed_places().items()},
                remarks=tuple(remarks),
                outputs=workflow.roles.output,
            ),
        )

    async def bring_pictures(self, request: BatchRequest) -> None:
        """Those that a batch starts from: the server may be another one by now, or have lost them.
        Raises Conflict where they are not here any more, ServerError, StorageError.
        """
        try:
            await self._pictures.bring((request.input_images or {}).values())
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
        workflow = Workflow(as_set, known).corrected(request.roles or {})
        return workflow.saving_to(f"BatchGen/{batch_id}") if request.workflow is None else workflow

    async def _built_in(self, request: BatchRequest, model: Model | None) -> JsonObject:
        recipe = self.families.recipe(model, request.family) if model else None
        if model is None or recipe is None:
            return self._default.nodes
        return self.families.workflow(recipe, model, await self._server.catalog.models())

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
    require_runnable(workflow.nodes, workflow.known)
    require_settled(template.graph, template.found, request)
    return workflow, [*template.lost(request), *filling.remarks]


def _as_it_is(request: BatchRequest, workflow: Workflow) -> BatchRequest:
    """What is remembered tells the prompt that was sent, not one that had no place."""
    if not request.prompt_as_is or workflow.roles.prompt:
        return request
    own = workflow.own_words().strip()[:MAX_PROMPT_LENGTH]
    return request.model_copy(update={"prompt": own or str(OWN_PROMPT)})


def _require(field: str, noun: str, name: str, offered: tuple[str, ...]) -> None:
    if name not in offered:
        message = later(
            'The server has no {noun} "{name}". It offers: {known}',
            noun=noun,
            name=name,
            known=", ".join(offered),
        )
        raise InvalidRequest.of(f"baseParameters.{field}", f"unknown_{noun}", message)
