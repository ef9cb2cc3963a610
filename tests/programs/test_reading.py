"""What other programs write becomes a request: values, names, and in words what is left over."""

import json
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.batches.picture_reader import NO_SETTINGS, NOT_COMPARED, PictureReader
from batchgen_app.core.batch import Parameters
from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.infotext import infotext
from batchgen_app.core.programs.asked import Reading
from batchgen_app.core.request import BatchRequest
from tests.api.visitor import visit
from tests.hard_prompts import PROMPTS
from tests.programs.crafted import (
    A1111,
    CIVITAI,
    FOOOCUS,
    FORGE,
    INVOKE,
    NOVELAI,
    NOVELAI_TEXTS,
    SD_METADATA,
    SWARM,
    fooocus_jpeg,
    hiding,
    with_comment,
)
from tests.storage.making import jpeg, png, webp
from tests.studio import MODEL, Studio, studio
from tests.workflows.editor.documents import document
from tests.workflows.editor.documents import text_to_image as drawn_text_to_image
from tests.workflows.graphs import node, text_to_image

INK = "demo-fine-lines.safetensors"


async def read(here: Studio, content: bytes, limit: int = 500) -> Reading:
    return await PictureReader(here.app.server).read(content, limit)


async def told(tmp_path: Path, content: bytes) -> tuple[str, dict[str, Any], list[str]]:
    async with studio(tmp_path) as here:
        found = await read(here, content)
    if "prompt" in found.request:
        whole = {"batchCount": 2, "seedMode": "random", "model": "x", **found.request}
        BatchRequest.parse({**whole})  # whatever is given can be asked for
    return found.source, found.request, [*map(str, found.unread)]


def base(request: dict[str, Any]) -> tuple[object, ...]:
    names = ("steps", "cfg", "width", "height", "samplerName", "scheduler")
    return tuple(request["baseParameters"].get(name) for name in names)


async def test_of_automatic1111_all_fields_are_filled_and_the_rest_is_said(tmp_path: Path) -> None:
    source, request, unread = await told(tmp_path, png(parameters=A1111))
    assert source == "a1111"
    assert request["prompt"] == "a lighthouse in a storm, oil painting"
    assert request["negativePrompt"] == "people, text: none"
    assert (request["seedMode"], request["baseSeed"]) == ("incremental", 4011223344)
    assert request["model"] == MODEL
    assert request["loras"] == [{"name": INK, "strength": 0.7}]
    assert base(request) == (28, 6.5, 832, 1216, "dpmpp_2m", "karras")
    assert "batchCount" not in request
    assert unread == [
        "Clip skip: 2",
        "Denoising strength: 0.4",
        "Hires upscale: 1.5",
        "Hires upscaler: 4x-UltraSharp",
    ]


COMMENTS = {
    "unicode, big": b"UNICODE\0" + A1111.encode("utf-16-be"),
    "unicode, little": b"UNICODE\0" + A1111.encode("utf-16-le"),
    "unicode, marked": b"UNICODE\0" + A1111.encode("utf-16"),
    "ascii": b"ASCII\0\0\0" + A1111.encode(),
    "jis": b"JIS\0\0\0\0\0" + A1111.encode("iso2022_jp"),
    "undefined": b"\0" * 8 + A1111.encode(),
    "bare": A1111.encode(),
}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("comment", COMMENTS)
async def test_a_comment_is_read_in_every_form(tmp_path: Path, comment: str, kind: str) -> None:
    source, request, _ = await told(tmp_path, with_comment(COMMENTS[comment], kind))
    assert (source, request["baseSeed"], request["model"]) == ("a1111", 4011223344, MODEL)


async def test_a_prompt_in_another_script_comes_out_of_a_comment(tmp_path: Path) -> None:
    prompt = "北海道の狐、水彩画"
    written = f"{prompt}\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Size: 512x512"
    for order in ("utf-16-be", "utf-16-le"):
        comment = b"UNICODE\0" + written.encode(order)
        source, request, _ = await told(tmp_path / order, with_comment(comment))
        assert (source, request["prompt"]) == ("a1111", prompt)
        assert base(request)[4:] == ("euler_ancestral", None)


