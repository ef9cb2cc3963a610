"""A job of Comfy API v2, as the rest of the app knows prompts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from comfy_low.models import Job, JobError, JobStatus, Output

from batchgen_app.comfy.client import (
    Ended,
    Gone,
    HistoryEntry,
    Outcome,
    OutputFile,
    PromptStatus,
    Running,
    Waiting,
)
from batchgen_app.comfy.prompt_status import LONGEST_NAME, NODE_FAILED, SAYS_NOT_WHAT
from batchgen_app.comfy_api.sent_jobs import SentJob
from batchgen_app.core.errors import ExecutionFailed
from batchgen_app.core.json_values import clipped
from batchgen_app.core.wire import JsonObject
from batchgen_app.language.message import later
from batchgen_app.workflows.node_types import node_label, node_type

SHOWN_ONLY = frozenset({"PreviewImage", "MaskPreview", "PreviewAudio"})
"""Node types whose files are not kept; the interface does not tell them from others."""
MILLISECONDS = 1000
MOST_BEFORE = 1000
"""Jobs of others that are counted."""

FAILED = later("The server reports a failure: {reason}")


@dataclass(frozen=True)
class ApiFile(OutputFile):
    """A file that the server gives by the id of its asset."""

    asset_id: str


def status_of(job: Job, sent: SentJob, before: Iterable[SentJob]) -> PromptStatus:
    """Where it is; ``before`` are those of ours that were sent earlier and have not ended."""
    match job.status:
        case JobStatus.queued:
            return _waiting(job, [*before])
        case JobStatus.running | JobStatus.canceling:
            return Running()
        case JobStatus.expired:
            return Gone()
    return Ended(_entry(job, sent.nodes))


def _waiting(job: Job, ours: list[SentJob]) -> Waiting:
    """The server tells how many wait before it, not whose they are."""
    position = job.queue_position or 1
    others = min(position - 1 - sum(one.is_waiting for one in ours), MOST_BEFORE)
    behind = [*(one.name for one in ours), *(f"another's {n}" for n in range(others))]
    return Waiting(position, frozenset(behind), is_sign_of_life=not ours)


def _entry(job: Job, nodes: JsonObject) -> HistoryEntry:
    outcome = {
        JobStatus.succeeded: Outcome.SUCCEEDED,
        JobStatus.canceled: Outcome.INTERRUPTED,
    }.get(job.status, Outcome.FAILED)
    place = {node_id: number for number, node_id in enumerate(nodes)}
    files = [*_files(job.outputs, nodes)]
    return HistoryEntry(
        outcome=outcome,
        # False sorts before True: saved files first.
        files=tuple(
            sorted(files, key=lambda f: (f.type != "output", place.get(f.node_id, len(place))))
        ),
        error=_error(job.error, nodes) if outcome is Outcome.FAILED else None,
        seconds=_seconds(job),
    )


def _files(outputs: Iterable[Output], nodes: JsonObject) -> Iterator[ApiFile]:
    for output in outputs:
        if len(output.name) <= LONGEST_NAME:
            kind = "temp" if node_type(nodes, output.node_id) in SHOWN_ONLY else "output"
            yield ApiFile(output.name, "", kind, output.node_id, asset_id=output.id)


def _error(error: JobError | None, nodes: JsonObject) -> ExecutionFailed:
    if error is None:
        return ExecutionFailed(SAYS_NOT_WHAT)
    reason, details = clipped(error.message.strip()) or clipped(error.code), error.model_dump()
    if error.node_id is None:
        return ExecutionFailed(later(FAILED, reason=reason), details)
    label = node_label(nodes, error.node_id, error.class_type)
    return ExecutionFailed(later(NODE_FAILED, node=label, reason=reason), details)


def _seconds(job: Job) -> float | None:
    """The server's own measure, else from beginning to end; None where it tells neither."""
    measured = (job.metrics or {}).get("execution_ms")
    if measured is not None:
        return measured / MILLISECONDS
    if job.started_at is None or job.completed_at is None:
        return None
    return max(0.0, (job.completed_at - job.started_at).total_seconds())
