"""What lies in the trash stands in the batch file, and comes back from it."""

import pytest

from batchgen_app.core.batch_file import BatchFile, document
from batchgen_app.core.batch_file_events import events_between, events_of
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.events import (
    BatchDeleted,
    BatchQueued,
    BatchRestored,
    ImageDeleted,
    ImageFavourited,
    ImageRestored,
)
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from tests.core.stories import all_done, batch_after, completed, happened, started


def finished() -> BatchState:
    return batch_after(started(), completed(1), completed(2), completed(3), all_done())


def test_what_lies_in_the_trash_comes_back_from_the_batch_file() -> None:
    batch = finished()
    batch.apply(happened(ImageFavourited, index=1, favourite=True))
    batch.apply(happened(ImageDeleted, index=1))
    batch.apply(happened(BatchDeleted))
    first, *rest = events_of(document(batch))
    assert isinstance(first, BatchQueued)
    again = BatchState.queued(first)
    for event in rest:
        again.apply(event)
    again.apply(happened(ImageRestored, index=1))
    again.apply(happened(BatchRestored))
    assert again.pictures[0].favourite
    assert summary_of(again).images == [picture.id for picture in finished().pictures]


def test_a_finished_image_without_a_picture_makes_no_sense() -> None:
    content = document(finished())
    content["imageRecords"][0]["picture"] = None
    with pytest.raises(InvalidRequest):
        events_of(content)


def test_a_file_that_knows_of_a_restoration_leads_there() -> None:
    batch = finished()
    file = BatchFile.of(batch)
    batch.apply(happened(ImageDeleted, index=1))
    batch.apply(happened(BatchDeleted))
    for event in events_between(batch, file):
        batch.apply(event)
    assert BatchFile.of(batch) == file