async def test_of_forge_and_civitai_what_only_they_write_is_understood(tmp_path: Path) -> None:
    source, request, unread = await told(tmp_path / "1", png(parameters=FORGE))
    assert (source, request["guidance"]) == ("a1111", 3.5)
    assert "model" not in request
    said = ["Model: flux1-dev (the server does not have it)", "Module 1: ae", "Module 2: clip_l"]
    assert unread == said
    source, request, unread = await told(tmp_path / "2", png(parameters=CIVITAI))
    assert (request["prompt"], request["negativePrompt"]) == ("a heron at dawn", "fog")
    assert request["loras"] == [{"name": INK, "strength": 0.5}]
    assert unread == ["Model: Demo Landscapes (the server does not have it)"]


async def test_of_invokeai_new_and_old(tmp_path: Path) -> None:
    written = png(invokeai_metadata=json.dumps(INVOKE))
    source, request, unread = await told(tmp_path / "1", written)
    assert (source, request["prompt"], request["baseSeed"]) == (
        "invokeai",
        "a mill by a river",
        1234567,
    )
    assert request["negativePrompt"] == "cars"
    assert request["model"] == MODEL
    assert request["loras"] == [{"name": INK, "strength": 0.75}]
    assert base(request) == (30, 5.5, 1024, 768, "dpmpp_2m", "karras")
    assert unread == ["hrf_method: ESRGAN"]
    written = png(None, **{"sd-metadata": json.dumps(SD_METADATA)})
    source, request, unread = await told(tmp_path / "2", written)
    assert (source, request["prompt"], request["negativePrompt"]) == (
        "invokeai",
        "a red barn",
        "snow, ice",
    )
    assert base(request) == (50, 7.5, 640, 512, "euler_ancestral", None)
    assert request["model"] == "demo-landscapes.safetensors"
    dream = '"a tin robot [rust]" -s 25 -S 11 -W 512 -H 448 -C 7.5 -A k_lms'
    source, request, _ = await told(tmp_path / "3", png(Dream=dream))
    assert (source, request["prompt"], request["baseSeed"]) == ("invokeai", "a tin robot", 11)
    assert base(request) == (25, 7.5, 512, 448, "lms", None)


async def test_of_swarmui_in_png_and_jpeg(tmp_path: Path) -> None:
    written = json.dumps(SWARM)
    files = [png(parameters=written), with_comment(b"UNICODE\0" + written.encode("utf-16-le"))]
    for number, content in enumerate(files):
        source, request, unread = await told(tmp_path / str(number), content)
        assert (source, request["prompt"], request["baseSeed"]) == ("swarmui", "a glass of tea", 77)
        assert request["negativePrompt"] == "plastic"
        assert request["model"] == MODEL
        assert request["loras"] == [{"name": INK, "strength": 0.6}]
        assert base(request) == (22, 6.0, 1024, 1024, "dpmpp_2m", "karras")
        assert unread == ["colordepth: 8bit"]


async def test_of_fooocus_its_own_way_and_automatic1111s(tmp_path: Path) -> None:
    written = json.dumps(FOOOCUS)
    files = [png(parameters=written, fooocus_scheme="fooocus"), fooocus_jpeg(written, "fooocus")]
    for number, content in enumerate(files):
        source, request, unread = await told(tmp_path / str(number), content)
        assert (source, request["prompt"], request["baseSeed"]) == ("fooocus", "a clock tower", 618)
        assert request["negativePrompt"] == "crowd"
        assert (request["model"], request["loras"]) == (MODEL, [{"name": INK, "strength": 0.1}])
        assert base(request)[:4] == (30, 4.0, 1152, 896)
        assert "styles: ['Fooocus V2']" in unread
    text = "a clock\nSteps: 30, Sampler: DPM++ 2M Karras, Seed: 3, Size: 64x64, Version: Fooocus v2"
    source, request, _ = await told(tmp_path / "text", png(parameters=text, fooocus_scheme="a1111"))
    assert (source, request["prompt"]) == ("fooocus", "a clock")


