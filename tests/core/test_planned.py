"""One planned image: into the trash, out of it again, and marked wherever it is."""

from batchgen_app.core.events import (
    BatchDeleted,
    BatchRestored,
    ImageDeleted,
    ImageFavourited,
    ImageRated,
    ImageRejected,
    ImageRestored,
)
from batchgen_app.core.planned import ImageStatus, PlannedImage
from tests.core.stories import batch_after, cancelled, completed, happened, started

FINISHED = PlannedImage(1, 101, ImageStatus.COMPLETED, picture=completed(1).picture())
FAILED = PlannedImage(1, 101, ImageStatus.FAILED, message="Out of memory")


def test_a_deleted_image_has_its_picture_in_the_trash() -> None:
    thrown_away = FINISHED.deleted()
    assert (thrown_away.status, thrown_away.picture) == (ImageStatus.DELETED, None)
    assert thrown_away.in_trash == FINISHED.picture


def test_deleting_twice_loses_nothing() -> None:
    assert FINISHED.deleted().deleted() == FINISHED.deleted()
    assert FINISHED.deleted().deleted().restored() == FINISHED


def test_only_what_is_in_the_trash_can_be_brought_back() -> None:
    assert FINISHED.restored() == FINISHED
    assert FAILED.restored() == FAILED
    assert FAILED.deleted().restored() == FAILED.deleted()


def test_marks_follow_the_picture_into_the_trash() -> None:
    marked = FINISHED.marked(favourite=True)
    assert marked.deleted().marked(rating=5).restored() == marked.marked(rating=5)
    assert FAILED.marked(favourite=True) == FAILED


def test_a_batch_shows_an_image_again_once_it_is_brought_back() -> None:
    batch = batch_after(started(), completed(1), completed(2), cancelled())
    before = batch.pictures
    batch.apply(happened(ImageFavourited, index=2, favourite=True))
    batch.apply(happened(ImageDeleted, index=2))
    batch.apply(happened(ImageRated, index=2, rating=3))
    batch.apply(happened(ImageRejected, index=2, rejected=True))
    assert (batch.completed_images, batch.pictures) == (1, before[:1])
    batch.apply(happened(ImageRestored, index=2))
    assert batch.completed_images == 2
    marks = {"favourite": True, "rating": 3, "rejected": True}
    assert batch.pictures[1] == before[1].model_copy(update=marks)


def test_a_deleted_batch_can_be_brought_back_whole() -> None:
    batch = batch_after(started(), completed(1), cancelled())
    before = batch.pictures
    batch.apply(happened(BatchDeleted))
    assert batch.deleted
    batch.apply(happened(BatchRestored))
    assert (batch.deleted, batch.pictures) == (False, before)
