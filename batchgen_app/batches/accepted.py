"""What somebody hears who asked for a batch: it waits its turn, and how long it may take."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from batchgen_app.batches.planning import Plan
from batchgen_app.core.durations import ImageTime
from batchgen_app.core.events import BatchQueued
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import joined


@dataclass(frozen=True)
class Accepted:
    """A batch that waits its turn, with what is known about it beforehand."""

    batch: BatchState
    images: int
    image_time: ImageTime
    remarks: Sequence[str] = ()
    """What of the request does not come through as it was asked; mostly nothing."""

    @property
    def estimated_seconds(self) -> float:
        """Seconds for all images that will be made."""
        return self.image_time.of(self.images)

    @property
    def known_seconds(self) -> float | None:
        """The same; None if it is only a guess, which nobody should be told as a number."""
        each = self.image_time.known
        return None if each is None else each * self.images

    @property
    def remark(self) -> str:
        """The same as one text."""
        return joined(self.remarks) if self.remarks else ""


def queued(plan: Plan, now: datetime) -> BatchQueued:
    """The first event of a batch that goes by this plan."""
    return BatchQueued(
        at=now,
        batch_id=plan.batch_id,
        request=plan.request,
        seeds=list(plan.seeds),
        workflow=plan.workflow,
        parameters=plan.parameters,
        understood=plan.understood,
        prompts=list(plan.prompts) or None,
    )
