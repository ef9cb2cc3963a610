"""The fields of a batch, what can be read from them, and those that follow from the others."""

from dataclasses import dataclass, field
from datetime import datetime

from batchgen_app.core.batch import (
    Activity,
    BatchStatus,
    EstimateBasis,
    GeneratedImage,
    ImagePrompt,
    Imported,
    Parameters,
    Understood,
    Versions,
)
from batchgen_app.core.durations import WorkingTime
from batchgen_app.core.ids import image_id
from batchgen_app.core.lifecycle import ENDED, STATUS, State
from batchgen_app.core.passing import PreviewArrived, StepDone
from batchgen_app.core.planned import RESUMABLE, UNFINISHED, ImageStatus, PlannedImage
from batchgen_app.core.proof import Proof
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.server_list import MadeOn
from batchgen_app.core.time_left import TimeLeft
from batchgen_app.core.wire import JsonObject


@dataclass
class Standing:
    """A batch at one moment; ``BatchState`` is how it goes on."""

    batch_id: str
    request: BatchRequest
    seeds: tuple[int, ...]
    workflow: JsonObject
    parameters: Parameters
    understood: Understood | None
    created_at: datetime
    working: WorkingTime = field(compare=False)
    images: tuple[PlannedImage, ...]
    prompts: tuple[ImagePrompt, ...] = ()
    imported: Imported | None = None
    state: State = State.QUEUED_FOR_GENERATION
    status: BatchStatus = BatchStatus.QUEUED
    versions: Versions | None = None
    server: MadeOn | None = None
    completed_at: datetime | None = None
    ended_because: str | None = None
    interrupted: bool = False
    paused: bool = False
    finishing: bool = False
    deleted: bool = False
    proof: Proof | None = None
    total_images: int = 0
    completed_images: int = 0
    failed_images: tuple[int, ...] = ()
    current_image: int | None = None
    current_step: int | None = None
    total_steps: int | None = None
    preview: PreviewArrived | None = None
    prompts_ahead: int | None = None
    server_trouble: str | None = None
    waits_because: str | None = None
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

    @property
    def proves(self) -> str | None:
        """The id of the picture of which it is to be proved that it comes out again."""
        origin = self.request.based_on
        if origin is None or origin.how != "proved" or origin.image is None:
            return None
        return image_id(origin.batch_id, origin.image)

    @property
    def is_to_be_proved(self) -> bool:
        """Whether its picture is there and was not compared yet."""
        return bool(self.proves and self.pictures and not self.proof)

    def image(self, index: int) -> PlannedImage:
        """Image ``index``, counted from 1."""
        return self.images[index - 1]

    def words(self, index: int) -> ImagePrompt:
        """What image ``index`` shows."""
        image, common = self.image(index), self.parameters.negative_prompt
        negative = common if image.negative_prompt is None else image.negative_prompt
        return ImagePrompt(prompt=image.prompt or self.request.prompt, negative_prompt=negative)

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
        """Of a batch that is held, nothing that was not sent."""
        if self.state is not State.GENERATING_IMAGE:
            return None
        is_held = self.paused or self.finishing
        sent = (i for i in self.unfinished if not is_held or i.status is ImageStatus.SUBMITTED)
        return next((image.index for image in sent), None)

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
        """Nothing while others come first on the server, or while it does not answer, or as long
        as a person holds the batch.
        """
        found, is_sending = None, self.activity and self.activity.is_sending
        is_open = self.ended or self.paused or self.finishing
        if not (is_open or self.prompts_ahead or self.server_trouble or is_sending):
            images = len(self.unfinished)
            found = self.pace.estimate(images, self.current_image, self.expected_seconds)
        self.estimated_seconds_remaining = found.seconds if found else None
        self.estimate_basis = found.basis if found else None
