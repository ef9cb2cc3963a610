"""ServerQueries: the ComfyUI server in use, and what it makes of a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from batchgen_app.access.policy import Verb
from batchgen_app.batches.backend import Backend
from batchgen_app.batches.offers import models_of
from batchgen_app.batches.server import Server
from batchgen_app.batches.workflow_reader import Inspection, WorkflowReader
from batchgen_app.comfy.client import ServerStats
from batchgen_app.comfy.models import Model
from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import ServerError
from batchgen_app.core.programs.asked import Reading
from batchgen_app.core.server_list import ListedServer, MadeOn, ServerKind
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import Message
from batchgen_app.services.questions import Questions
from batchgen_app.workflows.adjustable import Adjustable


@dataclass(frozen=True)
class ServerStanding:
    """One of the list as it stands: ``batch`` is made there, ``queue`` are the prompts that wait or
    run there, of everybody, as far as it told.
    """

    about: ListedServer
    state: Literal["idle", "busy", "away", "paused"]
    batch: BatchState | None
    queue: int | None
    stats: ServerStats | None


def standing(app: Backend, server: Server) -> ServerStanding:
    """That of a server of ``app``."""
    batch = app.queue.on(server)
    state: Literal["idle", "busy", "away", "paused"] = "busy" if batch else "idle"
    if not server.about.enabled:
        state = "paused"
    elif server.is_away:
        state = "away"
    elif server.queue_length:
        state = "busy"
    return ServerStanding(server.about, state, batch, server.queue_length, server.stats)


class ServerQueries(Questions):
    """As it was found when it was last looked at; the lists of what it offers are remembered for a
    while, and raise ServerError where it does not answer in time.
    """

    async def listed(self, *, asked: bool = True) -> list[ServerStanding]:
        """All servers in order of preference; ``asked`` whether they are there, if that was not
        done just now.
        """
        self._caller.require(Verb.LOOK)
        if asked:
            await self._app.servers.ask()
        return [standing(self._app, server) for server in self._app.servers.all]

    @property
    def is_one(self) -> bool:
        """Whether there is no other one, so that it need not be named."""
        return self._app.servers.is_one

    def address_of(self, batch: BatchState) -> str:
        """Of the server that makes a batch, or else of the one that pages show."""
        server = self._app.servers.maker_of(batch) or self._app.server
        return server.client.address

    def name_of(self, made_on: MadeOn | None) -> str:
        """What the server is called that makes a batch, or did; empty for none, and where there is
        no other one.
        """
        if made_on is None or self._app.servers.is_one:
            return ""
        server = self._app.servers.find(made_on.id)
        return server.about.shown_name if server else made_on.name

    @property
    def address(self) -> str:
        """The server's address."""
        return self._app.server.client.address

    @property
    def kind(self) -> ServerKind:
        """By which interface it is spoken to."""
        return self._app.server.about.kind

    @property
    def fault(self) -> ServerError | None:
        """Why it does not answer; None while it does, or as long as that is not known."""
        return self._app.server.fault

    @property
    def stats(self) -> ServerStats | None:
        """What it last told about itself; None before it did."""
        return self._app.server.stats

    @property
    def is_demo(self) -> bool:
        """Whether it is a demo engine, which paints placeholder pictures."""
        return self._app.server.is_demo

    async def inspect(self, content: bytes) -> Inspection:
        """What is understood of a file that may carry a workflow; nothing is kept. Raises
        InvalidRequest where there is none in it; Forbidden for those who make nothing.
        """
        self._caller.require(Verb.MAKE)
        return await WorkflowReader(self._app.server).inspect(content)

    async def read_picture(self, content: bytes) -> Reading:
        """How a picture was made, by any program, as a request for this server; nothing is kept.
        Raises InvalidRequest for what is none; Forbidden for those who make nothing.
        """
        self._caller.require(Verb.MAKE)
        return await self._app.imports.read(content)

    async def models(self, *, refresh: bool = False) -> tuple[Model, ...]:
        """All models of all servers, sorted by category and name; with ``refresh``, those of now.
        Of those that make pictures, the family is what a person said, or else their name does, or
        their file.
        """
        listed = await models_of(self._app.servers, refresh=refresh)
        return tuple(map(self._app.families.told, listed))

    @property
    def _least_told(self) -> Server:
        """The first server that does not tell its models, if there is one."""
        untold = (s for s in self._app.servers.enabled if not s.catalog.tells_models)
        return next(untold, self._app.server)

    @property
    def tells_models(self) -> bool:
        """Whether each server names those that it has; where one does not, any may be named."""
        return self._least_told.catalog.tells_models

    def no_models(self) -> Message:
        """What to say where no model is told of."""
        return self._least_told.catalog.no_models

    async def named(self, name: str) -> Model:
        """The model of that name, listed from now on where the server does not tell its own. Raises
        InvalidRequest where it has none that makes pictures, ServerError; Forbidden for those who
        make nothing.
        """
        self._caller.require(Verb.MAKE)
        return self._app.families.told(await self._least_told.catalog.require(name))

    def defaults_for(self, model: Model) -> Parameters:
        """What holds where a request with this model says nothing."""
        return self._app.built_in.parameters(model)

    def adjustable(self, model: Model, models: Sequence[Model]) -> Adjustable:
        """What of the built-in workflow can be adjusted, with ``models`` for all of the server."""
        return self._app.built_in.adjustable(model, models)

    async def samplers(self) -> tuple[str, ...]:
        """What ``samplerName`` may be, in the server's order."""
        return await self._app.server.catalog.samplers()

    async def schedulers(self) -> tuple[str, ...]:
        """What ``scheduler`` may be, in the server's order."""
        return await self._app.server.catalog.schedulers()
