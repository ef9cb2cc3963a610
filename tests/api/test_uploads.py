"""Pictures that a workflow starts from: given by people, or made before."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, visit
from tests.faulty_engine import BreakAnswers, Hold, Moment, SaveInstead
from tests.reading.containers import packets
from tests.storage import making
from tests.studio import MODEL
from tests.workflows.graphs import node, text_to_image

ALONE: dict[str, Any] = {"model": None, "baseParameters": {}, "batchCount": 2}


def photo(kind: str = "PNG", colour: str = "red") -> bytes:
    content = BytesIO()
    Image.new("RGB", (96, 64), colour).save(content, kind)
    return content.getvalue()


def from_photo() -> JsonObject:
    """A workflow that gives back what it is given, and says a prompt to go with it."""
    return text_to_image(
        checkpoint=node("CheckpointLoaderSimple", ckpt_name=MODEL),
        photo=node("LoadImage", image="nobody has it.png"),
        shown=node("SaveImage", images=["photo", 0], filename_prefix="given"),
        save=node("PreviewImage", images=["decode", 0]),
    )


async def given(visitor: Visitor, content: bytes, name: str = "me.png") -> JsonObject:
    answer = await visitor.post("/uploads", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text
    told: JsonObject = answer.json()
    return told


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_picture_is_kept_as_it_came_and_once(kind: str, tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        first = await given(visitor, photo(kind))
        again = await given(visitor, photo(kind), "other name.png")
        shown = await visitor.get(first["url"].removeprefix("/api"))
    assert first == again
    assert (first["width"], first["height"]) == (96, 64)
    assert shown.content == photo(kind)
    assert shown.headers["content-type"] == f"image/{kind.lower()}"
    assert len(list((tmp_path / "data" / "uploads").iterdir())) == 1


@pytest.mark.parametrize("content", [b"", b"no picture", photo()[:-30], b"<svg/>"])
async def test_what_is_no_whole_picture_is_refused(content: bytes, tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/uploads", files={"file": ("me.png", content)})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "file")
    assert not (tmp_path / "data" / "uploads").exists()


@pytest.mark.parametrize("upload_id", ["nothing", "..%2Fsettings.json", "0" * 40 + ".png"])
async def test_nothing_else_is_handed_out(upload_id: str, tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        assert (await visitor.get(f"/uploads/{upload_id}")).status_code == 404


async def test_a_workflow_starts_from_it(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        upload = await given(visitor, photo())
        asked = {"workflow": from_photo(), "inputImages": {"photo.image": upload["id"]}, **ALONE}
        ended = await visitor.look(await visitor.make(**asked))
        picture = await visitor.get(f"/images/{ended['images'][0]['id']}")
        (packet,) = packets(picture.content)
        assert b"/compositeWithTrainedAlgorithmicMedia" in packet
    assert ended["progress"]["completedImages"] == 2
    assert Image.open(BytesIO(picture.content)).getpixel((5, 5)) == (255, 0, 0)


async def test_a_picture_that_was_made_before_can_be_the_next_ones_start(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        first = await visitor.look(await visitor.make())
        source = first["images"][0]["id"]
        asked = {"workflow": from_photo(), "inputImages": {"photo.image": source}, **ALONE}
        ended = await visitor.look(await visitor.make(**asked))
        one = await visitor.get(f"/images/{ended['images'][0]['id']}")
        other = await visitor.get(f"/images/{source}")
    pixels = [Image.open(BytesIO(it.content)).convert("RGB").tobytes() for it in (one, other)]
    assert pixels[0] == pixels[1]


@pytest.mark.parametrize(
    ("pictures", "code"),
    [
        ({"photo.image": "nothing"}, "no_picture"),
        ({"photo.image": "20261122-141500-000000-9f3a-001"}, "no_picture"),
        ({"good.text": "nothing"}, "no_picture_place"),
        ({"photo.picture": "nothing"}, "unknown_slot"),
    ],
)
async def test_what_cannot_be_given_is_said(
    pictures: JsonObject, code: str, tmp_path: Path
) -> None:
    async with visit(tmp_path) as (_, visitor):
        small = {"prompt": "a fox", "batchCount": 2, "seedMode": "random"}
        asked = {**small, "workflow": from_photo(), "inputImages": pictures}
        answer = await visitor.post("/batches", json=asked)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


async def test_a_resume_brings_what_the_server_has_lost(tmp_path: Path) -> None:
    hold = Hold(prompt=2, moment=Moment.ARRIVED)
    async with visit(tmp_path, hold) as (here, visitor):
        upload = await given(visitor, photo())
        asked = {"workflow": from_photo(), "inputImages": {"photo.image": upload["id"]}, **ALONE}
        batch_id = await visitor.start(**asked)
        await hold.reached.wait()
        await visitor.post(f"/batches/{batch_id}/cancel")
        hold.released.set()
        await visitor.end(batch_id)
        (lost,) = here.engine.folders.input.rglob(upload["id"])
        lost.unlink()
        resumed = await visitor.post(f"/batches/{batch_id}/resume")
        ended = await visitor.end(batch_id)
        assert (resumed.status_code, ended["progress"]["completedImages"]) == (201, 2)
        (tmp_path / "data" / "uploads" / upload["id"]).unlink()
        refused = await visitor.post("/batches", json={**small(), **asked})
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "no_picture")


async def test_a_picture_that_nobody_has_is_named_before_anything_starts(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        asked = {**small(), "workflow": from_photo(), "model": None}
        refused = await visitor.post("/batches", json=asked)
        error = refused.json()["error"]
        assert (refused.status_code, error["code"]) == (400, "missing_picture")
        assert "“" not in error["message"]
        assert '"nobody has it.png" (photo.image)' in error["message"]
        inspected = await visitor.post("/workflows/inspect", json=from_photo())
        assert [p["code"] for p in inspected.json()["problems"]] == ["missing_picture"]
        (here.engine.folders.input / "nobody has it.png").write_bytes(photo())
        assert (await visitor.post("/batches", json=asked)).status_code == 201


async def test_a_picture_that_no_server_opens_is_refused(tmp_path: Path) -> None:
    content = BytesIO()
    Image.new("1", (20_000, 10_000)).save(content, "PNG")
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/uploads", files={"file": ("wide.png", content.getvalue())})
    assert answer.status_code == 400
    assert "more than 178 megapixels" in answer.json()["error"]["message"]


def inpainting() -> JsonObject:
    """What is transparent in the picture is made anew, the rest stays."""
    return text_to_image(
        checkpoint=node("CheckpointLoaderSimple", ckpt_name=MODEL),
        photo=node("LoadImage", image="nobody has it.png"),
        encode=node("VAEEncode", pixels=["photo", 0], vae=["checkpoint", 2]),
        latent=node("SetLatentNoiseMask", samples=["encode", 0], mask=["photo", 1]),
    )


def half_transparent() -> bytes:
    content, image = BytesIO(), Image.new("RGBA", (96, 64), "red")
    image.paste((255, 0, 0, 0), (0, 0, 48, 64))
    image.save(content, "PNG")
    return content.getvalue()


async def test_what_is_transparent_comes_to_the_server_as_it_is_and_is_the_mask(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (here, visitor):
        upload = await given(visitor, half_transparent())
        asked = {"workflow": inpainting(), "inputImages": {"photo.image": upload["id"]}, **ALONE}
        answer = await visitor.post("/batches", json={**small(), **asked})
        ended = await visitor.end(answer.json()["batchId"])
        (there,) = here.engine.folders.input.rglob(upload["id"])
        assert there.read_bytes() == half_transparent()
        picture = await visitor.get(f"/images/{ended['images'][0]['id']}")
    with Image.open(BytesIO(picture.content)) as made:
        colours = [made.convert("RGB").getpixel(place) for place in ((80, 32), (10, 32))]
    assert [colour == (255, 0, 0) for colour in colours] == [True, False]
    assert not any("mask" in remark for remark in answer.json()["remarks"])


async def test_where_the_mask_is_missing_that_is_remarked(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        upload = await given(visitor, photo())
        asked = {"workflow": inpainting(), "inputImages": {"photo.image": upload["id"]}, **ALONE}
        answer = await visitor.post("/batches", json={**small(), **asked})
    (remark,) = (remark for remark in answer.json()["remarks"] if "mask" in remark)
    assert "photo.image" in remark


@pytest.mark.parametrize("status", [502, 503])
async def test_a_server_that_goes_away_before_it_has_the_picture_is_said_and_can_be_tried_again(
    status: int, tmp_path: Path
) -> None:
    async with visit(tmp_path, BreakAnswers(path="/upload", status=status)) as (here, visitor):
        upload = await given(visitor, photo())
        asked = {**small(), "model": MODEL, "inputImages": {"picture.image": upload["id"]}}
        refused = await visitor.post("/batches", json=asked)
        events = (await visitor.get("/events")).json()["events"]
        here.faults.clear()
        taken = await visitor.post("/batches", json=asked)
    assert refused.status_code == 503
    assert refused.json()["error"]["message"] == "Cannot connect to server"
    assert (events, taken.status_code) == ([], 201)


async def test_nothing_starts_from_a_film(tmp_path: Path) -> None:
    film = SaveInstead(ending="mp4", data=making.film())
    async with visit(tmp_path, film) as (_, visitor):
        made = await visitor.look(await visitor.make(batchCount=2))
        pictures = {"photo.image": made["images"][0]["id"]}
        asked = {**small(), "workflow": from_photo(), "inputImages": pictures}
        answer = await visitor.post("/batches", json=asked)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "inputImages")
    assert "is no picture" in answer.json()["error"]["message"]


def small() -> JsonObject:
    return {"prompt": "a fox", "batchCount": 2, "seedMode": "random"}
