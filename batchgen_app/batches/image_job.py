"""One image's life: submitted, followed on the server, brought home (fetched, stored, logged).
Whatever moment the app died in, the next run goes on from there.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import uuid4

from batchgen_app.batches.download import Downloader, Fetched
from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.pictures_again import PicturesAgain
from batchgen_app.batches.prompt import Prompt, PromptGone, Prompts
from batchgen_app.batches.prompt_tracker import PromptNews, passing_of, senders_in
from batchgen_app.batches.stopping import Stop
from batchgen_app.comfy.client import (
    Ended,
    HistoryEntry,
    Outcome,
    Running,
    Waiting,
)
from batchgen_app.comfy.messages import PromptEnded
from batchgen_app.core.batch import Activity
from batchgen_app.core.errors import ExecutionFailed, ImageError, PictureMissing
from batchgen_app.core.events import ImageSubmitted
from batchgen_app.core.passing import NodeBegun
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import joined, later

logger = logging.getLogger(__name__)

T = TypeVar("T")

SUBMISSIONS = 3
"""How often one image is submitted while the server keeps losing it."""
LOST = later("The server lost this image {count} times.")
INTERRUPTED = later("Somebody stopped this image on the server.")
UNHEARD = later(
    "The picture was made {count} times, but did not arrive: its node sends it over the websocket, "
    "which was away or does not take a picture of this size. Use a Save Image node instead."
)
RECALLED = later(
    "The server gave the picture of an earlier run instead of making it once more, so nothing is "
    "proved. Restart ComfyUI, then try again."
)
SENDING = Activity(phase="sending", node="")
SLACK_SECONDS = 1.0
"""By which two clocks may differ over one image."""


class Stopped(Exception):
    """The image was given up because its batch is being stopped."""


class Skipped(Exception):
    """A person passed the image over while it was made."""

    def __init__(self, because: str) -> None:
        self.because = because
        super().__init__(because)


class Unheard(Exception):
    """The image was made and sent over the websocket, and did not arrive."""


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
        self._nodes = nodes
        self._senders = senders_in(batch.workflow)
        self._recorder = recorder
        self._prompts = prompts
        self._pictures = pictures
        self._downloader = downloader
        self._stop = stop
        self._on_left: Callable[[], None] | None = on_left
        self._may_be_sent_again = True
        self._is_earlier = False
        self._prompt: Prompt | None = None
        self.skip = Stop()
        """Whether the image is to be passed over, and why."""
        self.is_taken_back = False
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
            if self._prompt:
                self._prompt.withdraw()
            raise Skipped(self.skip.because) from None

    def take_back(self) -> None:
        """Have the server forget it, unless it has begun with it: then it is finished. Otherwise
        the result is Stopped.
        """
        self.is_taken_back = True
        self._may_be_sent_again = False
        if self._prompt:
            self._prompt.recall()

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
                self._leave()
        return is_followed

    def follow_on(self) -> None:
        """Only follow what an earlier run submitted: should the server not know it any more, the
        result is Stopped.
        """
        self._may_be_sent_again = False
        # It may have ended long ago: the first look does not wait for a message.
        self._listen(self._image.prompt_id or "").tracker.news.set()

    async def result(self) -> HistoryEntry:
        """What the server made of it. Raises Stopped, ImageError or StorageError, or TimeoutError
        when a stop was requested and the server does not answer.
        """
        try:
            return self._judged(await self._ended())
        finally:
            self._leave()

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
            await self._prompts.retry.store(
                lambda: self._recorder.to_the_end(self._keep(came, seconds, remark))
            )
        finally:
            await came.let_go()

    def _check_made(self) -> None:
        """What was only recalled proves nothing."""
        if self._batch.proves and self._is_recalled:
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
        if self._is_recalled:
            return None
        posted_at = self._prompt.posted_at if self._prompt else None
        if seconds is None or posted_at is None:
            return seconds
        passed = time.monotonic() - posted_at
        return seconds if seconds <= passed + SLACK_SECONDS else None

    @property
    def _is_recalled(self) -> bool:
        return self._prompt is not None and self._prompt.tracker.is_recalled(self._nodes)

    async def _taken_up(self) -> bool:
        if not self._image.prompt_id:
            await self._send()
            return True
        earlier = self._listen(self._image.prompt_id)
        where = await earlier.prompt_status()
        if isinstance(where, Ended) and await self._came_home(where.entry):
            return False
        if isinstance(where, Running | Waiting):
            self._is_earlier = True
        else:
            earlier.expect_no_more()
            await self._send()
        return True

    async def _came_home(self, entry: HistoryEntry) -> bool:
        """Whether this earlier attempt gave a picture after all; if not, it is made again."""
        if entry.outcome is not Outcome.SUCCEEDED or self._is_only_sent(entry):
            return False
        try:
            await self.bring_home(await self._heard(entry))
        except ImageError as error:
            logger.info("The image is made again: %s", type(error).__name__)
            return False
        return True

    async def _send(self) -> None:
        """The intention is logged before anything leaves. Raises StorageError, Stopped when it is
        recalled, and what ``Prompt.submit`` raises besides.
        """
        self._is_earlier = False
        # Newer servers take nothing but a lowercase UUID with hyphens, which this is. And it is
        # listened to first: messages may come before the answer (PROTOCOL.md, section 2).
        prompt = self._listen(intended := str(uuid4()))
        await self._log_id(intended)
        with self._shown_as_sent():
            try:
                await self._pictures.with_them(lambda: prompt.submit(self._nodes))
            except PromptGone as gone:
                raise Stopped from gone
        if prompt.id != intended:  # an older server makes ids of its own
            await self._log_id(prompt.id)

    @contextmanager
    def _shown_as_sent(self) -> Iterator[None]:
        """The server may begin with it before it answers."""
        self._show_activity(SENDING)
        try:
            yield
        finally:
            if self._batch.activities.get(self.index) is SENDING:
                self._show_activity(None)

    def _show_activity(self, activity: Activity | None) -> None:
        self._recorder.show(self._batch, NodeBegun(self._batch.batch_id, self.index, activity))

    async def _ended(self) -> HistoryEntry:
        why: ImageError | None = None
        for attempt in range(SUBMISSIONS):
            if attempt:
                await self._send()
            try:
                entry = await self._heard(await self._submitted.follow())
            except PromptGone as gone:
                self._check_lost(gone)
                why = ExecutionFailed(later(LOST, count=SUBMISSIONS))
            except Unheard as unheard:
                self._check_wanted(unheard)
                why = PictureMissing(later(UNHEARD, count=SUBMISSIONS))
            else:
                if not self._was_cancelled_before(entry):
                    return entry
        raise why or ExecutionFailed(INTERRUPTED)

    async def _heard(self, entry: HistoryEntry) -> HistoryEntry:
        """With the pictures that were sent. Raises Unheard where the image is one of them, and not
        all are there.
        """
        if not self._senders or entry.outcome is not Outcome.SUCCEEDED:
            return entry
        heard = await self._submitted.with_sent(entry, self._nodes)
        if self._is_only_sent(entry) and (heard.unheard or not heard.sent):
            raise Unheard
        return heard

    def _is_only_sent(self, entry: HistoryEntry) -> bool:
        understood = self._batch.understood
        first = understood.outputs[:1] if understood else ()
        return bool(self._senders) and (not entry.saved or not {*first}.isdisjoint(self._senders))

    def _was_cancelled_before(self, entry: HistoryEntry) -> bool:
        """By the earlier run that had submitted it, which the server heeds only behind a step."""
        is_wanted = self._is_earlier and not (self._stop.requested or self.is_taken_back)
        return is_wanted and entry.outcome is Outcome.INTERRUPTED

    @property
    def _submitted(self) -> Prompt:
        assert self._prompt, "submitted first"
        return self._prompt

    def _listen(self, prompt_id: str) -> Prompt:
        """To this prompt, and no more to an earlier one."""
        if self._prompt:
            self._prompt.leave()
        self._prompt = Prompt(self._prompts, prompt_id, self._on_news, self._senders)
        return self._prompt

    def _leave(self) -> None:
        if self._prompt:
            self._prompt.leave()
        self._make_room()

    def _make_room(self) -> None:
        if self._on_left:
            self._on_left()
            self._on_left = None

    async def _log_id(self, prompt_id: str) -> None:
        event = ImageSubmitted(
            at=self._recorder.now(),
            batch_id=self._batch.batch_id,
            index=self.index,
            prompt_id=prompt_id,
            seed=self._image.seed,
        )
        await self._prompts.retry.store(lambda: self._recorder.record(self._batch, event))

    def _judged(self, entry: HistoryEntry) -> HistoryEntry:
        if entry.outcome is Outcome.SUCCEEDED:
            return entry
        if entry.outcome is Outcome.FAILED:
            raise entry.error or ExecutionFailed(
                later("The server gives no reason for the failure.")
            )
        if self._stop.requested or self.is_taken_back:
            raise Stopped
        raise ExecutionFailed(INTERRUPTED)

    def _check_lost(self, gone: PromptGone) -> None:
        """What was lost may be sent again; what somebody took away may not."""
        self._check_wanted(gone)
        if not (gone.lost or self._is_earlier):
            raise ExecutionFailed(
                later("Somebody took this image out of the server's queue.")
            ) from gone

    def _check_wanted(self, why: Exception) -> None:
        if self._stop.requested or not self._may_be_sent_again:
            raise Stopped from why

    def _on_news(self, news: PromptNews) -> None:
        if isinstance(news, PromptEnded):
            # Before its result is read, so that the server does not idle meanwhile.
            self._make_room()
        if passing := passing_of(news, self._batch.batch_id, self.index, self._nodes):
            self._recorder.show(self._batch, passing)
