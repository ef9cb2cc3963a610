"""One batch as it stands. ``BatchState.apply`` is the only code that changes it.

A plain dataclass of plain fields, so that a user interface can make them observable by
subclassing. Lists are replaced, never changed in place. Replaying a batch's logged events gives
the same state as living through them.
"""

from dataclasses import dataclass, replace
from typing import Self

from batchgen_app.core.batch import ImagePrompt
from batchgen_app.core.durations import WorkingTime
from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchContinued,
    BatchDeleted,
    BatchFailed,
    BatchFinishRequested,
    BatchInterrupted,
    BatchPaused,
    BatchProved,
    BatchQueued,
    BatchRestored,
    BatchResumed,
    BatchStarted,
    Event,
    ImageAdded,
    ImageCancelled,
    ImageCompleted,
    ImageEdited,
    ImageEvent,
    ImageFailed,
    ImageLost,
    ImageSkipped,
    ImageSubmitted,
    ImageWithdrawn,
)
from batchgen_app.core.lifecycle import TRIGGERS, State, Trigger, following
from batchgen_app.core.passing import (
    NodeBegun,
    Passing,
    PlaceChanged,
    PreviewArrived,
    ServerTroubled,
    StepDone,
    TurnAwaited,
)
from batchgen_app.core.planned import ImageStatus, PlannedImage, planned
from batchgen_app.core.standing import Standing
from batchgen_app.core.time_left import TimeLeft


