"""ComfyApiClient: a server that speaks Comfy API v2."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from typing import Self

import httpx
from comfy_low import ApiError, AsyncComfyLow, MissingAsset, error_from_envelope
from comfy_low.models import Job, JobStatus
from comfy_sdk.assets import AsyncAssetFactory
from comfy_sdk.events import Event, StatusChange
from comfy_sdk.exceptions import ComfyError
from comfy_sdk.jobs import AsyncJob
from pydantic import ValidationError

from batchgen_app.comfy.arrival import Arrival, Place
from batchgen_app.comfy.client import (
    HEAD_START,
    NO_HEADERS,
    SECOND_LOOK_AFTER,
    UPLOADS,
    Ended,
    Gone,
    OutputFile,
    PromptStatus,
    ServerStats,
    SubmitAnswer,
)
from batchgen_app.comfy.transport import DOWNLOAD_SECONDS
from batchgen_app.comfy_api.jobs import status_of
from batchgen_app.comfy_api.outputs import Outputs
from batchgen_app.comfy_api.posting import Posting
from batchgen_app.comfy_api.refusals import refused
from batchgen_app.comfy_api.sent_jobs import SentJob, SentJobs
from batchgen_app.comfy_api.wire import Wire
from batchgen_app.core.errors import ServerFault
from batchgen_app.core.json_values import object_or_empty
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later

NOBODY = "00000000-0000-4000-8000-000000000000"
"""The id of no job: that it is not found is what a server says that is well, to whoever may ask."""
NO_API = later(
    "Comfy API v2 is not to be found at {address}. If a plain ComfyUI is there, say so in its kind."
)

OnJob = Callable[[SentJob, Job], None]


class ComfyApiClient:
    """An async context manager. ``headers`` go with every request to the server, the key among
    them (see ``Wire``); ``timeout`` is in seconds. ``on_job`` is told of each job that waits or
    runs, whenever it is looked at.

    Every method raises ServerUnreachable where no whole answer comes or the server takes nothing
    more, and ServerFault where it makes no sense. An address that is none is InvalidRequest.
    """

    makes_ids = True
    tells_recalls = False

    def __init__(
        self, address: str, *, headers: Mapping[str, str] = NO_HEADERS, timeout: float = 10.0
    ) -> None:
        self.headers = dict(headers)
        self.on_job: OnJob = lambda _sent, _job: None
        self._wire = Wire(address, headers, timeout)
        self.address = self._wire.address
        self._posting = Posting(self._wire)
        self._outputs = Outputs(self._wire)
        self._sent = SentJobs()
        self._assets: dict[str, JsonObject] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._wire.close()

    async def stats(self) -> ServerStats:
        """Nothing but that it is there, lets us in, and has its ComfyUI at hand."""
        async with self._wire.asking() as low:
            answer = await low.raw_request("GET", f"/jobs/{NOBODY}")
            match answer.status_code, _told(answer):
                case 404, {"error": {"code": str()}}:
                    return ServerStats.parse({})
                case ((404 | 405), _):
                    raise ServerFault(later(NO_API, address=self.address))
                case status, told:
                    raise error_from_envelope(status, told)

    async def queue_remaining(self) -> int:
        """Of its newest jobs, those that wait or run; 0 on a server that does not list them."""
        listed = await self._posting.listed()
        if listed is None:
            await self.stats()
        return sum(job.is_open for job in listed or ())

    @property
    def lists_jobs(self) -> bool:
        """Whether the server has a list of its jobs, as far as it was asked for one."""
        return self._posting.lists

    async def submit(
        self, nodes: JsonObject, *, prompt_id: str, client_id: str | None
    ) -> SubmitAnswer:
        """Have a job made of a graph, once for each ``prompt_id``; its own id is in the answer.
        Raises PromptRefused where the server's validation says no; after ServerUnreachable and
        ServerFault it may be queued or not: ask for its status. Nothing is heard by ``client_id``,
        but for each job.
        """
        graph = await asyncio.to_thread(_with_assets, nodes, self._assets)
        try:
            job = await self._posting.post(graph, prompt_id)
        except MissingAsset as error:
            self._assets.clear()  # the server has lost them: they are brought anew
            raise refused(error, nodes) from error
        except ApiError as error:
            raise refused(error, nodes) from error
        sent = self._sent.remember(SentJob(job.id, job.id, prompt_id, nodes, is_waiting=True))
        self._tell(sent, job)
        return SubmitAnswer(job.id, None, {}, "")

    async def prompt_status(self, prompt_id: str) -> PromptStatus:
        """Where a prompt is, by the id that it was given or by that of its job. It moves while we
        look, so both places are looked at twice before it is called gone.
        """
        found = await self._look(prompt_id)
        if isinstance(found, Gone):
            await asyncio.sleep(SECOND_LOOK_AFTER)
            found = await self._look(prompt_id)
        return found

    async def cancel(self, prompt_id: str) -> None:
        """Stop a prompt, whether it waits or runs, and all that was made of it; harmless if it does
        neither.
        """
        found = await self._job(prompt_id)
        if found is None:
            return
        sent, job = found
        sent.is_waiting = job.status is JobStatus.queued
        if not sent.is_waiting and self._sent.any_waits:
            # What waits is cancelled at the same time, and must not begin in its place.
            await asyncio.sleep(HEAD_START)
        await self._cancel(job.id)
        sent.is_waiting = False
        if sent.prompt_id in self._posting.sent_twice or sent.name == sent.prompt_id:
            await self._cancel_copies(sent, keep=job.id)

    async def take_out(self, prompt_id: str) -> None:
        """Take a prompt that waits out of the queue. The interface can only cancel it, so one that
        begins at this very moment is stopped.
        """
        found = await self._job(prompt_id)
        if found and found[1].status is JobStatus.queued:
            await self._cancel(found[1].id)

    async def drop_copies(self, prompt_id: str) -> None:
        """Leave one job of a prompt."""
        if sent := self._sent.named(prompt_id):
            await self._cancel_copies(sent, keep=sent.job_id)

    async def upload(self, name: str, content: bytes) -> str:
        """Give the server a picture, unless it knows its hash. Gives what stands for it in a graph
        until that is sent, which is what a ComfyUI calls it: a batch may be moved from one to the
        other.
        """
        async with self._wire.asking(seconds=DOWNLOAD_SECONDS) as low:
            try:
                asset = AsyncAssetFactory(low).from_bytes(content, filename=name)
                self._assets[f"{UPLOADS}/{name}"] = await asset.as_reference()
            except ComfyError as error:
                raise self._wire.fault_of(error.http_status or 500) from error
        return f"{UPLOADS}/{name}"

    async def picture(
        self, file: OutputFile, *, limit: int | None = None, arrival: Arrival | None = None
    ) -> bytes:
        """The file, byte for byte; ``arrival`` knows how it comes. Raises PictureMissing where the
        server does not give it, TooLargeToHold where it is longer than ``limit`` bytes, or than
        what is held at all.
        """
        return await self._outputs.read(file, limit, arrival or Arrival())

    async def picture_into(self, place: Place, file: OutputFile, arrival: Arrival) -> None:
        """The same of any length, written to its ``place`` as it comes: what that raises, this
        does, too.
        """
        await self._outputs.write(place, file, arrival)

    async def events(self, job: Job) -> AsyncIterator[Event]:
        """What happens to a job, from now on until it ends; at once over where the server has no
        events.
        """
        with self._wire.translated():
            try:
                async for event in AsyncJob(self._wire.low, job).events():
                    yield event
            except ComfyError as error:
                if error.http_status not in {404, 410}:
                    raise self._wire.fault_of(error.http_status or 500) from error
                yield StatusChange("expired")

    async def _look(self, prompt_id: str) -> PromptStatus:
        found = await self._job(prompt_id)
        if found is None:
            self._sent.give_up(prompt_id)
            return Gone()
        sent, job = found
        status = status_of(job, sent, self._sent.before(sent))
        sent.has_ended = isinstance(status, Ended | Gone)
        sent.is_waiting = job.status is JobStatus.queued
        if not sent.has_ended:
            self._tell(sent, job)
        return status

    async def _job(self, prompt_id: str) -> tuple[SentJob, Job] | None:
        """By its own id, or by that of the prompt it was made of, where its answer was lost or an
        earlier run of the app has sent it.
        """
        async with self._wire.asking() as low:
            if sent := self._sent.named(prompt_id):
                job = await _known(low, sent.job_id)
                return (sent, job) if job else None
            if job := await _known(low, prompt_id):
                nodes = await _graph(low, prompt_id)
                return self._sent.remember(SentJob(job.id, prompt_id, nodes=nodes)), job
        if found := await self._posting.of(prompt_id):
            async with self._wire.asking() as low:
                job = await low.get_job(found[0].id)
                nodes = await _graph(low, job.id)
            return self._sent.remember(SentJob(job.id, prompt_id, prompt_id, nodes)), job
        return None

    async def _cancel_copies(self, sent: SentJob, keep: str) -> None:
        for job in await self._posting.of(sent.prompt_id or sent.name):
            if job.is_open and job.id != keep:
                await self._cancel(job.id)

    async def _cancel(self, job_id: str) -> None:
        async with self._wire.asking() as low:
            try:
                await low.cancel_job(job_id)
            except ApiError as error:
                if error.http_status != 404:
                    raise

    def _tell(self, sent: SentJob, job: Job) -> None:
        self.on_job(sent, job)


def _told(answer: httpx.Response) -> JsonObject:
    """Empty where it is no JSON object."""
    with suppress(ValueError):
        return object_or_empty(answer.json())
    return {}


async def _known(low: AsyncComfyLow, job_id: str) -> Job | None:
    try:
        return await low.get_job(job_id)
    except ApiError as error:
        if error.http_status == 404:
            return None
        raise


async def _graph(low: AsyncComfyLow, job_id: str) -> JsonObject:
    """What an earlier run of the app has sent; empty where the server does not tell."""
    try:
        return (await low.get_job_workflow(job_id)).workflow
    except (ApiError, ValidationError):
        return {}


def _with_assets(nodes: JsonObject, assets: Mapping[str, JsonObject]) -> JsonObject:
    """With references in place of the names that stand for pictures which the server was given."""
    if not assets:
        return nodes
    return {node_id: _node_with_assets(node, assets) for node_id, node in nodes.items()}


def _node_with_assets(node: JsonObject, assets: Mapping[str, JsonObject]) -> JsonObject:
    inputs = node.get("inputs")
    given = inputs if isinstance(inputs, dict) else {}
    references = {
        name: assets[value]
        for name, value in given.items()
        if isinstance(value, str) and value in assets
    }
    return {**node, "inputs": {**given, **references}} if references else node
