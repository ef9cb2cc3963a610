"""What a client asks at connect time, compared with recorded answers."""

import sys
from copy import deepcopy
from typing import Any

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.comfy.recorded import answers
from tests.demo.conftest import LAB_MODELS
from tests.demo.graphs import plain, txt2img
from tests.demo.guest import FEATURES, Guest, visiting

EXACT = (
    "GET /object_info/KSampler",
    "GET /object_info/CheckpointLoaderSimple",
    "GET /object_info/EmptyLatentImage",
    "GET /object_info/SaveImage",
    "GET /object_info/PreviewImage",
    "GET /object_info/NoSuchNode",
    "GET /models/checkpoints",
    "GET /models/nosuch",
    "GET /embeddings",
    "GET /queue",
    "GET /api/queue",
    "GET /prompt",
    "GET /api/prompt",
    "GET /view_metadata/checkpoints?filename=lab-sd15-a.safetensors",
    "GET /samplers",
)


NEWER_KEYS = ("is_input_list", "has_intermediate_output", "search_aliases")
SCHEMA_KEYS = {
    "output_matchtypes", "deprecated", "experimental", "dev_only", "api_node", "price_badge",
    "essentials_category",
}  # fmt: skip
SHOWN = {"output": ["IMAGE"], "output_is_list": [False], "output_name": ["images"]}
CHANGED: dict[str, dict[str, Any]] = {
    "KSampler": {"category": "model/sampling"},
    "CheckpointLoaderSimple": {"category": "model/loaders"},
    "EmptyLatentImage": {"category": "model/latent"},
    "SaveImage": SHOWN,
    "PreviewImage": {**SHOWN, "description": "Shows the images and keeps none of them."},
}
"""What 0.33 says otherwise than 0.3.64, which was recorded."""


@pytest.fixture
def settings() -> DemoSettings:
    return DemoSettings(models=LAB_MODELS, architecture="")


def without_newer_keys(found: Any) -> Any:
    """Without what 0.33 says of a node type, and 0.3.64, which was recorded, did not say."""
    if not isinstance(found, dict):
        return found
    return {key: without_newer_keys(found[key]) for key in found if key not in NEWER_KEYS}


def as_the_newer_version(recorded: Any) -> Any:
    """A recorded answer as 0.33 would give it."""
    if not isinstance(recorded, dict):
        return recorded
    told = {name: {**kind, **CHANGED[name]} for name, kind in recorded.items() if name in CHANGED}
    if "KSampler" in told:
        samplers = told["KSampler"]["input"]["required"]["sampler_name"][0]
        samplers[6:6] = ["exp_heun_2_x0", "exp_heun_2_x0_sde"]
    return {**recorded, **told}


@pytest.mark.parametrize("request_line", EXACT)
async def test_a_recorded_answer(guest: Guest, request_line: str) -> None:
    row = answers("l_get", request_line)[0]
    assert row["req"] == request_line
    answer = await guest.http.get(request_line.split()[1])
    assert answer.status_code == row["status"]
    if row["status"] == 200:
        assert answer.headers["content-type"] == row["resp_content_type"]
        assert without_newer_keys(answer.json()) == as_the_newer_version(deepcopy(row["resp"]))
    else:
        assert answer.content == b""


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/users", {"storage": "server", "migrated": True}),
        ("/settings", {}),
        ("/settings/Comfy.Locale", None),
        ("/extensions", []),
        ("/workflow_templates", {}),
        ("/i18n", {}),
        ("/global_subgraphs", {}),
        ("/node_replacements", {}),
        ("/api/jobs", {"jobs": [], "pagination": {}}),
    ],
)
async def test_it_answers_as_the_newer_version_that_it_says_it_is(
    guest: Guest, path: str, told: Any
) -> None:
    stats = (await guest.http.get("/system_stats")).json()
    assert stats["system"]["comfyui_version"] == "0.33.0"
    answer = await guest.http.get(path)
    assert answer.status_code == 200
    if path != "/api/jobs":
        assert answer.json() == told
        assert (await guest.http.get(f"/api{path}")).json() == told


async def test_node_types_and_folders_are_told_as_the_newer_version_does(guest: Guest) -> None:
    told = (await guest.http.get("/object_info")).json()
    assert all(not kind[key] for kind in told.values() for key in NEWER_KEYS)
    schemas = {name for name, kind in told.items() if kind.keys() >= SCHEMA_KEYS}
    assert {"CFGGuider", "RepeatImageBatch", "PrimitiveInt"} <= schemas
    assert not {"KSampler", "SaveImage", "PreviewAny"} & schemas
    assert told["RandomNoise"]["display_name"] is None
    assert told["SamplerCustomAdvanced"]["output_tooltips"] == [None, None]
    assert told["BasicGuider"]["input"]["required"]["model"] == ["MODEL", {}]
    folders = (await guest.http.get("/models")).json()
    recorded = answers("l_get", "GET /models")[0]["resp"]
    assert set(recorded) < set(folders)
    assert "latent_upscale_models" in folders


