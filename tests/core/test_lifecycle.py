"""The table of transitions is the specification's, row by row, plus additions that say why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import LifecycleError
from batchgen_app.core.lifecycle import ENDED, STATUS, TRANSITIONS, State, Trigger, following

SPECIFIED = """
| BatchEntry            | Generate Click   | ValidationPending     |
| ValidationPending     | Valid Input      | QueuedForGeneration   |
| ValidationPending     | Invalid Input    | BatchEntry            |
| QueuedForGeneration   | Start Generation | GeneratingImage       |
| GeneratingImage       | Image Complete   | ImageComplete         |
| ImageComplete         | Next Image       | GeneratingImage       |
| ImageComplete         | All Done         | BatchComplete         |
| GeneratingImage       | Image Error      | ImageComplete         |
| GeneratingImage       | User Cancel      | BatchCancelled        |
"""
"""FUN-BATCH-GEN, State Transitions, without the guards."""

ADDED = """
| ImageComplete         | All Failed       | BatchFailed           | a state without an arrow
| GeneratingImage       | Image Skipped    | ImageComplete         | passed over
| QueuedForGeneration   | User Cancel      | BatchCancelled        | before the first image
| ImageComplete         | User Cancel      | BatchCancelled        | between two images
| QueuedForGeneration   | Interruption     | BatchCancelled        | the app died
| GeneratingImage       | Interruption     | BatchCancelled        | the app died
| ImageComplete         | Interruption     | BatchCancelled        | the app died
| BatchComplete         | Resume           | QueuedForGeneration   | some images failed
| BatchFailed           | Resume           | QueuedForGeneration   | all images failed
| BatchCancelled        | Resume           | QueuedForGeneration   | what is missing can be made
"""

Row = tuple[tuple[State, Trigger], State]


def rows(table: str) -> dict[tuple[State, Trigger], State]:
    return dict(row(line) for line in table.strip().splitlines())


def row(line: str) -> Row:
    source, trigger, target = (cell.strip() for cell in line.split("|")[1:4])
    return (State(source), Trigger(trigger)), State(target)


def test_the_table_is_the_specifications_with_the_marked_additions() -> None:
    assert rows(SPECIFIED) | rows(ADDED) == TRANSITIONS


def test_no_addition_replaces_a_row_of_the_specification() -> None:
    assert not rows(SPECIFIED).keys() & rows(ADDED).keys()


def test_every_state_can_be_reached_from_the_form() -> None:
    reached = {State.BATCH_ENTRY}
    for _ in State:
        reached |= {target for (source, _), target in TRANSITIONS.items() if source in reached}
    assert reached == set(State)


def test_every_trigger_is_of_use() -> None:
    assert {trigger for _, trigger in TRANSITIONS} == set(Trigger)


def test_only_a_resume_leads_out_of_an_end() -> None:
    assert {State.BATCH_COMPLETE, State.BATCH_FAILED, State.BATCH_CANCELLED} == ENDED
    assert {trigger for source, trigger in TRANSITIONS if source in ENDED} == {Trigger.RESUME}


def test_every_state_behind_the_form_has_a_status_and_every_status_a_state() -> None:
    before = {State.BATCH_ENTRY, State.VALIDATION_PENDING}
    assert STATUS.keys() == set(State) - before
    assert set(STATUS.values()) == set(BatchStatus)


def test_a_batch_goes_through_the_states_in_the_specifications_order() -> None:
    told = [
        (Trigger.GENERATE_CLICK, State.VALIDATION_PENDING),
        (Trigger.INVALID_INPUT, State.BATCH_ENTRY),
        (Trigger.GENERATE_CLICK, State.VALIDATION_PENDING),
        (Trigger.VALID_INPUT, State.QUEUED_FOR_GENERATION),
        (Trigger.START_GENERATION, State.GENERATING_IMAGE),
        (Trigger.IMAGE_COMPLETE, State.IMAGE_COMPLETE),
        (Trigger.NEXT_IMAGE, State.GENERATING_IMAGE),
        (Trigger.IMAGE_ERROR, State.IMAGE_COMPLETE),
        (Trigger.ALL_DONE, State.BATCH_COMPLETE),
    ]
    state = State.BATCH_ENTRY
    for trigger, expected in told:
        state = following(state, trigger)
        assert state is expected


def test_what_is_not_possible_is_said_in_the_specifications_words() -> None:
    with pytest.raises(LifecycleError, match="All Done is not possible in QueuedForGeneration"):
        following(State.QUEUED_FOR_GENERATION, Trigger.ALL_DONE)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(State), st.sampled_from(Trigger))
def test_there_is_no_way_beside_the_table(state: State, trigger: Trigger) -> None:
    if (state, trigger) in rows(SPECIFIED) | rows(ADDED):
        assert following(state, trigger) is TRANSITIONS[state, trigger]
    else:
        with pytest.raises(LifecycleError):
            following(state, trigger)
