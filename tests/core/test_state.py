"""Stories of one batch: each event happens to it, and this is how it stands afterwards."""

import pytest

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.events import (
    BatchDeleted,
    BatchInterrupted,
    Event,
    ImageCancelled,
    ImageDeleted,
    ImageFavourited,
    ImageLost,
    ImageRated,
)
from batchgen_app.core.lifecycle import State
from batchgen_app.core.passing import (
    Passing,
    PlaceChanged,
    PreviewArrived,
    ServerTroubled,
    StepDone,
)
from batchgen_app.core.planned import ImageStatus
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


def statuses(batch: BatchState) -> list[str]:
    return [image.status.value for image in batch.images]


def progress(batch: BatchState) -> tuple[int | None, ...]:
    return (batch.current_image, batch.current_step, batch.total_steps)


def step(index: int, step: int, steps: int = 20) -> StepDone:
    return StepDone(BATCH_ID, index, step, steps)


def place(index: int, ahead: int | None) -> PlaceChanged:
    return PlaceChanged(BATCH_ID, index, ahead)


def preview(index: int, picture: bytes = b"jpeg") -> PreviewArrived:
    return PreviewArrived(BATCH_ID, index, picture, "image/jpeg")


def test_a_new_batch_waits_with_its_whole_plan() -> None:
    batch = batch_after(images=4)
    assert (batch.state, batch.status) == (State.QUEUED_FOR_GENERATION, BatchStatus.QUEUED)
    assert batch.seeds == tuple(image.seed for image in batch.images) == (101, 102, 103, 104)
    assert statuses(batch) == ["pending"] * 4
    assert (batch.total_images, batch.completed_images, batch.current_image) == (4, 0, None)
    assert not batch.ended


def test_images_are_made_one_after_another_until_all_are_done() -> None:
    batch = batch_after(started())
    seen = []
    for index in (1, 2, 3):
        batch.apply(submitted(index))
        seen.append((batch.current_image, batch.completed_images, batch.status.value))
        batch.apply(completed(index))
    assert seen == [(1, 0, "generating"), (2, 1, "generating"), (3, 2, "generating")]
    assert batch.state is State.IMAGE_COMPLETE
    end = all_done()
    batch.apply(end)
    assert (batch.status, batch.completed_at, batch.current_image) == ("complete", end.at, None)
    assert [picture.id for picture in batch.pictures] == [f"{BATCH_ID}-00{i}" for i in (1, 2, 3)]


def test_a_finished_image_can_be_found_under_its_addresses() -> None:
    done = completed(2)
    picture = batch_after(started(), done).pictures[0]
    assert picture.url == f"/api/images/{BATCH_ID}-002"
    assert picture.thumbnail_url == f"/api/images/{BATCH_ID}-002/thumbnail"
    assert (picture.index, picture.seed, picture.created_at) == (2, 102, done.at)
    assert (picture.favourite, picture.rating) == (False, 0)


def test_a_failed_image_is_passed_over() -> None:
    batch = batch_after(started(), completed(1), failed(2, "Out of memory"))
    assert (batch.state, batch.current_image) == (State.GENERATING_IMAGE, 3)
    assert batch.failed_images == (2,)
    assert batch.image(2).message == "Out of memory"
    batch.apply(completed(3))
    batch.apply(all_done())
    assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 2)
    assert [image.index for image in batch.missing] == [2]


def test_a_batch_of_which_every_image_failed_says_why() -> None:
    batch = batch_after(started(), failed(1), failed(2), failed(3), all_failed("No CUDA device"))
    assert (batch.status, batch.ended_because) == (BatchStatus.FAILED, "No CUDA device")
    assert (batch.completed_images, batch.failed_images) == (0, (1, 2, 3))


def test_a_cancelled_batch_keeps_what_is_finished() -> None:
    batch = batch_after(
        started(),
        completed(1),
        submitted(2),
        happened(ImageCancelled, index=2),
        happened(ImageCancelled, index=3),
        cancelled("Cancelled in the browser"),
    )
    assert (batch.status, batch.completed_images) == (BatchStatus.CANCELLED, 1)
    assert (batch.ended_because, batch.interrupted) == ("Cancelled in the browser", False)
    assert statuses(batch) == ["completed", "cancelled", "cancelled"]
    assert batch.estimated_seconds_remaining is None


def test_a_batch_can_be_cancelled_before_it_starts() -> None:
    batch = batch_after(happened(ImageCancelled, index=1), cancelled())
    assert (batch.status, batch.completed_images) == (BatchStatus.CANCELLED, 0)


