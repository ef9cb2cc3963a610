"""One image's life: submitted, followed on the server, brought home. Whatever moment the app died
in, the next run goes on from there.
"""

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from uuid import uuid4

from batchgen_app.batches.collecting import Collector
from batchgen_app.batches.journal import Journal
from batchgen_app.batches.passing import passing_of
from batchgen_app.batches.prompting import PromptGone, Prompting
from batchgen_app.batches.sending import senders_in
from batchgen_app.batches.stopping import Stop
from batchgen_app.batches.watching import News, Switchboard, Watch
from batchgen_app.comfy.client import (
    Ended,
    Gone,
    HistoryEntry,
    Outcome,
    Running,
    Waiting,
    Whereabouts,
)
from batchgen_app.comfy.messages import PromptEnded
from batchgen_app.core.errors import ExecutionFailed, ImageError, PictureMissing
from batchgen_app.core.events import ImageSubmitted
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later

logger = logging.getLogger(__name__)

SUBMISSIONS = 3
"""How often one image is submitted while the server keeps losing it."""
LOST = later("The server lost this image {count} times.")
INTERRUPTED = later("Somebody stopped this image on the server.")
UNHEARD = later(
    "The picture was made {count} times, but did not arrive: its node sends it over the websocket, "
    "which was away or does not take a picture of this size. Use a Save Image node instead."
)
SLACK_SECONDS = 1.0
"""By which two clocks may differ over one image."""


class Stopped(Exception):
    """The image was given up because its batch is being stopped."""


class Unheard(Exception):
    """The image was made and sent, while nobody heard it."""


