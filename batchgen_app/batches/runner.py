"""BatchRunner: one batch, one image after another.

While one image is made, the next prompt already waits on the server, so that it never idles; never
more than one, so that a cancel stays certain and other users get their turn. A finished picture
is fetched and stored while the server works on.

After the app has died, a runner for ``only_begun`` brings home what the server was left with.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from batchgen_app import logs
from batchgen_app.batches.download import Downloader
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.flow import Flow
from batchgen_app.batches.image_graphs import ImageGraphs
from batchgen_app.batches.image_job import ImageJob
from batchgen_app.batches.image_outcomes import Outcomes
from batchgen_app.batches.last_words import LastWords
from batchgen_app.batches.pictures_again import PicturesAgain
from batchgen_app.batches.prompts import Prompts
from batchgen_app.batches.reconcile_files import FileReconciler
from batchgen_app.batches.server import Server
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.timeouts import Timeouts
from batchgen_app.core.batch import Versions
from batchgen_app.core.errors import InUse, StorageError
from batchgen_app.core.events import BatchEvent, BatchProved, BatchStarted, ImageAdded
from batchgen_app.core.passing import ServerTroubled
from batchgen_app.core.planned import ImageStatus, PlannedImage
from batchgen_app.core.proof import Proof
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.storage.images import ImageStore

logger = logging.getLogger(__name__)

AHEAD = 1
"""Prompts that wait on the server while one runs."""
SIDE_BY_SIDE = 3
"""Pictures that are brought home at the same time; large ones are decoded one by one anyway."""


class BatchRunner:
    """Runs one batch to its end; made anew for each, and told how to bring its pictures to the
    server, and how its ``proof`` is had. With ``only_begun``, nothing is submitted:
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
        bring_pictures: Callable[[], Awaitable[bool]],
        further_image: Callable[[], Awaitable[ImageAdded | None]],
        proof: Callable[[], Awaitable[Proof]],
        only_begun: bool = False,
    ) -> None:
        self.only_begun = only_begun
        self.server = server
        """Which makes the batch."""
        self._batch = batch
        self._recorder = recorder
        self._versions = versions
        self._stop = Stop()
        self._further_image = further_image
        self._proof = proof
        self.flow = Flow(batch, self._stop, self._grow, places=1 + AHEAD)
        """By which it is held and let go on."""
        self._prompts = Prompts(server, timeouts, self._stop, self._show_trouble)
        self._retry = self._prompts.retry
        self._last_words = LastWords(
            batch, recorder, self._retry, self._stop, only_begun=only_begun
        )
        self._outcomes = Outcomes(batch, self._stop, self._record)
        self._pictures = PicturesAgain(self._retry, bring_pictures)
        self._downloader = Downloader(server, store, recorder, versions.app, self._retry)
        self._reconciler = FileReconciler(recorder, store)
        self._store = store
        self._ways_home = asyncio.Semaphore(SIDE_BY_SIDE)
        self._turn_of_next = asyncio.Lock()

    def stop(self, because: str) -> None:
        """Stop as soon as the server lets go; what is finished stays."""
        self._stop.request(because)

    async def skip(self, index: int | None, because: str) -> None:
        """Pass over image ``index``, or the one being made, and go on with the next; waits until
        the server need not be waited for. One that is finished meanwhile is kept.
        """
        current = self._batch.current_image
        if job := self.flow.in_making(index):
            job.skip.request(because)
            await job.gone.wait()
        elif current and index in {None, current}:
            await self._skip_next(current, because)

    async def _skip_next(self, index: int, because: str) -> None:
        """Pass over one that was just going to be sent; it is not begun while that is recorded."""
        async with self._turn_of_next:
            if self.flow.is_next(index):
                await self._outcomes.skip(index, because)

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
                await self._last_words.break_off()
                raise

    async def break_off(self) -> None:
        """Say that the batch ends here, without waiting for anything. What the server was left with
        is not touched: a resume finds it.
        """
        await self._last_words.break_off()

    async def _run(self) -> None:
        try:
            if not self._stop.requested:
                await self._make_batch()
            await self._end()
        # A TaskGroup raises groups; except* takes the plain errors of _end() as well.
        except* InUse:  # somebody wants it to end; the log can be written again soon
            await self._last_words.break_off()
        except* StorageError as faults:
            await self._last_words.interrupt(str(faults.exceptions[0]))
        except* Exception as faults:
            logger.exception("The batch broke off")
            mistake = repr(faults.exceptions[0])
            await self._last_words.interrupt(
                later("BatchGen made a mistake: {mistake}", mistake=mistake)
            )

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
        await self._record(BatchStarted, versions=self._versions, server=self.server.made_on)
        if was_begun:
            await self._retry.store(lambda: self._reconciler.adopt(self._batch))

    def _follow_on(self, making: asyncio.TaskGroup) -> None:
        for image in self._batch.unfinished:
            if image.status is ImageStatus.SUBMITTED:
                # Nothing is submitted, so no graph is needed and no place on the server is taken.
                job = self._job_of(image, {}, on_left=lambda: None)
                job.follow_on()
                self.flow.begin(job)
                making.create_task(self._finish(job))

    async def _submit_images(self, making: asyncio.TaskGroup) -> None:
        """One by one, each as soon as there is a place for it on the server."""
        graphs = await asyncio.to_thread(ImageGraphs, self._batch)
        while image := await self.flow.next_image():
            nodes = await asyncio.to_thread(graphs.sent, image, self._recorder.now())
            # While pictures cannot be stored, no more of them are ordered.
            await self._retry.disk_is_fine()
            async with self._turn_of_next:
                job = self._in_hand(image, nodes)
            if job and await self._begun(job):
                making.create_task(self._finish(job))

    def _in_hand(self, image: PlannedImage, nodes: JsonObject) -> ImageJob | None:
        """Who makes an image; nobody, where it was held or passed over meanwhile."""
        if not self.flow.wants(image.index):
            return None
        job = self._job_of(image, nodes, on_left=self.flow.take_place())
        self.flow.begin(job)
        return job

    async def _grow(self) -> bool:
        further = await self._further_image()
        if further:
            await self._retry.store(partial(self._recorder.record, self._batch, further))
        return further is not None

    async def _begun(self, job: ImageJob) -> bool:
        """Whether there is a result to wait for."""
        is_followed = False
        try:
            is_followed = bool(
                await self._outcomes.attempt(job.index, job.unless_skipped(job.begin()))
            )
            if not is_followed:
                await self._outcomes.withdraw(job)
        finally:
            if not is_followed:
                self.flow.end(job)
        self.flow.begun()
        return is_followed

    async def _finish(self, job: ImageJob) -> None:
        try:
            if entry := await self._outcomes.attempt(job.index, job.unless_skipped(job.result())):
                async with self._ways_home:
                    await self._outcomes.attempt(job.index, job.bring_home(entry))
            await self._outcomes.withdraw(job)
        finally:
            self.flow.end(job)

    async def _end(self) -> None:
        if self.flow.ends_because:  # what was to be finished is: the rest is given up
            self._stop.request(self.flow.ends_because)
        if self._batch.unfinished:
            await self._last_words.break_off()
        else:
            if self._batch.is_to_be_proved:
                await self._record(BatchProved, proof=await self._proof())
            await self._last_words.say()

    def _job_of(
        self, image: PlannedImage, nodes: JsonObject, on_left: Callable[[], None]
    ) -> ImageJob:
        return ImageJob(
            self._batch,
            image,
            nodes,
            recorder=self._recorder,
            prompts=self._prompts,
            pictures=self._pictures,
            downloader=self._downloader,
            stop=self._stop,
            on_left=on_left,
        )

    async def _record(self, kind: type[BatchEvent], **fields: Any) -> None:
        event = self._recorder.event_of(self._batch, kind, **fields)
        await self._retry.store(lambda: self._recorder.record(self._batch, event))

    def _show_trouble(self, message: str | None) -> None:
        if message != self._batch.server_trouble:
            self._recorder.show(self._batch, ServerTroubled(self._batch.batch_id, message))
