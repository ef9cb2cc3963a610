"""What a client asks when it connects: PROTOCOL.md, section 1; and /experiment/models, where model
files are told with their folders, sizes and times.
"""

import sys
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.routes.replies import empty, json_reply, studio_of
from batchgen_app.demo.settings import DemoSettings

NONE = "0.0.0"
"""The version of what the engine does not have."""
PACKAGES = (
    "comfyui-frontend-package",
    "comfyui-workflow-templates",
    "comfyui-embedded-docs",
    "comfy-kitchen",
    "comfy-aimdo",
)
MEMORY = 16 * 2**30  # bytes, as shown; nothing is measured
NO_MODELS = ("configs", "custom_nodes")
ENDINGS = [".bin", ".ckpt", ".pkl", ".pt", ".pt2", ".pth", ".safetensors", ".sft"]


async def system_stats(request: Request) -> Response:
    """Like a small CPU-only ComfyUI, but for the mark `batchgen_demo`."""
    return json_reply({"system": _system(studio_of(request).settings), "devices": [_device()]})


def _system(settings: DemoSettings) -> dict[str, Any]:
    previews = ["--preview-method", "latent2rgb"] if settings.previews else []
    return {
        "os": sys.platform,
        "ram_total": MEMORY,
        "ram_free": MEMORY // 2,
        "comfyui_version": settings.comfyui_version,
        "required_frontend_version": NONE,
        "installed_templates_version": NONE,
        "required_templates_version": NONE,
        "comfy_package_versions": [_package(name) for name in PACKAGES],
        "python_version": sys.version,
        "pytorch_version": "none",
        "embedded_python": False,
        "deploy_environment": "local",
        "argv": ["batchgen demo-engine", *previews],
        "batchgen_demo": True,
    }


def _package(name: str) -> dict[str, str]:
    return {"name": name, "installed": NONE, "required": NONE}


def _device() -> dict[str, Any]:
    memory = {"total": MEMORY, "free": MEMORY // 2}
    shown = {
        f"{kind}_{name}": size for kind in ("vram", "torch_vram") for name, size in memory.items()
    }
    return {"name": "demo", "type": "cpu", "index": None, **shown}


async def features(request: Request) -> Response:
    """The same flags that the websocket answers with."""
    return json_reply(studio_of(request).features())


async def object_info(request: Request) -> Response:
    """Every node type."""
    studio = studio_of(request)
    return json_reply({name: kind.info(studio.catalogue) for name, kind in studio.types.items()})


async def one_object_info(request: Request) -> Response:
    """{} with status 200 for a type that is not known."""
    studio = studio_of(request)
    name = request.path_params["class_type"]
    known = studio.types.get(name)
    return json_reply({name: known.info(studio.catalogue)} if known else {})


async def model_folders(request: Request) -> Response:
    """The names of all model folders, empty ones too."""
    return json_reply(studio_of(request).catalogue.model_folders())


async def models(request: Request) -> Response:
    """The files of one folder; 404 for a folder that is not known."""
    catalogue = studio_of(request).catalogue
    folder = request.path_params["folder"]
    known = folder in catalogue.model_folders()
    return json_reply(catalogue.models(folder)) if known else empty(404)


async def embeddings(request: Request) -> Response:
    """Names without extension."""
    names = studio_of(request).catalogue.models("embeddings")
    return json_reply([name.rpartition(".")[0] or name for name in names])


async def view_metadata(request: Request) -> Response:
    """The `__metadata__` that a model file of the demo would have: its checkpoints are all alike,
    whatever they are called.
    """
    studio, folder = studio_of(request), request.path_params["folder"]
    if request.query_params.get("filename") not in studio.catalogue.models(folder):
        return empty(404)
    said = studio.settings.architecture if folder == "checkpoints" else ""
    hashed = studio.settings.file_hashes.get(request.query_params["filename"], "")
    notes = {"modelspec.architecture": said, "modelspec.hash_sha256": hashed}
    return json_reply({"format": "pt", **{name: note for name, note in notes.items() if note}})


async def experiment_folders(request: Request) -> Response:
    """All but those in which something else lies."""
    catalogue = studio_of(request).catalogue
    names = (name for name in catalogue.model_folders() if name not in NO_MODELS)
    told = [
        {"name": name, "folders": catalogue.folders(name), "extensions": ENDINGS} for name in names
    ]
    return json_reply(told)


async def experiment_models(request: Request) -> Response:
    """The files of one folder, all of them empty; 404 for a folder that is not known."""
    catalogue, folder = studio_of(request).catalogue, request.path_params["folder"]
    if folder not in catalogue.model_folders():
        return empty(404)
    facts = {"pathIndex": 0, "modified": 0.0, "created": 0.0, "size": 0}
    return json_reply([{"name": name, **facts} for name in catalogue.models(folder)])
