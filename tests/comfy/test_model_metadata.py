"""To which family a model belongs whose name says nothing: its file may say so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from batchgen_app.comfy import model_metadata
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.comfy.model_metadata import FileFamilies, family_in
from batchgen_app.comfy.models import LOADERS, Model
from tests.comfy.http_server import Reply, Request, ScriptedServer, Silence

CHECKPOINTS, LORAS = LOADERS[0], LOADERS[1]
NAMES = ("mine & yours.safetensors", "silent.safetensors", "old.ckpt", "sdxl.safetensors")
MODELS = [*map(CHECKPOINTS.model, NAMES), LORAS.model("hat.safetensors")]


@pytest.mark.parametrize(
    ("said", "family"),
    [
        ({"modelspec.architecture": "stable-diffusion-xl-v1-base"}, "sdxl"),
        ({"modelspec.architecture": "stable-diffusion-v1"}, "sd15"),
        ({"modelspec.architecture": "Flux.1-dev"}, "flux"),
        ({"modelspec.architecture": "flux-2-dev"}, "flux2"),
        ({"modelspec.architecture": "stable-diffusion-3-medium"}, "sd3"),
        ({"ss_base_model_version": "sdxl_base_v1-0"}, "sdxl"),
        ({"ss_base_model_version": "sd_v1"}, "sd15"),
        ({"modelspec.architecture": "stable-diffusion-v2-768-v", "ss_base_model_version": 2}, None),
        ({"format": "pt"}, None),
    ],
)
def test_what_those_who_trained_it_noted(said: dict[str, object], family: str | None) -> None:
    assert family_in(said) == family


@asynccontextmanager
async def asking(answer: object) -> AsyncIterator[tuple[FileFamilies, ScriptedServer]]:
    """``answer`` is for the first of the files, the others say nothing."""

    def script(request: Request) -> object:
        return answer if request.query["filename"] == NAMES[0] else Reply(404)

    async with ScriptedServer(script) as server, ComfyClient(server.url) as client:
        yield FileFamilies(client), server


def families(models: tuple[Model, ...]) -> list[str | None]:
    return [model.family for model in models]


async def test_each_file_is_asked_once_and_only_where_its_name_says_nothing() -> None:
    said = {"modelspec.architecture": "stable-diffusion-v1"}
    async with asking(said) as (files, server):
        for _ in range(2):
            told = families(await files.completed(MODELS))
            assert told == ["sd15", None, None, "sdxl", None]
    asked = [(request.path, request.query["filename"]) for request in server.requests]
    assert sorted(asked) == [("/view_metadata/checkpoints", name) for name in NAMES[:2]]


@pytest.mark.parametrize("answer", [Reply(200, b"{"), ["no object"], Reply(500), Silence()])
async def test_a_server_that_tells_nothing_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    monkeypatch.setattr(model_metadata, "TIMEOUT", 0.2)
    async with asking(answer) as (files, _), asyncio.timeout(20):
        assert families(await files.completed(MODELS)) == [None, None, None, "sdxl", None]