async def test_the_features_are_those_of_the_newer_version(guest: Guest) -> None:
    assert (await guest.http.get("/features")).json() == FEATURES


async def test_system_stats_have_the_recorded_keys_and_say_that_this_is_the_demo(
    guest: Guest,
) -> None:
    told = answers("l_get", "GET /system_stats")[0]["resp"]
    stats = (await guest.http.get("/system_stats")).json()
    assert stats["devices"][0].keys() == told["devices"][0].keys()
    newer = {"comfy_package_versions", "deploy_environment", "batchgen_demo"}
    assert stats["system"].keys() == told["system"].keys() | newer
    assert stats["system"]["os"] == sys.platform
    assert {"name", "installed", "required"} == stats["system"]["comfy_package_versions"][0].keys()
    assert stats["system"]["batchgen_demo"] is True
    assert stats["system"]["argv"] == ["batchgen demo-engine", "--preview-method", "latent2rgb"]


async def test_without_previews_the_flag_is_missing_and_so_are_they() -> None:
    settings = DemoSettings(step_delay=0, load_delay=0, previews=False)
    async with DemoEngine(settings) as engine, visiting(engine.url) as guest:
        stats = (await guest.http.get("/system_stats")).json()
        assert "--preview-method" not in stats["system"]["argv"]
        await guest.run(txt2img())
        assert not [message for message in guest.heard if isinstance(message, bytes)]


async def test_load_image_lists_what_is_in_the_input_folder(
    guest: Guest, engine: DemoEngine
) -> None:
    (engine.folders.input / "example.png").touch()
    told = answers("l_get", "GET /object_info/LoadImage")[0]["resp"]
    assert without_newer_keys((await guest.http.get("/object_info/LoadImage")).json()) == told


async def test_object_info_of_everything(guest: Guest) -> None:
    info = (await guest.http.get("/object_info")).json()
    keys = set(answers("l_get", "GET /object_info")[-1]["resp"]["PreviewImage"])
    for name, entry in info.items():
        assert keys <= set(entry), name
        assert entry["name"] == name
        assert len(entry["output"]) == len(entry["output_name"]) == len(entry["output_is_list"])
        assert entry["input_order"]["required"] == list(entry["input"]["required"])
    assert _forms(info) >= {"list of values", "COMBO"}


def _forms(info: dict[str, Any]) -> set[str]:
    """In which forms combos occur."""
    types = [config[0] for entry in info.values() for config in entry["input"]["required"].values()]
    return {"list of values" if isinstance(t, list) else t for t in types}


async def test_a_model_that_arrives_while_the_server_runs(
    guest: Guest, settings: DemoSettings
) -> None:
    models = settings.models["checkpoints"]
    assert isinstance(models, list)
    models.append("new.safetensors")
    try:
        assert "new.safetensors" in (await guest.http.get("/models/checkpoints")).json()
        info = (await guest.http.get("/object_info/CheckpointLoaderSimple")).json()
        combo = info["CheckpointLoaderSimple"]["input"]["required"]["ckpt_name"]
        assert "new.safetensors" in combo[0]
    finally:
        models.remove("new.safetensors")


class TestOrigin:
    """Section 9."""

    @pytest.mark.parametrize(
        ("origin", "status"),
        [
            ("http://{host}", 200),
            ("http://127.0.0.1:8080", 403),
            ("http://localhost:{port}", 403),
            ("http://evil.example", 403),
            ("null", 200),
            ("http://127.0.0.1", 200),
        ],
    )
    async def test_a_page_of_another_origin_is_refused(
        self, guest: Guest, origin: str, status: int
    ) -> None:
        host = guest.http.base_url.netloc.decode()
        filled = origin.format(host=host, port=guest.http.base_url.port)
        answer = await guest.http.get("/queue", headers={"origin": filled})
        assert answer.status_code == status
        if status == 403:
            posted = await guest.http.post(
                "/prompt", json={"prompt": plain()}, headers={"origin": filled}
            )
            asked = await guest.http.options("/prompt", headers={"origin": filled})
            assert [posted.status_code, asked.status_code] == [403, 403]
            assert answer.content == b""

    async def test_with_another_host_name_nothing_is_looked_at(self, guest: Guest) -> None:
        headers = {"host": "comfy.example:8188", "origin": "http://evil.example"}
        assert (await guest.http.get("/queue", headers=headers)).is_success

    async def test_a_page_of_another_site_is_refused_whatever_its_origin(
        self, guest: Guest
    ) -> None:
        headers = {"sec-fetch-site": "cross-site"}
        assert (await guest.http.get("/queue", headers=headers)).status_code == 403

    async def test_options_without_origin(self, guest: Guest) -> None:
        answer = await guest.http.options("/prompt")
        assert (answer.status_code, answer.content) == (200, b"")
