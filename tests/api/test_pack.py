"""The delivery pack: what somebody gets who has no BatchGen, whole, whatever is gone."""

import asyncio
import io
import json
import re
import subprocess
import tracemalloc
import zipfile
from itertools import cycle, islice
from pathlib import Path

import httpx
from PIL import Image

from batchgen_app.settings import save_settings
from tests.api.test_outputs import AS_IS
from tests.api.visitor import Visitor, visit
from tests.batches.test_extras import asked as several
from tests.faulty_engine import FailAtNode, SaveInstead
from tests.hard_prompts import PROMPTS
from tests.storage import making
from tests.studio import MODEL

LARGE = 40_000_000
EVERYWHERE = {"SHA256SUMS", "batch.json", "contact-sheet.jpg", "light-table.html"}


def unpacked(answer: httpx.Response, folder: Path) -> set[str]:
    """The files of a pack, each checked by what people have for that."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-length"] == str(len(answer.content))
    folder.mkdir()
    archive = folder.parent / f"{folder.name}.zip"
    archive.write_bytes(answer.content)
    subprocess.run(["unzip", "-tq", str(archive)], check=True, capture_output=True)
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(folder)
        names = set(opened.namelist())
        pictures = [entry for entry in opened.infolist() if entry.filename.endswith(".png")]
        assert {entry.compress_type for entry in pictures} <= {zipfile.ZIP_STORED}
    subprocess.run(["sha256sum", "-c", "--strict", "--quiet", "SHA256SUMS"], cwd=folder, check=True)
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    there = {line[66:] for line in sums if not line.startswith("#")}
    assert there == names - {"SHA256SUMS"}, "each file is summed, and once"
    return names


def shown(folder: Path) -> dict[str, object]:
    """What the light table knows."""
    page = (folder / "light-table.html").read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="pack">(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, object] = json.loads(found[1])
    return data


async def pack(visitor: Visitor, batch_id: str, **more: str) -> httpx.Response:
    return await visitor.get(f"/batches/{batch_id}/archive", params={"pack": "true", **more})


async def test_a_pack_has_all_that_is_needed_without_batchgen(tmp_path: Path) -> None:
    async with visit(tmp_path, FailAtNode(prompt=2)) as (_, visitor):
        batch_id = await visitor.make()
        await visitor.patch(f"/images/{batch_id}-001", json={"favourite": True, "rating": 4})
        answer = await pack(visitor, batch_id)
        names = unpacked(answer, tmp_path / "pack")
        lying = tmp_path / "images" / "batches" / batch_id
        pictures = {file.name for file in lying.glob("00?_*.*")}
        assert names == EVERYWHERE | {f"pictures/{name}" for name in pictures}
        for name in pictures:
            assert (tmp_path / "pack/pictures" / name).read_bytes() == (lying / name).read_bytes()
        assert "-pack.zip" in answer.headers["content-disposition"]
        told = json.loads((tmp_path / "pack/batch.json").read_text(encoding="utf-8"))
        assert [picture["index"] for picture in told["pictures"]] == [1, 3]
        assert told["pictures"][0]["rating"] == 4
        assert told["images"] == [f"{batch_id}-001", f"{batch_id}-003"]
        with Image.open(tmp_path / "pack/contact-sheet.jpg") as sheet:
            assert sheet.format == "JPEG"
            assert sheet.width == 1654
            assert sheet.info["dpi"] == (200, 200)


async def test_chosen_images_and_what_was_made_beside_them(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(**several())
        names = unpacked(await pack(visitor, batch_id, images="1"), tmp_path / "pack")
        first = (await visitor.look(batch_id))["images"][0]
        files = {first["filename"], *(extra["filename"] for extra in first["extras"])}
        assert {f"pictures/{name}" for name in files} < names
        assert all(name in EVERYWHERE or name.startswith("pictures/001_") for name in names)


async def test_a_batch_of_films_works(tmp_path: Path) -> None:
    made = SaveInstead(ending="mp4", data=making.film(), key="gifs")
    async with visit(tmp_path, made) as (_, visitor):
        batch_id = await visitor.make(**AS_IS)
        names = unpacked(await pack(visitor, batch_id), tmp_path / "pack")
        assert any(not name.endswith((".png", ".txt")) for name in names - EVERYWHERE)
        kinds = {picture["kind"] for picture in shown(tmp_path / "pack")["pictures"]}  # type: ignore[attr-defined]
        assert kinds == {"film"}


async def test_what_is_gone_or_damaged_is_named_and_never_breaks_the_archive(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        gone, damaged, fine = sorted((tmp_path / "images/batches" / batch_id).glob("*.png"))
        gone.unlink()
        damaged.write_bytes(damaged.read_bytes()[:-40])
        fine.with_suffix(".txt").unlink()
        (fine.parent / "thumbnails" / "003.webp").write_bytes(b"no picture")
        names = unpacked(await pack(visitor, batch_id), tmp_path / "pack")
        assert f"pictures/{gone.name}" not in names
        assert {f"pictures/{damaged.name}", f"pictures/{fine.stem}.txt", "MISSING.txt"} < names
        said = (tmp_path / "pack/MISSING.txt").read_text(encoding="utf-8")
        assert f"pictures/{gone.name}: The file was missing" in said
        assert f"pictures/{damaged.name}: The file was damaged" in said
        assert fine.name not in said
        told = json.loads((tmp_path / "pack/batch.json").read_text(encoding="utf-8"))
        lost = [picture.get("lost") for picture in told["pictures"]]
        assert lost == [
            {f"pictures/{gone.name}": "missing"},
            {f"pictures/{damaged.name}": "damaged"},
            None,
        ]
        data = shown(tmp_path / "pack")
        assert data["missing"] == said.strip()
        assert [bool(p["missing"] or p["damaged"]) for p in data["pictures"]] == [True, True, False]  # type: ignore[attr-defined]


async def test_where_nothing_is_left_it_says_so(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        for picture in (tmp_path / "images/batches" / batch_id).glob("*.png"):
            picture.unlink()
        answer = await pack(visitor, batch_id)
        assert answer.status_code == 404
        assert "is gone" in answer.json()["error"]["message"]
        assert (await pack(visitor, batch_id, images="9")).status_code == 400


async def test_names_follow_a_pattern_in_the_zip_and_the_pack(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make(prompt='CON: a "red" fox\n/ 狐 🦊', batchCount=2)
        plain = await visitor.get(f"/batches/{batch_id}/archive", params={"names": "{prompt}"})
        with zipfile.ZipFile(io.BytesIO(plain.content)) as opened:
            assert opened.namelist() == ["CON a red fox 狐 🦊.png", "CON a red fox 狐 🦊-2.png"]
        names = unpacked(await pack(visitor, batch_id, names="{prompt}"), tmp_path / "pack")
        assert {f"pictures/CON a red fox 狐 🦊{end}" for end in (".png", ".txt", "-2.png")} < names
        # And so where nobody says anything, once the settings do.
        save_settings(here.app.settings.data_dir, name_pattern="{index} of {batch}")
        kept = await visitor.get(f"/batches/{batch_id}/archive")
        with zipfile.ZipFile(io.BytesIO(kept.content)) as opened:
            assert opened.namelist() == [f"00{n} of {batch_id}.png" for n in (1, 2)]
        lying = sorted(path.name for path in (tmp_path / "images/batches" / batch_id).glob("*.png"))
        assert [name[:4] for name in lying] == ["001_", "002_"], "what is stored keeps its name"


async def test_a_pattern_that_gives_no_names_is_refused_in_words(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=2)
        for pattern in ("", "{sead}", "{seed", "a/b"):
            for whole in ("true", "false"):
                params = {"names": pattern, "pack": whole}
                answer = await visitor.get(f"/batches/{batch_id}/archive", params=params)
                error = answer.json()["error"]
                assert (answer.status_code, error["field"]) == (400, "names"), pattern
        answer = await visitor.get(f"/batches/{batch_id}/archive", params={"pack": "perhaps"})
        assert answer.json()["error"]["message"] == "Pack must be true or false"


async def test_hard_prompts_stay_what_they_are_in_the_page_and_the_names(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for number, prompt in enumerate([*PROMPTS.values(), "</script><!--<script>"]):
            batch_id = await visitor.make(prompt=prompt, batchCount=2)
            folder = tmp_path / f"pack{number}"
            unpacked(await pack(visitor, batch_id, names="{prompt}_{seed}"), folder)
            data = shown(folder)
            assert data["title"] == prompt
            assert {picture["prompt"] for picture in data["pictures"]} == {prompt}  # type: ignore[attr-defined]
            for picture in data["pictures"]:  # type: ignore[attr-defined]
                assert (folder / picture["file"]).is_file()
            page = (folder / "light-table.html").read_text(encoding="utf-8")
            assert page.count("</script>") == 2, "the data and the program, and nothing of a prompt"


async def test_nothing_of_this_machine_is_in_it(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make(batchCount=2)
        unpacked(await pack(visitor, batch_id), tmp_path / "pack")
        for name in ("batch.json", "light-table.html", "SHA256SUMS"):
            text = (tmp_path / "pack" / name).read_text(encoding="utf-8")
            assert str(tmp_path) not in text
            assert here.engine.url not in text
            assert "127.0.0.1" not in text


def enlarge(folder: Path, size: int) -> list[Path]:
    """The pictures of a batch, in order, each now with about so many bytes."""
    lying = sorted(folder.glob("*.png"))
    for number, picture in enumerate(lying, start=1):
        pattern = cycle([bytes([number]) * 999_983, b"\n"])
        with picture.open("wb") as file:
            file.writelines(islice(pattern, 2 * size // 1_000_000))
    return lying


async def test_a_picture_that_goes_while_it_is_sent_is_named_and_all_else_is_whole(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=4)
        first, *_, last = enlarge(tmp_path / "images/batches" / batch_id, LARGE)
        params = {"pack": "true"}
        async with visitor.stream("GET", f"/batches/{batch_id}/archive", params=params) as answer:
            chunks = answer.aiter_raw()
            begun = await anext(chunks)
            last.unlink()
            rest = [chunk async for chunk in chunks]
            sent = httpx.Response(200, headers=answer.headers, content=b"".join([begun, *rest]))
        names = unpacked(sent, tmp_path / "pack")
        assert f"pictures/{first.name}" in names
        assert f"pictures/{last.name}" not in names
        sums = (tmp_path / "pack/SHA256SUMS").read_text(encoding="utf-8").splitlines()
        (named,) = (line for line in sums if line.startswith("#"))
        assert re.fullmatch(rf"# .* while the pack was made: +pictures/{last.name}", named)


async def test_packs_that_are_made_at_once_have_one_picture_in_memory_between_them(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=4)
        enlarge(tmp_path / "images/batches" / batch_id, LARGE)

        async def begin() -> None:
            params = {"pack": "true"}
            address = f"/batches/{batch_id}/archive"
            async with visitor.stream("GET", address, params=params) as answer:
                assert answer.status_code == 200

        async def peak(count: int) -> int:
            tracemalloc.start()
            await asyncio.gather(*(begin() for _ in range(count)))
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            return most

        assert await peak(4) < 1.5 * await peak(1)


async def test_without_settings_nothing_in_it_tells_how_the_pictures_were_made(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(prompt="a vermilion fox", negativePrompt="blurred wolves")
        await visitor.patch(f"/images/{batch_id}-002", json={"rating": 5})
        (tmp_path / "images/batches" / batch_id / "thumbnails/003.webp").unlink()
        seeds = (await visitor.look(batch_id))["progress"]["seeds"]
        answer = await pack(visitor, batch_id, metadata="none")
        to = tmp_path / "pack"
        names = unpacked(answer, to)
        pictures = {f"pictures/00{number}.png" for number in (1, 2, 3)}
        assert names == EVERYWHERE | {"README.txt"} | pictures
        assert "no prompt, no seed" in (to / "README.txt").read_text(encoding="utf-8")
        telling = ("vermilion", "wolves", MODEL, "KSampler", "parameters", *map(str, seeds))
        for name in names:
            content = (to / name).read_bytes()
            assert not [word for word in telling if word.encode() in content], name
        about = json.loads((to / "batch.json").read_text(encoding="utf-8"))
        assert set(about) == {
            *("batchId", "createdAt", "completedAt", "status", "images", "pictures")
        }
        assert [picture["rating"] for picture in about["pictures"]] == [0, 5, 0]
        data = shown(to)
        assert data["title"] == "Pictures"
        assert [picture["label"] for picture in data["pictures"]] == [  # type: ignore[attr-defined]
            *("Image 1", "Image 2", "Image 3")
        ]
        stored = sorted((tmp_path / "images/batches" / batch_id).glob("*.png"))
        for picture, original in zip(sorted(pictures), stored, strict=True):
            pixels = [
                Image.open(file).convert("RGB").tobytes() for file in (to / picture, original)
            ]
            assert pixels[0] == pixels[1]
        mine = unpacked(
            await pack(visitor, batch_id, metadata="none", names="mine {index}"), tmp_path / "mine"
        )
        assert "pictures/mine 001.png" in mine


async def test_without_settings_what_cannot_be_had_so_is_left_out_and_named(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make()
        gone, damaged, _ = sorted((tmp_path / "images/batches" / batch_id).glob("*.png"))
        gone.unlink()
        damaged.write_bytes(damaged.read_bytes()[:-40])
        to = tmp_path / "pack"
        names = unpacked(await pack(visitor, batch_id, metadata="none"), to)
        assert {name for name in names if name.startswith("pictures/")} == {"pictures/003.png"}
        said = (to / "MISSING.txt").read_text(encoding="utf-8")
        assert "pictures/001.png: The file was missing" in said
        assert "pictures/002.png: The file was damaged" in said
        assert [bool(picture["missing"]) for picture in shown(to)["pictures"]] == [  # type: ignore[attr-defined]
            *(True, True, False)
        ]


async def test_without_settings_films_give_no_pack_and_that_is_said(tmp_path: Path) -> None:
    made = SaveInstead(ending="mp4", data=making.film(), key="gifs")
    async with visit(tmp_path, made) as (_, visitor):
        batch_id = await visitor.make(**AS_IS)
        answer = await pack(visitor, batch_id, metadata="none")
        error = answer.json()["error"]
        assert (answer.status_code, error["field"]) == (400, "metadata")
        assert "Download them with their settings" in error["message"]


async def test_large_pictures_pass_through_without_filling_the_memory(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        batch_id = await visitor.make(batchCount=6)
        enlarge(tmp_path / "images/batches" / batch_id, LARGE)
        async with visitor.stream(
            "GET", f"/batches/{batch_id}/archive", params={"pack": "true"}
        ) as answer:
            tracemalloc.start()
            size = 0
            async for chunk in answer.aiter_raw():
                size += len(chunk)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert size == int(answer.headers["content-length"]) > 5.9 * LARGE
        assert peak < LARGE / 4, "nothing of a picture but the piece that is sent"
        assert "MISSING.txt" in unpacked(await pack(visitor, batch_id), tmp_path / "pack")
