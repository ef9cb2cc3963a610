"""All pictures move to another folder: while the app is used, over its ends and deaths, and back to
work at the next start.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.app import build
from batchgen_app.batches import moving_at_start
from batchgen_app.batches.backend import Backend
from batchgen_app.core.batch import Marks
from batchgen_app.core.errors import Conflict, StorageError
from batchgen_app.settings import load_settings
from batchgen_app.storage.gallery_query import GalleryQuery
from batchgen_app.storage.housekeeping import move_record
from batchgen_app.storage.housekeeping.move_record import MoveRecord, Phase
from batchgen_app.storage.housekeeping.moving import Mover
from batchgen_app.storage.locks import Locks
from tests.studio import QUICK, Studio, studio, until


@asynccontextmanager
async def start(folder: Path, url: str, *, named: Path | None = None) -> AsyncIterator[Backend]:
    """The app as the terminal starts it: where the pictures are stands in the settings."""
    settings = load_settings(
        data_dir=folder / "data", output_dir=named, comfyui=[url], environment={}
    )
    async with build(settings, timeouts=QUICK) as app:
        yield app


@asynccontextmanager
async def saved(folder: Path) -> AsyncIterator[Studio]:
    """A studio whose folder of pictures is the one in the settings."""
    data = folder / "data"
    data.mkdir(parents=True)
    place = json.dumps({"outputDir": str(folder / "images")})
    (data / "settings.json").write_text(place, encoding="utf-8")
    async with studio(folder) as here:
        yield here


async def copied(here: Studio, target: Path) -> None:
    """Copy everything there."""
    await here.app.moving.move(target)
    await until(lambda: not here.app.moving.is_running)
    assert not here.app.moving.fault
    assert here.app.moving.record
    assert here.app.moving.record.phase is Phase.COPIED


async def shown(app: Backend) -> list[str]:
    """Every picture that the gallery shows and whose file can be read."""
    page = await app.storage.gallery.batches(GalleryQuery())
    names = []
    for batch in page.batches:
        for image in await app.storage.gallery.images(batch.batch_id):
            (await app.storage.store.open(image.batch_id, image.filename)).file.close()
            names.append(image.id)
    return sorted(names)


def pictures(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("00*.png")}


async def test_the_next_start_uses_the_new_folder_with_what_was_made_meanwhile(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "images", tmp_path / "new"
    async with saved(tmp_path) as here:
        first = await here.make()
        await copied(here, new)
        await here.make(prompt="made meanwhile")
        await here.app.image_service.delete_images(first.pictures[0].id)
        await here.app.image_service.mark(Marks(rating=5), first.pictures[1].id)
        assert here.app.storage.store.output_dir == old
        expected = await shown(here.app)
        url = here.engine.url
    async with start(tmp_path, url) as app:
        assert app.settings.output_dir == app.storage.store.output_dir == new
        assert await shown(app) == expected
        assert any(str(new) in notice for notice in app.notices)
        assert not app.storage.notices
        image = await app.storage.gallery.image(first.pictures[1].id)
        assert image
        assert image.rating == 5
        await app.moving.free()
        await until(lambda: not app.moving.is_running)
        assert app.moving.record is None
        assert not pictures(old)
        await app.image_service.restore_image(f"{first.batch_id}-001")
        assert len(await shown(app)) == len(expected) + 1 == 2 * 3


DEATHS = ("catch_up", "save_settings", "write", "unmark")


class Died(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("when", ["before", "behind"])
@pytest.mark.parametrize("step", DEATHS)
async def test_wherever_the_start_dies_the_next_one_ends_it(
    tmp_path: Path, step: str, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with saved(tmp_path) as here:
        await here.make()
        await copied(here, tmp_path / "new")
        await here.make(prompt="made meanwhile")
        expected, url = await shown(here.app), here.engine.url
    owner: Any = Mover if step in {"catch_up", "unmark"} else moving_at_start
    owner = move_record if step == "write" else owner
    with monkeypatch.context() as patched:
        real = getattr(owner, step)

        def dying(*args: Any, **kwargs: Any) -> Any:
            if when == "behind":
                real(*args, **kwargs)
            raise Died

        patched.setattr(owner, step, dying)
        with pytest.raises(Died):
            async with start(tmp_path, url):
                pass
    for _ in range(2):
        async with start(tmp_path, url) as app:
            assert app.storage.store.output_dir == tmp_path / "new"
            assert await shown(app) == expected
    assert pictures(tmp_path / "images") == pictures(tmp_path / "new")


async def test_what_was_cut_off_goes_on_by_itself(tmp_path: Path) -> None:
    async with saved(tmp_path) as here:
        await here.make()
        url = here.engine.url
    new = tmp_path / "new"
    Mover(tmp_path / "images", new).begin()
    record = MoveRecord(source=tmp_path / "images", target=new)
    move_record.write(tmp_path / "data", record)
    async with start(tmp_path, url) as app:
        await until(lambda: bool(app.moving.record and app.moving.record.phase is Phase.COPIED))
        assert pictures(new) == pictures(tmp_path / "images")


async def test_an_unplugged_disk_is_told_and_it_goes_on_when_it_is_back(tmp_path: Path) -> None:
    async with saved(tmp_path) as here:
        await here.make()
        url, new = here.engine.url, tmp_path / "new"
        Mover(tmp_path / "images", new).begin()
    move_record.write(tmp_path / "data", MoveRecord(source=tmp_path / "images", target=new))
    new.rename(tmp_path / "unplugged")
    async with start(tmp_path, url) as app:
        await until(lambda: bool(app.moving.fault))
        assert "is not there any more" in app.moving.fault
        assert not new.exists()
        with pytest.raises(Conflict):
            await app.moving.move(tmp_path / "third")
        (tmp_path / "unplugged").rename(new)
        app.moving.resume()
        await until(lambda: bool(app.moving.record and app.moving.record.phase is Phase.COPIED))
        assert pictures(new) == pictures(tmp_path / "images")


async def test_a_disk_that_is_away_at_the_start_leaves_the_old_folder_in_use(
    tmp_path: Path,
) -> None:
    async with saved(tmp_path) as here:
        await here.make()
        await copied(here, tmp_path / "new")
        expected, url = await shown(here.app), here.engine.url
    (tmp_path / "new").rename(tmp_path / "unplugged")
    async with start(tmp_path, url) as app:
        assert app.storage.store.output_dir == tmp_path / "images"
        assert await shown(app) == expected
        assert any("could not move" in notice for notice in app.notices)
    (tmp_path / "unplugged").rename(tmp_path / "new")
    async with start(tmp_path, url) as app:
        assert app.storage.store.output_dir == tmp_path / "new"


async def test_a_start_that_names_the_old_folder_keeps_it_and_says_so(tmp_path: Path) -> None:
    async with saved(tmp_path) as here:
        await here.make()
        await copied(here, tmp_path / "new")
        url = here.engine.url
    async with start(tmp_path, url, named=tmp_path / "images") as app:
        assert app.storage.store.output_dir == tmp_path / "images"
        assert any("--output-dir" in notice for notice in app.notices)
    async with start(tmp_path, url, named=tmp_path / "new") as app:
        assert app.storage.store.output_dir == tmp_path / "new"
        assert app.moving.record
        assert app.moving.record.phase is Phase.USED
    async with start(tmp_path, url, named=tmp_path / "images") as app:
        with pytest.raises(Conflict, match="is in use"):
            await app.moving.free()
        assert pictures(tmp_path / "images")


async def test_pictures_of_a_named_folder_move_with_the_first_start_that_names_none(
    tmp_path: Path,
) -> None:
    elsewhere, new = tmp_path / "elsewhere", tmp_path / "new"
    async with studio(tmp_path) as here:
        await here.make()
        await copied(here, new)
        expected, url = await shown(here.app), here.engine.url
    saved_place = json.dumps({"outputDir": str(elsewhere)})
    (tmp_path / "data" / "settings.json").write_text(saved_place, encoding="utf-8")
    async with start(tmp_path, url, named=tmp_path / "third") as app:
        assert app.storage.store.output_dir == tmp_path / "third"
    async with start(tmp_path, url) as app:
        assert app.storage.store.output_dir == new
        assert await shown(app) == expected
        assert not app.storage.notices
    assert not elsewhere.exists()


async def test_while_another_process_is_at_work_the_folder_stays(tmp_path: Path) -> None:
    async with saved(tmp_path) as here:
        batch = await here.make()
        await copied(here, tmp_path / "new")
        url = here.engine.url
    other = Locks(tmp_path / "data")
    assert await other.take(batch.batch_id)
    async with start(tmp_path, url) as app:
        assert app.storage.store.output_dir == tmp_path / "images"
    await other.let_go(batch.batch_id)
    async with start(tmp_path, url) as app:
        assert app.storage.store.output_dir == tmp_path / "new"


async def test_it_can_be_given_up_in_the_middle_and_begun_again(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        await here.make()
        moving, new = here.app.moving, tmp_path / "new"
        with pytest.raises(Conflict):
            moving.resume()
        with pytest.raises(Conflict):
            await moving.free()
        with pytest.raises(StorageError, match="already"):
            await moving.move(tmp_path / "images")
        assert moving.record is None
        await moving.move(new)
        with pytest.raises(Conflict, match="on their way"):
            await moving.move(new)
        await moving.give_up()
        assert moving.record is None
        assert not (tmp_path / "data" / "moving.json").exists()
        assert len(pictures(tmp_path / "images")) == 3
        await copied(here, new)
        assert pictures(new) == pictures(tmp_path / "images")


async def test_what_is_no_record_moves_nothing(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        await here.make()
    for content in (b"", b'{"source": 3}', b"[" * 100_000, b"\xff"):
        (tmp_path / "data" / "moving.json").write_bytes(content)
        assert await asyncio.to_thread(move_record.read, tmp_path / "data") is None
