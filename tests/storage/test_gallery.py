"""The gallery shows what the log says, finds it again, and can be made anew at any time."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.batch import CompletedBatch, Parameters
from batchgen_app.core.events import (
    BatchDeleted,
    BatchRestored,
    Event,
    ImageDeleted,
    ImageFavourited,
    ImageRated,
    ImageRestored,
    Logged,
)
from batchgen_app.core.ids import image_id
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.storage import gallery_follower
from batchgen_app.storage.checkup import FITS
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.event_log import EventLog, replay
from batchgen_app.storage.gallery_query import GalleryQuery, Order
from batchgen_app.storage.gallery_rows import Rows
from tests.core.asking import asked
from tests.core.histories import histories
from tests.core.stories import BATCH_ID, completed, queued, started
from tests.storage.diary import BUILT_IN, KIND, NOON, Diary, about, finished


async def test_batches_come_newest_first_page_by_page(diary: Diary) -> None:
    ids = [await diary.batch(hour) for hour in (3, 1, 2, 5, 4)]
    assert await diary.found() == sorted(ids, reverse=True)
    page = await diary.gallery.batches(GalleryQuery(limit=2))
    assert (page.total, page.total_images, page.total_bytes) == (5, 10, 10_000)


@pytest.mark.parametrize("order", Order)
async def test_every_order_is_kept_across_pages_and_by_batches_at_hand(
    diary: Diary, order: Order
) -> None:
    models = [None, "b.ckpt", "a.ckpt"]
    for hour in range(9):
        kind = KIND.model_copy(
            update={
                "model": models[hour % 3],
                "steps": [30, 20, None][hour % 3],
                "width": 64 * (1 + hour % 2),
                "sampler_name": ["euler", "ddim"][hour % 2],
            }
        )
        prompt = ("Zebra", "ape", "ÄPFEL")[hour // 4]
        await diary.batch(hour, prompt=prompt, images=2 + hour % 2, parameters=kind)
    found = await diary.found(order=order, workflows=BUILT_IN)
    page = await diary.gallery.batches(GalleryQuery(order=order, workflows=BUILT_IN))
    batches = {batch.batch_id: batch for batch in page.batches}
    assert found == list(batches)
    values = [_value(batch, order) for batch in page.batches]
    assert values == sorted(values)
    for one, other in pairwise(found):
        assert order.comes_before(batches[one], batches[other], page.ranks)
        assert not order.comes_before(batches[other], batches[one], page.ranks)
        alone = GalleryQuery(order=order, batch_id=one, workflows=BUILT_IN)
        told = await diary.gallery.batches(alone)
        assert [batch.batch_id for batch in told.batches] == [one]
        assert told.ranks.get(one) == page.ranks.get(one)


def _value(batch: CompletedBatch, order: Order) -> Any:
    """What is known of the order from what was told, the newer first."""
    newer, made = [-ord(char) for char in batch.batch_id], batch.parameters
    return {
        Order.NEWEST: 0,
        Order.OLDEST: batch.batch_id,
        Order.MOST_IMAGES: -len(batch.images),
        Order.MODEL: made.model or "",
        Order.PROMPT: batch.prompt.lower().replace("ä", "a"),
        Order.STEPS: -(made.steps or 0),
        Order.SIZE: -(made.width or 0) * (made.height or 0),
        Order.SAMPLER: made.sampler_name or "",
        # Those of no known name come last.
        Order.WORKFLOW: {"b.ckpt": 0, "a.ckpt": 1}.get(made.model or "", 2),
    }[order], newer


async def test_piles_in_the_order_of_workflows_are_searched_and_have_no_trash(
    diary: Diary,
) -> None:
    kinds = [KIND.model_copy(update={"model": name}) for name in ("a.ckpt", "b.ckpt", None)]
    ids = [
        await diary.batch(hour, parameters=kinds[hour % 3], prompt=["fox", "sea"][hour // 3])
        for hour in range(6)
    ]
    await diary.tell(about(ids[1], BatchDeleted))
    wanted = {"order": Order.WORKFLOW, "workflows": BUILT_IN}
    assert await diary.found(**wanted) == [ids[4], ids[3], ids[0], ids[5], ids[2]]
    assert await diary.found(text="fox", **wanted) == [ids[0], ids[2]]
    assert await diary.found(model="a.ckpt", **wanted) == [ids[3], ids[0]]
    assert await diary.found(before="gone", **wanted) == []


async def test_an_empty_gallery_is_one_empty_page(diary: Diary) -> None:
    page = await diary.gallery.batches(GalleryQuery())
    assert (page.batches, page.next, page.total, page.total_bytes) == ([], None, 0, 0)


async def test_a_batch_that_comes_while_one_reads_does_not_shift_the_pages(diary: Diary) -> None:
    ids = [await diary.batch(hour) for hour in range(4)]
    first = await diary.gallery.batches(GalleryQuery(limit=2))
    await diary.batch(9)
    second = await diary.gallery.batches(GalleryQuery(limit=2, before=first.next))
    read = [batch.batch_id for batch in (*first.batches, *second.batches)]
    assert read == ids[::-1]
    assert second.total == 5


@pytest.mark.parametrize(
    ("prompt", "text"),
    [
        ("A Red FOX", "red fox"),
        ("ein GROẞES Schloss, ÄPFEL", "großes schloss, äpfel"),
        ("НОЧНОЙ город", "ночной ГОРОД"),
        ("Hauptstraße", "HAUPTSTRASSE"),
        ("cafe\u0301", "CAFÉ"),
        ("100% wool_coat", "% WOOL_"),
        ("狐と月", "と"),
    ],
)
async def test_a_prompt_is_found_by_any_part_of_it_in_any_case(
    diary: Diary, prompt: str, text: str
) -> None:
    batch_id = await diary.batch(1, prompt=prompt)
    await diary.batch(2, prompt="something else")
    assert await diary.found(text=text) == [batch_id]


@pytest.mark.parametrize("text", ["%", "_", "'", '"', "*", "a AND b"])
async def test_marks_of_query_languages_are_only_letters(diary: Diary, text: str) -> None:
    await diary.batch(1)
    batch_id = await diary.batch(2, prompt=f"fox {text} fox")
    assert await diary.found(text=text) == [batch_id]


async def test_filters_narrow_what_is_found_and_counted(diary: Diary) -> None:
    other = KIND.model_copy(update={"model": "other.ckpt"})
    ids = [
        await diary.batch(1),
        await diary.batch(2, parameters=other, prompt="a blue fox"),
        await diary.batch(3, parameters=other, images=5),
    ]
    await diary.tell(about(ids[2], ImageFavourited, index=4, favourite=True))
    assert await diary.found(model="other.ckpt") == ids[:0:-1]
    assert await diary.found(model="other.ckpt", text="BLUE") == [ids[1]]
    assert await diary.found(favourites=True) == [ids[2]]
    page = await diary.gallery.batches(GalleryQuery(favourites=True))
    assert (page.total, page.total_images, page.total_bytes) == (1, 5, 5000)


async def test_both_ends_of_a_time_span_are_included_in_whichever_zone(diary: Diary) -> None:
    ids = [await diary.batch(hour) for hour in range(4)]
    zone = (NOON + timedelta(hours=1)).astimezone()
    assert await diary.found(created_from=zone) == ids[:0:-1]
    assert await diary.found(created_to=zone) == ids[1::-1]
    assert await diary.found(created_from=zone, created_to=zone) == [ids[1]]


async def test_images_are_found_by_batch_and_by_id(diary: Diary) -> None:
    batch_id = await diary.batch(1)
    images = await diary.gallery.images(batch_id)
    assert [(image.index, image.seed) for image in images] == [(1, 1), (2, 2)]
    assert await diary.gallery.image(image_id(batch_id, 2)) == images[1]
    assert await diary.gallery.image(image_id(batch_id, 3)) is None
    assert await diary.gallery.images("unknown") == []
    assert await diary.gallery.batch("unknown") is None


async def test_marks_are_shown_with_their_image(diary: Diary) -> None:
    batch_id = await diary.batch(1)
    await diary.tell(
        about(batch_id, ImageFavourited, index=1, favourite=True),
        about(batch_id, ImageRated, index=1, rating=4),
    )
    image = await diary.gallery.image(image_id(batch_id, 1))
    assert image
    assert (image.favourite, image.rating) == (True, 4)


async def test_a_running_batch_is_shown_as_far_as_it_has_come(diary: Diary) -> None:
    await diary.tell(queued(), started(), completed(1))
    batch = await diary.gallery.batch(BATCH_ID)
    assert batch
    assert (batch.status, batch.images, batch.completed_at) == (
        "generating",
        [image_id(BATCH_ID, 1)],
        None,
    )


async def test_a_deleted_image_is_neither_shown_nor_counted(diary: Diary) -> None:
    batch_id = await diary.batch(1)
    await diary.tell(about(batch_id, ImageDeleted, index=1))
    assert [image.index for image in await diary.gallery.images(batch_id)] == [2]
    page = await diary.gallery.batches(GalleryQuery())
    assert (page.total, page.total_images, page.batches[0].images) == (
        1,
        1,
        [image_id(batch_id, 2)],
    )


async def test_a_deleted_batch_is_neither_shown_nor_counted(diary: Diary) -> None:
    batch_id, other = await diary.batch(1), await diary.batch(2)
    await diary.tell(about(batch_id, BatchDeleted))
    assert await diary.found() == [other]
    assert await diary.gallery.batch(batch_id) is None
    assert await diary.gallery.images(batch_id) == []
    assert await diary.gallery.image(image_id(batch_id, 1)) is None
    assert (await diary.gallery.statistics()).images == 2


async def test_what_was_deleted_and_comes_back_is_shown_as_before(diary: Diary) -> None:
    batch_id = await diary.batch(1)
    page, images = await diary.gallery.batches(GalleryQuery()), await diary.gallery.images(batch_id)
    await diary.tell(about(batch_id, ImageDeleted, index=1), about(batch_id, BatchDeleted))
    assert await diary.found() == []
    await diary.tell(about(batch_id, BatchRestored), about(batch_id, ImageRestored, index=1))
    assert await diary.gallery.batches(GalleryQuery()) == page
    assert await diary.gallery.images(batch_id) == images


async def test_the_latest_times_of_the_same_kind_are_remembered(diary: Diary) -> None:
    larger = KIND.model_copy(update={"width": 128})
    await diary.batch(1, seconds=1.0)
    await diary.batch(3, seconds=3.0)
    await diary.batch(2, seconds=2.0)
    await diary.batch(4, seconds=None)
    await diary.batch(5, seconds=99.0, parameters=larger)
    assert await diary.gallery.measured_seconds(KIND) == [3.0, 3.0, 2.0, 2.0, 1.0, 1.0]
    assert await diary.gallery.measured_seconds(KIND, last=3) == [3.0, 3.0, 2.0]
    assert await diary.gallery.measured_seconds(Parameters()) == []


async def test_times_are_remembered_where_parameters_are_unknown(diary: Diary) -> None:
    await diary.batch(1, parameters=Parameters(), seconds=7.0)
    assert await diary.gallery.measured_seconds(Parameters()) == [7.0, 7.0]


async def test_statistics_say_what_there_is_and_with_which_models(diary: Diary) -> None:
    await diary.batch(1, images=3)
    await diary.batch(2, parameters=KIND.model_copy(update={"model": "art.ckpt"}))
    await diary.batch(3, parameters=Parameters())
    statistics = await diary.gallery.statistics()
    assert (statistics.batches, statistics.images, statistics.bytes) == (3, 7, 7000)
    assert statistics.models == ["art.ckpt", "dreams.ckpt"]


async def test_what_other_processes_logged_is_shown_with_the_next_event(diary: Diary) -> None:
    others = finished(NOON)
    await diary.log.append_all(others)
    mine = await diary.batch(1)
    assert await diary.found() == [mine, others[0].batch_id]


async def test_what_another_process_has_shown_meanwhile_stays_shown(
    diary: Diary, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = diary.gallery.follower
    take = follower._take
    async with await open_database(db.path) as theirs:

        async def overtaken(batch: BatchState, seq: int) -> bool:
            await Diary(theirs).batch(1)
            return await take(batch, seq)

        monkeypatch.setattr(follower, "_take", overtaken)
        await diary.tell(finished(NOON)[0])
    assert await follower.seen() == await diary.log.end()
    with closing(sqlite3.connect(db.path)) as looking:
        assert looking.execute(FITS).fetchall() == [(1,)]


async def test_the_same_event_again_changes_nothing(diary: Diary) -> None:
    await diary.batch(1)
    before = await diary.gallery.batches(GalleryQuery())
    await diary.gallery.apply(BatchState.queued(queued()), Logged(1, queued()))
    assert await diary.gallery.batches(GalleryQuery()) == before


async def test_what_this_process_knows_is_shown_without_reading_its_history(
    diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = await diary.batch(1)
    with monkeypatch.context() as patched:
        patched.setattr(EventLog, "of_batch", None)
        await diary.tell(about(batch_id, ImageRated, index=1, rating=4))
    assert (await diary.gallery.images(batch_id))[0].rating == 4
    others = about(batch_id, ImageRated, index=2, rating=2)
    await diary.log.append(others)  # by another process, which this one has not heard of
    for own in ({"rating": 5}, {"rating": 3}):
        await diary.tell(about(batch_id, ImageRated, index=1, **own))
        found = await diary.gallery.images(batch_id)
        assert [image.rating for image in found] == [own["rating"], 2]


async def test_of_several_events_that_wait_to_be_shown_one_writing_shows_all(
    diary: Diary, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = await diary.batch(1, images=3)
    marks = [about(batch_id, ImageRated, index=index, rating=4) for index in (1, 2, 3)]
    written: list[str] = []
    put = Rows.put

    def noted(rows: Rows, connection: sqlite3.Connection) -> None:
        written.append(rows.batch_id)
        put(rows, connection)

    monkeypatch.setattr(Rows, "put", noted)
    async with asyncio.TaskGroup() as telling, db.transaction():  # everybody waits
        for mark in marks:
            telling.create_task(diary.tell(mark))
        await asyncio.sleep(0)
    assert [image.rating for image in await diary.gallery.images(batch_id)] == [4, 4, 4]
    assert len(written) < len(marks)


async def test_a_workflow_is_stored_once_however_many_batches_use_it(
    diary: Diary, db: Database
) -> None:
    graph = {"1": {"class_type": "Ö" * 1000, "inputs": {}}}
    request = asked(workflow=graph, model=None)
    for hour in range(3):
        queued_so, *rest = finished(NOON + timedelta(hours=hour))
        await diary.tell(queued_so.model_copy(update={"request": request}), *rest)
    shown = (await diary.gallery.batches(GalleryQuery())).batches
    assert [batch.request for batch in shown] == [request] * 3
    ((graphs,),) = await db.rows("SELECT count(*) FROM gallery_workflows")
    ((longest,),) = await db.rows("SELECT max(length(summary)) FROM gallery_summaries")
    assert (graphs, longest < 1000) == (1, True)


@pytest.mark.parametrize("stride", [1, 3, 1000])
async def test_a_cleared_gallery_comes_back_the_same(
    diary: Diary, monkeypatch: pytest.MonkeyPatch, stride: int
) -> None:
    monkeypatch.setattr(gallery_follower, "STRIDE", stride)
    ids = [await diary.batch(hour) for hour in range(4)]
    await diary.tell(about(ids[0], BatchDeleted), about(ids[1], ImageDeleted, index=1))
    before = await diary.gallery.batches(GalleryQuery())
    await diary.gallery.clear()
    assert await diary.found() == []
    await diary.gallery.catch_up(diary.log)
    assert await diary.gallery.batches(GalleryQuery()) == before


async def test_a_batch_whose_events_contradict_each_other_does_not_hide_the_others(
    diary: Diary, caplog: pytest.LogCaptureFixture
) -> None:
    await diary.log.append(started())
    batch_id = await diary.batch(1)
    assert await diary.found() == [batch_id]
    assert BATCH_ID in caplog.text


@settings(max_examples=10, deadline=None)
@given(st.lists(histories(), min_size=1, max_size=3, unique_by=lambda h: h[0].batch_id))
async def test_the_gallery_shows_what_replaying_the_log_gives(
    tmp_path_factory: pytest.TempPathFactory, lives: list[list[Event]]
) -> None:
    async with await open_database(tmp_path_factory.mktemp("gallery") / "batchgen.db") as db:
        diary = Diary(db)
        for history in lives:
            await diary.tell(*history)
        batches = [replay(history) for history in lives]
        shown = {batch.batch_id: summary_of(batch) for batch in batches if not batch.deleted}
        page = await diary.gallery.batches(GalleryQuery())
        assert {batch.batch_id: batch for batch in page.batches} == shown
        for batch_id in shown:
            batch = next(batch for batch in batches if batch.batch_id == batch_id)
            assert await diary.gallery.images(batch_id) == list(batch.pictures)
