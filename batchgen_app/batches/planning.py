"""From a request to a plan: what it asks for is there, the seeds are fixed, the graph is ready."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass

from batchgen_app.batches.server import Server
from batchgen_app.comfy.client import ServerStats
from batchgen_app.comfy.models import Model
from batchgen_app.comfy.validation import require_runnable, spelled
from batchgen_app.core.batch import BatchRequest, Parameters
from batchgen_app.core.errors import Conflict, InvalidRequest
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.workflows.node_types import NodeTypes
from batchgen_app.workflows.workflow import Workflow


@dataclass(frozen=True)
class Plan:
    """A request that can be made on this server. ``without_place`` names what the workflow has no
    place for: the seed of a graph that has none, for example.
    """

    batch_id: str
    request: BatchRequest
    seeds: tuple[int, ...]
    workflow: Workflow
    server: ServerStats
    without_place: list[str]


class Planner:
    """Plans batches for one server; ``default`` is the workflow of requests that bring none."""

    def __init__(self, server: Server, default: Workflow, rng: random.Random) -> None:
        self._server = server
        self._default = default
        self._rng = rng

    @property
    def defaults(self) -> Parameters:
        """The parameters of the workflow of requests that bring none."""
        return self._default.parameters()

    async def plan(self, request: BatchRequest, batch_id: str, avoid: Sequence[int] = ()) -> Plan:
        """Random seeds are not in ``avoid``. Raises InvalidRequest, or ServerUnreachable: the
        server is asked at this moment.
        """
        template = await asyncio.to_thread(self._template, request, batch_id)
        # Asked now: the catalog may remember the lists of a server that has gone since.
        stats = await self._server.client.stats()
        await self._check_names(request)
        seeds = request.plan_seeds(self._rng, avoid)
        workflow = await asyncio.to_thread(_filled_in, template, request, seeds[0])
        return Plan(
            batch_id=batch_id,
            request=request,
            seeds=seeds,
            workflow=await self._possible(workflow),
            server=stats,
            without_place=template.without_place(request),
        )

    async def _possible(self, workflow: Workflow) -> Workflow:
        """The workflow by the names that the server has for its files. Raises InvalidRequest where
        nothing can come of it, once instead of for every image.
        """
        known = await self._node_types(workflow.nodes)
        return await asyncio.to_thread(_possible, workflow, known)

    async def require_runnable(self, nodes: JsonObject) -> None:
        """Raises Conflict where nothing would come any more of what was once accepted, or what a
        folder says was: it may be no workflow.
        """
        try:
            workflow = await asyncio.to_thread(Workflow.parse, nodes)
            known = await self._node_types(workflow.nodes)
            await asyncio.to_thread(require_runnable, workflow.nodes, known)
        except InvalidRequest as error:
            raise Conflict(error.message) from error

    async def _node_types(self, nodes: JsonObject) -> NodeTypes:
        return await self._server.catalog.node_types({n["class_type"] for n in nodes.values()})

    def _template(self, request: BatchRequest, batch_id: str) -> Workflow:
        if request.workflow is not None:
            return Workflow.parse(request.workflow)
        return self._default.saving_to(f"BatchGen/{batch_id}")

    async def _check_names(self, request: BatchRequest) -> None:
        catalog, given = self._server.catalog, request.base_parameters
        if request.model is not None:
            _check_loadable(await catalog.require(request.model), request)
        if given.sampler_name is not None:
            _require("samplerName", later("sampler"), given.sampler_name, await catalog.samplers())
        if given.scheduler is not None:
            _require("scheduler", later("scheduler"), given.scheduler, await catalog.schedulers())


def _filled_in(template: Workflow, request: BatchRequest, seed: int) -> Workflow:
    return template.for_request(request).for_seed(seed)


def _possible(workflow: Workflow, known: NodeTypes) -> Workflow:
    if names := list(spelled(workflow.nodes, known)):
        workflow = workflow.with_values(names)
    require_runnable(workflow.nodes, known)
    return workflow


def _check_loadable(model: Model, request: BatchRequest) -> None:
    if request.workflow is None and not model.is_checkpoint:
        raise InvalidRequest.of(
            "model",
            "needs_workflow",
            later('"{name}" is no checkpoint: it needs a workflow that loads it.', name=model.name),
        )


def _require(field: str, noun: str, name: str, offered: tuple[str, ...]) -> None:
    if name not in offered:
        message = later(
            'The server has no {noun} "{name}". It offers: {known}',
            noun=noun,
            name=name,
            known=", ".join(offered),
        )
        raise InvalidRequest.of(f"baseParameters.{field}", f"unknown_{noun}", message)