@dataclass
class BatchState(Standing):
    """The observable truth about one batch."""

    @classmethod
    def queued(cls, event: BatchQueued, expected_seconds: float | None = None) -> Self:
        """The first moment of a batch; ``expected_seconds`` per image comes from earlier ones, None
        where there are none of its kind.
        """
        batch = cls(
            batch_id=event.batch_id,
            request=event.request,
            seeds=tuple(event.seeds),
            workflow=event.workflow,
            parameters=event.parameters,
            understood=event.understood,
            created_at=event.at,
            working=WorkingTime(event.at),
            images=planned(event),
            prompts=tuple(event.prompts or ()),
            imported=event.imported,
            total_images=len(event.seeds),
            expected_seconds=expected_seconds,
        )
        batch._refresh()
        return batch

    def apply(self, event: Event | Passing) -> None:
        """Let ``event`` happen to this batch; raises LifecycleError where it cannot."""
        if isinstance(event, Passing):
            self._show(event)
        else:
            self._check(event)
            if trigger := TRIGGERS.get(type(event)):
                self._trigger(trigger)
            self._record(event)
            self.working = self.working.after(event)
            self.events += 1
        self._refresh()

    def _show(self, event: Passing) -> None:
        self.pace = self.pace.after(event)
        match event:
            case StepDone():
                self.last_step = event
            case NodeBegun(index=index, activity=activity):
                self.activities = {**self.activities, index: activity}
            case PlaceChanged(index=index, ahead=ahead):
                self.places = {**self.places, index: ahead}
            case PreviewArrived():
                self.last_preview = event
            case TurnAwaited(why=why) if self.state is State.QUEUED_FOR_GENERATION:
                self.waits_because = why
            case ServerTroubled() if not self.ended:
                self.server_trouble = event.message

    def _check(self, event: Event) -> None:
        """Refuse what the table of transitions does not, before anything changes."""
        one = [event.index] if isinstance(event, ImageEvent) else []
        indexes = event.missing if isinstance(event, BatchResumed) else one
        known = range(1, self.total_images + 1)
        if isinstance(event, ImageAdded):
            known = range(known.stop, known.stop + 1)
        if event.batch_id != self.batch_id or set(indexes) - set(known):
            raise LifecycleError(f"{event.type} {indexes} does not belong to {self.batch_id}")
        if isinstance(event, ImageLost) and self.ended:
            raise LifecycleError(f"{event.type} is not possible in {self.state}")

    def _record(self, event: Event) -> None:
        """What ``event`` adds to the picture, once the move was allowed."""
        match event:
            case ImageEvent():
                self._record_image(event)
            case BatchStarted():
                self.versions, self.server = event.versions, event.server
                self.waits_because = None
                self._forget_what_passed()
            case BatchDeleted() | BatchRestored():
                self.deleted = isinstance(event, BatchDeleted)
            case BatchResumed():
                self._resumed(event)
            case BatchProved():
                self.proof = event.proof
            # What somebody wanted at the moment of the end came too late.
            case BatchPaused() | BatchContinued():
                self.paused = isinstance(event, BatchPaused) and not self.ended
            case BatchFinishRequested():
                self.finishing = not self.ended
            case BatchCompleted() | BatchFailed() | BatchCancelled() | BatchInterrupted():
                self._ended(event)

    def _record_image(self, event: Event) -> None:
        match event:
            case ImageSubmitted():
                self.pace = self.pace.submitted(event.index)
                self._image(event.index, status=ImageStatus.SUBMITTED, prompt_id=event.prompt_id)
            case ImageCompleted():
                self._completed(event)
            case ImageFailed():
                self._image(event.index, status=ImageStatus.FAILED, message=event.message)
                self._go_on()
            case ImageCancelled():
                self._image(event.index, status=ImageStatus.CANCELLED)
            case ImageSkipped():
                self._image(event.index, status=ImageStatus.CANCELLED)
                self._go_on()
            case ImageWithdrawn():
                self._withdrawn(event.index)
            case ImageAdded():
                self._added(event)
            case ImageLost():
                self._lost(event.index)
            case ImageEdited():
                self._put(self.image(event.index).edited(event))

    def _trigger(self, trigger: Trigger) -> None:
        self.state = following(self.state, trigger)

    def _completed(self, event: ImageCompleted) -> None:
        self.pace = self.pace.measured(event.index, event.seconds)
        self._image(
            event.index,
            status=ImageStatus.COMPLETED,
            seconds=event.seconds,
            picture=self.image(event.index).worded(event.picture()),
        )
        self._go_on()

    def _lost(self, index: int) -> None:
        self._put(self.image(index).lost())
        if self.state is State.IMAGE_COMPLETE:
            self._go_on()

    def _withdrawn(self, index: int) -> None:
        self._put(self.image(index).withdrawn())
        self.places = {**self.places, index: None}
        self.activities = {**self.activities, index: None}

    def _added(self, event: ImageAdded) -> None:
        common = ImagePrompt(
            prompt=self.request.prompt, negative_prompt=self.parameters.negative_prompt
        )
        image = PlannedImage(event.index, event.seed).with_words(event.prompt, common)
        self.seeds, self.images = (*self.seeds, event.seed), (*self.images, image)
        self.prompts = (*self.prompts, event.prompt) if event.prompt else self.prompts
        self.total_images += 1
        if self.state is State.IMAGE_COMPLETE:
            self._go_on()

    def _go_on(self) -> None:
        if self.unfinished:
            self._trigger(Trigger.NEXT_IMAGE)

    def _ended(
        self, event: BatchCompleted | BatchFailed | BatchCancelled | BatchInterrupted
    ) -> None:
        self.completed_at = event.at
        self.interrupted = isinstance(event, BatchInterrupted)
        self.server_trouble = self.ended_because = self.waits_because = None
        self.paused = self.finishing = False
        match event:
            case BatchFailed(message=why):
                self.ended_because = why
            case BatchCancelled(because=why) | BatchInterrupted(because=why):
                self.ended_because = why

    def _resumed(self, event: BatchResumed) -> None:
        for index in event.missing:
            self._put(self.image(index).resumed())
        self.completed_at, self.ended_because, self.interrupted = None, None, False
        self._forget_what_passed()

    def _forget_what_passed(self) -> None:
        """Another run may find another server; what was seen of the one before says nothing."""
        self.places, self.last_step, self.last_preview = {}, None, None
        self.pace, self.activities = TimeLeft(), {}

    def _image(self, index: int, **changes: object) -> None:
        self._put(replace(self.image(index), **changes))  # type: ignore[arg-type]

    def _put(self, image: PlannedImage) -> None:
        self.images = (*self.images[: image.index - 1], image, *self.images[image.index :])