async def test_of_novelai_in_texts_and_hidden_in_the_pixels(tmp_path: Path) -> None:
    files = [png(None, **NOVELAI_TEXTS), hiding(json.dumps(NOVELAI_TEXTS))]
    for number, content in enumerate(files):
        source, request, unread = await told(tmp_path / str(number), content)
        assert (source, request["prompt"], request["baseSeed"]) == (
            "novelai",
            "a fox in a library",
            NOVELAI["seed"],
        )
        assert request["negativePrompt"] == "lowres"
        assert base(request) == (28, 5.0, 832, 1216, "euler_ancestral", "karras")
        assert unread == [
            "Model: NovelAI Diffusion V4 37442FCA (the server does not have it)",
            "sm: true",
        ]
    source, request, _ = await told(tmp_path / "plain", hiding(A1111, packed=False))
    assert (source, request["baseSeed"]) == ("a1111", 4011223344)


async def test_of_comfyui_the_graph_itself_comes_along(tmp_path: Path) -> None:
    graph, drawn = text_to_image(), json.dumps({"nodes": []})
    content = png(prompt=json.dumps(graph), workflow=drawn)
    source, request, _ = await told(tmp_path, content)
    assert source == "comfyui"
    assert request["workflow"] == graph
    assert request["prompt"] == graph["good"]["inputs"]["text"]
    assert request["baseSeed"] == graph["sampler"]["inputs"]["seed"]
    assert request["baseParameters"]["steps"] == graph["sampler"]["inputs"]["steps"]


async def test_what_stood_in_comfyuis_editor_becomes_a_graph(tmp_path: Path) -> None:
    content = png(workflow=json.dumps(document(*drawn_text_to_image())))
    source, request, _ = await told(tmp_path / "1", content)
    assert (source, request["workflow"]["3"]["class_type"]) == ("comfyui", "KSampler")
    assert request["prompt"] == request["workflow"]["6"]["inputs"]["text"]
    source, request, unread = await told(tmp_path / "2", png(prompt='{"1": {}}', parameters=A1111))
    assert (source, request["baseSeed"]) == ("a1111", 4011223344)
    assert unread[-1] == "Workflow: The workflow must be a graph in API format."


