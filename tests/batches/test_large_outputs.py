"""Outputs that are too large for the memory are written to the disk as they come, and kept like all
others.
"""

import hashlib
import resource
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from batchgen_app.comfy import output_files
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.state import BatchState
from batchgen_app.storage import arriving, pictures
from tests.batches.test_outputs import AS_IS, is_complete, kept, small
from tests.demo.graphs import node, plain
from tests.faulty_engine import FailView, SaveInstead, ViewFailure
from tests.storage import making
from tests.studio import Studio, studio, until

FILM_BYTES = 320_000_000
HELD = 20_000
"""Bytes, in stories about what is larger."""


@pytest.fixture
def little_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the memory was small."""
    monkeypatch.setattr(output_files, "PICTURE_LIMIT", HELD)
    monkeypatch.setattr(pictures, "MAX_BYTES", HELD)
    monkeypatch.setattr(arriving, "AT_ONCE", 4096)


def hidden(here: Studio, batch: BatchState) -> set[str]:
    """What was left half written."""
    return {name for name in here.files(batch) if name.endswith(".partial")}


def noise(ending: str = "png") -> bytes:
    """A picture of more bytes than are held."""
    image = Image.effect_noise((200, 300), 100)
    data = making.png(image) if ending == "png" else making.jpeg(image)
    assert len(data) > HELD
    return data


async def test_a_film_of_hundreds_of_megabytes_is_kept_in_little_memory(tmp_path: Path) -> None:
    """A hole on the server's disk, and every byte of it on the wire and on ours."""
    film = SaveInstead(ending="mp4", data=making.film(), length=FILM_BYTES, key="gifs", prompt=1)
    async with studio(tmp_path, film) as here:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        batch = await here.make(workflow=plain(), **AS_IS)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert is_complete(batch)
        image, store = batch.pictures[0], here.app.storage.store
        path = store.picture_path(image.batch_id, image.filename)
        assert (path.stat().st_size, image.bytes) == (FILM_BYTES, FILM_BYTES)
        assert (image.media_type, image.remark) == ("video/mp4", "")
        assert await small(here, image) == ("WEBP", (300, 300))
        with await store.open(image.batch_id, image.filename) as there:
            assert there.file.read(len(film.data)) == film.data
        assert not await store.is_damaged(image.batch_id, image.filename, FILM_BYTES)
        assert hidden(here, batch) == set()
    in_bytes = grown if sys.platform == "darwin" else grown * 1024
    assert in_bytes < FILM_BYTES / 2


@pytest.mark.usefixtures("little_is_held")
async def test_a_large_picture_is_told_by_its_first_bytes_and_has_its_settings_beside_it(
    tmp_path: Path,
) -> None:
    data = noise()
    async with studio(tmp_path, SaveInstead(ending="apng", data=data)) as here:
        batch = await here.make(workflow=plain(), **AS_IS)
        assert is_complete(batch)
        image = batch.pictures[0]
        assert kept(here, image) == data
        assert (image.width, image.height, image.bytes) == (200, 300, len(data))
        assert "beside it" in image.remark
        assert await small(here, image) == ("WEBP", (200, 300))
        text = here.app.storage.store.folder(batch.batch_id) / f"001_{image.seed}.txt"
        assert f"Seed: {image.seed}" in text.read_text(encoding="utf-8")
        # The same is found by whoever looks into the folder.
        found = await here.app.storage.store.find(batch.batch_id, 1, image.seed)
        assert found
        assert (found.filename, found.bytes, found.sha256) == (
            image.filename,
            len(data),
            hashlib.sha256(data).hexdigest(),
        )


@pytest.mark.usefixtures("little_is_held")
@pytest.mark.parametrize(
    ("ending", "data"),
    [("apng", noise()[:-20]), ("apng", bytes(HELD * 2)), ("jpeg", noise("jpg")[:-80])],
)
async def test_a_large_picture_that_is_not_whole_is_none(
    tmp_path: Path, ending: str, data: bytes
) -> None:
    async with studio(tmp_path, SaveInstead(ending=ending, data=data)) as here:
        batch = await here.make(workflow=plain(), **AS_IS)
        assert batch.status is BatchStatus.FAILED
        assert hidden(here, batch) == set()


@pytest.mark.usefixtures("little_is_held")
async def test_a_large_file_that_breaks_off_is_fetched_anew(tmp_path: Path) -> None:
    data = b"II*\0" + bytes(range(256)) * 400
    cut = FailView(failure=ViewFailure.CUT_CONNECTION, times=1)
    async with studio(tmp_path, SaveInstead(ending="tiff", data=data), cut) as here:
        batch = await here.make(workflow=plain(), **AS_IS)
        assert is_complete(batch)
        assert [kept(here, image) for image in batch.pictures] == [data, data]
        assert hidden(here, batch) == set()


@pytest.mark.usefixtures("little_is_held")
async def test_further_outputs_may_be_large_too(tmp_path: Path) -> None:
    data = making.film() + bytes(HELD * 2)
    both = {
        **plain(),
        "beside": node("SaveImage", images=["1", 0], filename_prefix="beside"),
    }
    film = SaveInstead(ending="webm", data=data, node="beside")
    async with studio(tmp_path, film) as here:
        roles = {"output": ["2"]}
        batch = await here.make(workflow=both, roles=roles, **AS_IS)
        assert is_complete(batch)
        (extra,) = batch.pictures[0].extras
        path = here.app.storage.store.picture_path(batch.batch_id, extra.filename)
        assert (path.read_bytes(), extra.bytes) == (data, len(data))
        assert hidden(here, batch) == set()


@pytest.mark.usefixtures("little_is_held")
async def test_a_large_file_waits_until_there_is_room_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = {"bytes": 1_000_000}
    disk_usage = "batchgen_app.storage.arriving.shutil.disk_usage"
    monkeypatch.setattr(disk_usage, lambda _: SimpleNamespace(free=free["bytes"]))
    data = making.film() + bytes(HELD * 2)
    async with studio(tmp_path, SaveInstead(ending="mp4", data=data)) as here:
        batch = await here.start(workflow=plain(), **AS_IS)
        await until(lambda: "Free some space" in (batch.server_trouble or ""))
        assert "the file is on the server until then" in (batch.server_trouble or "")
        free["bytes"] = 10**12
        assert is_complete(await here.end(batch))
