"""Pictures that were made elsewhere come into the gallery: whole, once, and for good."""

import asyncio
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from batchgen_app.batches.import_service import GivenPicture, Taken
from batchgen_app.core.batch import Marks
from batchgen_app.core.errors import Conflict, StorageError
from batchgen_app.core.programs.kept import UNKNOWN_PROMPT
from batchgen_app.core.request import SingleImageRequest
from batchgen_app.core.serializers import summary_of
from batchgen_app.core.state import BatchState
from batchgen_app.storage import batch_json, event_log, taking_in
from batchgen_app.storage.image_query import ImageQuery
from batchgen_app.storage.recover.reindex import reindex
from tests.api.visitor import visit
from tests.programs.crafted import A1111, with_comment
from tests.storage.making import picture, png, webp
from tests.studio import MODEL, Studio, studio

LONG_AGO = datetime(2023, 5, 6, 7, 8, 9, tzinfo=UTC)


def foreign(seed: int, prompt: str = "a pear", **others: str) -> bytes:
    """A picture of its own, as AUTOMATIC1111 writes it."""
    pairs = {"Steps": "20", "Sampler": "Euler a", "CFG scale": "7", "Seed": str(seed)}
    pairs |= {"Size": "64x64", "Model": "elsewhere", **others}
    line = ", ".join(f"{key}: {value}" for key, value in pairs.items())
    return png(picture(40), parameters=f"{prompt}\n{line}")


def given(*contents: bytes, modified: datetime | None = LONG_AGO) -> list[GivenPicture]:
    return [GivenPicture(f"{n}.png", content, modified) for n, content in enumerate(contents, 1)]


async def keep(here: Studio, *contents: bytes) -> list[Taken]:
    return await here.app.imports.keep(given(*contents))


async def batch_of(here: Studio, taken: Taken) -> BatchState:
    return await here.app.batch_service.batch(taken.batch_id)


def files(here: Studio) -> list[str]:
    root = here.app.storage.store.output_dir / "batches"
    return sorted(path.name for path in root.glob("*")) if root.exists() else []


async def test_a_picture_is_kept_byte_for_byte_with_what_was_read(tmp_path: Path) -> None:
    content = png(parameters=A1111)
    async with studio(tmp_path) as here:
        (taken,) = await keep(here, content)
        batch = await batch_of(here, taken)
        (shown,) = await here.app.storage.gallery.images(batch.batch_id)
        folder = here.app.storage.store.folder(batch.batch_id)
        assert (folder / "001_4011223344.png").read_bytes() == content
        assert here.files(batch) == {
            "001_4011223344.png",
            "001_4011223344.txt",
            "batch.json",
            "thumbnails/001.webp",
        }
        assert await here.events(batch) == [
            "batch_queued",
            "batch_started",
            "image_completed",
            "batch_completed",
        ]
        async with studio(tmp_path / "other") as there:
            (known, *_) = await there.app.imports.keep(given(content))
            assert not known.is_known
    assert (taken.is_known, taken.fault) == (False, None)
    assert isinstance(batch.request, SingleImageRequest)
    assert batch.request.prompt == "a lighthouse in a storm, oil painting"
    assert (batch.parameters.model, batch.parameters.steps) == (MODEL, 28)
    assert (shown.seed, shown.created_at, shown.id) == (4011223344, LONG_AGO, taken.image_id)
    assert batch.imported
    assert (batch.imported.source, batch.imported.filenames) == ("a1111", ["1.png"])
    assert batch.understood
    assert "Hires upscaler: 4x-UltraSharp" in batch.understood.remarks