def test_an_interrupted_batch_is_cancelled_and_says_so() -> None:
    batch = batch_after(
        started(), submitted(1), happened(BatchInterrupted, because="The app stopped")
    )
    assert (batch.status, batch.interrupted) == (BatchStatus.CANCELLED, True)
    assert [image.index for image in batch.missing] == [1, 2, 3]


def test_a_resumed_batch_makes_what_is_missing_with_the_planned_seeds() -> None:
    stopped = (happened(ImageCancelled, index=3), cancelled())
    batch = batch_after(started(), submitted(1), submitted(2), completed(1), failed(2), *stopped)
    batch.apply(resumed(2, 3))
    assert (batch.status, batch.completed_at, batch.ended_because) == ("queued", None, None)
    assert [(image.index, image.seed) for image in batch.unfinished] == [(2, 102), (3, 103)]
    assert batch.image(2).message is None
    assert batch.image(2).prompt_id == "prompt-2", "the server may still have it"
    assert batch.failed_images == ()
    for event in (started(), completed(2), completed(3), all_done()):
        batch.apply(event)
    assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 3)
    assert batch.pictures[0].index == 1


def test_an_interrupted_batch_that_is_resumed_is_no_longer_interrupted() -> None:
    batch = batch_after(happened(BatchInterrupted, because="power cut"), resumed(1, 2, 3))
    assert not batch.interrupted


def test_an_image_whose_file_is_lost_is_still_to_come() -> None:
    batch = batch_after(started(), submitted(1), submitted(2), completed(1), completed(2), images=2)
    batch.apply(happened(ImageLost, index=2, message="001_101.png is gone"))
    assert statuses(batch) == ["completed", "submitted"]
    assert (batch.completed_images, batch.current_image, batch.status) == (1, 2, "generating")
    batch.apply(completed(2))
    batch.apply(all_done())
    assert (batch.completed_images, batch.status) == (2, BatchStatus.COMPLETE)


def test_favourites_and_ratings_stay_with_their_picture() -> None:
    batch = batch_after(
        started(),
        completed(1),
        completed(2),
        happened(ImageFavourited, index=2, favourite=True),
        happened(ImageRated, index=2, rating=4),
    )
    assert [(p.favourite, p.rating) for p in batch.pictures] == [(False, 0), (True, 4)]
    batch.apply(happened(ImageFavourited, index=2, favourite=False))
    batch.apply(happened(ImageRated, index=2, rating=0))
    assert [(p.favourite, p.rating) for p in batch.pictures] == [(False, 0), (False, 0)]


def test_marking_an_image_that_has_no_picture_does_nothing() -> None:
    batch = batch_after(started(), happened(ImageFavourited, index=2, favourite=True))
    assert statuses(batch) == ["pending"] * 3


def test_a_deleted_image_is_gone_and_not_missing() -> None:
    batch = batch_after(started(), completed(1), completed(2), completed(3), all_done())
    batch.apply(happened(ImageDeleted, index=2))
    assert [picture.index for picture in batch.pictures] == [1, 3]
    assert (batch.completed_images, batch.missing) == (2, ())
    assert batch.image(2).status is ImageStatus.DELETED


def test_a_deleted_batch_is_marked_and_otherwise_as_it_was() -> None:
    batch = batch_after(started(), completed(1), cancelled())
    batch.apply(happened(BatchDeleted))
    assert batch.deleted
    assert batch.status is BatchStatus.CANCELLED


def test_one_image_may_wait_on_the_server_while_another_is_made() -> None:
    batch = batch_after(started(), submitted(1), submitted(2), step(1, 5), preview(1))
    assert statuses(batch) == ["submitted", "submitted", "pending"]
    assert progress(batch) == (1, 5, 20)
    assert batch.preview == preview(1)
    batch.apply(completed(1))
    assert progress(batch) == (2, None, None)
    assert batch.preview is None


def test_the_next_image_may_be_heard_of_before_the_one_before_it_is_stored() -> None:
    batch = batch_after(started(), submitted(1), submitted(2), step(2, 3), preview(2))
    assert progress(batch) == (1, None, None)
    assert batch.preview is None
    batch.apply(completed(1))
    assert progress(batch) == (2, 3, 20)
    assert batch.preview == preview(2)


