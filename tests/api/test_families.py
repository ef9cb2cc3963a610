"""Picking a model picks its family, and the built-in workflow for it."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image, ImageStat

from batchgen_app.core.wire import JsonObject
from batchgen_app.demo import demo_models
from batchgen_app.settings import save_settings
from tests.api.test_uploads import given, photo
from tests.api.visitor import visit
from tests.reading.sites import read_by_civitai, text_in
from tests.studio import MODEL

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


@pytest.mark.parametrize("model", [*FILES["diffusion_models"][1:], MODEL])
async def test_each_family_starts_from_a_picture(model: str, tmp_path: Path) -> None:
    """Hardly changed, it is what comes out."""
    async with visit(tmp_path, models=FILES) as (_, visitor):
        told = (await visitor.get("/workflows/flux")).json()["roles"]["image"]
        upload = await given(visitor, photo())
        start = {"inputImages": {told[0]: upload["id"]}, "denoise": 0.1}
        answer = await visitor.post("/batches", json=asked(model, **start))
        assert answer.status_code == 201, answer.text
        ended = await visitor.end(answer.json()["batchId"])
        picture = await visitor.get(f"/images/{ended['images'][0]['id']}")
    assert ended["progress"]["completedImages"] == 2
    with Image.open(BytesIO(picture.content)) as made:
        assert made.size == (64, 64)
        red, green, blue = ImageStat.Stat(made.convert("RGB")).mean
    assert (red > 200, max(green, blue) < 60) == (True, True)


async def test_without_a_size_it_has_the_shape_that_is_seen(tmp_path: Path) -> None:
    """A camera that was held upright notes so, beside a picture that lies."""
    held, content = Image.Exif(), BytesIO()
    held[ExifTags.Base.Orientation] = 6
    Image.new("RGB", (96, 64), "red").save(content, "JPEG", exif=held)
    async with visit(tmp_path, models=FILES) as (_, visitor):
        upload = await given(visitor, content.getvalue())
        start = {"inputImages": {"picture.image": upload["id"]}, "baseParameters": {"steps": 2}}
        answer = await visitor.post("/batches", json=asked(MODEL, **start))
        told = (await visitor.end(answer.json()["batchId"]))["batch"]["parameters"]
    assert (told["width"], told["height"]) == (832, 1248)


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


async def test_a_checkpoint_of_which_nobody_knows_is_asked_about_once_too(tmp_path: Path) -> None:
    """Most people's have names that say nothing. The likely answer is told beside the choices."""
    mine, said = "dreams.safetensors", "of tomorrow"
    models = {"checkpoints": [mine]}
    async with visit(tmp_path, models=models, architecture=said) as (_, visitor):
        unknown = (await visitor.get("/models")).json()["models"][0]
        refused = await visitor.post("/batches", json=asked(mine))
        await visitor.patch("/models", json={"name": mine, "family": "sd15"})
        known = (await visitor.get("/models")).json()["models"][0]
        taken = await visitor.post("/batches", json=asked(mine))
    error = refused.json()["error"]
    assert (unknown.get("family"), unknown["familyGuess"]) == (None, "sdxl")
    assert (refused.status_code, error["code"], error["field"]) == (400, "family_unknown", "model")
    assert (error["details"]["guess"], len(error["details"]["choices"])) == ("sdxl", 9)
    assert (known["family"], "familyGuess" in known) == ("sd15", False)
    assert (taken.status_code, taken.json()["remarks"]) == (201, [])


async def test_a_request_that_says_the_family_answers_the_question_for_good(tmp_path: Path) -> None:
    """Of a model that is known it says only how this batch is made."""
    mine, clear = "dreams.safetensors", "dreams-xl.safetensors"
    engine = {"models": {"checkpoints": [mine, clear]}, "architecture": ""}
    async with visit(tmp_path, **engine) as (_, visitor):
        for model, family in ((mine, "sd15"), (mine, "sdxl"), (clear, "sd15")):
            answer = await visitor.post("/batches", json=asked(model, family=family))
            assert answer.status_code == 201, answer.text
    async with visit(tmp_path, **engine) as (_, visitor):
        models = (await visitor.get("/models")).json()["models"]
        again = await visitor.post("/batches", json=asked(mine))
    told = {model["name"]: model.get("family") for model in models}
    assert (again.status_code, told) == (201, {mine: "sd15", clear: "sdxl"})


async def test_what_another_process_was_told_is_kept(tmp_path: Path) -> None:
    """The terminal works beside the app, in the same data folder."""
    both = ["dreams.safetensors", "visions.safetensors"]
    engine = {"models": {"checkpoints": both}, "architecture": ""}
    async with visit(tmp_path, **engine) as (_, visitor):
        save_settings(tmp_path / "data", model_families={both[0]: "sd15"})
        await visitor.patch("/models", json={"name": both[1], "family": "sdxl"})
        models = (await visitor.get("/models")).json()["models"]
    assert [model["family"] for model in models] == ["sd15", "sdxl"]