async def test_our_own_pictures_give_back_what_was_asked(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        batch = await here.make(negativePrompt="rain", loras=[{"name": INK, "strength": 0.5}])
        folder = here.app.storage.store.folder(batch.batch_id)
        stem = f"001_{batch.seeds[0]}"
        for file in (folder / f"{stem}.png", folder / f"{stem}.txt"):
            found = await read(here, file.read_bytes())
            assert (found.source, found.unread) == ("batchgen", ())
            assert found.request["prompt"] == "a red fox"
            assert found.request["negativePrompt"] == "rain"
            assert found.request["baseSeed"] == batch.seeds[0]
            assert found.request["model"] == MODEL
            assert found.request["loras"] == [{"name": INK, "strength": 0.5}]
            assert "workflow" not in found.request
        graph = text_to_image(checkpoint=node("CheckpointLoaderSimple", ckpt_name=MODEL))
        own = await here.make(model=None, workflow=graph, baseParameters={})
        folder = here.app.storage.store.folder(own.batch_id)
        found = await read(here, (folder / f"001_{own.seeds[0]}.png").read_bytes())
        assert (found.source, found.request["prompt"]) == ("batchgen", "a red fox")
        assert found.request["baseSeed"] == own.seeds[0]
        assert found.request["workflow"]["sampler"]["inputs"]["seed"] == own.seeds[0]


@pytest.mark.parametrize("name", PROMPTS)
async def test_hard_prompts_of_ours_are_unchanged(tmp_path: Path, name: str) -> None:
    prompt = PROMPTS[name]
    written = infotext(
        prompt, 7, Parameters(model="m", steps=20, cfg=7.0, width=64, height=64), "1"
    )
    comment = b"UNICODE\0" + written.encode("utf-16-be")
    files = [png(parameters=written), with_comment(comment), with_comment(comment, "WEBP")]
    async with studio(tmp_path) as here:
        for content in (*files, written.encode()):
            found = await read(here, content)
            assert (found.source, found.request["prompt"]) == ("batchgen", prompt)


LIMITED = {
    "Steps": ("500", "Steps: 500 (Steps must be between 1-150)"),
    "CFG scale": ("99", "CFG: 99.0 (CFG must be between 1.0-30.0)"),
    "Seed": ("18446744073709551615", "Seed: 18446744073709551615 (Seed must be"),
    "Size": ("513x100000", "Width: 513 (Width must be"),
    "Sampler": ("Restart", "Sampler: Restart (ComfyUI has none of that name)"),
    "Schedule type": ("Align Your Steps", "Scheduler: Align Your Steps (ComfyUI has none"),
}


@pytest.mark.parametrize("name", LIMITED)
async def test_what_is_out_of_our_limits_is_told_and_not_bent(tmp_path: Path, name: str) -> None:
    value, message = LIMITED[name]
    usual = {"Steps": "20", "Seed": "1", "Sampler": "Euler", "Model": "demo-dreams-xl"}
    line = ", ".join(f"{key}: {said}" for key, said in (usual | {name: value}).items())
    _, request, unread = await told(tmp_path, png(parameters=f"a pear\n{line}"))
    assert message in " ".join(unread)
    assert value not in json.dumps(request)
    assert request["prompt"] == "a pear"


async def test_a_long_prompt_is_given_and_said(tmp_path: Path) -> None:
    line = "\nSteps: 20, Seed: 1, Sampler: Euler"
    async with studio(tmp_path) as here:
        long = await read(here, png(parameters="p" * 600 + line))
        allowed = await read(here, png(parameters="p" * 600 + line), limit=10_000)
        endless = await read(here, png(parameters="p" * 10_001 + line))
    assert long.request["prompt"] == allowed.request["prompt"] == "p" * 600
    assert "it has 600 characters, and a new batch may have 500" in str(long.unread[0])
    assert not allowed.unread
    assert "prompt" not in endless.request
    assert "10001 characters" in str(endless.unread[0])


@pytest.mark.parametrize("content", [png(), jpeg(), webp(), png(parameters="only words")])
async def test_a_picture_without_settings_is_unknown_and_says_so(
    tmp_path: Path, content: bytes
) -> None:
    assert await told(tmp_path, content) == ("unknown", {}, [str(NO_SETTINGS)])


async def test_a_damaged_picture_tells_what_stands_before_the_damage(tmp_path: Path) -> None:
    whole = png(parameters=A1111)
    source, request, _ = await told(tmp_path / "1", whole[:-60])
    assert (source, request["baseSeed"]) == ("a1111", 4011223344)
    source, _, unread = await told(tmp_path / "2", whole[:60])
    assert (source, "damaged" in unread[0]) == ("unknown", True)


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a", b"\xff\xfe", b"%PDF-1.7", b"[1]"])
async def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    async with studio(tmp_path) as here:
        with pytest.raises(InvalidRequest) as refused:
            await read(here, content)
    assert refused.value.problems[0].field == "file"


async def test_without_a_server_names_stay_as_they_were_written(tmp_path: Path) -> None:
    async with studio(tmp_path) as here:
        await here.engine.__aexit__(None, None, None)
        found = await read(here, png(parameters=A1111))
    assert found.request["model"] == "demo-dreams-xl"
    assert found.request["baseParameters"]["samplerName"] == "dpmpp_2m"
    assert NOT_COMPARED in found.unread


async def test_the_api_reads_and_keeps_nothing(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/import", files={"file": ("it.png", png(parameters=A1111))})
        assert answer.status_code == 200
        assert answer.json().keys() == {"source", "request", "unread"}
        assert answer.json()["request"]["baseSeed"] == 4011223344
        refused = await visitor.post("/import", files={"file": ("it.png", b"no picture")})
        assert (refused.status_code, refused.json()["error"]["field"]) == (400, "file")
        assert (await visitor.post("/import", files={"other": ("x", b"")})).status_code == 400
        assert (await visitor.get("/batches")).json()["total"] == 0
