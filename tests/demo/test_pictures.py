"""Where pictures go, what they carry, and how they are looked at and uploaded."""

import hashlib
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.comfy.recorded import answers, rows
from tests.demo.graphs import node, plain
from tests.demo.guest import Guest, images, visiting

LOOKED_AT = plain(3368652, "viewtest/sub/pic", batch_size=2)


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def png(*colour: int) -> bytes:
    content = BytesIO()
    Image.new("RGB", (8, 8), colour).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    "row",
    answers("k_view", "GET /view") + answers("k_view", "HEAD /view"),
    ids=lambda row: f"{row['t']}",
)
async def test_a_recorded_look_at_a_file(guest: Guest, row: dict[str, Any]) -> None:
    await guest.run(LOOKED_AT)
    headers = dict(row.get("req_headers", {}))
    if "If-None-Match" in headers:
        plainly = await guest.http.get("/view", params=row["req_params"])
        headers["If-None-Match"] = plainly.headers["etag"]
    method = row["req"].split()[0]
    answer = await guest.http.request(method, "/view", params=row["req_params"], headers=headers)
    assert answer.status_code == row["status"]
    told = row["resp_headers"]
    for name in ("content-type", "content-disposition", "accept-ranges"):
        assert answer.headers.get(name) == told.get(name)
    assert ("etag" in answer.headers) == ("etag" in told)
    if row.get("resp_image"):
        assert opened(answer.content).format == row["resp_image"]["format"]


async def test_the_content_of_parts_and_channels(guest: Guest) -> None:
    file = images(await guest.run(LOOKED_AT))[0]
    whole = await guest.view(file)
    part = await guest.view(file, headers={"range": "bytes=4-15"})
    assert (part.status_code, part.content) == (206, whole.content[4:16])
    beyond = await guest.view(file, headers={"range": "bytes=999999-"})
    assert beyond.status_code == 416
    assert opened(whole.content).getpixel((0, 0)) == (51, 102, 204)
    alpha = opened((await guest.view(file, params={"channel": "a"})).content)
    assert (alpha.mode, alpha.getpixel((0, 0))) == ("RGBA", (0, 0, 0, 255))
    assert not opened((await guest.view(file, params={"channel": "rgb"})).content).info.get(
        "prompt"
    )
    webp = opened((await guest.view(file, params={"preview": "webp;80"})).content)
    assert (webp.format, webp.size) == ("WEBP", (64, 64))


async def test_a_saved_png_tells_its_graph_and_the_extra_info(guest: Guest) -> None:
    extra = {"workflow": {"id": "w1"}, "plain": "text ü"}
    graph = plain()
    entry = await guest.run(graph, extra_data={"extra_pnginfo": extra, "other": 1})
    info = opened((await guest.view(images(entry)[0])).content).info
    assert json.loads(info["prompt"]) == graph
    assert info["plain"] == '"text \\u00fc"'
    assert json.loads(info["workflow"]) == extra["workflow"]
    assert "other" not in info


async def test_numbers_go_on_from_what_is_on_disk(settings: DemoSettings, tmp_path: Path) -> None:
    (tmp_path / "lab").mkdir()
    (tmp_path / "lab" / "plain_00041_.png").touch()
    kept = DemoSettings(step_delay=0, load_delay=0, output_dir=tmp_path)
    async with DemoEngine(kept) as engine, visiting(engine.url) as guest:
        names = [file["filename"] for file in images(await guest.run(plain(batch_size=2)))]
    assert names == ["plain_00042_.png", "plain_00043_.png"]
    assert (tmp_path / "lab" / "plain_00043_.png").is_file(), "a given folder stays"


async def test_names_are_filled_in(guest: Guest) -> None:
    entry = await guest.run(plain(prefix="%year%-%month%/a_%width%x%height%", width=72))
    file = images(entry)[0]
    assert file["filename"] == "a_72x64_00001_.png"
    assert len(file["subfolder"]) == len("2026-11")


@pytest.mark.parametrize("prefix", ["../../evil", "/evil"])
async def test_a_prefix_that_leaves_the_folder_fails_in_execution(
    guest: Guest, engine: DemoEngine, prefix: str
) -> None:
    entry = await guest.run(plain(prefix=prefix))
    error = dict(entry["status"]["messages"])["execution_error"]
    assert "outside the output folder" in error["exception_message"]
    assert error["node_type"] == "SaveImage"
    assert not list(engine.folders.output.rglob("*.png"))


async def test_a_preview_is_a_temporary_file(guest: Guest) -> None:
    graph = {**plain(), "2": node("PreviewImage", images=["1", 0])}
    file = images(await guest.run(graph))[0]
    assert file["type"] == "temp"
    assert (await guest.view(file)).is_success


def _uploads() -> list[dict[str, Any]]:
    return [row for row in rows("l_upload") if "form" in row]


async def test_the_recorded_uploads_one_after_another(guest: Guest) -> None:
    for row in _uploads():
        form, files = _form(row["form"])
        answer = await guest.http.post("/upload/image", data=form, files=files)
        assert answer.status_code == row["status"], row["note"]
        if row["status"] == 200:
            assert answer.json() == row["resp"], row["note"]


def _form(told: dict[str, str]) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    """The fields and the file of a recorded form: '<8x8 png (1, 2, 3)> filename=u.png'."""
    colour, name = told["image"].split("> filename=")
    numbers = [int(n) for n in colour.partition("(")[2].rstrip(")").split(",")]
    return {k: v for k, v in told.items() if k != "image"}, {"image": (name, png(*numbers))}


async def test_an_upload_without_a_picture_or_too_large(settings: DemoSettings) -> None:
    small = DemoSettings(max_upload_size=2000)
    async with DemoEngine(small) as engine, visiting(engine.url) as guest:
        assert (await guest.http.post("/upload/image", files={"x": b"y"})).status_code == 400
        large = await guest.http.post("/upload/image", files={"image": ("u.png", b"x" * 3000)})
        assert large.status_code == 413
        assert large.text == "Maximum request body size 2000 exceeded."


async def test_an_uploaded_picture_can_be_loaded_and_its_hash_goes_into_the_file(
    guest: Guest,
) -> None:
    content = png(9, 8, 7)
    form = {"subfolder": "lab"}
    await guest.http.post("/upload/image", data=form, files={"image": ("p.png", content)})
    graph = {**plain(), "1": node("LoadImage", image="lab/p.png")}
    entry = await guest.run(graph)
    saved = opened((await guest.view(images(entry)[0])).content)
    assert (saved.size, saved.getpixel((0, 0))) == ((8, 8), (9, 8, 7))
    written = json.loads(saved.info["prompt"])
    assert written["1"]["is_changed"] == [hashlib.sha256(content).hexdigest()]
    assert entry["prompt"][2] == graph, "the history does not know it"
