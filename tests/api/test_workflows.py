"""What is understood of a workflow, over HTTP; and what has to be settled before it may run."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, visit
from tests.studio import MODEL
from tests.workflows.editor.documents import box, document
from tests.workflows.editor.documents import text_to_image as boxes
from tests.workflows.editor.whole import WHOLE
from tests.workflows.graphs import encoder, flux, node, sampler, text_to_image

ALONE: dict[str, Any] = {"model": None, "baseParameters": {}}


def plain() -> JsonObject:
    """One that the demo engine runs."""
    return text_to_image(checkpoint=node("CheckpointLoaderSimple", ckpt_name=MODEL))


def regional() -> JsonObject:
    """Two texts for two places of one picture."""
    return plain() | {
        "day": encoder("a field at noon"),
        "both": node("ConditioningCombine", conditioning_1=["good", 0], conditioning_2=["day", 0]),
        "sampler": sampler(positive=["both", 0]),
    }


def picture_with(graph: JsonObject, kind: str) -> bytes:
    """As ComfyUI's nodes write it into a WebP, and others into a JPEG."""
    exif = Image.Exif()
    exif[0x0110] = "prompt:" + json.dumps(graph)
    content = BytesIO()
    Image.new("RGB", (8, 8)).save(content, kind, exif=exif)
    return content.getvalue()


async def inspected(visitor: Visitor, content: bytes, name: str = "it.json") -> httpx.Response:
    return await visitor.post("/workflows/inspect", files={"file": (name, content)})


async def test_a_graph_is_described_and_nothing_of_it_is_kept(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/workflows/inspect", json=plain())
        events = (await visitor.get("/events")).json()["events"]
    told = answer.json()
    assert (answer.status_code, told["format"], told["problems"]) == (200, "api", [])
    assert told["workflow"] == plain()
    assert told["roles"]["prompt"] == ["good.text"]
    assert told["roles"]["samplerName"] == ["sampler.sampler_name"]
    assert told["roles"]["output"] == ["save"]
    assert (told["roles"]["guidance"], told["questions"], events) == ([], [], [])


async def test_what_a_person_could_set_is_told_with_its_limits(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        told = (await visitor.post("/workflows/inspect", json=plain())).json()
    inputs = {one["slot"]: one for one in told["inputs"]}
    assert inputs["good.text"]["multiline"] is True
    assert (inputs["good.text"]["type"], inputs["good.text"]["default"]) == ("text", "a cat")
    assert (inputs["sampler.steps"]["type"], inputs["sampler.steps"]["min"]) == ("integer", 1)
    assert "euler" in inputs["sampler.sampler_name"]["choices"]
    assert "sampler.model" not in inputs


@pytest.mark.parametrize("kind", ["WEBP", "JPEG"])
async def test_a_picture_brings_its_graph(kind: str, tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await inspected(visitor, picture_with(plain(), kind), f"it.{kind.lower()}")
    assert (answer.json()["format"], answer.json()["workflow"]) == (kind.lower(), plain())


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"prompt": plain()}).encode("utf-8-sig"),
        json.dumps({"input": {"workflow": plain()}}).encode("utf-16"),
        json.dumps({**plain(), "_note": "mine"}).encode(),
        json.dumps(plain()).replace('"cfg": 7.0', '"cfg": 7.0, "is_changed": NaN').encode(),
    ],
    ids=["with a mark", "UTF-16, wrapped", "with a note", "with NaN"],
)
async def test_files_as_they_are_found_in_the_wild(content: bytes, tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await inspected(visitor, content)
    assert answer.json()["roles"]["prompt"] == ["good.text"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"\xff\xd8\xff\xe0 no picture", b"RIFF\0\0\0\0WEBP", b"x" * 1000],
    ids=["empty", "no node", "a list", "half a JPEG", "half a WebP", "words"],
)
async def test_where_there_is_no_graph_it_is_said(content: bytes, tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await inspected(visitor, content)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "workflow")


