"""Where batches came from and what came of them is known as long as anything of them is."""

import sqlite3
from contextlib import closing
from typing import Any

from batchgen_app.core.events import BatchDeleted, BatchProved, BatchRestored
from batchgen_app.core.proof import Proof
from batchgen_app.storage.database import Database, open_database
from batchgen_app.storage.gallery import GalleryIndex
from batchgen_app.storage.lineage import GENERATIONS, MOST_DESCENDANTS, Lineage
from tests.storage.diary import NOON, Diary, finished


def origin(batch_id: str, how: str = "regenerated") -> dict[str, Any]:
    return {"batchId": batch_id, "how": how}


async def family(diary: Diary) -> list[str]:
    """A batch, what was changed in it, what was made again of that, and from its picture."""
    ids = [await diary.batch(1, prompt="a red fox")]
    for hour, how in ((2, "changed"), (3, "regenerated"), (4, "picture")):
        ids.append(await diary.batch(hour, prompt=f"fox {hour}", origin=origin(ids[-1], how)))
    return ids


async def test_ancestors_are_told_from_the_nearest_on_and_descendants_from_the_newest(
    diary: Diary,
) -> None:
    first, second, third, fourth = await family(diary)
    also = await diary.batch(5, origin=origin(second, "changed"))
    found = await diary.gallery.lineage(third)
    assert [(one.batch_id, one.how) for one in found.ancestors] == [
        (second, "regenerated"),
        (first, "changed"),
    ]
    assert [one.prompt for one in found.ancestors] == ["fox 2", "a red fox"]
    assert [(one.batch_id, one.how) for one in found.descendants] == [(fourth, "picture")]
    assert (found.is_longer, found.are_more) == (False, False)
    below = (await diary.gallery.lineage(second)).descendants
    assert [one.batch_id for one in below] == [also, third]
    assert await diary.gallery.lineage("no-such-batch") == Lineage()


async def test_one_in_the_trash_is_told_and_cannot_be_opened(diary: Diary) -> None:
    first, second, third, _ = await family(diary)
    await diary.tell(BatchDeleted(at=NOON, batch_id=second))
    assert [one.is_there for one in (await diary.gallery.lineage(third)).ancestors] == [False, True]
    assert not (await diary.gallery.lineage(first)).descendants
    await diary.tell(BatchRestored(at=NOON, batch_id=second))
    assert all(one.is_there for one in (await diary.gallery.lineage(third)).ancestors)


async def test_of_one_that_is_not_known_its_id_tells_when_it_was(diary: Diary) -> None:
    lost = "20261121-120000-000000-0000"
    child = await diary.batch(1, origin=origin(lost))
    (found,) = (await diary.gallery.lineage(child)).ancestors
    assert (found.batch_id, found.is_there, found.prompt) == (lost, False, "")
    assert found.created_at
    assert found.created_at.isoformat() == "2026-11-21T12:00:00+00:00"


async def test_what_came_to_nothing_is_no_descendant_and_what_is_under_way_is(
    diary: Diary,
) -> None:
    first = await diary.batch(1)
    queued, *rest = finished(NOON, images=2, origin=origin(first))
    await diary.tell(queued)
    assert (await diary.gallery.lineage(first)).descendants
    await diary.tell(*rest)
    assert (await diary.gallery.lineage(first)).descendants


async def test_long_lines_are_told_in_part(diary: Diary) -> None:
    ids = [await diary.batch(0)]
    for hour in range(1, GENERATIONS + 3):
        ids.append(await diary.batch(hour, origin=origin(ids[-1])))
    found = await diary.gallery.lineage(ids[-1])
    assert [one.batch_id for one in found.ancestors] == ids[-2 : -2 - GENERATIONS : -1]
    assert found.is_longer
    assert not (await diary.gallery.lineage(ids[GENERATIONS])).is_longer
    for hour in range(MOST_DESCENDANTS):
        await diary.batch(50 + hour, origin=origin(ids[0]))
    below = await diary.gallery.lineage(ids[0])
    assert (len(below.descendants), below.are_more) == (MOST_DESCENDANTS, True)


async def test_what_goes_round_in_a_circle_is_told_once(diary: Diary) -> None:
    """No batch comes from a later one, but what stands in its folder may say so."""
    ids = [f"20261122-{hour}0000-000000-0000" for hour in (13, 14, 15, 16)]
    for hour, parent in enumerate([ids[2], ids[0], ids[1], ids[3]], start=1):
        await diary.batch(hour, origin=origin(parent))
    found = await diary.gallery.lineage(ids[2])
    assert [one.batch_id for one in found.ancestors] == [ids[1], ids[0]]
    assert [one.batch_id for one in found.descendants] == [ids[0]]
    assert not found.is_longer
    assert await diary.gallery.lineage(ids[3]) == Lineage()


async def test_a_gallery_that_is_made_anew_knows_the_same(diary: Diary) -> None:
    *_, third, _ = await family(diary)
    before = await diary.gallery.lineage(third)
    await diary.gallery.clear()
    assert not (await diary.gallery.lineage(third)).ancestors
    await diary.gallery.catch_up(diary.log)
    assert await diary.gallery.lineage(third) == before


async def test_a_damaged_summary_came_from_nothing(diary: Diary, db: Database) -> None:
    _, second, third, _ = await family(diary)
    with closing(sqlite3.connect(db.path)) as raw, raw:
        raw.execute("UPDATE gallery_summaries SET summary = '{' WHERE batch_id = ?", (second,))
    (found,) = (await diary.gallery.lineage(third)).ancestors
    assert (found.batch_id, found.prompt) == (second, "")
    async with await open_database(db.path) as again:
        assert (await GalleryIndex(again).lineage(third)).ancestors == (found,)


async def test_what_was_proved_is_told_with_what_came_of_it(diary: Diary) -> None:
    first = await diary.batch(1, prompt="a red fox")
    proof = await diary.batch(2, origin={**origin(first, "proved"), "image": 2})
    (found,) = (await diary.gallery.lineage(first)).descendants
    assert (found.how, found.image, found.is_identical) == ("proved", 2, None)
    for identical in (True, False):
        told = Proof(image=f"{first}-002", identical=identical)
        await diary.tell(BatchProved(at=NOON, batch_id=proof, proof=told))
        (found,) = (await diary.gallery.lineage(first)).descendants
        assert found.is_identical is identical


async def test_of_a_picture_its_own_proofs_are_told_the_newest_first_and_none_in_the_trash(
    diary: Diary,
) -> None:
    batch = await diary.batch(1)
    proofs = [
        await diary.batch(hour, origin=origin(batch, "proved") | {"image": number})
        for hour, number in ((2, 1), (3, 2), (4, 1), (5, 1), (6, 1))
    ]
    await diary.batch(7, origin=origin(batch, "changed"))
    proof = Proof(image=f"{batch}-001", identical=False)
    await diary.tell(BatchProved(at=NOON, batch_id=proofs[4], proof=proof))
    await diary.tell(BatchDeleted(at=NOON, batch_id=proofs[3]))
    found = await diary.gallery.proofs(f"{batch}-001")
    told = [(one.batch_id, one.is_identical) for one in found]
    assert told == [(proofs[4], False), (proofs[2], None), (proofs[0], None)]
    assert not await diary.gallery.proofs(f"{batch}-003")
    assert not await diary.gallery.proofs("none")
