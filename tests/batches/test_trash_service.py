"""The trash as people see it, and emptied for good: also when the app dies in the middle."""

import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.batches.trash_service import InTrash
from batchgen_app.core.errors import NotFound, StorageError
from batchgen_app.core.state import BatchState
from batchgen_app.language.message import english
from batchgen_app.storage.recover.reindex import reindex
from batchgen_app.storage.storage import open_storage
from batchgen_app.storage.trash import ASIDE, Trash
from tests.batches.power_cut import power_cut, started_again
from tests.studio import Studio, studio


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Studio]:
    async with studio(tmp_path) as running:
        yield running


def trash(here: Studio) -> Path:
    return here.folder / "images" / "trash"


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and what it holds."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


async def image_and_batch(here: Studio) -> tuple[BatchState, BatchState]:
    """A batch with its second image in the trash, and one that is there as a whole."""
    one, two = await here.make(), await here.make()
    await here.app.image_service.delete_images(one.pictures[1].id)
    await here.app.image_service.delete_batch(two.batch_id)
    return one, two


def indexes(entry: InTrash) -> list[int]:
    return [picture.index for picture in entry.pictures]


async def test_the_trash_shows_what_can_be_had_back(here: Studio) -> None:
    one, two = await image_and_batch(here)
    whole, single = await here.app.trash.contents()
    assert (whole.batch, whole.is_whole, indexes(whole)) == (two, True, [1, 2, 3])
    assert (single.batch, single.is_whole, indexes(single)) == (one, False, [2])
    assert whole.bytes + single.bytes == sum(map(len, files(trash(here)).values()))
    for batch in (one, two):
        thumbnail = await here.app.trash.thumbnail(batch.batch_id, 2)
        assert thumbnail
        assert thumbnail[:4] == b"RIFF"
    assert await here.app.trash.thumbnail(one.batch_id, 1) is None
    with pytest.raises(NotFound):
        await here.app.trash.thumbnail("../../etc", 1)


async def test_an_emptied_trash_is_empty_for_good_and_nothing_else_is_lost(here: Studio) -> None:
    one, two = await image_and_batch(here)
    kept = files(here.folder / "images" / "batches")
    told: list[str] = []
    here.app.trash.emptied.subscribe(lambda: told.append("emptied"))
    await here.app.trash.empty()
    assert files(trash(here)) == {}
    assert files(here.folder / "images" / "batches") == kept
    assert await here.app.trash.contents() == []
    assert told == ["emptied"]
    for batch in (one, two):
        assert (await here.events(batch))[-1] == "trash_emptied"
    with pytest.raises(NotFound, match="gone from the trash"):
        await here.app.image_service.restore_image(f"{one.batch_id}-002")
    with pytest.raises(NotFound, match="gone from the trash"):
        await here.app.image_service.restore_batch(two.batch_id)


async def test_a_reindex_brings_nothing_of_it_back(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        one, two = await image_and_batch(here)
        await here.app.trash.empty()
    async with open_storage(tmp_path / "data", tmp_path / "images") as storage:
        assert (
            await reindex(storage.log, storage.gallery, storage.store, storage.locks)
        ).problems == []
        assert len(await storage.gallery.images(one.batch_id)) == 2
        assert await storage.gallery.batch(two.batch_id) is None
        assert not storage.store.folder(two.batch_id).exists()


async def test_what_the_log_does_not_call_deleted_stays(here: Studio) -> None:
    batch = await here.make()
    home = trash(here) / batch.batch_id
    strangers = [home / "batch/batch.json", trash(here) / "unheard-of/images/001_1.png"]
    for path in strangers:
        path.parent.mkdir(parents=True)
        path.write_text("somebody's")
    before = files(trash(here))
    assert await here.app.trash.contents() == []
    await here.app.trash.empty()
    assert files(trash(here)) == before


async def test_a_picture_that_came_back_meanwhile_is_not_removed_with_the_others(
    here: Studio,
) -> None:
    batch = await here.make()
    for picture in batch.pictures[:2]:
        await here.app.image_service.delete_images(picture.id)
    await here.app.image_service.restore_image(f"{batch.batch_id}-001")
    await here.app.trash.empty()
    assert [picture.index for picture in batch.pictures] == [1, 3]
    assert await here.app.storage.store.has(batch.batch_id, batch.pictures[0].filename)


async def test_where_the_log_cannot_be_written_nothing_is_removed(
    here: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    await image_and_batch(here)
    before = files(trash(here))

    async def full(*_: object) -> None:
        raise StorageError(english("The disk is full."))

    monkeypatch.setattr(here.app.storage.log, "append_all", full)
    with pytest.raises(StorageError, match="full"):
        await here.app.trash.empty()
    assert files(trash(here)) == before


async def test_what_an_app_that_died_had_set_aside_is_removed_and_told(here: Studio) -> None:
    _, two = await image_and_batch(here)
    (trash(here) / ASIDE).mkdir()
    (trash(here) / two.batch_id).rename(trash(here) / ASIDE / two.batch_id)
    assert [entry.is_whole for entry in await here.app.trash.contents()] == [False]
    await here.app.trash.empty()
    assert (await here.events(two))[-1] == "trash_emptied"
    assert files(trash(here)) == {}


async def test_an_emptying_that_was_killed_at_any_moment_is_ended_at_the_next_start(
    here: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = await image_and_batch(here)
    kept = files(here.folder / "images" / "batches")
    cuts = cuts_around(here, monkeypatch, "set_aside", "remove_set_aside")
    await here.app.trash.empty()
    monkeypatch.undo()
    assert len(cuts) > 5
    for cut in cuts:
        async with started_again(cut, here.engine) as again:
            assert not (trash(again) / ASIDE).exists()
            assert await ended_or_untouched(again, one, two)
            assert files(cut / "images" / "batches") == kept
            await again.app.trash.empty()
            assert files(trash(again)) == {}


def cuts_around(here: Studio, monkeypatch: pytest.MonkeyPatch, *steps: str) -> list[Path]:
    """What a power cut leaves before and behind each of these steps, and in the middle of the last
    one; filled while the trash is emptied.
    """
    cuts: list[Path] = []

    def cut() -> None:
        cuts.append(power_cut(here, here.folder / f"cut-{len(cuts)}"))

    for name in steps:
        step = getattr(Trash, name)

        def around(*arguments: object, step: Callable[..., None] = step) -> None:
            cut()
            step(*arguments)
            cut()

        monkeypatch.setattr(Trash, name, around)
    remove = os.unlink

    def unlink(name: str, **options: Any) -> None:
        if name == "batch.json":
            cut()
        remove(name, **options)

    monkeypatch.setattr(os, "unlink", unlink)
    return cuts


async def ended_or_untouched(here: Studio, *batches: BatchState) -> bool:
    """Whether of each batch all or nothing is gone, as the log says."""
    left = {entry.batch.batch_id: entry for entry in await here.app.trash.contents()}
    told = {b.batch_id: (await here.events(b))[-1] == "trash_emptied" for b in batches}
    assert {path.split("/")[0] for path in files(trash(here))} == set(left)
    return all(is_gone != (batch_id in left) for batch_id, is_gone in told.items())
