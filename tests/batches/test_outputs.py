"""Whatever a workflow makes is kept, byte for byte, and shown as well as that can be."""

import struct
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.comfy.client import HistoryEntry
from batchgen_app.core.batch import BatchStatus, GeneratedImage
from batchgen_app.core.batch_file import document
from batchgen_app.core.state import BatchState
from tests.batches.power_cut import power_cut, started_again
from tests.demo.graphs import Graph, node, plain, txt2img
from tests.faulty_engine import Hold, Moment, SaveInstead
from tests.reading.containers import webp_chunks
from tests.reading.sites import text_in
from tests.storage import making
from tests.stored_files import is_all_there
from tests.studio import Studio, studio

AS_IS: dict[str, Any] = {
    "model": None,
    "baseParameters": {},
    "batchCount": 2,
    "seedMode": "random",
    "promptAsIs": True,
}
EXR = struct.pack("<II", 20000630, 2) + bytes(400)


def kept(here: Studio, image: GeneratedImage) -> bytes:
    """The file of an image."""
    return here.app.storage.store.picture_path(image.batch_id, image.filename).read_bytes()


async def small(here: Studio, image: GeneratedImage) -> tuple[str | None, tuple[int, int]]:
    """Format and size of its thumbnail."""
    with await here.app.storage.store.thumbnail(image.batch_id, image.filename) as there:
        thumbnail = making.opened(there.file.read())
    return thumbnail.format, thumbnail.size


def is_frame_for_frame(stored: bytes, sent: bytes) -> bool:
    """Whether two WebP have the same pixels, byte for byte."""
    kept, came = ([c for c in webp_chunks(f) if c[0] == b"ANMF"] for f in (stored, sent))
    return kept == came != []


def is_complete(batch: BatchState) -> bool:
    return (batch.status, batch.completed_images) == (BatchStatus.COMPLETE, len(batch.seeds))


@pytest.mark.parametrize(
    ("ending", "data", "media_type", "look"),
    [
        ("mp4", making.film(), "video/mp4", (None, None, False, (300, 300))),
        ("webm", making.film(), "video/webm", (None, None, False, (300, 300))),
        ("gif", making.gif(), "image/gif", (48, 32, True, (48, 32))),
        ("tiff", making.tiff(making.picture(600)), "image/tiff", (600, 600, False, (300, 300))),
        ("exr", EXR, "image/x-exr", (None, None, False, (300, 300))),
        ("avif", b"not what it is called", "image/avif", (None, None, False, (300, 300))),
        ("flac", b"fLaC", "audio/flac", (None, None, False, (300, 300))),
        ("webp", making.moving_webp(), "image/webp", (48, 32, True, (48, 32))),
    ],
)
async def test_a_file_of_any_kind_is_the_image_byte_for_byte(
    tmp_path: Path, ending: str, data: bytes, media_type: str, look: tuple[Any, ...]
) -> None:
    async with studio(tmp_path, SaveInstead(ending=ending, data=data, key="gifs")) as here:
        batch = await here.make(workflow=plain(), **AS_IS)
        assert is_complete(batch)
        for image in batch.pictures:
            assert image.filename == f"{image.index:03d}_{image.seed}.{ending}"
            assert is_all_there(kept(here, image), data)
            assert image.media_type == media_type
            assert image.bytes == len(data) or ending == "webp"
            thumbnail = ("WEBP", look[3])
            assert (image.width, image.height, image.animated) == look[:3]
            assert await small(here, image) == thumbnail
            assert (image.extras, image.remark) == ((), "")
        beside = here.app.storage.store.folder(batch.batch_id) / f"001_{batch.seeds[0]}.txt"
        assert f"Seed: {batch.seeds[0]}" in beside.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("ending", "here_it_ends_in"),
    [("MP4", "mp4"), ("txt", "text"), ("exe", "bin"), ("html", "bin"), ("damaged", "bin")],
)
async def test_a_name_never_ends_in_what_would_be_taken_for_something_else(
    tmp_path: Path, ending: str, here_it_ends_in: str
) -> None:
    async with studio(tmp_path, SaveInstead(ending=ending, data=b"some data")) as here:
        batch = await here.make(workflow=plain(), **AS_IS)
        assert is_complete(batch)
        image = batch.pictures[0]
        assert image.filename == f"001_{image.seed}.{here_it_ends_in}"
        assert kept(here, image) == b"some data"


