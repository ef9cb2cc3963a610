"""SentJobs: which of a server's jobs are our prompts, and what of them is known here."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from batchgen_app.core.wire import JsonObject

MOST = 64
"""Jobs that are remembered: far more than are on the way at a time."""


@dataclass(eq=False)
class SentJob:
    """``name``: the id under which the app asks for it, its own or the server's; ``prompt_id``: by
    which it is labelled, where that is known; ``nodes``: what was sent.
    """

    job_id: str
    name: str
    prompt_id: str | None = None
    nodes: JsonObject = field(default_factory=dict, repr=False)
    is_waiting: bool = False
    has_ended: bool = False


class SentJobs:
    """The latest, in the order in which they were sent."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, SentJob] = OrderedDict()

    def remember(self, job: SentJob) -> SentJob:
        """Know it from now on."""
        self._jobs[job.job_id] = job
        while len(self._jobs) > MOST:
            self._jobs.popitem(last=False)
        return job

    def give_up(self, some_id: str) -> None:
        """It is gone: nothing waits behind it."""
        if job := self.named(some_id):
            job.has_ended, job.is_waiting = True, False

    def named(self, some_id: str) -> SentJob | None:
        """By the id of the job, or by that of the prompt."""
        if job := self._jobs.get(some_id):
            return job
        return next((job for job in self._jobs.values() if job.prompt_id == some_id), None)

    @property
    def any_waits(self) -> bool:
        """Whether one was waiting when it was last looked at."""
        return any(job.is_waiting for job in self._jobs.values())

    def before(self, job: SentJob) -> Iterator[SentJob]:
        """Those sent earlier that have not ended, as far as it was seen."""
        for other in self._jobs.values():
            if other is job:
                return
            if not other.has_ended:
                yield other