async def test_a_file_that_says_its_family_is_believed(tmp_path: Path) -> None:
    async with visit(tmp_path, models={"checkpoints": ["dreams.safetensors"]}) as (_, visitor):
        told = (await visitor.get("/models")).json()["models"][0]
        started = (await visitor.post("/batches", json=asked(told["name"]))).json()
        await visitor.end(started["batchId"])
    assert (told["family"], "familyGuess" in told, started["remarks"]) == ("sdxl", False, [])


async def test_without_a_size_it_is_as_large_as_the_family_is_used_to(tmp_path: Path) -> None:
    old = "v1-5-pruned-emaonly.safetensors"
    async with visit(tmp_path, models={**FILES, "checkpoints": [MODEL, old]}) as (_, visitor):
        for model, side in ((old, 512), (MODEL, 1024), ("qwen_image_fp8.safetensors", 1328)):
            few = {"baseParameters": {"steps": 1}}
            started = (await visitor.post("/batches", json=asked(model, **few))).json()
            await visitor.post(f"/batches/{started['batchId']}/cancel")
            parameters = (await visitor.end(started["batchId"]))["batch"]["parameters"]
            assert (parameters["width"], parameters["height"]) == (side, side), model


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
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (
        400,
        "missing_model",
        "textEncoders",
    )
    assert "t5xxl" in error["message"]
    assert "models/text_encoders" in error["message"]
    vae = error["details"][1]
    assert vae["field"] == "vae"
    assert "ae.safetensors. Put it into models/vae" in vae["message"]


@pytest.mark.parametrize(
    ("field", "named"),
    [
        ("vae", "nobody.safetensors"),
        ("textEncoders", ["nobody.safetensors"]),
        ("refiner", "nobody.safetensors"),
    ],
)
async def test_a_file_that_the_server_lacks_is_told_at_its_field(
    field: str, named: object, tmp_path: Path
) -> None:
    model = "demo-dreams-xl.safetensors" if field == "refiner" else "flux1-dev.safetensors"
    async with visit(tmp_path, models=FILES) as (_, visitor):
        answer = await visitor.post("/batches", json=asked(model, **{field: named}))
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (400, "missing_model", field)


async def test_a_refiner_goes_on_with_a_picture_that_is_changed_in_part(tmp_path: Path) -> None:
    files = {**FILES, "checkpoints": ["demo-dreams-xl.safetensors", "xl_refiner.safetensors"]}
    async with visit(tmp_path, models=files) as (here, visitor):
        picture = (await given(visitor, photo()))["id"]
        wanted = {"refiner": "xl_refiner.safetensors", "denoise": 0.5}
        start = {"inputImages": {"picture.image": picture}}
        body = asked("demo-dreams-xl.safetensors", **wanted, **start)
        body["baseParameters"] = {**QUICK, "steps": 10}
        started = (await visitor.post("/batches", json=body)).json()
        await visitor.end(started["batchId"])
        batch = await here.app.batch_service.batch(started["batchId"])
    assert started["remarks"] == []
    base, refined = (batch.workflow[node]["inputs"] for node in ("sampler", "refined"))
    assert (base["start_at_step"], base["end_at_step"]) == (5, 8)
    assert (refined["start_at_step"], refined["steps"]) == (8, 10)
    assert base["latent_image"] == ["latent", 0]
    assert batch.workflow["latent"]["class_type"] == "VAEEncode"


async def test_a_refiner_for_another_family_is_remarked(tmp_path: Path) -> None:
    asks = asked("flux1-dev.safetensors", refiner="demo-landscapes.safetensors")
    async with visit(tmp_path, models=FILES) as (_, visitor):
        answer = await visitor.post("/batches", json=asks)
    assert answer.status_code == 201, answer.text
    assert answer.json()["remarks"] == ["The workflow has no place for: refiner."]


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


async def test_what_files_say_of_themselves_stands_in_the_pictures_for_sharing_sites(
    tmp_path: Path,
) -> None:
    models = {"checkpoints": ["xl/dreams.safetensors"], "loras": ["ink.safetensors"]}
    digests = {models["checkpoints"][0]: "ab" * 32, models["loras"][0]: "cd" * 32}
    async with visit(tmp_path, models=models, file_hashes=digests) as (_, visitor):
        loras = [{"name": "ink.safetensors", "strength": 0.8}]
        wanted = asked(models["checkpoints"][0], family="sdxl", loras=loras)
        batch_id = (await visitor.post("/batches", json=wanted)).json()["batchId"]
        batch = (await visitor.end(batch_id))["batch"]
        image = (await visitor.look(batch_id))["images"][0]
        picture = await visitor.get(image["url"].removeprefix("/api"))
    known = {"xl/dreams.safetensors": "ab" * 6, "ink.safetensors": "cd" * 6}
    assert batch["parameters"]["hashes"] == known
    told = read_by_civitai(text_in(picture.content) or "")
    assert told.hashes == {"model": "ab" * 6, "lora:ink": "cd" * 6}
    assert told.prompt.endswith("<lora:ink:0.8>")
