"""Replaying the log of a batch gives the same batch as living through it."""

from dataclasses import fields
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.events import BatchQueued, Event, read_event
from batchgen_app.core.passing import (
    Passing,
    PlaceChanged,
    PreviewArrived,
    ServerTroubled,
    StepDone,
    TimePassed,
)
from batchgen_app.core.state import BatchState
from tests.core.histories import histories

ONLY_SHOWN = {
    "current_step",
    "total_steps",
    "preview",
    "last_step",
    "last_preview",
    "server_trouble",
    "prompts_ahead",
    "places",
    "estimated_seconds_remaining",
    "estimate_basis",
    "activity",
    "activities",
    "pace",
    "revision",
}
"""What passing events change while a batch runs."""

indexes = st.integers(1, 5)
passing: st.SearchStrategy[Passing] = st.one_of(
    st.builds(StepDone, st.just("id"), indexes, st.integers(0, 20), st.just(20)),
    st.builds(PreviewArrived, st.just("id"), indexes, st.binary(max_size=2), st.just("image/png")),
    st.builds(ServerTroubled, st.just("id"), st.sampled_from([None, "not answering"])),
    st.builds(PlaceChanged, st.just("id"), indexes, st.none() | st.integers(0, 9)),
    st.builds(TimePassed, st.just("id"), at=st.floats(0, 100)),
)


@st.composite
def lives(draw: st.DrawFn) -> list[Event | Passing]:
    """A valid history, with what only passes in between."""
    life: list[Event | Passing] = []
    for event in draw(histories()):
        life += [event, *draw(st.lists(passing, max_size=2))]
    return life


def lived(life: list[Any]) -> BatchState:
    first, *others = life
    assert isinstance(first, BatchQueued)
    batch = BatchState.queued(first, expected_seconds=8.0)
    for event in others:
        batch.apply(event)
    return batch


def lasting(batch: BatchState) -> dict[str, Any]:
    return {
        field.name: getattr(batch, field.name)
        for field in fields(batch)
        if field.name not in ONLY_SHOWN
    }


@settings(max_examples=100, deadline=None)
@given(lives())
def test_replaying_the_log_equals_living_through_it(life: list[Event | Passing]) -> None:
    log = [event.to_json() for event in life if not isinstance(event, Passing)]
    batch, replayed = lived(life), lived([read_event(entry) for entry in log])
    assert lasting(replayed) == lasting(batch)
    if batch.ended:
        assert replayed == batch


@settings(max_examples=50, deadline=None)
@given(histories())
def test_every_image_is_accounted_for(history: list[Event]) -> None:
    batch = lived(history)
    done = {picture.index for picture in batch.pictures}
    missing = {image.index for image in batch.missing}
    deleted = {image.index for image in batch.images} - done - missing
    assert not done & missing
    assert all(batch.image(index).status == "deleted" for index in deleted)
