"""ApiListener: whether a server is there, and what happens to the jobs that are followed. Nothing
relies on it: what became of a job is asked, and an event only says that it is time to.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Self, TypeAlias
from uuid import uuid4

from comfy_low.models import Job, JobStatus

from batchgen_app.comfy.listener import Connected, Disconnected, Heard, soon_then_slowly
from batchgen_app.comfy.messages import ExecutionStarted, PromptEnded, Status
from batchgen_app.comfy_api.client import ComfyApiClient
from batchgen_app.comfy_api.events import messages_of
from batchgen_app.comfy_api.sent_jobs import SentJob
from batchgen_app.core.errors import ServerError

logger = logging.getLogger(__name__)

LOOK_EVERY = 5.0
"""Seconds between two looks whether the server is there."""

Delays: TypeAlias = Callable[[], Iterator[float]]


class ApiListener:
    """Listens as long as its context lasts. ``on_message`` must be quick; what it raises is logged.
    ``look_every`` is in seconds, ``delays`` gives the pauses before events are asked for again.
    """

    def __init__(
        self,
        client: ComfyApiClient,
        on_message: Callable[[Heard], None],
        *,
        look_every: float = LOOK_EVERY,
        delays: Delays = soon_then_slowly,
    ) -> None:
        self._client = client
        self._on_message = on_message
        self._look_every = look_every
        self._delays = delays
        # Events come by job, whatever was between: it stays the same.
        self._id = uuid4().hex
        self._up = asyncio.Event()
        self._has_events = True
        self._in_a_hurry = asyncio.Event()
        self._looking: asyncio.Task[None] | None = None
        self._followed: dict[str, asyncio.Task[None]] = {}
        self._unheard: set[str] = set()
        """Jobs of which no events could be had when they were last asked for."""

    @property
    def client_id(self) -> str | None:
        """None while the server does not answer, and for good where it has no events."""
        return self._id if self._up.is_set() and self._has_events else None

    async def __aenter__(self) -> Self:
        self._client.on_job = self._follow
        self._looking = asyncio.create_task(self._look(), name="look at a Comfy API")
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [*self._followed.values(), *filter(None, [self._looking])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def connected(self) -> None:
        """Wait until the server answers."""
        await self._up.wait()

    def expect_status(self, *, since: float) -> None:
        """A job has its own events, which begin with where it is."""

    def hurry(self) -> None:
        """Look now whether it is there, instead of after the pause."""
        self._in_a_hurry.set()

    async def _look(self) -> None:
        while True:
            try:
                await self._client.stats()
                self._come_up()
                if self._client.lists_jobs:
                    self._tell(Status(await self._client.queue_remaining()))
            except ServerError as error:
                self._go_down(error)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every):
                    await self._in_a_hurry.wait()
            self._in_a_hurry.clear()

    def _come_up(self) -> None:
        if not self._up.is_set():
            self._up.set()
            self._tell(Connected(self._id))

    def _go_down(self, error: ServerError) -> None:
        if self._up.is_set():
            self._up.clear()
            self._tell(Disconnected(str(error)))

    def _follow(self, sent: SentJob, job: Job) -> None:
        """Unless it is followed already. Of one that is not heard, that it is seen to run is all
        there is to hear.
        """
        if job.id in self._unheard and job.status is JobStatus.running:
            self._tell(ExecutionStarted(sent.name))
        if job.id not in self._followed and self._has_events:
            task = asyncio.create_task(self._hear_out(sent, job), name="events of a job")
            self._followed[job.id] = task
            task.add_done_callback(lambda _: self._leave(job.id))

    def _leave(self, job_id: str) -> None:
        self._followed.pop(job_id, None)
        self._unheard.discard(job_id)

    async def _hear_out(self, sent: SentJob, job: Job) -> None:
        for pause in self._delays():
            try:
                if await self._hear(sent, job):
                    return
            except ServerError as error:
                logger.info("No events of a job: %s", type(error).__name__)
                self.hurry()
            self._unheard.add(job.id)
            await asyncio.sleep(pause)

    async def _hear(self, sent: SentJob, job: Job) -> bool:
        """Whether nothing more will come: it has ended, or the server has no events."""
        has_ended = False
        async for event in self._client.events(job):
            self._unheard.discard(job.id)
            for message in messages_of(event, sent.name):
                has_ended |= isinstance(message, PromptEnded)
                self._tell(message)
        self._has_events &= has_ended
        return True

    def _tell(self, heard: Heard) -> None:
        try:
            self._on_message(heard)
        except Exception:
            logger.exception("A message could not be dealt with")
