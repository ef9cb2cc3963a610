"""Events as they stand in the log: their names, their JSON, and the way back."""

import json
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from batchgen_app.core.events import (
    BatchContinued,
    BatchDeleted,
    BatchEvent,
    BatchFinishRequested,
    BatchInterrupted,
    BatchPaused,
    BatchProved,
    BatchQueued,
    BatchRestored,
    Event,
    ImageAdded,
    ImageCancelled,
    ImageDeleted,
    ImageEvent,
    ImageFavourited,
    ImageLost,
    ImageRated,
    ImageRejected,
    ImageRestored,
    ImageSkipped,
    ImageTagged,
    ImageWithdrawn,
    Logged,
    TrashEmptied,
    read_event,
)
from batchgen_app.core.passing import (
    Passing,
    PlaceChanged,
    PreviewArrived,
    ServerTroubled,
    StepDone,
)
from batchgen_app.core.proof import Proof
from tests.core.histories import histories
from tests.core.stories import (
    BATCH_ID,
    all_done,
    all_failed,
    cancelled,
    completed,
    failed,
    happened,
    queued,
    resumed,
    started,
    submitted,
)

NAMES = (
    "batch_queued", "batch_started", "image_submitted", "image_completed", "image_failed",
    "image_cancelled", "image_skipped", "image_withdrawn", "image_added", "image_lost",
    "batch_paused", "batch_continued", "batch_finish_requested",
    "batch_completed", "batch_failed", "batch_cancelled",
    "batch_interrupted", "batch_resumed", "batch_proved",
    "image_favourited", "image_rated", "image_rejected", "image_tagged",
    "image_deleted", "batch_deleted", "image_restored", "batch_restored", "trash_emptied",
)  # fmt: skip
"""INTERFACE.md, Events."""

ONE_OF_EACH: list[Event] = [
    queued(),
    started(),
    submitted(1),
    completed(1),
    failed(2),
    happened(ImageCancelled, index=3),
    happened(ImageSkipped, index=3, because="skipped by hand"),
    happened(ImageWithdrawn, index=3),
    happened(ImageAdded, index=4, seed=104),
    happened(ImageLost, index=1, message="001_101.png is gone"),
    happened(BatchPaused),
    happened(BatchContinued),
    happened(BatchFinishRequested, because="enough"),
    all_done(),
    all_failed(),
    cancelled(),
    happened(BatchInterrupted, because="The app stopped"),
    resumed(2, 3),
    happened(BatchProved, proof=Proof(image=f"{BATCH_ID}-001", identical=True)),
    happened(ImageFavourited, index=1, favourite=True),
    happened(ImageRated, index=1, rating=5),
    happened(ImageRejected, index=1, rejected=True),
    happened(ImageTagged, index=1, tags=("Night", "for the wall")),
    happened(ImageDeleted, index=1),
    happened(BatchDeleted),
    happened(ImageRestored, index=1),
    happened(BatchRestored),
    happened(TrashEmptied),
]

each_event = pytest.mark.parametrize("event", ONE_OF_EACH, ids=lambda event: event.type)


def kinds() -> tuple[type[BatchEvent], ...]:
    union = get_args(Event)[0]
    return get_args(union)


def test_the_types_are_those_of_the_interface() -> None:
    assert [kind.model_fields["type"].default for kind in kinds()] == list(NAMES)
    assert [event.type for event in ONE_OF_EACH] == list(NAMES)


@each_event
def test_an_event_comes_back_from_its_json(event: Event) -> None:
    assert read_event(event.to_json()) == event
    text = json.dumps(event.to_json())
    assert read_event(text) == read_event(text.encode()) == event
    assert type(read_event(text)) is type(event)


@each_event
def test_an_event_says_when_and_about_what(event: Event) -> None:
    data = event.to_json()
    assert data["batchId"] == BATCH_ID
    assert datetime.fromisoformat(data["at"]) == event.at
    assert data["at"].endswith("Z")
    assert ("index" in data) == isinstance(event, ImageEvent) == data["type"].startswith("image")


@settings(max_examples=40, deadline=None)
@given(histories())
def test_any_history_comes_back_from_its_json(history: list[Event]) -> None:
    assert [read_event(json.dumps(event.to_json())) for event in history] == history


def test_names_on_the_wire_are_camel_case() -> None:
    data = submitted(2).to_json()
    assert data.keys() == {"type", "at", "batchId", "index", "promptId", "seed"}
    assert (data["promptId"], data["index"], data["seed"]) == ("prompt-2", 2, 102)


def test_the_first_event_holds_everything_that_can_influence_an_image() -> None:
    data = queued().to_json()
    assert data["request"]["batchCount"] == len(data["seeds"]) == 3
    assert data["workflow"]["1"]["class_type"] == "KSampler"
    assert data["parameters"]["model"] == "dreams.ckpt"


def test_the_largest_seed_is_exact_and_a_larger_one_refused() -> None:
    largest = submitted(1).to_json() | {"seed": 2**53 - 1}
    assert json.loads(json.dumps(read_event(largest).to_json()))["seed"] == 2**53 - 1
    with pytest.raises(ValidationError):
        read_event(largest | {"seed": 2**53})


@pytest.mark.parametrize(
    "change",
    [
        {"type": "image_burnt"},
        {"type": None},
        {"index": "one"},
        {"at": "yesterday"},
        {"rating": 6},
        {"rating": True},
        {"mood": "good"},
    ],
)
def test_what_is_no_event_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        read_event(happened(ImageRated, index=1, rating=5).to_json() | change)


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"type": "batch_queued"}'])
def test_what_is_no_json_of_an_event_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_event(text)


def test_a_logged_event_has_its_place_in_front() -> None:
    event = all_done()
    data = Logged(7, event).to_json()
    assert next(iter(data)) == "seq"
    assert data == {"seq": 7, **event.to_json()}


def test_what_only_passes_is_no_event_of_the_log() -> None:
    shown = [
        StepDone(BATCH_ID, 1, 3, 20),
        PreviewArrived(BATCH_ID, 1, b"jpeg", "image/jpeg"),
        PlaceChanged(BATCH_ID, 1, 3),
        ServerTroubled(BATCH_ID, None),
    ]
    assert all(isinstance(event, Passing) for event in shown)
    assert not any(issubclass(kind, Passing) for kind in kinds())


def test_times_keep_their_moment_whatever_their_zone() -> None:
    data = all_done().to_json() | {"at": "2026-11-22T16:15:00+02:00"}
    assert read_event(data).at == datetime(2026, 11, 22, 14, 15, tzinfo=UTC)


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        queued().batch_id = "another"  # type: ignore[misc]


def test_the_first_event_reads_a_workflow_as_it_was() -> None:
    graph = {"9": {"class_type": "X", "inputs": {"a": [1, [2.5, None, "ü"]], "seed": 2**64 - 1}}}
    event = queued().model_copy(update={"workflow": graph})
    read = read_event(json.dumps(event.to_json()))
    assert isinstance(read, BatchQueued)
    assert read.workflow == graph