async def test_what_is_alike_but_for_its_seed_becomes_one_batch(tmp_path: Path) -> None:
    group = [foreign(seed) for seed in (5, 6, 7)]
    other = foreign(8, "a plum")
    async with studio(tmp_path) as here:
        taken = await keep(here, *group, other, foreign(5, "a plum"), png(), webp())
        first = await batch_of(here, taken[0])
        again = await batch_of(here, taken[3])
        unknown = await batch_of(here, taken[5])
    assert [one.image_id for one in taken[:3]] == [f"{first.batch_id}-00{n}" for n in (1, 2, 3)]
    assert (first.seeds, first.request.seeds) == ((5, 6, 7), [5, 6, 7])
    assert again.seeds == (8, 5)
    assert len({one.batch_id for one in taken}) == 4
    assert (unknown.request.prompt, unknown.seeds) == (UNKNOWN_PROMPT, (0,))


async def test_it_is_found_by_its_program_and_by_what_its_file_was_called(tmp_path: Path) -> None:
    async def found(text: str) -> list[str]:
        page = await here.app.storage.gallery.find_images(ImageQuery(text))
        return [image.id for image in page.images]

    pear, plum, unread = foreign(5), foreign(6), png()
    names = ("Ferien am Meer.png", "DSC_0042.png", "scan.png")
    async with studio(tmp_path) as here:
        await here.make(prompt="a red fox", batchCount=2)
        files = [GivenPicture(*one) for one in zip(names, (pear, plum, unread), strict=True)]
        first, second, third = [one.image_id for one in await here.app.imports.keep(files)]
    for step in ("as imported", "reindexed"):
        async with studio(tmp_path) as here:
            storage = here.app.storage
            if step == "reindexed":
                await reindex(storage.log, storage.gallery, storage.store, storage.locks)
            for text, ids in {
                "automatic1111": {first, second},
                "a1111 -meer": {second},
                "meer ferien": {first},
                "DSC_00": {second},
                '"ferien am meer.png"': {first},
                "scan.png": {third},
                "fox automatic1111": set(),
                "prompt:ferien": set(),
            }.items():
                assert set(await found(text)) == ids, (step, text)