async def test_a_form_without_a_file_says_what_to_send(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/workflows/inspect", files={"other": b"x"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "no_file")


async def test_what_the_server_lacks_is_named_with_its_node(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        told = (await visitor.post("/workflows/inspect", json=flux())).json()
    missing = {(one["code"], one["node"]) for one in told["problems"]}
    assert ("missing_model", "unet") in missing


async def test_without_a_server_the_graph_is_understood_all_the_same(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        await here.engine.stop()
        told = (await visitor.post("/workflows/inspect", json=plain())).json()
    assert told["roles"]["prompt"] == ["good.text"]
    assert [one["code"] for one in told["problems"]] == ["not_asked"]


@pytest.mark.parametrize("name", WHOLE)
async def test_what_the_editor_saves_runs_like_any_other(name: str, tmp_path: Path) -> None:
    document = json.loads(json.dumps(WHOLE[name]()).replace("photo.safetensors", MODEL))
    async with visit(tmp_path) as (_, visitor):
        told = (await visitor.post("/workflows/inspect", json=document)).json()
        batch = await visitor.look(await visitor.make(workflow=document, batchCount=2, **ALONE))
    assert (told["format"], len(told["roles"]["prompt"])) == ("editor", 1)
    assert batch["progress"]["completedImages"] == 2


def app() -> JsonObject:
    """The editor's file of an app: its author shows four inputs, and of two outputs the first."""
    more = box(10, "RepeatImageBatch", [2], outputs=["IMAGE"], image=(8, 0), amount=None)
    loader = box(4, "CheckpointLoaderSimple", [MODEL], ckpt_name=None)
    save = box(11, "SaveImage", ["more"], images=(10, 0), filename_prefix=None)
    shown = [["10", "amount"], ["6", "text"], [3, "steps"], ["9", "filename_prefix"]]
    extra = {"linearMode": True, "linearData": {"inputs": shown, "outputs": ["9"]}}
    return document(*boxes(loader=loader), more, save, extra=extra)


async def test_what_the_author_of_an_app_shows_is_suggested_in_their_order(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        told = (await visitor.post("/workflows/inspect", json=app())).json()
        asked = {"workflow": app(), "inputs": {"10.amount": 3}, **ALONE}
        batch_id = await visitor.make(**asked, batchCount=2)
        batch = await here.app.batch_service.batch(batch_id)
    assert list(told["fields"].items()) == [("10.amount", 2), ("9.filename_prefix", "ComfyUI")]
    assert told["roles"]["output"] == ["9"]
    assert [one["node"] for one in told["outputs"]] == ["9"]
    assert batch.understood
    assert batch.understood.outputs == ("9",)
    assert [len(picture.extras) for picture in batch.pictures] == [3, 3]


async def test_what_cannot_be_converted_says_the_other_way(tmp_path: Path) -> None:
    document = {"nodes": [{"id": 1, "type": "NobodyHasIt", "outputs": []}], "links": []}
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=started(workflow=document))
    error = answer.json()["error"]
    assert (answer.status_code, error["field"]) == (400, "workflow")
    assert "NobodyHasIt" in error["message"]
    assert "Export (API)" in error["message"]


async def test_one_with_a_node_that_is_missing_is_understood_all_the_same(tmp_path: Path) -> None:
    strange = box(40, "Strange", [], title="My helper")
    async with visit(tmp_path) as (_, visitor):
        file = document(*boxes(), strange)
        found = (await visitor.post("/workflows/inspect", json=file)).json()
    assert found["roles"]["prompt"] == ["6.text"]
    missing = [p for p in found["problems"] if p["code"] == "missing_node"]
    assert [(p["node"], "My helper" in p["message"]) for p in missing] == [("40", True)]


async def test_where_several_texts_may_be_meant_nothing_starts_until_it_is_said(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        refused = await visitor.post("/batches", json=started(workflow=regional()))
        error = refused.json()["error"]
        batch_id = await visitor.make(workflow=regional(), roles={"prompt": ["day.text"]}, **ALONE)
        events = (await visitor.get("/events")).json()["events"]
    assert (refused.status_code, error["code"]) == (400, "ambiguous_workflow")
    assert error["details"]["questions"][0]["candidates"] == ["good.text", "day.text"]
    for told in (
        'day.text (CLIPTextEncode (node day)) "a field at noon"',
        "--map prompt=good.text",
        '{"roles": {"prompt": ["good.text"]}}',
    ):
        assert told in error["message"]
    sent = next(e for e in events if e["type"] == "batch_queued" and e["batchId"] == batch_id)
    texts = {name: sent["workflow"][name]["inputs"]["text"] for name in ("good", "day")}
    assert texts == {"good": "a cat", "day": "a red fox"}


def started(**changes: Any) -> JsonObject:
    small = {"prompt": "a red fox", "batchCount": 2, "seedMode": "random"}
    return {**small, **changes}


@pytest.mark.parametrize(
    ("roles", "code"),
    [({"prompt": []}, "no_place"), ({"seed": []}, "no_place"), ({"promt": []}, "unknown_role"),
     ({"prompt": ["good.txt"]}, "unknown_slot"), ({"output": ["nine"]}, "unknown_slot")],
)  # fmt: skip
async def test_a_correction_that_leads_nowhere_is_refused(
    roles: JsonObject, code: str, tmp_path: Path
) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=started(workflow=plain(), roles=roles))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


async def test_as_it_is_the_graphs_own_prompt_is_what_is_remembered(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        asked = {"workflow": plain(), "roles": {"prompt": []}, "promptAsIs": True, **ALONE}
        shown = await visitor.look(await visitor.make(**asked))
    assert shown["batch"]["prompt"] == "(the workflow's own prompt)"
    assert "no place for: prompt" in shown["remarks"][0]


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"sampler.denoise": 0.5}, None),
        ({"sampler.model": "x"}, "linked"),
        ({"sampler.steps": "many"}, "wrong_value"),
        ({"sampler.denoise": 2}, "out_of_range"),
        ({"sampler.nothing": 1}, "unknown_slot"),
    ],
)
async def test_other_inputs_can_be_set(
    inputs: JsonObject, code: str | None, tmp_path: Path
) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=started(workflow=plain(), inputs=inputs))
    assert answer.json().get("error", {}).get("code") == code


