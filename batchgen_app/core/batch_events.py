"""What happens to a batch as a whole."""

from typing import Literal

from pydantic import AwareDatetime

from batchgen_app.core.batch import Imported, Parameters, Prompts, Understood, Versions
from batchgen_app.core.proof import Proof
from batchgen_app.core.request import AnyRequest
from batchgen_app.core.server_list import MadeOn
from batchgen_app.core.wire import Graph, Said, Seed, Wire, left_out


class BatchEvent(Wire):
    """Base of all logged events; ``at`` is the time it happened, UTC."""

    at: AwareDatetime
    batch_id: str


class BatchQueued(BatchEvent):
    """A request was accepted. ``workflow`` is what will be submitted, with the first seed in it.
    ``prompts`` are what each image gets, where that varies from image to image. Of a batch that was
    ``imported``, all events have the times of its pictures.
    """

    type: Literal["batch_queued"] = "batch_queued"
    request: AnyRequest
    seeds: list[Seed]
    workflow: Graph
    parameters: Parameters
    understood: Understood | None = left_out()
    prompts: Prompts = left_out()
    imported: Imported | None = left_out()


class BatchStarted(BatchEvent):
    """The runner took the batch up, for it to be made by ``server``."""

    type: Literal["batch_started"] = "batch_started"
    versions: Versions
    server: MadeOn | None = left_out()


class BatchPaused(BatchEvent):
    """Nothing more is begun until the batch is continued; the image being made is finished."""

    type: Literal["batch_paused"] = "batch_paused"


class BatchContinued(BatchEvent):
    """The batch goes on after a pause."""

    type: Literal["batch_continued"] = "batch_continued"


class BatchFinishRequested(BatchEvent):
    """Somebody wants the batch to end with the image being made."""

    type: Literal["batch_finish_requested"] = "batch_finish_requested"
    because: Said


class BatchCompleted(BatchEvent):
    """Every image was tried, at least one was made."""

    type: Literal["batch_completed"] = "batch_completed"


class BatchFailed(BatchEvent):
    """Every image was tried, none was made."""

    type: Literal["batch_failed"] = "batch_failed"
    message: Said


class BatchCancelled(BatchEvent):
    """Somebody stopped the batch."""

    type: Literal["batch_cancelled"] = "batch_cancelled"
    because: Said


class BatchInterrupted(BatchEvent):
    """The app stopped in the middle, by accident or by a fault of this machine."""

    type: Literal["batch_interrupted"] = "batch_interrupted"
    because: Said


class BatchResumed(BatchEvent):
    """What is missing is being made after all, with the planned seeds."""

    type: Literal["batch_resumed"] = "batch_resumed"
    missing: list[int]


class BatchProved(BatchEvent):
    """Its picture was compared with the one that it was to come out as, or cannot be."""

    type: Literal["batch_proved"] = "batch_proved"
    proof: Proof


class BatchDeleted(BatchEvent):
    """The batch went to the trash."""

    type: Literal["batch_deleted"] = "batch_deleted"


class BatchRestored(BatchEvent):
    """The batch came back from the trash."""

    type: Literal["batch_restored"] = "batch_restored"


class TrashEmptied(BatchEvent):
    """What the trash held of this batch is gone for good: the batch itself if it was deleted, else
    its deleted images. They stay deleted.
    """

    type: Literal["trash_emptied"] = "trash_emptied"
