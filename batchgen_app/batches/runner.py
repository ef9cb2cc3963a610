"""BatchRunner: one batch, one image after another.

While one image is made, the next prompt already waits on the server, so that it never idles; never
more than one, so that a cancel stays certain and other users get their turn. A finished picture
is fetched and stored while the server works on.

After the app has died, a runner for ``only_begun`` brings home what the server was left with.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, TypeVar

from batchgen_app import logs
from batchgen_app.batches.download import Downloader
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.image_job import ImageJob, Stopped
from batchgen_app.batches.prompt import Prompts
from batchgen_app.batches.reconcile_files import FileReconciler
from batchgen_app.batches.server import Server
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.core.batch import Versions
from batchgen_app.core.errors import (
    BatchGenError,
    DiskTrouble,
    ExecutionFailed,
    ImageError,
    InUse,
    PromptRefused,
    ServerError,
    StorageError,
)
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchEvent,
    BatchFailed,
    BatchInterrupted,
    BatchStarted,
    Event,
    ImageCancelled,
    ImageFailed,
    ServerTroubled,
)
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import joined, later
from batchgen_app.storage.images import ImageStore
from batchgen_app.workflows.seeding import SeededGraph
from batchgen_app.workflows.tokens import resolved

logger = logging.getLogger(__name__)

T = TypeVar("T")

AHEAD = 1
"""Prompts that wait on the server while one runs."""
SIDE_BY_SIDE = 3
"""Pictures that are brought home at the same time; large ones are decoded one by one anyway."""
CLOSED = later("BatchGen was closed.")
DIED = later("BatchGen stopped unexpectedly.")


class BatchRunner:
    """Runs one batch to its end; made anew for each. With ``only_begun``, nothing is submitted:
    what an earlier run of the app has submitted is brought home, and the rest stays to be resumed.
    """

    def __init__(
        self,
        batch: BatchState,
        server: Server,
        recorder: EventRecorder,
        store: ImageStore,
        *,
        versions: Versions,
        timeouts: Timeouts,
        only_begun: bool = False,
    ) -> None:
        self.only_begun = only_begun
        self._batch = batch
        self._recorder = recorder
        self._versions = versions
        self._stop = Stop()
        self._prompts = Prompts(server, timeouts, self._stop, self._show_trouble)
        self._retry = self._prompts.retry
        self._downloader = Downloader(server, store, recorder, versions.app, self._retry)
        self._reconciler = FileReconciler(recorder, store)
        self._store = store
        self._ways_home = asyncio.Semaphore(SIDE_BY_SIDE)

    def stop(self, because: str) -> None:
        """Stop as soon as the server lets go; what is finished stays."""
        self._stop.request(because)

    def ask_again(self) -> None:
        """Where the server is being waited for, try at once."""
        self._retry.try_now()

    async def run(self) -> None:
        """Make what is unfinished; raises nothing. Failed images are passed over; a fault of this
        machine's disk, or of this app, interrupts the batch, and what is finished stays. So does
        being cancelled, once the write in hand is done.
        """
        with logs.about(batch=self._batch.batch_id):
            try:
                await self._run()
            except asyncio.CancelledError:
                await self.break_off()
                raise

    async def break_off(self) -> None:
        """Say that the batch ends here, without waiting for anything. What the server was left with
        is not touched: a resume finds it.
        """
        if self._batch.ended:
            return
        last_words = self._last_words()
        try:
            await self._recorder.record(self._batch, *last_words)
        except InUse:
            self._recorder.owe(self._batch, *last_words)
        except StorageError as error:
            await self._interrupt(str(error))

    async def _run(self) -> None:
        try:
            if not self._stop.requested:
                await self._make_batch()
            await self._end()
        # A TaskGroup raises groups; except* takes the plain errors of _end() as well.
        except* InUse:  # somebody wants it to end; the log can be written again soon
            await self.break_off()
        except* StorageError as faults:
            await self._interrupt(str(faults.exceptions[0]))
        except* Exception as faults:
            logger.exception("The batch broke off")
            mistake = repr(faults.exceptions[0])
            await self._interrupt(later("BatchGen made a mistake: {mistake}", mistake=mistake))

    async def _make_batch(self) -> None:
        if not self.only_begun:
            await self._start()
        async with asyncio.TaskGroup() as making:
            if self.only_begun:
                self._follow_on(making)
            else:
                await self._submit_images(making)

    async def _start(self) -> None:
        was_begun = self._batch.versions is not None
        if self._batch.pictures:
            # Its folder, where it is not there, is on an unplugged drive, and not made anew.
            self._store.expect(self._batch.batch_id)
        await self._record(BatchStarted, versions=self._versions)
        if was_begun:
            await self._retry.store(lambda: self._reconciler.adopt(self._batch))

    def _follow_on(self, making: asyncio.TaskGroup) -> None:
        for image in self._batch.unfinished:
            if image.status is ImageStatus.SUBMITTED:
                # Nothing is submitted, so no graph is needed and no place on the server is taken.
                job = self._job_of(image, {}, on_left=lambda: None)
                job.follow_on()
                making.create_task(self._finish(job))

    async def _submit_images(self, making: asyncio.TaskGroup) -> None:
        """One by one, each as soon as there is a place for it on the server."""
        places = asyncio.Semaphore(1 + AHEAD)
        graph = await asyncio.to_thread(_with_any_seed, self._batch)
        for image in self._batch.unfinished:
            nodes = await asyncio.to_thread(_sent, graph, image.seed, self._recorder.now())
            await places.acquire()
            # While pictures cannot be stored, no more of them are ordered.
            await self._retry.disk_is_fine()
            if self._stop.requested:
                break
            job = self._job_of(image, nodes, on_left=places.release)
            if await self._attempt(job.index, job.begin()):
                making.create_task(self._finish(job))

    async def _finish(self, job: ImageJob) -> None:
        if entry := await self._attempt(job.index, job.result()):
            async with self._ways_home:
                await self._attempt(job.index, job.bring_home(entry))

    async def _attempt(self, index: int, work: Awaitable[T]) -> T | None:
        """The result of ``work``, or None after recording why image ``index`` failed. An image
        given up because of a stop stays unfinished.
        """
        with logs.about(image=index):
            try:
                return await work
            except (Stopped, TimeoutError, DiskTrouble):
                return None
            except (ImageError, ServerError) as error:
                await self._fail(index, error)
                return None

    async def _fail(self, index: int, error: BatchGenError) -> None:
        """What the server says may repeat the prompt, so it is not logged."""
        logger.warning("The image failed: %s", type(error).__name__)
        await self._record(ImageFailed, index=index, message=str(error), details=_details(error))

    async def _end(self) -> None:
        if self._batch.unfinished:
            await self.break_off()
        else:
            (end,) = self._last_words()
            await self._retry.store(lambda: self._recorder.record(self._batch, end))

    def _last_words(self) -> list[Event]:
        unfinished = self._batch.unfinished
        if unfinished and self._stop.requested:
            given_up = [self._event(ImageCancelled, index=image.index) for image in unfinished]
            return [*given_up, self._event(BatchCancelled, because=self._stop.because)]
        if unfinished:
            # What an earlier run began was not interrupted by the end of this one.
            return [self._event(BatchInterrupted, because=DIED if self.only_begun else CLOSED)]
        if self._batch.pictures:
            return [self._event(BatchCompleted)]
        return [self._event(BatchFailed, message=_why_all_failed(self._batch))]

    async def _interrupt(self, because: str) -> None:
        """Say that it is over, in the log if that can still be written, else at least on screen."""
        if self._batch.ended:
            return
        event = self._event(BatchInterrupted, because=because)
        try:
            await self._recorder.record(self._batch, event)
        except StorageError:
            logger.exception("The interruption itself could not be logged")
            self._recorder.owe(self._batch, event)

    def _job_of(
        self, image: PlannedImage, nodes: JsonObject, on_left: Callable[[], None]
    ) -> ImageJob:
        return ImageJob(
            self._batch,
            image,
            nodes,
            recorder=self._recorder,
            prompts=self._prompts,
            downloader=self._downloader,
            stop=self._stop,
            on_left=on_left,
        )

    async def _record(self, kind: type[BatchEvent], **fields: Any) -> None:
        event = self._event(kind, **fields)
        await self._retry.store(lambda: self._recorder.record(self._batch, event))

    def _event(self, kind: type[BatchEvent], **fields: Any) -> Event:
        event: Event = kind(at=self._recorder.now(), batch_id=self._batch.batch_id, **fields)  # type: ignore[assignment]
        return event

    def _show_trouble(self, message: str | None) -> None:
        if message != self._batch.server_trouble:
            self._recorder.show(self._batch, ServerTroubled(self._batch.batch_id, message))


def _details(error: BatchGenError) -> Any:
    return error.details if isinstance(error, ExecutionFailed | PromptRefused) else None


def _sent(graph: SeededGraph, seed: int, now: datetime) -> JsonObject:
    return resolved(graph.for_seed(seed), now.astimezone())


def _with_any_seed(batch: BatchState) -> SeededGraph:
    places = batch.understood.seeds if batch.understood else None
    return SeededGraph.remembered(batch.workflow, places)


def _why_all_failed(batch: BatchState) -> str:
    reasons = dict.fromkeys(image.message for image in batch.images if image.message)
    return joined([later("Batch generation failed"), *filter(None, reasons)], "\n")
