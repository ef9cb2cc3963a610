"""/experiment/models: model files with their folders, sizes and times."""

from starlette.requests import Request
from starlette.responses import Response

from batchgen_app.demo.routes.replies import empty, json_reply, studio_of

NO_MODELS = ("configs", "custom_nodes")
ENDINGS = [".bin", ".ckpt", ".pkl", ".pt", ".pt2", ".pth", ".safetensors", ".sft"]


async def model_folders(request: Request) -> Response:
    """All but those in which something else lies."""
    catalogue = studio_of(request).catalogue
    names = (name for name in catalogue.model_folders() if name not in NO_MODELS)
    told = [
        {"name": name, "folders": catalogue.folders(name), "extensions": ENDINGS} for name in names
    ]
    return json_reply(told)


async def models(request: Request) -> Response:
    """The files of one folder, all of them empty; 404 for a folder that is not known."""
    catalogue, folder = studio_of(request).catalogue, request.path_params["folder"]
    if folder not in catalogue.model_folders():
        return empty(404)
    facts = {"pathIndex": 0, "modified": 0.0, "created": 0.0, "size": 0}
    return json_reply([{"name": name, **facts} for name in catalogue.models(folder)])
