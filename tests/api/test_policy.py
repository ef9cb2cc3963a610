"""The guard and the services agree on what each call does: both read access/policy."""

import re
from pathlib import Path
from typing import cast

import pytest
from starlette.routing import Route

from batchgen_app.access.callers import Caller
from batchgen_app.access.policy import READING, Verb, verb_of
from batchgen_app.api import build_api
from batchgen_app.core.wire import JsonObject
from batchgen_app.services import Services
from tests.api.test_library import KEPT
from tests.api.test_uploads import photo
from tests.api.visitor import asked, visit
from tests.studio import MODEL

FILES = {
    "/uploads": ("it.png", photo()),
    "/import": ("it.png", photo()),
    "/import/styles": ("styles.csv", b"name,prompt\nink,ink\n"),
}


async def test_what_the_guard_sees_of_a_call_is_what_its_command_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    required: list[Verb] = []
    require = Caller.require

    def noted(caller: Caller, verb: Verb) -> None:
        required.append(verb)
        require(caller, verb)

    monkeypatch.setattr(Caller, "require", noted)
    async with visit(tmp_path) as (here, visitor):
        batch_id = await visitor.make()
        image = f"/images/{batch_id}-001"
        calls: list[tuple[str, str, JsonObject | None]] = [
            ("POST", "/batches", asked()),
            ("POST", f"/batches/{batch_id}/cancel", None),
            ("POST", f"/batches/{batch_id}/pause", None),
            ("POST", f"/batches/{batch_id}/continue", None),
            ("POST", f"/batches/{batch_id}/skip", None),
            ("POST", f"/batches/{batch_id}/finish", None),
            ("POST", f"/batches/{batch_id}/move", {"server": None}),
            ("POST", f"/batches/{batch_id}/regenerate", None),
            ("POST", f"/batches/{batch_id}/resume", None),
            ("POST", f"{image}/prove", None),
            ("PATCH", image, {"rating": 3}),
            ("PATCH", "/images", {"ids": [f"{batch_id}-001"], "rejected": True}),
            ("DELETE", image, None),
            ("POST", f"{image}/restore", None),
            ("DELETE", "/images", {"ids": [f"{batch_id}-002"]}),
            ("DELETE", f"/batches/{batch_id}", None),
            ("POST", f"/batches/{batch_id}/restore", None),
            ("POST", "/workflows/inspect", {"1": {"class_type": "SaveImage", "inputs": {}}}),
            ("POST", "/servers", {"address": "http://127.0.0.1:1", "id": "another"}),
            ("PATCH", "/servers/another", {"name": "another"}),
            ("DELETE", "/servers/another", None),
            ("PATCH", "/models", {"name": MODEL, "family": "sdxl"}),
            ("POST", "/uploads", None),
            ("POST", "/import", None),
            ("POST", "/workflows", KEPT),
            ("PATCH", "/workflows/Two places", {"fields": {}}),
            ("DELETE", "/workflows/Two places", None),
            ("POST", "/styles", {"name": "film/1", "prompt": "film"}),
            ("PATCH", "/styles/film/1", {"prompt": "grain"}),
            ("DELETE", "/styles/film/1", None),
            ("POST", "/import/styles", None),
            ("POST", "/workflows/Two places/restore", None),
        ]
        for method, path, body in calls:
            required.clear()
            file = FILES.get(path)
            await visitor.request(method, path, json=body, files=file and {"file": file})
            assert {*required} - {Verb.LOOK} == {verb_of(method, f"/api{path}")}, path
        routes = cast("list[Route]", build_api(Services(here.app)).state.routes)
        tried = {(method, _template(path)) for method, path, _ in calls}
        assert tried == {
            (method, _template(route.path))
            for route in routes
            for method in (route.methods or set()) - READING
        }


def _template(path: str) -> str:
    """The path with a star for each id."""
    if path == "/workflows/inspect":
        return path
    if path.startswith("/styles/"):
        return "/styles/*"
    return re.sub(r"/(batches|images|servers|workflows)/[^/]+", r"/\1/*", path)
