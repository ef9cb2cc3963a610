"""One image's life: submitted, followed on the server, brought home (fetched, stored, logged).
Whatever moment the app died in, the next run goes on from there.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from batchgen_app.batches.download import Downloader, Fetched
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.pictures_again import PicturesAgain
from batchgen_app.batches.prompts import Prompts
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.submissions import Submissions
from batchgen_app.comfy.client import Ended, HistoryEntry, Outcome
from batchgen_app.core.errors import ExecutionFailed, ImageError
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import joined, later

logger = logging.getLogger(__name__)

T = TypeVar("T")

RECALLED = later(
    "The server gave the picture of an earlier run instead of making it once more, so nothing is "
    "proved. Restart ComfyUI, then try again."
)
SLACK_SECONDS = 1.0
"""By which two clocks may differ over one image."""


class Skipped(Exception):
    """A person passed the image over while it was made."""

    def __init__(self, because: str) -> None:
        self.because = because
        super().__init__(because)


class ImageJob:
    """Makes one image of a batch; ``nodes`` is the workflow with its seed in it. ``on_left`` is
    called once, as soon as the server is done with it.
    """

    def __init__(
        self,
        batch: BatchState,
        image: PlannedImage,
        nodes: JsonObject,
        *,
        recorder: EventRecorder,
        prompts: Prompts,
        pictures: PicturesAgain,
        downloader: Downloader,
        stop: Stop,
        on_left: Callable[[], None],
    ) -> None:
        self.index = image.index
        self._batch = batch
        self._image = image
        self._recorder = recorder
        self._retry = prompts.retry
        self._downloader = downloader
        self._submissions = Submissions(
            batch,
            image,
            nodes,
            recorder=recorder,
            prompts=prompts,
            pictures=pictures,
            stop=stop,
            on_left=on_left,
        )
        self.skip = Stop()
        """Whether the image is to be passed over, and why."""
        self.is_made = False
        """Whether its picture only has to be brought home."""
        self.gone = asyncio.Event()
        """Set by whoever runs it when nothing more is done for it."""

    async def unless_skipped(self, work: Awaitable[T]) -> T:
        """The result of ``work`` for it. Raises Skipped as soon as the image is to be passed over;
        the server is told to stop it, and not waited for.
        """
        try:
            async with self.skip.limit(0):
                return await work
        except TimeoutError:
            if self.skip.because is None:
                raise
            self._submissions.withdraw()
            raise Skipped(self.skip.because) from None

    def take_back(self) -> None:
        """Have the server forget it, unless it has begun with it: then it is finished. Otherwise
        the result is Stopped.
        """
        self._submissions.take_back()

    @property
    def is_taken_back(self) -> bool:
        """Whether that was asked for."""
        return self._submissions.is_taken_back

    async def begin(self) -> bool:
        """Submit it: log the intention, then send; unless an earlier run did, and the server has
        it. Whether there is a result to wait for: a picture that was made meanwhile is brought
        home at once. Raises PromptRefused, ServerFault or StorageError, Stopped when it is taken
        back before the server has it, or TimeoutError when a stop was requested and the server does
        not answer.
        """
        is_followed = False
        try:
            is_followed = await self._taken_up()
        finally:
            if not is_followed:
                self._submissions.leave()
        return is_followed

    def follow_on(self) -> None:
        """Only follow what an earlier run submitted: should the server not know it any more, the
        result is Stopped.
        """
        self._submissions.follow_on()

    async def result(self) -> HistoryEntry:
        """What the server made of it. Raises Stopped, ImageError or StorageError, or TimeoutError
        when a stop was requested and the server does not answer.
        """
        try:
            return await self._submissions.result()
        finally:
            self._submissions.leave()

    async def bring_home(self, entry: HistoryEntry) -> None:
        """Fetch, store, log; the file of its number last, as it stands for all of them. What has
        been fetched is also stored and logged. Raises ImageError or StorageError.
        """
        self.is_made = True
        self._check_made()
        seconds = self._believed(entry.seconds)
        remark = await self._downloader.bring_extras(self._batch, self._image, entry)
        came = await self._downloader.fetch(self._batch, entry)
        try:
            await self._retry.store(
                lambda: self._recorder.to_the_end(self._keep(came, seconds, remark))
            )
        finally:
            await came.let_go()

    def _check_made(self) -> None:
        """What was only recalled proves nothing."""
        if self._batch.proves and self._submissions.is_recalled:
            raise ExecutionFailed(RECALLED)

    async def _keep(self, came: Fetched, seconds: float | None, remark: str) -> None:
        stored = await self._downloader.keep(self._batch, self._image, came)
        said = joined(filter(None, (remark, stored.remark)))
        event = self._image.completed(
            self._batch.batch_id, stored, at=self._recorder.now(), seconds=seconds, remark=said
        )
        await self._recorder.record(self._batch, event)

    def _believed(self, seconds: float | None) -> float | None:
        """The server's time for the image, unless its clock jumped meanwhile: then it says more
        than has passed here. None for one that it only recalled: no other one is like that.
        """
        if self._submissions.is_recalled:
            return None
        posted_at = self._submissions.posted_at
        if seconds is None or posted_at is None:
            return seconds
        passed = time.monotonic() - posted_at
        return seconds if seconds <= passed + SLACK_SECONDS else None

    async def _taken_up(self) -> bool:
        where = await self._submissions.earlier()
        if isinstance(where, Ended) and await self._came_home(where.entry):
            return False
        await self._submissions.go_on(where)
        return True

    async def _came_home(self, entry: HistoryEntry) -> bool:
        """Whether this earlier attempt gave a picture after all; if not, it is made again."""
        if entry.outcome is not Outcome.SUCCEEDED or self._submissions.is_only_sent(entry):
            return False
        try:
            await self.bring_home(await self._submissions.heard(entry))
        except ImageError as error:
            logger.info("The image is made again: %s", type(error).__name__)
            return False
        return True
