"""batch.json holds enough to bring a batch back, wherever it stands."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch_file import BatchFile, document
from batchgen_app.core.batch_file_events import events_between, events_of
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.events import (
    BatchQueued,
    BatchResumed,
    Event,
    ImageCompleted,
    ImageFavourited,
    ImageLost,
)
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.core.wire import JsonObject
from tests.core.histories import histories
from tests.core.stories import (
    all_done,
    batch_after,
    cancelled,
    completed,
    failed,
    happened,
    started,
    submitted,
)


def lived(history: list[Event]) -> BatchState:
    first, *rest = history
    assert isinstance(first, BatchQueued)
    batch = BatchState.queued(first)
    for event in rest:
        batch.apply(event)
    return batch


def through_a_file(batch: BatchState) -> JsonObject:
    content: JsonObject = json.loads(json.dumps(document(batch)))
    return content


@settings(deadline=None)
@given(histories())
def test_the_file_of_any_batch_leads_to_the_same_batch(history: list[Event]) -> None:
    before = through_a_file(lived(history))
    assert through_a_file(lived(events_of(before))) == before


@settings(deadline=None)
@given(histories())
def test_nothing_leads_from_a_batch_to_its_own_file(history: list[Event]) -> None:
    batch = lived(history)
    assert events_between(batch, BatchFile.of(batch)) == []


def test_a_picture_that_was_lost_and_made_again_is_the_later_one() -> None:
    liked = happened(ImageFavourited, index=1, favourite=True)
    left: list[Event] = [started(), submitted(1), completed(1), liked]
    lost = happened(ImageLost, index=1, message="001_100.png is gone")
    batch, cut = batch_after(*left, lost, completed(1)), batch_after(*left)
    for event in events_between(cut, BatchFile.of(batch)):
        cut.apply(event)
    assert cut.pictures == batch.pictures


@settings(deadline=None)
@given(histories(), st.data())
def test_a_log_that_was_cut_off_catches_up_with_the_file(
    history: list[Event], data: st.DataObject
) -> None:
    batch = lived(history)
    cut = lived(history[: data.draw(st.integers(1, len(history)))])
    for event in events_between(cut, BatchFile.of(batch)):
        cut.apply(event)
    assert pictures(batch) <= pictures(cut)
    assert cut.ended or not batch.ended


def pictures(batch: BatchState) -> set[tuple[Any, ...]]:
    return {
        (
            picture.id,
            picture.seed,
            picture.filename,
            picture.favourite,
            picture.rating,
            picture.rejected,
            picture.tags,
        )
        for picture in batch.pictures
    }


@settings(deadline=None)
@given(histories())
def test_the_file_has_the_summary_the_seeds_and_the_workflow(history: list[Event]) -> None:
    batch = lived(history)
    content = document(batch)
    assert content.items() >= summary_of(batch).to_json().items()
    assert content["seeds"] == list(batch.seeds)
    assert content["workflow"] == batch.workflow


def test_times_and_files_of_pictures_come_back() -> None:
    batch = batch_after(started(), completed(1), completed(2), completed(3), all_done())
    events = [e for e in events_of(document(batch)) if isinstance(e, ImageCompleted)]
    told = [(e.index, e.filename, e.bytes, e.seconds, e.at) for e in events]
    assert told == [
        (image.index, image.picture.filename, 1234, 4.0, image.picture.created_at)
        for image in batch.images
        if image.picture
    ]


def test_a_picture_that_turns_up_joins_a_batch_that_had_ended() -> None:
    batch = batch_after(started(), completed(1), failed(2), cancelled(), images=3)
    told = BatchFile.of(batch_after(started(), completed(1), completed(2), failed(3), all_done()))
    events = events_between(batch, told)
    for event in events:
        batch.apply(event)
    statuses = [image.status for image in batch.images]
    assert statuses == [ImageStatus.COMPLETED, ImageStatus.COMPLETED, ImageStatus.FAILED]
    assert [e.missing for e in events if isinstance(e, BatchResumed)] == [[2, 3]]
    assert batch.completed_at == told.completed_at


def test_fields_that_a_later_version_adds_are_passed_over() -> None:
    content = document(batch_after(started()))
    assert events_of({**content, "colour": "blue"}) == events_of(content)


@pytest.mark.parametrize(
    "fault",
    [
        {"seeds": [1]},
        {"imageRecords": []},
        {"status": "asleep"},
        {"request": {}},
        {"versions": "new"},
    ],
)
def test_a_file_that_makes_no_sense_is_refused(fault: JsonObject) -> None:
    with pytest.raises(InvalidRequest):
        events_of({**document(batch_after(started())), **fault})


@pytest.mark.parametrize(
    "change",
    [
        {"filename": "../../../etc/passwd"},
        {"filename": "002_102.png"},
        {"bytes": 2**63},
        {"width": -1},
        {"createdAt": "2026-11-22T14:15:00"},
        {"createdAt": "0001-01-01T00:00:00Z"},
        {"extras": [{"number": 2, "filename": "x", "width": 1, "height": 1, "bytes": 1}]},
    ],
)
def test_what_no_batch_has_is_refused(change: dict[str, Any]) -> None:
    content = through_a_file(batch_after(started(), completed(1), cancelled()))
    content["imageRecords"][0]["picture"].update(change)
    with pytest.raises(InvalidRequest):
        BatchFile.parse(content)
