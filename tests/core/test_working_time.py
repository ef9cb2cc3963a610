"""How long a batch took: to the last thing that happened in it, not to the next start."""

from datetime import datetime, timedelta

from batchgen_app.core.events import BatchInterrupted, BatchQueued, Event, ImageLost
from batchgen_app.core.state import BatchState
from tests.core.stories import cancelled, completed, happened, queued, resumed, started, submitted


def lived(*events: Event, at: tuple[float, ...]) -> BatchState:
    """A batch to which ``events`` happened so many seconds after the request."""
    asked = queued()
    batch = BatchState.queued(asked)
    for event, seconds in zip(events, at, strict=True):
        batch.apply(event.model_copy(update={"at": moment(asked, seconds)}))
    return batch


def moment(asked: BatchQueued, seconds: float) -> datetime:
    return asked.at + timedelta(seconds=seconds)


def died() -> BatchInterrupted:
    return happened(BatchInterrupted, because="BatchGen stopped in the middle of it")


def test_an_interrupted_batch_lasted_until_the_last_thing_that_happened_in_it() -> None:
    nothing_made = lived(started(), submitted(1), died(), at=(1, 2, 50_000))
    assert nothing_made.working.seconds == 2
    one_made = lived(started(), submitted(1), completed(1), died(), at=(1, 2, 9, 50_000))
    assert one_made.working.seconds == 9


def test_what_is_found_missing_at_the_next_start_did_not_happen_in_it() -> None:
    lost = happened(ImageLost, index=1, message="gone")
    events = (started(), submitted(1), completed(1), lost, died())
    assert lived(*events, at=(1, 2, 9, 50_000, 50_001)).working.seconds == 9


def test_the_pause_before_a_resume_does_not_count_the_work_after_it_does() -> None:
    events = (started(), submitted(1), died(), resumed(1, 2, 3), started(), cancelled())
    batch = lived(*events, at=(1, 2, 50_000, 60_000, 60_001, 60_005))
    assert batch.working.seconds == 7


def test_a_clock_that_was_set_back_takes_nothing_away() -> None:
    assert lived(started(), submitted(1), at=(5, 3)).working.seconds == 5
