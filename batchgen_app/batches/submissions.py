"""An image on the server: submitted, once more where the server has lost it, until there is a
result. Each submission is a prompt of its own, whose id is logged before it is sent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import uuid4

from batchgen_app.batches.event_recorder import EventRecorder
from batchgen_app.batches.pictures_again import PicturesAgain
from batchgen_app.batches.prompt import Prompt, PromptGone
from batchgen_app.batches.prompt_tracker import PromptNews, passing_of, senders_in
from batchgen_app.batches.prompts import Prompts
from batchgen_app.batches.stopping import Stop
from batchgen_app.comfy.client import HistoryEntry, Outcome, PromptStatus, Running, Waiting
from batchgen_app.comfy.messages import PromptEnded
from batchgen_app.core.batch import Activity
from batchgen_app.core.errors import ExecutionFailed, ImageError, PictureMissing
from batchgen_app.core.events import ImageSubmitted
from batchgen_app.core.passing import NodeBegun
from batchgen_app.core.planned import PlannedImage
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later

SUBMISSIONS = 3
"""How often one image is submitted while the server keeps losing it."""
LOST = later("The server lost this image {count} times.")
INTERRUPTED = later("Somebody stopped this image on the server.")
UNHEARD = later(
    "The picture was made {count} times, but did not arrive: its node sends it over the websocket, "
    "which was away or does not take a picture of this size. Use a Save Image node instead."
)
SENDING = Activity(phase="sending", node="")


class Stopped(Exception):
    """The image was given up because its batch is being stopped."""


class Unheard(Exception):
    """The image was made and sent over the websocket, and did not arrive."""


class Submissions:
    """Those of one image; ``nodes`` is the workflow with its seed in it. ``on_left`` is called
    once, as soon as the server is done with it.
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
        self._stop = stop
        self._on_left: Callable[[], None] | None = on_left
        self._may_be_sent_again = True
        self._is_earlier = False
        self._prompt: Prompt | None = None
        self.is_taken_back = False

    @property
    def posted_at(self) -> float | None:
        """When the last one was sent, in monotonic seconds; None if an earlier run sent it."""
        return self._prompt.posted_at if self._prompt else None

    @property
    def is_recalled(self) -> bool:
        """Whether the server made nothing, and gave what it had of an earlier run."""
        return self._prompt is not None and self._prompt.tracker.is_recalled(self._nodes)

    async def earlier(self) -> PromptStatus | None:
        """Where the one of an earlier run is; None where it submitted none. Raises TimeoutError
        when a stop was requested and the server does not answer.
        """
        if not self._image.prompt_id:
            return None
        return await self._listen(self._image.prompt_id).prompt_status()

    async def go_on(self, where: PromptStatus | None) -> None:
        """Follow the one of an earlier run where the server still has it, else submit the image.
        Raises what ``Prompt.submit`` raises, StorageError, and Stopped when it is taken back before
        the server has it.
        """
        if isinstance(where, Running | Waiting):
            self._is_earlier = True
            return
        if self._prompt:
            self._prompt.expect_no_more()
        await self._send()

    def follow_on(self) -> None:
        """Only follow the one of an earlier run, and submit nothing."""
        self._may_be_sent_again = False
        # It may have ended long ago: the first look does not wait for a message.
        self._listen(self._image.prompt_id or "").tracker.news.set()

    async def result(self) -> HistoryEntry:
        """What the server made of it. Raises Stopped, ImageError or StorageError, or TimeoutError
        when a stop was requested and the server does not answer.
        """
        return self._judged(await self._ended())

    def take_back(self) -> None:
        """Have the server forget it, unless it has begun with it."""
        self.is_taken_back = True
        self._may_be_sent_again = False
        if self._prompt:
            self._prompt.recall()

    def withdraw(self) -> None:
        """Have the server stop it, without waiting."""
        if self._prompt:
            self._prompt.withdraw()

    async def heard(self, entry: HistoryEntry) -> HistoryEntry:
        """With the pictures that were sent. Raises Unheard where the image is one of them, and not
        all are there.
        """
        if not self._senders or entry.outcome is not Outcome.SUCCEEDED:
            return entry
        heard = await self._submitted.with_sent(entry, self._nodes)
        if self.is_only_sent(entry) and (heard.unheard or not heard.sent):
            raise Unheard
        return heard

    def is_only_sent(self, entry: HistoryEntry) -> bool:
        """Whether its picture is only heard of over the websocket, and in no file."""
        understood = self._batch.understood
        first = understood.outputs[:1] if understood else ()
        return bool(self._senders) and (not entry.saved or not {*first}.isdisjoint(self._senders))

    def leave(self) -> None:
        """Nothing is waited for any more: its place on the server is free."""
        if self._prompt:
            self._prompt.leave()
        self._make_room()

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
                entry = await self.heard(await self._submitted.follow())
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
