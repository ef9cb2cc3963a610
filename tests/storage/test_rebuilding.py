"""A batch whose ``batch.json`` cannot be read, and that no database knows any more, comes back from
its pictures: from their names, their graphs and the texts beside them.
"""

import errno
import json
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from batchgen_app.core.batch import BatchStatus, Marks
from batchgen_app.core.batch_file import document
from batchgen_app.core.errors import BatchGenError
from batchgen_app.core.planned import ImageStatus
from batchgen_app.core.programs.kept import UNKNOWN_MODEL, UNKNOWN_PROMPT
from batchgen_app.core.request import SeedMode
from batchgen_app.core.state import BatchState
from batchgen_app.demo import demo_models
from batchgen_app.storage.batch_folder import BatchFolder
from batchgen_app.storage.storage import open_storage
from tests.api.test_uploads import from_photo, photo
from tests.api.visitor import visit
from tests.core.stories import BATCH_ID, all_done, completed, queued, started
from tests.faulty_engine import SaveInstead
from tests.storage import making
from tests.storage.rooms import Rooms
from tests.studio import MODEL, studio


def missing(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def not_utf_8(path: Path) -> None:
    path.write_bytes(b"\xff\xfe" + path.read_bytes())


def of_wrong_type(path: Path) -> None:
    path.write_text("[]")


def hostile(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    content["imageRecords"][0]["picture"]["filename"] = "../../elsewhere/secret"
    path.write_text(json.dumps(content), encoding="utf-8")


def impossible(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    content["imageRecords"][0] |= {"status": "pending", "picture": None}
    path.write_text(json.dumps(content), encoding="utf-8")


def of_another_batch(path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, "batchId": BATCH_ID}), encoding="utf-8")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere.json"))
    path.symlink_to(path.with_name("elsewhere.json"))


HARMS = [
    missing,
    empty,
    cut,
    not_utf_8,
    of_wrong_type,
    hostile,
    impossible,
    of_another_batch,
    a_folder,
    a_pipe,
    a_link,
]
Harm = Callable[[Path], None]
every_harm = pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)


def batch_file(folder: Path, batch: BatchState) -> Path:
    return folder / "images" / "batches" / batch.batch_id / "batch.json"


async def make(folder: Path, **changes: Any) -> BatchState:
    """A batch of an app that has ended; its database is gone."""
    async with studio(folder) as here:
        batch = await here.make(**changes)
    shutil.rmtree(folder / "data")
    return batch


def same(found: BatchState, made: BatchState) -> bool:
    """In all that can be known."""
    return (
        found.request == made.request
        and found.parameters == made.parameters
        and found.workflow == made.workflow
        and found.seeds == made.seeds
        and abs(found.created_at - made.created_at) < timedelta(seconds=10)
        and [facts(p) for p in found.pictures] == [facts(p) for p in made.pictures]
    )


def facts(picture: Any) -> tuple[Any, ...]:
    return picture.id, picture.seed, picture.filename, picture.bytes, picture.width


ALL_ADJUSTED = {
    "negativePrompt": 'rain, "snow"',
    "baseParameters": {
        "steps": 2,
        "cfg": 6.5,
        "width": 64,
        "height": 72,
        "samplerName": "euler",
        "scheduler": "karras",
    },
}


@every_harm
async def test_a_batch_without_a_readable_batch_json_comes_back_from_its_pictures(
    tmp_path: Path, harm: Harm
) -> None:
    made = await make(tmp_path, **ALL_ADJUSTED)
    path = batch_file(tmp_path, made)
    harm(path)
    is_kept = harm is not missing
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(made.batch_id)
        assert found.status is BatchStatus.COMPLETE
        assert same(found, made)
        (told,) = [text for text in here.app.notices if "rebuilt from their pictures" in text]
        assert made.batch_id in told
        assert here.batch_file(found)["prompt"] == "a red fox"
        assert ("batch.damaged" in {each.name for each in path.parent.iterdir()}) == is_kept
    async with studio(tmp_path) as here:
        assert not here.app.notices
        assert same(await here.app.batch_service.batch(made.batch_id), made)