async def test_85_million_pixels_are_one_picture_like_any_other(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        asked = {**AS_IS, "batchCount": 2, "workflow": plain(0x336699, width=9216, height=9216)}
        batch = await here.make(**asked)
        assert is_complete(batch)
        image = batch.pictures[0]
        assert (image.width, image.height, len(kept(here, image))) == (9216, 9216, image.bytes)
        assert await small(here, image) == ("WEBP", (300, 300))


BOTH = {
    **plain(0x00FF00),
    "film": node("SaveImage", images=["1", 0], filename_prefix="film"),
    "latent": node("SaveImage", images=["1", 0], filename_prefix="latent"),
}


async def test_what_lies_beside_the_image_is_kept_too(tmp_path: Path) -> None:
    film = SaveInstead(ending="mp4", data=making.film(), key="gifs", node="film")
    latent = SaveInstead(ending="latent", data=b"numbers", key="latents", node="latent")
    async with studio(tmp_path, film, latent) as here:
        batch = await here.make(workflow=BOTH, roles={"output": ["2"]}, **AS_IS)
        assert is_complete(batch)
        for image in batch.pictures:
            assert (image.media_type, image.remark) == ("image/png", "")
            assert [
                (extra.filename.rpartition(".")[2], extra.media_type, extra.bytes)
                for extra in image.extras
            ] == [
                ("mp4", "video/mp4", len(making.film())),
                ("latent", "application/octet-stream", len(b"numbers")),
            ]
        assert f"extra/001_{batch.seeds[0]}_2.mp4" in here.files(batch)


THREE = {
    **{
        name: node("EmptyImage", width=width, height=64, batch_size=1, color=0)
        for name, width in {"a": 16, "b": 32, "c": 48}.items()
    },
    "9": node("SaveImage", images=["a", 0], filename_prefix="a"),
    "2": node("SaveImage", images=["b", 0], filename_prefix="b"),
    "5": node("SaveImage", images=["c", 0], filename_prefix="c"),
}
"""Three outputs; each picture is known by its width."""


@pytest.mark.parametrize(
    ("roles", "widths"),
    [
        ({}, [48, 16, 32]),
        ({"output": ["2"]}, [32, 16, 48]),
        ({"output": ["9"]}, [16, 32, 48]),
        ({"output": ["2", "9"]}, [32, 16, 48]),
    ],
    ids=["the last", "the middle one", "the first", "several"],
)
async def test_which_of_several_outputs_is_the_image_can_be_said(
    tmp_path: Path, roles: dict[str, list[str]], widths: list[int]
) -> None:
    """Else it is the last one in the graph; the rest lie beside it in the graph's order."""
    async with studio(tmp_path) as here:
        batch = await here.make(workflow=THREE, roles=roles, **AS_IS)
        assert is_complete(batch)
        for image in batch.pictures:
            assert [image.width, *(extra.width for extra in image.extras)] == widths


async def test_where_the_chosen_output_gave_nothing_the_next_one_is_the_image(
    tmp_path: Path,
) -> None:
    graph = {**THREE, "look": node("PreviewImage", images=["a", 0])}
    async with studio(tmp_path) as here:
        batch = await here.make(workflow=graph, roles={"output": ["look", "2"]}, **AS_IS)
        assert [image.width for image in batch.pictures] == [32, 32]


def test_a_batch_that_was_planned_before_has_the_first_picture_as_ever() -> None:
    files = {"images": [{"filename": "b.png"}]}, {"images": [{"filename": "a.png"}]}
    graph: Graph = {"1": {}, "2": {}}
    entry = HistoryEntry.parse(
        {"prompt": [0, "p", graph], "outputs": {"2": files[0], "1": files[1]}}
    )
    assert [result.filename for result in entry.image_first(())] == ["a.png", "b.png"]


async def test_it_stays_so_where_a_batch_is_resumed_after_a_crash(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.VIEWED)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(workflow=THREE, roles={"output": ["2"]}, **AS_IS)
        await hold.reached.wait()
        cut = power_cut(here)
        hold.released.set()
        await here.end(batch)
        async with started_again(cut, here.engine) as again:
            found = await again.end(await again.app.batch_service.batch(batch.batch_id))
            assert [image.width for image in found.pictures] == [32] * len(found.pictures)
            assert found.pictures


async def test_a_film_is_the_image_rather_than_a_picture_that_is_only_shown(tmp_path: Path) -> None:
    graph = {"look": node("PreviewImage", images=["1", 0]), **plain()}
    film = SaveInstead(ending="mp4", data=making.film(), key="gifs", node="2")
    async with studio(tmp_path, film) as here:
        batch = await here.make(workflow=graph, **AS_IS)
        assert is_complete(batch)
        assert [(i.media_type, i.extras) for i in batch.pictures] == [("video/mp4", ())] * 2


async def test_data_are_kept_beside_a_picture_that_is_only_shown(tmp_path: Path) -> None:
    graph = {**plain(), "look": node("PreviewImage", images=["1", 0])}
    async with studio(tmp_path, SaveInstead(ending="latent", data=b"n", node="2")) as here:
        batch = await here.make(workflow=graph, roles={"output": []}, **AS_IS)
        assert is_complete(batch)
        assert [(i.media_type, len(i.extras)) for i in batch.pictures] == [("image/png", 1)] * 2


async def test_an_animated_webp_of_comfyui_is_kept_and_known_to_move(tmp_path: Path) -> None:
    graph = txt2img(batch=3)
    save = {"fps": 6.0, "lossless": True, "quality": 80, "method": "default"}
    graph["9"] = node("SaveAnimatedWEBP", images=["8", 0], filename_prefix="lab/moves", **save)
    async with studio(tmp_path, output_dir=tmp_path / "server") as here:
        batch = await here.make(workflow=graph, model=None, baseParameters={}, batchCount=2)
        assert is_complete(batch)
        made = sorted((tmp_path / "server").rglob("*.webp"))
        for image, on_server in zip(batch.pictures, made, strict=True):
            assert is_frame_for_frame(kept(here, image), on_server.read_bytes())
            assert f"Seed: {image.seed}" in (text_in(kept(here, image)) or "")
            assert (image.width, image.height, image.animated) == (64, 64, True)
        record = here.batch_file(batch)["imageRecords"][0]["picture"]
        assert record["animated"] is True


async def test_a_still_picture_is_told_as_it_always_was(tmp_path: Path) -> None:
    """Older versions read the file as long as nothing in it is new."""
    async with studio(tmp_path) as here:
        batch = await here.make()
        record = here.batch_file(batch)["imageRecords"][0]["picture"]
        assert sorted(record) == [
            "bytes",
            "createdAt",
            "extras",
            "favourite",
            "filename",
            "height",
            "rating",
            "remark",
            "width",
        ]


@pytest.mark.parametrize("is_told", [True, False], ids=["batch.json", "files alone"])
async def test_folders_alone_bring_a_film_back(tmp_path: Path, is_told: bool) -> None:
    film = SaveInstead(ending="mp4", data=making.film(), key="gifs", node="film")
    async with studio(tmp_path, film) as here:
        batch = await here.make(workflow={**plain(), "film": BOTH["film"]}, **AS_IS)
        cut = power_cut(here)
        for path in (cut / "data").glob("batchgen.db*"):
            path.unlink()
        if not is_told:
            (cut / "images" / "batches" / batch.batch_id / "batch.json").unlink()
        async with started_again(cut, here.engine) as again:
            found = await again.app.batch_service.batch(batch.batch_id)
            assert [i.filenames for i in found.pictures] == [i.filenames for i in batch.pictures]
            assert again.files(found) >= here.files(batch) - {"batch.json"}
            assert not is_told or document(found) == document(batch)


async def test_a_film_goes_to_the_trash_and_comes_back(tmp_path: Path) -> None:
    async with studio(tmp_path, SaveInstead(ending="webm", data=making.film())) as here:
        batch = await here.make(workflow=plain(), **AS_IS)
        before, image = here.files(batch), batch.pictures[0]
        await here.app.image_service.delete_images(image.id)
        assert not [name for name in here.files(batch) if "001_" in name]
        assert await here.app.image_service.restore_image(image.id) == image
        assert here.files(batch) == before
