"""One batch as it stands. ``BatchState.apply`` is the only code that changes it.

A plain dataclass of plain fields, so that a user interface can make them observable by
subclassing. Lists are replaced, never changed in place. Replaying a batch's logged events gives
the same state as living through them.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from batchgen_app.core.batch import (
    Activity,
    BatchStatus,
    EstimateBasis,
    GeneratedImage,
    Parameters,
    Understood,
    Versions,
)
from batchgen_app.core.durations import WorkingTime
from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchDeleted,
    BatchEvent,
    BatchFailed,
    BatchInterrupted,
    BatchQueued,
    BatchRestored,
    BatchResumed,
    BatchStarted,
    Event,
    ImageCancelled,
    ImageCompleted,
    ImageDeleted,
    ImageEvent,
    ImageFailed,
    ImageFavourited,
    ImageLost,
    ImageRated,
    ImageRestored,
    ImageSubmitted,
    NodeBegun,
    Passing,
    PlaceChanged,
    PreviewArrived,
    ServerTroubled,
    StepDone,
)
from batchgen_app.core.lifecycle import ENDED, STATUS, State, Trigger, following
from batchgen_app.core.planned import RESUMABLE, UNFINISHED, ImageStatus, PlannedImage
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.time_left import TimeLeft
from batchgen_app.core.wire import JsonObject

TRIGGERS: dict[type[BatchEvent], Trigger] = {
    BatchStarted: Trigger.START_GENERATION,
    ImageCompleted: Trigger.IMAGE_COMPLETE,
    ImageFailed: Trigger.IMAGE_ERROR,
    BatchCompleted: Trigger.ALL_DONE,
    BatchFailed: Trigger.ALL_FAILED,
    BatchCancelled: Trigger.USER_CANCEL,
    BatchInterrupted: Trigger.INTERRUPTION,
    BatchResumed: Trigger.RESUME,
}


@dataclass
class BatchState:
    """The observable truth about one batch."""

    batch_id: str
    request: BatchRequest
    seeds: tuple[int, ...]
    workflow: JsonObject
    parameters: Parameters
    understood: Understood | None
    created_at: datetime
    working: WorkingTime = field(compare=False)
    images: tuple[PlannedImage, ...]
    state: State = State.QUEUED_FOR_GENERATION
    status: BatchStatus = BatchStatus.QUEUED
    versions: Versions | None = None
    completed_at: datetime | None = None
    ended_because: str | None = None
    interrupted: bool = False
    deleted: bool = False
    total_images: int = 0
    completed_images: int = 0
    failed_images: tuple[int, ...] = ()
    current_image: int | None = None
    current_step: int | None = None
    total_steps: int | None = None
    preview: PreviewArrived | None = None
    prompts_ahead: int | None = None
    server_trouble: str | None = None
    expected_seconds: float | None = None
    estimated_seconds_remaining: float | None = None
    estimate_basis: EstimateBasis | None = None
    activity: Activity | None = None
    # What only passes is not compared: it is not in the log, so a replay does not have it.
    activities: dict[int, Activity | None] = field(default_factory=dict, compare=False)
    places: dict[int, int | None] = field(default_factory=dict, compare=False)
    pace: TimeLeft = field(default=TimeLeft(), compare=False)
    last_step: StepDone | None = field(default=None, compare=False)
    last_preview: PreviewArrived | None = field(default=None, compare=False)
    events: int = field(default=1, compare=False)
    revision: int = field(default=0, compare=False)

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
            images=tuple(PlannedImage(i, seed) for i, seed in enumerate(event.seeds, start=1)),
            total_images=len(event.seeds),
            expected_seconds=expected_seconds,
        )
        batch._refresh()
        return batch

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to this batch unless it is resumed."""
        return self.state in ENDED

    @property
    def missing(self) -> tuple[PlannedImage, ...]:
        """The images that a resume would make."""
        return tuple(image for image in self.images if image.status in RESUMABLE)

    @property
    def unfinished(self) -> tuple[PlannedImage, ...]:
        """The images that are still to come."""
        return tuple(image for image in self.images if image.status in UNFINISHED)

    @property
    def pictures(self) -> tuple[GeneratedImage, ...]:
        """The finished images, in order."""
        return tuple(image.picture for image in self.images if image.picture)

    def image(self, index: int) -> PlannedImage:
        """Image ``index``, counted from 1."""
        return self.images[index - 1]

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
            case ServerTroubled() if not self.ended:
                self.server_trouble = event.message

    def _check(self, event: Event) -> None:
        """Refuse what the table of transitions does not, before anything changes."""
        one = [event.index] if isinstance(event, ImageEvent) else []
        indexes = event.missing if isinstance(event, BatchResumed) else one
        if event.batch_id != self.batch_id or set(indexes) - set(range(1, self.total_images + 1)):
            raise LifecycleError(f"{event.type} {indexes} does not belong to {self.batch_id}")
        if isinstance(event, ImageLost) and self.ended:
            raise LifecycleError(f"{event.type} is not possible in {self.state}")

    def _record(self, event: Event) -> None:
        """What ``event`` adds to the picture, once the move was allowed."""
        match event:
            case BatchStarted():
                self.versions = event.versions
                self._forget_what_passed()
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
            case ImageLost():
                self._lost(event.index)
            case ImageFavourited() | ImageRated() | ImageDeleted() | ImageRestored():
                self._put(self.image(event.index).edited(event))
            case BatchDeleted() | BatchRestored():
                self.deleted = isinstance(event, BatchDeleted)
            case BatchResumed():
                self._resumed(event)
            case BatchCompleted() | BatchFailed() | BatchCancelled() | BatchInterrupted():
                self._ended(event)

    def _trigger(self, trigger: Trigger) -> None:
        self.state = following(self.state, trigger)

    def _completed(self, event: ImageCompleted) -> None:
        self.pace = self.pace.measured(event.index, event.seconds)
        self._image(
            event.index,
            status=ImageStatus.COMPLETED,
            seconds=event.seconds,
            picture=event.picture(),
        )
        self._go_on()

    def _lost(self, index: int) -> None:
        self._put(self.image(index).lost())
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
        self.server_trouble = self.ended_because = None
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

    def _refresh(self) -> None:
        """The fields that follow from the others, each from those before it."""
        self.status = STATUS[self.state]
        self.completed_images = len(self.pictures)
        self.failed_images = tuple(i.index for i in self.images if i.status is ImageStatus.FAILED)
        self.current_image = self._being_made()
        self._show_current()
        self._estimate()
        self.revision += 1

    def _being_made(self) -> int | None:
        if self.state is not State.GENERATING_IMAGE or not self.unfinished:
            return None
        return self.unfinished[0].index

    def _show_current(self) -> None:
        """Steps and preview of the current image; the next one may be heard of before its turn."""
        step, preview = self.last_step, self.last_preview
        heard = step if step and step.index == self.current_image else None
        self.current_step, self.total_steps = (heard.step, heard.steps) if heard else (None, None)
        self.preview = preview if preview and preview.index == self.current_image else None
        self.activity = self.activities.get(self.current_image or 0)
        # None of others before it, but perhaps one of ours, is nothing to tell.
        self.prompts_ahead = self.places.get(self.current_image or 0) or None

    def _estimate(self) -> None:
        """Nothing while others come first on the server, or while it does not answer."""
        found, is_sending = None, self.activity and self.activity.is_sending
        if not (self.ended or self.prompts_ahead or self.server_trouble or is_sending):
            images = len(self.unfinished)
            found = self.pace.estimate(images, self.current_image, self.expected_seconds)
        self.estimated_seconds_remaining = found.seconds if found else None
        self.estimate_basis = found.basis if found else None
