"""A story of which something was lost is told again so that it can have happened."""

from batchgen_app.core.batch_file import BatchFile
from batchgen_app.core.event_repair import EventRepair, is_possible
from batchgen_app.core.events import BatchStarted, Event, ImageRated
from batchgen_app.core.state import BatchState
from tests.core.stories import (
    all_done,
    batch_after,
    completed,
    failed,
    happened,
    queued,
    resumed,
    started,
    submitted,
)


def lived(events: list[Event]) -> BatchState:
    first, *rest = events
    batch = BatchState.queued(first)  # type: ignore[arg-type]
    for event in rest:
        batch.apply(event)
    return batch


def mended(events: list[Event], file: BatchFile | None) -> list[Event]:
    mending = EventRepair(file)
    return [told for event in events for told in mending.tell(event)]


def test_one_lost_row_costs_only_itself() -> None:
    whole: list[Event] = [
        *(queued(), started(), submitted(1), completed(1), failed(2, "why"), completed(3)),
        *(all_done(), resumed(2), started(), failed(2, "again"), all_done()),
    ]
    file = BatchFile.of(lived(whole))
    for place in range(len(whole)):
        left = whole[:place] + whole[place + 1 :]
        told = mended(left, file)
        assert [event for event in left if event not in told] == [], place


def test_what_is_whole_stays_as_it_is() -> None:
    story: list[Event] = [
        queued(),
        started(),
        completed(1),
        happened(ImageRated, index=1, rating=3),
    ]
    assert is_possible(story)
    assert mended(story, None) == story


def test_without_its_folder_a_batch_keeps_what_can_have_happened() -> None:
    assert mended([started(), completed(1)], None) == []
    story: list[Event] = [queued(), completed(1), failed(2)]
    assert [event.type for event in mended(story, None)] == ["batch_queued"]


def test_a_mark_on_a_picture_that_was_lost_waits_for_the_picture() -> None:
    batch = batch_after(started(), completed(1), happened(ImageRated, index=1, rating=3))
    rated = happened(ImageRated, index=1, rating=3)
    told = mended([queued(), started(), rated], BatchFile.of(batch))
    assert [event.type for event in told][-2:] == ["image_completed", "image_rated"]
    assert any(isinstance(event, BatchStarted) for event in told)
