"""Several images as one ZIP: complete, byte by byte, and never in memory as a whole."""

import io
import re
import tracemalloc
import zipfile
import zlib
from itertools import cycle, islice
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.api.visitor import visit
from tests.batches.test_extras import asked as several
from tests.batches.test_outputs import AS_IS
from tests.demo.graphs import plain
from tests.faulty_engine import FailAtNode, HangWhileSampling, SaveInstead
from tests.storage import making
from tests.studio import until

LARGE = 40_000_000

NO_CHOICE = ["", "0", "4", "-1", "1,,2", "one", "1;2", "²", "9" * 5000]

CHOICES = [("2", [2]), ("3,1", [1, 3]), ("1,1,1", [1]), ("1, 3", [1, 3])]


def lying(folder: Path, batch_id: str) -> dict[str, bytes]:
    """The pictures on disk."""
    pictures = (folder / "images" / "batches" / batch_id).glob("*.png")
    return {path.name: path.read_bytes() for path in pictures}


def without_seed(name: str) -> str:
    """How a file is called where nothing tells how it was made."""
    return re.sub(r"^(\d+)_\d+", r"\1", name)


def unpacked(answer: httpx.Response) -> dict[str, bytes]:
    """What is in a downloaded ZIP, after its checksums were found right."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-length"] == str(len(answer.content))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


async def test_without_a_choice_all_finished_images_are_in_it(tmp_path: Path) -> None:
    async with visit(tmp_path, FailAtNode(prompt=2)) as (_, visitor):
        batch_id = await visitor.make()
        answer = await visitor.get(f"/batches/{batch_id}/archive")
        assert unpacked(answer) == lying(tmp_path, batch_id)
        assert answer.headers["content-type"] == "application/zip"
        assert answer.headers["content-disposition"] == (
            f'attachment; filename="batchgen-{batch_id}.zip"'
        )


async def test_chosen_images_are_in_it_in_order_and_once(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        for choice, indexes in CHOICES:
            answer = await visitor.get(f"/batches/{batch_id}/archive", params={"images": choice})
            assert [int(name[:3]) for name in unpacked(answer)] == indexes
            assert unpacked(answer).items() <= lying(tmp_path, batch_id).items()


async def test_what_a_prompt_made_beside_an_image_is_in_it_and_has_an_address(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(**several())
        packed = unpacked(await visitor.get(f"/batches/{batch_id}/archive?images=1"))
        first = (await visitor.look(batch_id))["images"][0]
        assert [*packed] == [first["filename"], *(e["filename"] for e in first["extras"])]
        for extra in first["extras"]:
            answer = await visitor.get(extra["url"].removeprefix("/api"))
            assert answer.content == packed[extra["filename"]]
            small = await visitor.get(extra["thumbnailUrl"].removeprefix("/api"))
            assert small.headers["content-type"] == "image/webp"
        missing = await visitor.get(f"/images/{first['id']}/extras/9")
        assert missing.status_code == 404


async def test_what_is_no_choice_is_bad_input(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        for choice in NO_CHOICE:
            answer = await visitor.get(f"/batches/{batch_id}/archive", params={"images": choice})
            error = answer.json()["error"]
            assert (answer.status_code, error["field"]) == (400, "images"), choice
            assert error["message"].startswith("Images must be numbers from 1 to 3")


async def test_what_is_not_there_is_never_left_out_in_silence(tmp_path: Path) -> None:
    async with visit(tmp_path, FailAtNode(prompt=2)) as (_, visitor):
        batch_id = await visitor.make()
        failed = await visitor.get(f"/batches/{batch_id}/archive?images=1,2")
        assert failed.json()["error"]["message"] == "Not finished or deleted: image 2."
        await visitor.delete(f"/images/{batch_id}-003")
        deleted = await visitor.get(f"/batches/{batch_id}/archive?images=2,3")
        assert deleted.json()["error"]["message"] == "Not finished or deleted: image 2, 3."
        name, *_ = lying(tmp_path, batch_id)
        (tmp_path / "images" / "batches" / batch_id / name).unlink()
        gone = await visitor.get(f"/batches/{batch_id}/archive")
        assert gone.json()["error"]["message"] == f"The file {name} of batch {batch_id} is gone."
        await visitor.delete(f"/images/{batch_id}-001")
        empty = await visitor.get(f"/batches/{batch_id}/archive")
        assert empty.json()["error"]["message"] == "No image of this batch is finished."
        assert {answer.status_code for answer in (failed, deleted, gone, empty)} == {404}


async def test_one_that_is_gone_is_named_and_the_others_are_in_it(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        first, *others = sorted(lying(tmp_path, batch_id))
        (tmp_path / "images" / "batches" / batch_id / first).unlink()
        for query, called in (("", str), ("?metadata=none", without_seed)):
            packed = unpacked(await visitor.get(f"/batches/{batch_id}/archive{query}"))
            assert list(packed) == [*map(called, others), "left-out.txt"], query
            assert packed["left-out.txt"].decode().startswith(f"{called(first)} "), query
        alone = await visitor.get(f"/batches/{batch_id}/archive?images=1")
        assert alone.status_code == 404
        assert alone.json()["error"]["message"] == f"The file {first} of batch {batch_id} is gone."


@pytest.mark.parametrize("metadata", ["", "none"])
async def test_one_that_goes_while_it_is_sent_is_named_and_the_others_are_whole(
    tmp_path: Path, metadata: str
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        folder = tmp_path / "images" / "batches" / batch_id
        pictures = [folder / name for name in sorted(lying(tmp_path, batch_id))]
        for picture in pictures:
            picture.write_bytes(making.png(Image.effect_noise((3000, 3000), 100)))
        address = f"/batches/{batch_id}/archive"
        params = {"metadata": metadata} if metadata else {}
        async with visitor.stream("GET", address, params=params) as answer:
            chunks = answer.aiter_raw()
            begun = await anext(chunks)
            pictures[2].unlink()
            rest = [chunk async for chunk in chunks]
        sent = httpx.Response(200, headers=answer.headers, content=b"".join([begun, *rest]))
        packed = unpacked(sent)
        called = [without_seed(one.name) if metadata else one.name for one in pictures]
        assert [*packed] == [*called[:2], "left-out.txt"]
        said = packed["left-out.txt"].decode()
        assert said.startswith(f"{called[2]} is left out: its file is missing")


async def test_while_a_batch_runs_its_finished_images_can_be_had(tmp_path: Path) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=2)) as (here, visitor):
        batch_id = await visitor.start()
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.completed_images == 1)
        answer = await visitor.get(f"/batches/{batch_id}/archive")
        assert unpacked(answer) == lying(tmp_path, batch_id)


async def test_large_pictures_pass_through_without_filling_the_memory(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=4)
        for number, name in enumerate(sorted(lying(tmp_path, batch_id)), start=1):
            pattern = cycle([bytes([number]) * 999_983, b"\n"])
            with (tmp_path / "images" / "batches" / batch_id / name).open("wb") as file:
                file.writelines(islice(pattern, 2 * LARGE // 1_000_000))
        tracemalloc.start()
        size = checksum = 0
        async with visitor.stream("GET", f"/batches/{batch_id}/archive") as answer:
            async for chunk in answer.aiter_raw():
                size += len(chunk)
                checksum = zlib.crc32(chunk, checksum)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert size == int(answer.headers["content-length"]) > 3.9 * LARGE
        assert peak < size / 20
        again = await visitor.get(f"/batches/{batch_id}/archive")
        assert zlib.crc32(again.content) == checksum
        assert unpacked(again) == lying(tmp_path, batch_id)


async def test_clean_copies_have_the_same_pixels_and_tell_nothing(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(**several())
        address = f"/batches/{batch_id}/archive?images=1&metadata=none"
        packed = unpacked(await visitor.get(address))
        image = (await visitor.look(batch_id))["images"][0]
        assert not [name for name in packed if str(image["seed"]) in name]
        for made in (image, *image["extras"]):
            path = made["url"].removeprefix("/api")
            stored = await visitor.get(path)
            clean = await visitor.get(f"{path}?metadata=none")
            called = without_seed(made["filename"])
            assert clean.content == packed[called]
            assert clean.headers["content-disposition"] == f'inline; filename="{called}"'
            told = (b"BatchGen", b"Seed: ", b"parameters")
            assert all(each in stored.content for each in told)
            assert not any(each in clean.content for each in told)
            before, after = making.opened(stored.content), making.opened(clean.content)
            assert before.tobytes() == after.tobytes()
            assert clean.headers["etag"] != stored.headers["etag"]
            known = {"if-none-match": clean.headers["etag"]}
            again = await visitor.get(f"{path}?metadata=none", headers=known)
            assert again.status_code == 304
            whole = await visitor.get(path)
            assert whole.content == stored.content, "what lies on disk is not touched"


async def test_what_has_no_clean_copy_is_named_and_never_given_in_its_place(tmp_path: Path) -> None:
    film = SaveInstead(ending="mp4", data=making.film())
    async with visit(tmp_path, film) as (_, visitor):
        batch_id = await visitor.make(workflow=plain(), **AS_IS)
        image = (await visitor.look(batch_id))["images"][0]
        path = image["url"].removeprefix("/api")
        for address in (f"{path}?metadata=none", f"/batches/{batch_id}/archive?metadata=none"):
            refused = await visitor.get(address)
            assert (refused.status_code, refused.json()["error"]["field"]) == (400, "metadata")
            assert "its settings" in refused.json()["error"]["message"]
        assert (await visitor.get(path)).content == making.film()


async def test_what_has_no_clean_copy_is_left_out_of_an_archive_and_named_in_it(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        first, *others = lying(tmp_path, batch_id)
        folder = tmp_path / "images" / "batches" / batch_id
        (folder / first).write_bytes(b"damaged")
        packed = unpacked(await visitor.get(f"/batches/{batch_id}/archive?metadata=none"))
        assert sorted(packed) == [*sorted(map(without_seed, others)), "left-out.txt"]
        assert without_seed(first).encode() in packed["left-out.txt"]
        seeds = (await visitor.look(batch_id))["progress"]["seeds"]
        assert not [seed for seed in seeds if str(seed).encode() in packed["left-out.txt"]]
        address = f"/batches/{batch_id}/archive?metadata=none&names={{seed}}"
        asked = unpacked(await visitor.get(address))
        assert {f"{seed}.png" for seed in seeds} >= {*asked} - {"left-out.txt"} > set()
        wrong = await visitor.get(f"/batches/{batch_id}/archive?metadata=some")
        assert wrong.json()["error"]["message"] == "Metadata must be none, or left out"