def test_the_second_image_may_be_stored_before_the_first() -> None:
    batch = batch_after(started(), submitted(1), submitted(2), completed(2))
    assert (batch.state, batch.current_image) == (State.GENERATING_IMAGE, 1)
    batch.apply(completed(1))
    assert batch.current_image == 3
    assert [picture.index for picture in batch.pictures] == [1, 2]


@pytest.mark.parametrize("image", [0, 2, 4, -1])
def test_progress_of_another_image_is_not_shown(image: int) -> None:
    batch = batch_after(started(), submitted(1), step(image, 9), preview(image))
    assert progress(batch) == (1, None, None)
    assert batch.preview is None


def test_progress_before_the_start_and_after_the_end_is_not_shown() -> None:
    batch = batch_after(step(1, 5), preview(1))
    assert progress(batch) == (None, None, None)
    batch.apply(cancelled())
    for late in (step(1, 5), preview(1), ServerTroubled(BATCH_ID, "Server not answering")):
        batch.apply(late)
    assert progress(batch) == (None, None, None)
    assert batch.preview is None
    assert batch.server_trouble is None


def test_the_place_in_the_server_s_queue_is_that_of_the_image_being_made() -> None:
    batch = batch_after(started(), submitted(1), submitted(2))
    story: list[tuple[Event | Passing, int | None]] = [
        (place(1, 3), 3),
        (place(2, 4), 3),
        (place(1, None), None),
        (completed(1), 4),
        (place(2, 0), None),  # only our own images are before it
    ]
    for event, ahead in story:
        batch.apply(event)
        assert batch.prompts_ahead == ahead
    again: list[Event | Passing] = [place(2, 4), cancelled(), resumed(2, 3), started()]
    for event in [*again, submitted(2)]:
        batch.apply(event)
    assert batch.prompts_ahead is None


def test_a_resumed_image_starts_again_at_its_first_step() -> None:
    batch = batch_after(started(), submitted(1), step(1, 12), preview(1), cancelled())
    for event in (resumed(1, 2, 3), started(), submitted(1)):
        batch.apply(event)
    assert progress(batch) == (1, None, None)
    assert batch.preview is None


def test_trouble_with_the_server_is_shown_until_it_answers_or_the_batch_ends() -> None:
    batch = batch_after(started(), ServerTroubled(BATCH_ID, "Server not answering"))
    assert (batch.server_trouble, batch.status) == ("Server not answering", "generating")
    batch.apply(ServerTroubled(BATCH_ID, None))
    assert (batch.server_trouble, batch.status) == (None, "generating")
    batch.apply(ServerTroubled(BATCH_ID, "Server not answering"))
    batch.apply(cancelled())
    assert (batch.server_trouble, batch.status) == (None, "cancelled")


def test_the_time_that_remains_follows_what_is_measured() -> None:
    batch = batch_after(images=4)
    assert batch.estimated_seconds_remaining == 4 * 8.0
    for event in (started(), submitted(1), step(1, 10)):
        batch.apply(event)
    assert batch.estimated_seconds_remaining == 3.5 * 8.0
    batch.apply(completed(1, seconds=2.0))
    assert batch.estimated_seconds_remaining == 3 * 2.0
    batch.apply(completed(2, seconds=None))
    batch.apply(completed(3, seconds=4.0))
    assert batch.estimated_seconds_remaining == 1 * 4.0
    batch.apply(failed(4))
    assert batch.estimated_seconds_remaining == 0.0
    batch.apply(all_done())
    assert batch.estimated_seconds_remaining is None


def test_a_batch_that_waits_to_be_resumed_has_no_pace_yet() -> None:
    batch = BatchState.queued(queued(), None)
    said: list[str | None] = []
    events: tuple[Event, ...] = (started(), submitted(1), completed(1), cancelled(), resumed(2, 3))
    for event in events:
        batch.apply(event)
        said.append(batch.estimate_basis)
    assert said == [None, None, "observed", None, None]


def test_every_change_raises_the_revision_and_equality_does_not_look_at_it() -> None:
    batch, other = batch_after(started()), batch_after(started())
    before = batch.revision
    batch.apply(ServerTroubled(BATCH_ID, None))
    assert batch.revision == before + 1
    other.created_at = batch.created_at
    assert batch == other


def test_the_first_event_is_kept_in_full() -> None:
    first = queued(2)
    batch = BatchState.queued(first)
    assert (batch.request, batch.workflow) == (first.request, first.workflow)
    assert (batch.parameters, batch.created_at) == (first.parameters, first.at)