@pytest.mark.parametrize(
    ("said", "code"),
    [({"roles": {"prompt": []}}, "no_place"), ({"roles": {"promt": []}}, "unknown_role"),
     ({"inputs": {"nobody.has": 1}}, "unknown_slot")],
)  # fmt: skip
async def test_what_is_said_about_a_built_in_workflow_counts_as_much(
    said: JsonObject, code: str, tmp_path: Path
) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=started(model=MODEL, **said))
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)


async def test_what_follows_and_what_stays_is_remarked(tmp_path: Path) -> None:
    sizes = dict.fromkeys(["width", "height", "target_width", "target_height"], 1024)
    two = plain() | {
        "good": node("CLIPTextEncodeSDXL", text_g="a cat", text_l="a cat", crop_w=0, crop_h=0,
                     clip=["checkpoint", 1], **sizes),
        "again": sampler(latent_image=["sampler", 0], cfg=3.0, denoise=0.5, steps=10),
        "decode": node("VAEDecode", samples=["again", 0], vae=["checkpoint", 2]),
    }  # fmt: skip
    base = {"steps": 10, "cfg": 5, "width": 256, "height": 256}
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=started(workflow=two, baseParameters=base))
        batch = await visitor.look(answer.json()["batchId"])
    remarks = " ".join(answer.json()["remarks"])
    assert "CLIPTextEncodeSDXL (node good) follows in proportion: width is 512" in remarks
    assert 'KSampler (node again) keeps its own CFG: "3.0"' in remarks
    assert "KSampler (node again) follows in proportion: steps is 5" in remarks
    assert batch["remarks"] == answer.json()["remarks"]