async def test_more_than_a_batch_holds_become_several(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        taken = await keep(here, *map(foreign, range(23)), foreign(22))
        sizes = [len((await batch_of(here, one)).images) for one in (taken[0], taken[-1])]
    assert len({one.batch_id for one in taken}) == 3
    assert sizes == [20, 1]


async def test_the_same_file_is_known_and_not_there_twice(tmp_path: Path) -> None:
    content = foreign(1)
    async with studio(tmp_path) as here:
        first, twin = await keep(here, content, content)
        assert (first.is_known, twin.is_known, twin.image_id) == (False, True, first.image_id)
        (again,) = await keep(here, content)
        assert (again.is_known, again.image_id) == (True, first.image_id)
        batch = await here.make()
        own = here.app.storage.store.folder(batch.batch_id) / f"001_{batch.seeds[0]}.png"
        (ours,) = await keep(here, own.read_bytes())
        assert (ours.is_known, ours.image_id) == (True, f"{batch.batch_id}-001")
        await here.app.image_service.delete_batch(first.batch_id)
        (anew,) = await keep(here, content)
        assert not anew.is_known
        assert len(files(here)) == 2


async def test_two_programs_that_are_given_the_same_files_keep_each_once(tmp_path: Path) -> None:
    contents = [foreign(seed, f"pear {seed}") for seed in range(5)]
    async with studio(tmp_path) as here, studio(tmp_path) as there:
        one, other = await asyncio.gather(keep(here, *contents), keep(there, *contents))
        assert [taken.image_id for taken in one] == [taken.image_id for taken in other]
        assert len(files(here)) == len(contents)
        assert {one[0].is_known, other[0].is_known} == {True, False}
        (later,) = await keep(there, foreign(9))
        assert not later.is_known, "nobody is kept waiting by what has ended"


async def test_log_and_folders_each_bring_all_of_it_back(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        taken = await keep(here, foreign(1), foreign(2), png())
        ids = [one.batch_id for one in (taken[0], taken[2])]
        await here.app.image_service.mark(Marks(rating=4, favourite=True), taken[1].image_id)
        before = [summary_of(await here.app.batch_service.batch(one)) for one in ids]
        images = [await here.app.storage.gallery.images(one) for one in ids]
        storage = here.app.storage
        report = await reindex(storage.log, storage.gallery, storage.store, storage.locks)
        assert (report.batches, report.problems) == (2, [])
        assert images == [await storage.gallery.images(one) for one in ids]
    for path in (tmp_path / "data").glob("batchgen.db*"):
        path.unlink()
    async with studio(tmp_path) as here:
        after = [summary_of(await here.app.batch_service.batch(one)) for one in ids]
        assert after == before
        assert images == [await here.app.storage.gallery.images(one) for one in ids]
        (known,) = await keep(here, foreign_again(here, taken[0]))
        assert known.is_known


def foreign_again(here: Studio, taken: Taken) -> bytes:
    folder = here.app.storage.store.folder(taken.batch_id)
    return next(folder.glob("001_*.png")).read_bytes()


async def test_its_pictures_alone_bring_back_what_they_tell(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        (taken,) = await keep(here, png(parameters=A1111))
    for path in (tmp_path / "data").glob("batchgen.db*"):
        path.unlink()
    (tmp_path / "images" / "batches" / taken.batch_id / "batch.json").unlink()
    async with studio(tmp_path) as here:
        batch = await batch_of(here, taken)
    assert batch.request.prompt == "a lighthouse in a storm, oil painting"
    assert (batch.parameters.sampler_name, batch.parameters.model) == ("dpmpp_2m", "demo-dreams-xl")


async def test_it_can_be_regenerated_as_far_as_the_server_has_what_it_takes(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        (here_too, not_here) = await keep(here, foreign(3, Model=MODEL), foreign(4))
        again = (await here.app.batch_service.regenerate(here_too.batch_id)).batch
        await here.end(again)
        assert (again.completed_images, again.seeds, again.imported) == (1, (4,), None)
        assert again.request.based_on
        with pytest.raises(Conflict, match='The server has no model "elsewhere"'):
            await here.app.batch_service.regenerate(not_here.batch_id)


async def test_each_fault_is_said_and_keeps_no_other_from_coming(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        taken = await keep(here, b"hello", foreign(1), png()[:-20], foreign(2))
        assert [bool(one.fault) for one in taken] == [True, False, True, False]
        assert "ends too early" in str(taken[2].fault)
        assert taken[1].batch_id == taken[3].batch_id
        assert files(here) == [taken[1].batch_id]


@pytest.mark.parametrize("kind", ["exif", "time", "file", "ahead"])
async def test_its_date_is_the_pictures_own_or_else_the_files(tmp_path: Path, kind: str) -> None:
    civitai = A1111.replace("Version: ", "Created Date: 2024-01-02T03:04:05Z, Version: ")
    contents = {"time": png(parameters=civitai), "file": png(), "ahead": png()}
    exif = with_comment(b"x")
    content = contents.get(kind, exif)
    modified = datetime(2999, 1, 1, tzinfo=UTC) if kind == "ahead" else LONG_AGO
    async with studio(tmp_path) as here:
        (taken,) = await here.app.imports.keep([GivenPicture("it", content, modified)])
        created = (await batch_of(here, taken)).created_at
    if kind == "ahead":
        assert abs((created - datetime.now(UTC)).total_seconds()) < 600
    else:
        told = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
        assert created == (told if kind == "time" else LONG_AGO)
        assert taken.batch_id.startswith(f"{created:%Y%m%d-%H%M%S}")


async def test_where_the_log_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        writer = here.app.storage.log._db._writer
        await writer.execute_fetchall("PRAGMA query_only = 1")
        with pytest.raises(StorageError):
            await keep(here, foreign(1))
        assert files(here) == []
        await writer.execute_fetchall("PRAGMA query_only = 0")
        (taken,) = await keep(here, foreign(1))
        assert files(here) == [taken.batch_id]


async def test_where_the_disk_is_full_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with studio(tmp_path) as here:

        def full(*_: object) -> bytes:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(batch_json, "written", full)
            with pytest.raises(StorageError):
                await keep(here, foreign(1))
        assert files(here) == []
        assert (await keep(here, foreign(1)))[0].image_id


KILLED = """
import asyncio, os, sys
from pathlib import Path
from batchgen_app.batches.batch_service import BatchService
from batchgen_app.storage import taking_in
from tests.programs.test_keeping import keep, foreign
from tests.studio import studio

def die(*_, **__):
    os._exit(9)

where = {"writing": (taking_in.batch_json, "written"), "logging": (BatchService, "take_in")}
setattr(*where[sys.argv[2]], die)

async def main():
    async with studio(Path(sys.argv[1])) as here:
        await keep(here, foreign(1), foreign(2))

asyncio.run(main())
"""


@pytest.mark.parametrize("moment", ["writing", "logging"])
async def test_a_kill_in_the_middle_leaves_all_of_a_batch_or_nothing(
    tmp_path: Path, moment: str
) -> None:
    killed = [sys.executable, "-c", KILLED, str(tmp_path), moment]
    died = await asyncio.to_thread(subprocess.run, killed, check=False, timeout=60)
    assert died.returncode == 9
    left = [path.name for path in (tmp_path / "images" / "batches").iterdir()]
    assert [name.startswith(taking_in.MARK) for name in left] == [moment == "writing"]
    async with studio(tmp_path) as here:
        statistics = await here.app.storage.gallery.statistics()
        if moment == "writing":
            assert (statistics.images, files(here)) == (0, [])
        else:
            assert (statistics.batches, statistics.images) == (1, 2)
            batch = await here.app.batch_service.batch(left[0])
            assert batch.imported
            assert not here.app.recovery.found


async def test_a_folder_of_somebody_else_s_that_is_called_like_an_import_stays(
    tmp_path: Path,
) -> None:
    mine = tmp_path / "images" / "batches" / ".import-my own" / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    async with studio(tmp_path) as here:
        assert (await keep(here, foreign(1)))[0].image_id
    assert mine.read_text() == "mine"


async def test_the_api_keeps_on_request_and_says_what_is_known(tmp_path: Path) -> None:
    files_ = {"file": ("a/b\\it.png", png(parameters=A1111))}
    async with visit(tmp_path) as (here, visitor):
        kept = (await visitor.post("/import", files=files_, data={"keep": "true"})).json()
        assert (kept["source"], kept["known"]) == ("a1111", False)
        again = (await visitor.post("/import", files=files_, data={"keep": "true"})).json()
        assert (again["known"], again["imageId"]) == (True, kept["imageId"])
        shown = await visitor.look(kept["imageId"][:-4])
        assert shown["batch"]["imported"]["source"] == "a1111"
        assert shown["remarks"] == kept["unread"]
        assert (await visitor.get(f"/images/{kept['imageId']}")).content == files_["file"][1]
        bad = await visitor.post("/import", files=files_, data={"keep": "perhaps"})
        assert (bad.status_code, bad.json()["error"]["field"]) == (400, "keep")
        broken = {"file": ("it.png", png()[:-9])}
        refused = await visitor.post("/import", files=broken, data={"keep": "true"})
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, "file")
        assert len(files(here)) == 1


async def test_thousands_of_pictures_are_looked_up_by_an_index(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        await keep(here, foreign(1))
    connection = sqlite3.connect(tmp_path / "data" / "batchgen.db")
    told = str(connection.execute(f"EXPLAIN QUERY PLAN {event_log._WITH_PICTURE}", "x").fetchall())
    connection.close()
    assert "events_by_picture" in told
    assert "SCAN" not in told
