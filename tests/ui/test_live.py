"""A batch and the views that open pages have of it."""

import asyncio
import gc
from weakref import ref

from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.serializers import progress_of, summary_of
from batchgen_app.ui.live import LiveBatchState
from tests.core.stories import completed, queued, started, submitted
from tests.studio import until
from tests.ui.conftest import Opening

WAITS, RUNS = BatchStatus.QUEUED, BatchStatus.GENERATING


async def test_the_event_loop_is_free_between_two_pages(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = LiveBatchState.queued(queued())
    views = [batch.views.open(batch, visit.page) for _ in range(3)]
    batch.apply(started())
    seen = [[view.status for view in views]]
    while seen[-1] != [RUNS] * 3:
        await asyncio.sleep(0)
        seen.append([view.status for view in views])
    assert seen == [[WAITS] * 3, [RUNS, WAITS, WAITS], [RUNS, RUNS, WAITS], [RUNS] * 3]


async def test_a_page_that_came_last_misses_nothing(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = LiveBatchState.queued(queued())
    first = batch.views.open(batch, visit.page)
    for event in (started(), submitted(1)):
        batch.apply(event)
    last = batch.views.open(batch, visit.page)
    batch.apply(completed(1))
    await until(lambda: last.revision == batch.revision)
    for view in (first, last):
        assert progress_of(view) == progress_of(batch)
        assert summary_of(view) == summary_of(batch)


async def test_an_open_page_keeps_the_batch_that_it_shows(opening: Opening) -> None:
    visit = await opening("/settings")
    batch = LiveBatchState.queued(queued())
    view, known = batch.views.open(batch, visit.page), ref(batch)
    del batch
    gc.collect()
    assert known() is view.seen is not None
