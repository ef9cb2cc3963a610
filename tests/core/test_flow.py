"""A batch that is held, and one that grows: what its state tells."""

import random
from datetime import timedelta

import pytest

from batchgen_app.core.batch import ImagePrompt
from batchgen_app.core.batch_file import BatchFile
from batchgen_app.core.batch_file_events import events_between, events_of
from batchgen_app.core.errors import InvalidRequest, LifecycleError
from batchgen_app.core.event_repair import EventRepair
from batchgen_app.core.events import (
    BatchContinued,
    BatchFinishRequested,
    BatchPaused,
    Event,
    ImageAdded,
    ImageRejected,
    ImageSkipped,
    ImageWithdrawn,
)
from batchgen_app.core.keeping import further_seed, wants_further_image
from batchgen_app.core.lifecycle import State
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.seeds import MAX_SEED
from batchgen_app.core.state import BatchState
from tests.core.asking import asked
from tests.core.stories import (
    BATCH_ID,
    all_done,
    batch_after,
    cancelled,
    completed,
    happened,
    queued,
    started,
    submitted,
)


def added(index: int, **fields: object) -> ImageAdded:
    return happened(ImageAdded, index=index, seed=100 + index, **fields)


def rejected(index: int) -> ImageRejected:
    return happened(ImageRejected, index=index, rejected=True)


def keeping(keep: int | None, *events: Event, images: int = 3) -> BatchState:
    request = asked(batchCount=images, **({"keep": keep} if keep else {}))
    batch = BatchState.queued(queued(images).model_copy(update={"request": request}))
    for event in (started(), *events):
        batch.apply(event)
    return batch


def test_a_paused_batch_still_makes_what_was_sent_and_then_nothing() -> None:
    batch = batch_after(started(), submitted(1), submitted(2), happened(BatchPaused))
    assert (batch.paused, batch.current_image) == (True, 1)
    batch.apply(happened(ImageWithdrawn, index=2))
    batch.apply(completed(1))
    assert (batch.paused, batch.current_image) == (True, None)
    assert batch.estimated_seconds_remaining is None
    assert batch.image(2).prompt_id == "prompt-2"
    batch.apply(happened(BatchContinued))
    assert (batch.paused, batch.current_image) == (False, 2)


def test_a_pause_takes_no_working_time() -> None:
    batch = batch_after(started(), submitted(1), completed(1), happened(BatchPaused))
    worked = batch.working.seconds
    batch.apply(BatchContinued(at=batch.working.until + timedelta(hours=1), batch_id=BATCH_ID))
    batch.apply(submitted(2).model_copy(update={"at": batch.working.until + timedelta(seconds=1)}))
    assert batch.working.seconds == worked + 1


def test_an_image_that_was_taken_back_too_late_stays_as_it_is() -> None:
    batch = batch_after(started(), submitted(1), completed(1), happened(ImageWithdrawn, index=1))
    assert batch.image(1).status is ImageStatus.COMPLETED


def test_the_last_one_skipped_leaves_a_complete_batch_to_be_resumed() -> None:
    skipped = [happened(ImageSkipped, index=index, because="dull") for index in (2, 3)]
    batch = batch_after(started(), completed(1), *skipped)
    assert batch.state is State.IMAGE_COMPLETE
    batch.apply(all_done())
    assert [image.index for image in batch.missing] == [2, 3]


@pytest.mark.parametrize("wish", [BatchPaused, BatchFinishRequested])
def test_a_wish_that_comes_with_the_end_changes_nothing(wish: type) -> None:
    fields = {"because": "enough"} if wish is BatchFinishRequested else {}
    batch = batch_after(started(), completed(1), cancelled(), happened(wish, **fields))
    assert not batch.paused
    assert not batch.finishing
    assert batch.ended


def test_a_further_image_comes_behind_the_others_with_its_own_words() -> None:
    words = ImagePrompt(prompt="a blue fox")
    batch = batch_after(started(), *(completed(index) for index in (1, 2, 3)))
    batch.apply(added(4, prompt=words))
    assert batch.state is State.GENERATING_IMAGE
    assert (batch.total_images, batch.seeds[-1], batch.current_image) == (4, 104, 4)
    assert batch.words(4).prompt == "a blue fox"
    for index in (4, 6):
        with pytest.raises(LifecycleError, match="does not belong"):
            batch.apply(added(index))


def test_a_folder_knows_the_further_images_that_the_log_lacks() -> None:
    grown = batch_after(started(), completed(1), added(4), completed(4))
    file = BatchFile.of(grown)
    assert replayed(events_of(file)).seeds == grown.seeds
    known = batch_after(started(), completed(1))
    for event in events_between(known, file):
        known.apply(event)
    assert known.seeds == grown.seeds
    assert [picture.index for picture in known.pictures] == [1, 4]


def test_a_further_image_whose_planning_was_lost_comes_back_from_the_folder() -> None:
    first = queued().model_copy(update={"at": started().at})
    rest: list[Event] = [started(), completed(1), added(4), submitted(4), completed(4)]
    file = BatchFile.of(replayed([first, *rest]))
    repair = EventRepair(file)
    told = [e for event in [first, *rest] if event is not rest[2] for e in repair.tell(event)]
    known = replayed(told)
    assert known.total_images == 3
    for event in events_between(known, file):
        known.apply(event)
    assert [picture.index for picture in known.pictures] == [1, 4]


def replayed(events: list[Event]) -> BatchState:
    first, *rest = events
    assert first.type == "batch_queued"
    batch = BatchState.queued(first)
    for event in rest:
        batch.apply(event)
    return batch


def test_only_as_many_are_replaced_as_are_to_be_kept() -> None:
    made = [completed(index) for index in (1, 2)]
    assert not wants_further_image(keeping(None, *made, rejected(1)))
    assert not wants_further_image(keeping(2, *made, rejected(1)))
    assert wants_further_image(keeping(2, *made, rejected(1), rejected(2)))
    assert wants_further_image(keeping(3, *made, rejected(1)))
    assert not wants_further_image(keeping(3, *made, rejected(1), added(4)))
    assert wants_further_image(keeping(4, *made))
    full = keeping(20, completed(1), rejected(1), images=20)
    assert not wants_further_image(full)


def test_the_next_seed_is_that_of_the_plan() -> None:
    batch, rng = keeping(3, completed(1)), random.Random(1)
    assert further_seed(batch, rng) not in {None, *batch.seeds}
    batch.request = asked(batchCount=3, seedMode="incremental", baseSeed=101, keep=3)
    assert further_seed(batch, rng) == 104
    batch.seeds = (MAX_SEED,)
    assert further_seed(batch, rng) is None


@pytest.mark.parametrize(
    ("keep", "said"),
    [
        (0, "Keep must be a whole number between 1-20"),
        (21, "Keep must be a whole number between 1-20"),
        ("3", "Keep must be a whole number between 1-20"),
    ],
)
def test_a_keep_that_cannot_be_is_refused(keep: object, said: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        asked(batchCount=3, keep=keep)
    assert [(p.field, p.message) for p in refused.value.problems] == [("keep", said)]
