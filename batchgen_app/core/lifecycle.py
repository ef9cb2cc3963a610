"""The states of a batch and the one table of transitions: FUN-BATCH-GEN, State Transitions."""

from enum import StrEnum

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.events import (
    BatchCancelled,
    BatchCompleted,
    BatchEvent,
    BatchFailed,
    BatchInterrupted,
    BatchResumed,
    BatchStarted,
    ImageCompleted,
    ImageFailed,
    ImageSkipped,
)


class State(StrEnum):
    """The specification's states, by its names."""

    BATCH_ENTRY = "BatchEntry"
    VALIDATION_PENDING = "ValidationPending"
    QUEUED_FOR_GENERATION = "QueuedForGeneration"
    GENERATING_IMAGE = "GeneratingImage"
    IMAGE_COMPLETE = "ImageComplete"
    BATCH_COMPLETE = "BatchComplete"
    BATCH_FAILED = "BatchFailed"
    BATCH_CANCELLED = "BatchCancelled"


class Trigger(StrEnum):
    """What moves a batch from one state to the next."""

    GENERATE_CLICK = "Generate Click"
    VALID_INPUT = "Valid Input"
    INVALID_INPUT = "Invalid Input"
    START_GENERATION = "Start Generation"
    IMAGE_COMPLETE = "Image Complete"
    IMAGE_ERROR = "Image Error"
    IMAGE_SKIPPED = "Image Skipped"
    NEXT_IMAGE = "Next Image"
    ALL_DONE = "All Done"
    ALL_FAILED = "All Failed"
    USER_CANCEL = "User Cancel"
    INTERRUPTION = "Interruption"
    RESUME = "Resume"


TRANSITIONS: dict[tuple[State, Trigger], State] = {
    (State.BATCH_ENTRY, Trigger.GENERATE_CLICK): State.VALIDATION_PENDING,
    (State.VALIDATION_PENDING, Trigger.VALID_INPUT): State.QUEUED_FOR_GENERATION,
    (State.VALIDATION_PENDING, Trigger.INVALID_INPUT): State.BATCH_ENTRY,
    (State.QUEUED_FOR_GENERATION, Trigger.START_GENERATION): State.GENERATING_IMAGE,
    (State.GENERATING_IMAGE, Trigger.IMAGE_COMPLETE): State.IMAGE_COMPLETE,
    (State.GENERATING_IMAGE, Trigger.IMAGE_ERROR): State.IMAGE_COMPLETE,
    (State.GENERATING_IMAGE, Trigger.USER_CANCEL): State.BATCH_CANCELLED,
    (State.IMAGE_COMPLETE, Trigger.NEXT_IMAGE): State.GENERATING_IMAGE,
    (State.IMAGE_COMPLETE, Trigger.ALL_DONE): State.BATCH_COMPLETE,
    # "BatchFailed: no successful generations" is a state of the specification without an arrow.
    (State.IMAGE_COMPLETE, Trigger.ALL_FAILED): State.BATCH_FAILED,
    # A person may pass an image over.
    (State.GENERATING_IMAGE, Trigger.IMAGE_SKIPPED): State.IMAGE_COMPLETE,
    # A person may cancel before the first image and between two.
    (State.QUEUED_FOR_GENERATION, Trigger.USER_CANCEL): State.BATCH_CANCELLED,
    (State.IMAGE_COMPLETE, Trigger.USER_CANCEL): State.BATCH_CANCELLED,
    # The app, the disk or the machine may die at any moment.
    (State.QUEUED_FOR_GENERATION, Trigger.INTERRUPTION): State.BATCH_CANCELLED,
    (State.GENERATING_IMAGE, Trigger.INTERRUPTION): State.BATCH_CANCELLED,
    (State.IMAGE_COMPLETE, Trigger.INTERRUPTION): State.BATCH_CANCELLED,
    # What is missing can be made later, into the same batch.
    (State.BATCH_COMPLETE, Trigger.RESUME): State.QUEUED_FOR_GENERATION,
    (State.BATCH_FAILED, Trigger.RESUME): State.QUEUED_FOR_GENERATION,
    (State.BATCH_CANCELLED, Trigger.RESUME): State.QUEUED_FOR_GENERATION,
}

STATUS: dict[State, BatchStatus] = {
    State.QUEUED_FOR_GENERATION: BatchStatus.QUEUED,
    State.GENERATING_IMAGE: BatchStatus.GENERATING,
    State.IMAGE_COMPLETE: BatchStatus.GENERATING,
    State.BATCH_COMPLETE: BatchStatus.COMPLETE,
    State.BATCH_FAILED: BatchStatus.FAILED,
    State.BATCH_CANCELLED: BatchStatus.CANCELLED,
}

TRIGGERS: dict[type[BatchEvent], Trigger] = {
    BatchStarted: Trigger.START_GENERATION,
    ImageCompleted: Trigger.IMAGE_COMPLETE,
    ImageFailed: Trigger.IMAGE_ERROR,
    ImageSkipped: Trigger.IMAGE_SKIPPED,
    BatchCompleted: Trigger.ALL_DONE,
    BatchFailed: Trigger.ALL_FAILED,
    BatchCancelled: Trigger.USER_CANCEL,
    BatchInterrupted: Trigger.INTERRUPTION,
    BatchResumed: Trigger.RESUME,
}
"""What an event does to the state of its batch; the others do nothing to it."""

ENDED = frozenset({State.BATCH_COMPLETE, State.BATCH_FAILED, State.BATCH_CANCELLED})


def following(state: State, trigger: Trigger) -> State:
    """The state that ``trigger`` leads to; raises LifecycleError where the table has no row."""
    try:
        return TRANSITIONS[state, trigger]
    except KeyError:
        raise LifecycleError(f"{trigger} is not possible in {state}") from None
