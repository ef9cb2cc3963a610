"""Workflows that give more pictures per prompt than the one of their number: none is lost."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from batchgen_app.comfy.transport import ANSWER_LIMIT
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.batch_file import document
from batchgen_app.core.limits import MAX_JSON_VALUES
from batchgen_app.core.state import BatchState
from batchgen_app.storage.event_log import replay
from batchgen_app.storage.storage import open_storage
from tests.batches.power_cut import power_cut, started_again, the_batch
from tests.faulty_engine import Hold, Moment, SwellHistory
from tests.studio import QUICK, studio


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    """As it stands in a graph."""
    return {"class_type": class_type, "inputs": inputs}


THREE = {
    "red": node("EmptyImage", width=64, height=64, batch_size=1, color=0xFF0000),
    "blue": node("EmptyImage", width=32, height=64, batch_size=1, color=0x0000FF),
    "look": node("PreviewImage", images=["blue", 0]),
    "second": node("SaveImage", images=["blue", 0], filename_prefix="second"),
    "third": node("SaveImage", images=["blue", 0], filename_prefix="third"),
    "first": node("SaveImage", images=["red", 0], filename_prefix="first"),
}
"""One saved picture, and two more that are the same; what is only looked at is no result."""


def asked() -> dict[str, Any]:
    """Two images of three pictures each."""
    return {
        "workflow": THREE,
        "model": None,
        "batchCount": 2,
        "baseParameters": {},
        "promptAsIs": True,
    }


def expected(batch: BatchState) -> set[str]:
    """Every file of such a batch."""
    stems = [f"{index:03d}_{seed}" for index, seed in enumerate(batch.seeds, 1)]
    return {
        "batch.json",
        *(f"{stem}{ending}" for stem in stems for ending in (".png", ".txt")),
        *(f"thumbnails/{stem[:3]}.webp" for stem in stems),
        *(f"extra/{stem}_{number}.png" for stem in stems for number in (2, 3)),
    }


def numbers(batch: BatchState) -> list[list[int]]:
    """Of the pictures beside each image."""
    return [[extra.number for extra in picture.extras] for picture in batch.pictures]


async def test_every_picture_of_a_prompt_is_kept_beside_the_image_of_its_number(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(**asked())
        assert (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, 2)
        assert (await here.events(batch)).count("image_completed") == 2
        assert here.files(batch) == expected(batch)
        folder = here.app.storage.store.folder(batch.batch_id)
        for extra in batch.pictures[1].extras:
            with Image.open(folder / "extra" / extra.filename) as opened:
                assert opened.size == (extra.width, extra.height) == (32, 64)
                assert f"Seed: {batch.seeds[1]}" in opened.info["parameters"]


async def test_they_go_to_the_trash_and_come_back_with_their_image(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(**asked())
        first, image_service = batch.pictures[0], here.app.image_service
        store, extra = here.app.storage.store, first.extras[0]
        with await store.thumbnail(batch.batch_id, extra.filename) as small:
            assert small.file.read(4) == b"RIFF"
        before = here.files(batch)
        assert "extra/thumbnails/001_2.webp" in before
        await image_service.delete_images(first.id)
        assert not [name for name in here.files(batch) if "001_" in name]
        await image_service.restore_image(first.id)
        assert here.files(batch) == before
        assert numbers(batch) == [[2, 3], [2, 3]]


async def test_folders_alone_bring_them_back(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(**asked())
        cut = power_cut(here)
        (cut / "data" / "batchgen.db").write_bytes(b"no database")
        for part in ("-wal", "-shm"):
            (cut / "data" / f"batchgen.db{part}").unlink(missing_ok=True)
        async with started_again(cut, here.engine) as again:
            found = await again.app.batch_service.batch(batch.batch_id)
            assert document(found) == document(batch)


async def test_what_was_home_before_a_crash_is_not_kept_twice(tmp_path: Path) -> None:
    """The app died when the image's own picture was not yet stored."""
    async with studio(tmp_path) as here:
        batch = await here.make(**asked())
        logged = [entry.event for entry in await here.app.storage.log.of_batch(batch.batch_id)]
        last = next(i for i, e in enumerate(logged) if e.type == "image_completed" and e.index == 2)
        cut = power_cut(here)
        for path in (cut / "data").glob("batchgen.db*"):
            path.unlink()
        (cut / "images" / "batches" / batch.batch_id / batch.pictures[1].filename).unlink()
        async with open_storage(cut / "data", cut / "nothing") as before:
            await before.log.append_all(logged[:last])
        file = cut / "images" / "batches" / batch.batch_id / "batch.json"
        file.write_text(json.dumps(document(replay(logged[:last]))), encoding="utf-8")
        async with started_again(cut, here.engine) as again:
            found = await the_batch(again.app)
            await again.end(found)
            assert numbers(found) == [[2, 3], [2, 3]]
            assert again.files(found) == expected(found)


async def test_one_that_cannot_be_had_is_said_and_costs_nothing_else(tmp_path: Path) -> None:
    kept, hold = tmp_path / "server", Hold(prompt=1, moment=Moment.SUCCEEDED)
    async with studio(tmp_path, hold, output_dir=kept) as here:
        batch = await here.start(**asked())
        await hold.reached.wait()
        (second,) = kept.rglob("second*.png")
        second.unlink()
        hold.released.set()
        await here.end(batch)
        assert (batch.status, batch.failed_images) == (BatchStatus.COMPLETE, ())
        assert numbers(batch)[0] == [2]
        assert "does not have it any more" in batch.pictures[0].remark


@pytest.mark.parametrize(
    ("swollen", "limit"),
    [
        (SwellHistory(prompt=2, bytes=17_000_000), f"{ANSWER_LIMIT} bytes"),
        (SwellHistory(prompt=2, files=100_000), f"{MAX_JSON_VALUES} values"),
    ],
)
async def test_an_image_of_which_too_much_is_told_fails_in_words_and_is_not_asked_for_again(
    tmp_path: Path, swollen: SwellHistory, limit: str
) -> None:
    timeouts = replace(QUICK, retry=3600.0, retry_at_most=3600.0)
    async with studio(tmp_path, swollen, timeouts=timeouts) as here:
        batch = await here.make()
        assert (batch.status, batch.failed_images) == (BatchStatus.COMPLETE, (2,))
        said = batch.image(2).message or ""
        assert "answer about this image is too large" in said
        assert f"more than {limit}" in said
        assert (await here.events(batch)).count("image_submitted") == 3