async def test_what_could_not_be_read_is_kept_as_it_was_and_nothing_kept_is_lost(
    tmp_path: Path,
) -> None:
    made = await make(tmp_path)
    path = batch_file(tmp_path, made)
    for name, content in (("batch.damaged", b"first"), ("batch.2.damaged", b"second")):
        path.write_bytes(content)
        async with studio(tmp_path) as here:
            assert any(f"It is kept as {name}." in notice for notice in here.app.notices)
        assert path.with_name(name).read_bytes() == content
        shutil.rmtree(tmp_path / "data")
    assert path.with_name("batch.damaged").read_bytes() == b"first"


async def test_a_rebuilt_batch_behaves_as_any_other(tmp_path: Path) -> None:
    made = await make(tmp_path)
    empty(batch_file(tmp_path, made))
    async with visit(tmp_path) as (here, visitor):
        shown = await visitor.look(made.batch_id)
        first = f"/images/{shown['images'][0]['id']}"
        picture = (await visitor.get(first)).content
        assert making.opened(picture).info["prompt"]
        assert (await visitor.get(f"{first}/thumbnail")).status_code == 200
        assert (await visitor.patch(first, json={"rating": 4})).json()["rating"] == 4
        assert (await visitor.delete(first)).json() == {"deleted": True}
        assert (await visitor.post(f"{first}/restore")).status_code == 200
        assert (await visitor.get(first)).content == picture
        assert (await visitor.delete(f"/batches/{made.batch_id}")).status_code == 200
        assert (await visitor.post(f"/batches/{made.batch_id}/restore")).status_code == 200
        assert (await visitor.get(f"/batches/{made.batch_id}/archive")).content[:2] == b"PK"
        again = (await visitor.post(f"/batches/{made.batch_id}/regenerate")).json()["batchId"]
        assert len((await visitor.end(again))["images"]) == 3
        page = (await visitor.get("/batches", params={"q": "fox", "model": MODEL})).json()
        assert {batch["batchId"] for batch in page["batches"]} == {made.batch_id, again}
        assert here.batch_file(made)["imageRecords"][0]["picture"]["rating"] == 4


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
async def test_pictures_of_other_formats_tell_as_much(tmp_path: Path, kind: str) -> None:
    """A server that saves what ComfyUI does, in another format; the texts beside are lost, too."""
    graph = (await make(tmp_path)).workflow
    noted = Image.Exif()
    noted[0x0110] = f"prompt:{json.dumps(graph)}"
    content = BytesIO()
    Image.new("RGB", (64, 64), "red").save(content, kind, exif=noted)
    saved = SaveInstead(ending=kind.lower(), data=content.getvalue())
    async with studio(tmp_path, saved) as here:
        made = await here.make(prompt="狐 in the snow", **ALL_ADJUSTED)
    forget(tmp_path, made)
    for text in batch_file(tmp_path, made).parent.glob("*.txt"):
        text.unlink()
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(made.batch_id)
        assert found.request.prompt == "狐 in the snow"
        assert found.parameters.model == MODEL
        assert [facts(p) for p in found.pictures] == [facts(p) for p in made.pictures]
        assert found.workflow.keys() == graph.keys()


