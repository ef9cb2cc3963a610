"""Whatever happens to a batch, it stays on the table of transitions; what is refused leaves no
trace.
"""

from dataclasses import dataclass, fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.events import (
    BatchContinued,
    BatchDeleted,
    BatchFinishRequested,
    BatchInterrupted,
    BatchPaused,
    BatchProved,
    BatchRestored,
    Event,
    ImageAdded,
    ImageCancelled,
    ImageDeleted,
    ImageFavourited,
    ImageLost,
    ImageRated,
    ImageRestored,
    ImageSkipped,
    ImageWithdrawn,
    TrashEmptied,
)
from batchgen_app.core.lifecycle import STATUS, TRANSITIONS, State
from batchgen_app.core.passing import (
    Passing,
    PlaceChanged,
    PreviewArrived,
    ServerTroubled,
    StepDone,
)
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.proof import Proof
from batchgen_app.core.state import BatchState
from tests.core.stories import (
    BATCH_ID,
    all_done,
    all_failed,
    batch_after,
    cancelled,
    completed,
    failed,
    happened,
    queued,
    resumed,
    started,
    submitted,
)

STEPS_OF_THE_TABLE = {(source, target) for (source, _), target in TRANSITIONS.items()}


def fates(index: int) -> list[Event]:
    """What can happen to one image."""
    return [
        submitted(index),
        completed(index),
        completed(index, seconds=None),
        failed(index),
        happened(ImageCancelled, index=index),
        happened(ImageSkipped, index=index, because="dull"),
        happened(ImageWithdrawn, index=index),
        happened(ImageAdded, index=index, seed=100 + index),
        happened(ImageLost, index=index, message="gone"),
        happened(ImageDeleted, index=index),
        happened(ImageRestored, index=index),
        happened(ImageFavourited, index=index, favourite=True),
        happened(ImageRated, index=index, rating=3),
    ]


indexes = st.integers(1, 3)
any_indexes = st.sampled_from([1, 2, 3, 1, 2, 3, 0, 4, 4, -1])
about_an_image = any_indexes.flatmap(lambda index: st.sampled_from(fates(index)))
about_the_batch = st.sampled_from([
    started(),
    all_done(),
    all_failed(),
    cancelled(),
    happened(BatchInterrupted, because="power cut"),
    happened(BatchPaused),
    happened(BatchContinued),
    happened(BatchProved, proof=Proof(image=f"{BATCH_ID}-001", identical=True)),
    happened(BatchFinishRequested, because="enough"),
    resumed(1, 2, 3),
    resumed(2),
    resumed(),
    resumed(3, 4),
    happened(BatchDeleted),
    happened(BatchRestored),
    happened(TrashEmptied),
    started().model_copy(update={"batch_id": "another"}),
])  # fmt: skip
passing = st.one_of(
    st.builds(StepDone, st.just(BATCH_ID), indexes, st.integers(0, 20), st.just(20)),
    st.builds(PreviewArrived, st.just(BATCH_ID), indexes, st.binary(max_size=2), st.just("png")),
    st.builds(PlaceChanged, st.just(BATCH_ID), indexes, st.none() | st.integers(0, 9)),
    st.builds(ServerTroubled, st.just(BATCH_ID), st.sampled_from([None, "not answering"])),
)
stray: st.SearchStrategy[Event | Passing] = st.one_of(about_an_image, about_the_batch, passing)
ends: st.SearchStrategy[Event] = st.sampled_from([all_done(), all_failed(), cancelled()])


def outcomes(index: int) -> st.SearchStrategy[Event]:
    return st.sampled_from([completed(index), completed(index, seconds=None), failed(index)])


@st.composite
def runs(draw: st.DrawFn) -> list[Event | Passing]:
    """One run as it should be, or nearly so: some images are left out, any end may follow."""
    tried = [draw(outcomes(index)) for index in range(1, draw(st.sampled_from([3, 4, 4])))]
    told: list[Event | Passing] = [started(), *tried, draw(ends), draw(ends), resumed(2, 3)]
    for place, extra in draw(st.lists(st.tuples(st.integers(0, len(told)), stray), max_size=6)):
        told.insert(place, extra)
    return told


anything = st.lists(runs(), max_size=3).map(lambda lives: [event for run in lives for event in run])


@dataclass
class WatchedBatch(BatchState):
    """Notices every change of its state, as a page that is bound to it would."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "state" and name in vars(self):
            assert (self.state, value) in STEPS_OF_THE_TABLE
        super().__setattr__(name, value)


def snapshot(batch: BatchState) -> dict[str, Any]:
    return {field.name: getattr(batch, field.name) for field in fields(batch)}


def apply_if_possible(batch: BatchState, event: Event | Passing) -> None:
    before = snapshot(batch)
    try:
        batch.apply(event)
    except LifecycleError:
        assert snapshot(batch) == before
    else:
        assert batch.revision == before["revision"] + 1


@settings(max_examples=100, deadline=None)
@given(anything)
def test_no_sequence_of_events_leaves_the_table_and_no_refused_one_leaves_a_trace(
    events: list[Event | Passing],
) -> None:
    batch = WatchedBatch.queued(queued())
    for event in events:
        apply_if_possible(batch, event)
        assert_consistent(batch)


def assert_consistent(batch: BatchState) -> None:
    """The fields that follow from the others do follow from them."""
    assert batch.status is STATUS[batch.state]
    assert batch.completed_images == len(batch.pictures) <= batch.total_images
    assert [batch.image(index).status for index in batch.failed_images] == [
        ImageStatus.FAILED for _ in batch.failed_images
    ]
    planned = range(1, batch.total_images + 1)
    assert batch.seeds == tuple(image.seed for image in batch.images)
    assert batch.seeds == tuple(100 + index for index in planned)
    assert [image.index for image in batch.images] == list(planned)
    assert not batch.ended or (batch.paused, batch.finishing) == (False, False)
    assert_current_image_is_consistent(batch)


def assert_current_image_is_consistent(batch: BatchState) -> None:
    if batch.current_image is None:
        assert batch.current_step is batch.total_steps is None
        assert batch.preview is None
    else:
        assert batch.state is State.GENERATING_IMAGE
        is_held = batch.paused or batch.finishing
        made = [i for i in batch.unfinished if not is_held or i.status is ImageStatus.SUBMITTED]
        assert batch.image(batch.current_image) == made[0]
    assert (batch.estimated_seconds_remaining is None) == (batch.estimate_basis is None)
    assert not (batch.ended and batch.estimate_basis)


@pytest.mark.parametrize(
    "event",
    [completed(1), failed(1), all_done(), all_failed(), resumed(1)],
    ids=lambda event: event.type,
)
def test_what_cannot_happen_to_a_waiting_batch_is_a_mistake(event: Event) -> None:
    with pytest.raises(LifecycleError):
        batch_after(event)


def test_an_event_of_another_batch_or_image_is_a_mistake() -> None:
    strays: list[Event] = [
        completed(1).model_copy(update={"batch_id": "another"}),
        completed(0),
        completed(4),
        submitted(-1),
        happened(ImageFavourited, index=4, favourite=True),
    ]
    for stray in strays:
        with pytest.raises(LifecycleError, match="does not belong to"):
            batch_after(started(), stray)
    with pytest.raises(LifecycleError, match="does not belong to"):
        batch_after(cancelled(), resumed(3, 4))
