"""Picking a model picks its family, and the built-in workflow for it."""

from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.wire import JsonObject
from batchgen_app.demo import demo_models
from tests.api.visitor import visit

FILES = {
    **demo_models(),
    "diffusion_models": [
        "demo-flow.safetensors",
        "flux1-dev.safetensors",
        "flux1-schnell.safetensors",
        "flux2_dev.safetensors",
        "Chroma1-HD.safetensors",
        "qwen_image_fp8.safetensors",
        "z_image_turbo.safetensors",
        "hidream_i1_full.safetensors",
        "sd3.5_large.safetensors",
    ],
    "text_encoders": [
        "clip_l.safetensors",
        "clip_g.safetensors",
        "t5xxl_fp16.safetensors",
        "mistral_3_small_flux2.safetensors",
        "qwen_2.5_vl_7b.safetensors",
        "qwen_3_4b.safetensors",
        "clip_l_hidream.safetensors",
        "clip_g_hidream.safetensors",
        "llama_3.1_8b_instruct.safetensors",
    ],
    "vae": ["ae.safetensors", "flux2-vae.safetensors", "qwen_image_vae.safetensors",
            "sd3_vae.safetensors"],
}  # fmt: skip
QUICK = {"steps": 2, "width": 64, "height": 64}


def asked(model: str, **changes: Any) -> JsonObject:
    small = {"prompt": "a red fox", "batchCount": 2, "seedMode": "random", "model": model}
    return {**small, "baseParameters": QUICK, **changes}


@pytest.mark.parametrize("model", FILES["diffusion_models"][1:])
async def test_each_family_makes_pictures(model: str, tmp_path: Path) -> None:
    async with visit(tmp_path, models=FILES) as (_, visitor):
        answer = await visitor.post("/batches", json=asked(model))
        assert answer.status_code == 201, answer.text
        ended = await visitor.end(answer.json()["batchId"])
    assert ended["progress"]["completedImages"] == 2
    assert ended["batch"]["parameters"]["model"] == model


async def test_a_model_of_no_known_family_is_asked_about_once(tmp_path: Path) -> None:
    async with visit(tmp_path, models=FILES) as (_, visitor):
        refused = await visitor.post("/batches", json=asked("demo-flow.safetensors"))
        error = refused.json()["error"]
        said = {"name": "demo-flow.safetensors", "family": "z-image"}
        told = await visitor.patch("/models", json=said)
        taken = await visitor.post("/batches", json=asked("demo-flow.safetensors"))
        models = (await visitor.get("/models")).json()["models"]
    assert (refused.status_code, error["code"]) == (400, "family_unknown")
    assert {"family": "flux", "name": "Flux.1"} in error["details"]["choices"]
    assert (told.status_code, told.json()["family"], taken.status_code) == (200, "z-image", 201)
    assert next(m for m in models if m["name"] == said["name"])["family"] == "z-image"
    async with visit(tmp_path, models=FILES) as (_, visitor):
        again = await visitor.post("/batches", json=asked("demo-flow.safetensors"))
        assert again.status_code == 201


async def test_a_request_may_say_the_family_itself(tmp_path: Path) -> None:
    async with visit(tmp_path, models=FILES) as (_, visitor):
        answer = await visitor.post(
            "/batches", json=asked("demo-flow.safetensors", family="qwen-image")
        )
        unknown = await visitor.post("/batches", json=asked("demo-flow.safetensors", family="x"))
    assert (answer.status_code, unknown.status_code) == (201, 400)
    assert unknown.json()["error"]["field"] == "family"


async def test_files_that_are_missing_are_named_with_their_place(tmp_path: Path) -> None:
    lacking = {**FILES, "text_encoders": ["clip_l.safetensors"], "vae": []}
    async with visit(tmp_path, models=lacking) as (_, visitor):
        answer = await visitor.post("/batches", json=asked("flux1-dev.safetensors"))
    message = answer.json()["error"]["message"]
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "missing_model")
    assert "t5xxl" in message


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"name": "nobody.safetensors", "family": "flux"}, 400),
        ({"name": "demo-flow.safetensors", "family": "fluxx"}, 400),
        ({"name": "demo-flow.safetensors"}, 400),
        ({"name": "demo-flow.safetensors", "family": "flux", "more": 1}, 400),
    ],
)
async def test_what_cannot_be_said_is_refused(
    said: JsonObject, status: int, tmp_path: Path
) -> None:
    async with visit(tmp_path, models=FILES) as (_, visitor):
        assert (await visitor.patch("/models", json=said)).status_code == status
