"""A batch as the outside sees it: the specification's fields under the specification's names."""

from typing import Any

from hypothesis import given, settings

from batchgen_app.core.batch import BatchProgress, CompletedBatch
from batchgen_app.core.events import BatchInterrupted, BatchQueued, Event
from batchgen_app.core.passing import ServerTroubled, StepDone
from batchgen_app.core.serializers import progress_of, summary_of
from batchgen_app.core.state import BatchState
from tests.core.histories import histories
from tests.core.stories import (
    BATCH_ID,
    all_done,
    batch_after,
    cancelled,
    completed,
    failed,
    happened,
    started,
    submitted,
)

PROGRESS = {
    "batchId", "totalImages", "completedImages", "failedImages", "currentImage", "status",
    "thumbnails", "seeds", "imageErrors", "estimatedSecondsRemaining", "currentStep", "totalSteps",
}  # fmt: skip
"""FUN-BATCH-GEN, BatchProgress, and what INTERFACE.md adds."""
COMPLETED = {
    "batchId", "prompt", "images", "parameters", "createdAt", "completedAt", "status", "request",
    "seeds", "failedImages", "imageErrors",
}  # fmt: skip


def progress(batch: BatchState) -> dict[str, Any]:
    return progress_of(batch).to_json()


def summary(batch: BatchState) -> dict[str, Any]:
    return summary_of(batch).to_json()


def test_the_fields_are_those_of_the_specification() -> None:
    assert progress(batch_after()).keys() >= PROGRESS
    assert summary(batch_after()).keys() >= COMPLETED


def test_a_running_batch_shows_how_far_it_has_come() -> None:
    told = progress(
        batch_after(
            started(),
            submitted(1),
            completed(1, seconds=4.0),
            submitted(2),
            failed(2, "Out of memory"),
            submitted(3),
            StepDone(BATCH_ID, 3, 5, 20),
            ServerTroubled(BATCH_ID, "Server not answering"),
        )
    )
    assert told == {
        "batchId": BATCH_ID,
        "server": None,
        "totalImages": 3,
        "completedImages": 1,
        "failedImages": [2],
        "cancelledImages": [],
        "currentImage": 3,
        "status": "generating",
        "thumbnails": [f"/api/images/{BATCH_ID}-001/thumbnail"],
        "seeds": [101, 102, 103],
        "imageErrors": [{"index": 2, "message": "Out of memory"}],
        "estimatedSecondsRemaining": None,
        "estimateBasis": None,
        "currentStep": 5,
        "totalSteps": 20,
        "activity": None,
        "interrupted": False,
        "paused": False,
        "finishing": False,
        "serverTrouble": "Server not answering",
        "waitsBecause": None,
        "promptsAhead": None,
        "endedBecause": None,
    }


def test_a_batch_that_ended_tells_what_was_asked_and_what_came_out() -> None:
    end = all_done()
    batch = batch_after(started(), completed(3), completed(1), failed(2, "Out of memory"), end)
    told = summary(batch)
    assert told["images"] == [f"{BATCH_ID}-001", f"{BATCH_ID}-003"]
    assert (told["status"], told["interrupted"]) == ("complete", False)
    assert told["prompt"] == told["request"]["prompt"] == "a red fox"
    assert told["parameters"]["model"] == "dreams.ckpt"
    assert told["imageErrors"] == [{"index": 2, "message": "Out of memory"}]
    assert told["completedAt"] == end.to_json()["at"]


def test_a_cancelled_batch_and_an_interrupted_one_can_be_told_apart() -> None:
    stopped = batch_after(started(), cancelled())
    died = batch_after(started(), happened(BatchInterrupted, because="power cut"))
    for tell in (progress, summary):
        assert [tell(batch)["status"] for batch in (stopped, died)] == ["cancelled"] * 2
        assert [tell(batch)["interrupted"] for batch in (stopped, died)] == [False, True]


def test_while_a_batch_runs_the_summary_tells_as_far_as_it_has_come() -> None:
    told = summary(batch_after(started(), completed(1)))
    assert (told["status"], told["completedAt"]) == ("generating", None)
    assert told["images"] == [f"{BATCH_ID}-001"]


@settings(max_examples=50, deadline=None)
@given(histories())
def test_both_reports_of_any_batch_can_be_read_back(history: list[Event]) -> None:
    first, *others = history
    assert isinstance(first, BatchQueued)
    batch = BatchState.queued(first)
    for event in others:
        batch.apply(event)
    assert BatchProgress.parse(progress(batch)) == progress_of(batch)
    assert CompletedBatch.parse(summary(batch)) == summary_of(batch)
    assert len(progress(batch)["thumbnails"]) == progress(batch)["completedImages"]
    assert [e["index"] for e in progress(batch)["imageErrors"]] == progress(batch)["failedImages"]