class ImageRun:
    """Makes one image of a batch; ``nodes`` is the workflow with its seed in it. ``on_left`` is
    called once, as soon as the server is done with it.
    """

    def __init__(
        self,
        batch: BatchState,
        image: PlannedImage,
        nodes: JsonObject,
        *,
        journal: Journal,
        prompting: Prompting,
        collector: Collector,
        switchboard: Switchboard,
        stop: Stop,
        on_left: Callable[[], None],
    ) -> None:
        self.index = image.index
        self._batch = batch
        self._image = image
        self._nodes = nodes
        self._senders = senders_in(batch.workflow)
        self._journal = journal
        self._prompting = prompting
        self._collector = collector
        self._switchboard = switchboard
        self._stop = stop
        self._on_left: Callable[[], None] | None = on_left
        self._is_sent_again = True
        self._is_earlier = False
        self._watching = ExitStack()
        self._prompt_id = ""
        self._sent_at: float | None = None
        self._watch: Watch | None = None

    async def begin(self) -> bool:
        """Submit it: log the intention, then send; unless an earlier run did, and the server has
        it. Whether there is a result to wait for: a picture that was made meanwhile is brought
        home at once. Raises PromptRefused, ServerFault or StorageError, or TimeoutError when a stop
        was requested and the server does not answer.
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
        self._is_sent_again = False
        self._listen(self._image.prompt_id or "").news.set()

    async def result(self) -> HistoryEntry:
        """What the server made of it. Raises Stopped, ImageError or StorageError, or TimeoutError
        when a stop was requested and the server does not answer.
        """
        try:
            return self._judged(await self._ended())
        finally:
            self._leave()

    async def bring_home(self, entry: HistoryEntry) -> None:
        """Fetch, store, log; the picture of its number last, as it stands for all of them. What has
        been fetched is also stored and logged. Raises ImageError or StorageError.
        """
        seconds = self._believed(entry.seconds)
        remark = await self._collector.bring_extras(self._batch, self._image, entry)
        picture = await self._collector.fetch(entry)
        await self._prompting.asking.store(
            lambda: self._journal.to_the_end(self._keep(picture, seconds, remark))
        )

    async def _keep(self, picture: bytes, seconds: float | None, remark: str) -> None:
        stored = await self._collector.keep(self._batch, self._image, picture)
        event = self._image.completed(
            self._batch.batch_id, stored, at=self._journal.now(), seconds=seconds, remark=remark
        )
        await self._journal.record(self._batch, event)

    def _believed(self, seconds: float | None) -> float | None:
        """The server's time for the image, unless its clock jumped meanwhile: then it says more
        than has passed here. None for one that it only recalled: no other one is like that.
        """
        if self._watch and self._watch.is_recalled(self._nodes):
            return None
        if seconds is None or self._sent_at is None:
            return seconds
        passed = time.monotonic() - self._sent_at
        return seconds if seconds <= passed + SLACK_SECONDS else None

    async def _taken_up(self) -> bool:
        where = await self._earlier()
        if isinstance(where, Ended) and await self._came_home(where.entry):
            return False
        if isinstance(where, Running | Waiting):
            self._is_earlier = True
            self._listen(self._prompt_id)
        else:
            if self._prompt_id:
                self._prompting.expect_no_more(self._prompt_id)
            await self._send()
        return True

    async def _earlier(self) -> Whereabouts:
        """Where the prompt of an earlier run is."""
        self._prompt_id = self._image.prompt_id or ""
        return await self._prompting.whereabouts(self._prompt_id) if self._prompt_id else Gone()

    async def _came_home(self, entry: HistoryEntry) -> bool:
        """Whether this earlier attempt gave a picture after all; if not, it is made again."""
        if entry.outcome is not Outcome.SUCCEEDED or self._is_only_sent(entry):
            return False
        try:
            await self.bring_home(entry)
        except ImageError as error:
            logger.info("The image is made again: %s", type(error).__name__)
            return False
        return True

    async def _send(self) -> None:
        self._is_earlier = False
        await self._intend(str(uuid4()))
        answered = await self._prompting.submit(self._nodes, self._prompt_id)
        if answered != self._prompt_id:  # an older server makes ids of its own
            await self._intend(answered)

    async def _ended(self) -> HistoryEntry:
        why: ImageError | None = None
        for attempt in range(SUBMISSIONS):
            if attempt:
                await self._send()
            try:
                entry = await self._heard(await self._followed())
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
        """With the pictures that were only sent. Raises Unheard where they are not all there."""
        if not self._is_only_sent(entry) or entry.outcome is not Outcome.SUCCEEDED:
            return entry
        assert self._watch, "followed first"
        await self._prompting.hear_out(self._prompt_id, self._watch)
        if not self._watch.has_all_sent:
            raise Unheard
        return replace(entry, sent=self._watch.sent.pictures)

    def _is_only_sent(self, entry: HistoryEntry) -> bool:
        return bool(self._senders) and not entry.saved

    def _was_cancelled_before(self, entry: HistoryEntry) -> bool:
        """By the earlier run that had submitted it, which the server heeds only behind a step."""
        is_wanted = self._is_earlier and not self._stop.requested
        return is_wanted and entry.outcome is Outcome.INTERRUPTED

    def _leave(self) -> None:
        self._watching.close()
        self._make_room()

    def _make_room(self) -> None:
        if self._on_left:
            self._on_left()
            self._on_left = None

    async def _intend(self, prompt_id: str) -> None:
        """Raises StorageError."""
        self._listen(prompt_id)
        self._sent_at = time.monotonic()
        event = ImageSubmitted(
            at=self._journal.now(),
            batch_id=self._batch.batch_id,
            index=self.index,
            prompt_id=prompt_id,
            seed=self._image.seed,
        )
        await self._prompting.asking.store(lambda: self._journal.record(self._batch, event))

    def _listen(self, prompt_id: str) -> Watch:
        self._watching.close()
        watch = self._switchboard.watch(prompt_id, self._on_news, self._senders)
        self._prompt_id, self._watch = prompt_id, self._watching.enter_context(watch)
        return self._watch

    async def _followed(self) -> HistoryEntry:
        assert self._watch, "submitted first"
        return await self._prompting.follow(self._prompt_id, self._watch)

    def _judged(self, entry: HistoryEntry) -> HistoryEntry:
        if entry.outcome is Outcome.SUCCEEDED:
            return entry
        if entry.outcome is Outcome.FAILED:
            raise entry.error or ExecutionFailed(
                later("The server gives no reason for the failure.")
            )
        if self._stop.requested:
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
        if self._stop.requested or not self._is_sent_again:
            raise Stopped from why

    def _on_news(self, news: News) -> None:
        if isinstance(news, PromptEnded):
            self._make_room()
        if passing := passing_of(news, self._batch.batch_id, self.index, self._nodes):
            self._journal.show(self._batch, passing)