async def test_a_workflow_of_ones_own_comes_back_with_the_pictures(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        graph = (await here.make()).workflow
    shutil.rmtree(tmp_path / "data")
    save = next(name for name, node in graph.items() if node["class_type"] == "SaveImage")
    graph[save]["inputs"]["filename_prefix"] = "mine"
    made = await make(tmp_path, workflow=graph, model=None, baseParameters=None)
    empty(batch_file(tmp_path, made))
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(made.batch_id)
        assert found.request.workflow == made.workflow
        assert found.request.model is None
        await here.end((await here.app.batch_service.regenerate(made.batch_id)).batch)


async def test_loras_the_picture_it_starts_from_and_how_much_of_it_changes_come_back(
    tmp_path: Path,
) -> None:
    loras = [{"name": name, "strength": 0.4} for name in demo_models()["loras"]]
    async with studio(tmp_path) as here:
        kept = await here.app.pictures.keep(photo())
        begun = {"inputImages": {"picture.image": kept.id}, "denoise": 0.4, "loras": loras}
        first = await here.make(**begun, **ALL_ADJUSTED)
        own = {"workflow": from_photo(), "model": None, "baseParameters": None}
        second = await here.make(**own, inputImages={"photo.image": first.pictures[0].id})
        forget(tmp_path, first, second)
    async with studio(tmp_path) as here:
        one, other = [await here.app.batch_service.batch(b.batch_id) for b in (first, second)]
        assert same(one, first)
        assert one.parameters.loras == first.request.loras
        assert other.request.input_images == second.request.input_images
        for batch in (one, other):
            await here.end((await here.app.batch_service.regenerate(batch.batch_id)).batch)


def forget(folder: Path, *batches: BatchState) -> None:
    """The database and each batch's own file; what people gave is still there."""
    for path in (folder / "data").glob("batchgen.db*"):
        path.unlink()
    for batch in batches:
        batch_file(folder, batch).unlink()


async def test_counted_seeds_tell_the_seed_of_an_image_that_is_gone(tmp_path: Path) -> None:
    made = await make(tmp_path, seedMode="incremental", baseSeed=70, batchCount=4)
    folder = batch_file(tmp_path, made).parent
    empty(folder / "batch.json")
    for path in folder.rglob("002*"):
        path.unlink()
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(made.batch_id)
        assert (found.request.seed_mode, found.request.base_seed) == (SeedMode.INCREMENTAL, 70)
        assert found.seeds == made.seeds
        assert found.failed_images == (2,)
        await here.end((await here.app.batch_service.resume(made.batch_id)).batch)
        assert "002_71.png" in here.files(found)


async def test_what_was_deleted_of_it_stays_in_the_trash_and_can_be_had_back(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        batch, other = await here.make(), await here.make()
        await here.app.image_service.delete_images(batch.pictures[1].id)
        await here.app.image_service.delete_batch(other.batch_id)
    shutil.rmtree(tmp_path / "data")
    empty(batch_file(tmp_path, batch))
    empty(tmp_path / "images" / "trash" / other.batch_id / "batch" / "batch.json")
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(batch.batch_id)
        assert [picture.index for picture in found.pictures] == [1, 3]
        assert (await here.app.storage.gallery.statistics()).batches == 1
        await here.app.image_service.restore_image(f"{batch.batch_id}-002")
        await here.app.image_service.restore_batch(other.batch_id)
        assert (await here.app.storage.gallery.statistics()).images == 6


async def test_what_the_pictures_do_not_tell_is_called_unknown(before: Rooms, after: Rooms) -> None:
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    folder = before.store.folder(BATCH_ID)
    (folder / "batch.json").write_text("{")
    for name in ("001_101", "002_102", "003_103"):
        (folder / f"{name}.txt").unlink()
        (folder / f"{name}.png").write_bytes(making.png())
    report = await after.reindex_once()
    assert (report.images, report.rebuilt) == (3, [BATCH_ID])
    assert BATCH_ID in str(report)
    batch = await after.batch()
    assert batch.request.prompt == UNKNOWN_PROMPT
    assert batch.request.model == UNKNOWN_MODEL
    assert batch.parameters.steps is None
    assert f"{batch.created_at:%Y%m%d-%H%M%S}" == BATCH_ID[:15]


async def test_of_what_lies_there_only_pictures_of_a_batch_are_taken(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    folder = before.store.folder(BATCH_ID)
    (folder / "batch.json").unlink()
    for name in ("021_5.png", "000_5.png", "001_0005.png", "001_9007199254740992.png", "cat.png"):
        (folder / name).write_bytes(making.png())
    (folder / "002_102.png").write_bytes(making.png()[:-40])
    (folder / "004_9.txt").write_text("Steps: " + "9" * 5000 + ", Seed: 9, Size: 1x\0")
    report = await after.reindex_once()
    batch = await after.batch()
    assert [picture.index for picture in batch.pictures] == [1, 3]
    assert (batch.seeds, batch.failed_images) == ((101, 102, 103, 9), (2, 4))
    assert "is damaged, and kept" in (batch.image(2).message or "")
    assert any("002_102.png is damaged" in problem for problem in report.problems)
    assert (folder / "002_102.damaged").exists()
    assert (await after.reindex()).problems == []


async def test_without_its_workflow_nothing_missing_can_be_made_and_this_is_said(
    tmp_path: Path,
) -> None:
    made = await make(tmp_path)
    folder = batch_file(tmp_path, made).parent
    empty(folder / "batch.json")
    for path in folder.glob("*.png"):
        path.write_bytes(making.png())
    (folder / made.pictures[1].filename).unlink()
    async with studio(tmp_path) as here:
        found = await here.app.batch_service.batch(made.batch_id)
        assert found.image(2).status is ImageStatus.FAILED
        assert found.parameters.model == "demo-dreams-xl"
        with pytest.raises(BatchGenError, match="workflow"):
            await here.app.batch_service.resume(made.batch_id)


async def test_a_batch_file_that_cannot_be_read_is_kept_before_anybody_writes_over_it(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        made = await here.make()
    async with studio(tmp_path) as here:
        batch_file(tmp_path, made).write_text("somebody's")
        await here.app.image_service.mark(Marks(rating=4), made.pictures[0].id)
        assert here.batch_file(made)["imageRecords"][0]["picture"]["rating"] == 4
        assert batch_file(tmp_path, made).with_name("batch.damaged").read_text() == "somebody's"


async def test_a_known_batch_whose_file_cannot_be_read_gets_a_new_one_at_the_start(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        made = await here.make()
    batch_file(tmp_path, made).write_text("somebody's")
    async with studio(tmp_path) as here:
        (notice,) = here.app.notices
        assert "It is kept as batch.damaged." in notice
        assert here.batch_file(made)["batchId"] == made.batch_id
        assert not here.app.storage.store.folder(made.batch_id).joinpath("batch.2.damaged").exists()


async def test_while_the_disk_does_not_answer_nothing_is_rebuilt(
    before: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be read now may be read tomorrow, and tells more than the pictures do."""
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    files, read = before.files(), BatchFolder.read

    def sick(folder: BatchFolder, name: str, most: int) -> bytes:
        if name == "batch.json":
            raise OSError(errno.EIO, "does not answer")
        return read(folder, name, most)

    with monkeypatch.context() as patch:
        patch.setattr(BatchFolder, "read", sick)
        async with open_storage(before.folder / "data", before.folder / "images") as storage:
            assert "does not answer" in storage.notices[0]
            assert (await storage.log.end(), before.files()) == (0, files)
    async with open_storage(before.folder / "data", before.folder / "images") as storage:
        batch = await storage.log.state(BATCH_ID)
        assert batch
        assert document(batch) == document(await before.batch())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
async def test_names_that_are_no_text_and_files_that_nobody_needs_do_no_harm(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    folder = before.store.folder(BATCH_ID)
    for name in (b"\xff\xfe.png", b"a\nb.webp", b"x" * 255, b"001_101_2.png"):
        (folder / os.fsdecode(name)).write_bytes(b"junk")
    (folder / "batch.json").unlink()
    (folder / ".hidden.partial").mkdir()
    assert (await after.reindex()).images == 3
    (folder / ".hidden.partial").rmdir()
    await after.store.throw_away_batch(BATCH_ID)
    assert await after.store.bring_back_batch(BATCH_ID)
    assert len(list(folder.iterdir())) == 12


async def test_a_copy_of_a_folder_under_another_name_is_a_batch_of_its_own(
    before: Rooms, after: Rooms
) -> None:
    await before.live(queued(), started(), completed(1), completed(2), completed(3), all_done())
    twin = f"{BATCH_ID}-b"
    shutil.copytree(before.store.folder(BATCH_ID), before.store.folder(twin))
    report = await after.reindex_once()
    assert (report.rebuilt, report.images) == ([twin], 6)
    assert f"batch.json is that of batch {BATCH_ID}" in report.problems[0]
    assert document(await after.batch()) == document(await before.batch())
