"""Workflows that people keep: files that can be read and copied, chosen like a model."""

import json
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.wire import JsonObject
from tests.api.test_workflows import plain, regional
from tests.api.visitor import visit
from tests.workflows.editor.whole import WHOLE

KEPT = {"name": "Two places", "workflow": regional(), "roles": {"prompt": ["day.text"]},
        "fields": {"sampler.denoise": 0.9}}  # fmt: skip
SMALL = {"prompt": "a red fox", "batchCount": 2, "seedMode": "random"}


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "data" / "workflows").glob("*.json"))


async def test_one_is_kept_as_a_file_and_makes_a_batch_by_its_id(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        kept = await visitor.post("/workflows", json=KEPT)
        workflow_id = kept.json()["id"]
        started = await visitor.post("/batches", json={**SMALL, "workflowId": workflow_id})
        events = (await visitor.get("/events")).json()["events"]
    assert (kept.status_code, started.status_code) == (201, 201), started.text
    assert kept.json()["roles"]["prompt"] == ["day.text"]
    assert json.loads((tmp_path / "data/workflows/Two places.json").read_text()) == KEPT
    sent = next(event for event in events if event["type"] == "batch_queued")["workflow"]
    assert sent["day"]["inputs"]["text"] == "a red fox"
    assert sent["sampler"]["inputs"]["denoise"] == 0.9


async def test_a_file_that_was_copied_there_is_one_too(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "workflows"
    async with visit(tmp_path) as (_, visitor):
        folder.mkdir(parents=True)
        (folder / "from a friend.json").write_text(json.dumps(plain()))
        (folder / "of the editor.json").write_text(json.dumps(WHOLE["switched off"]()))
        (folder / "broken.json").write_text("{")
        (folder / "no workflow.json").write_text("[1]")
        listed = (await visitor.get("/workflows")).json()["workflows"]
        started = await visitor.post("/batches", json={**SMALL, "workflowId": "from a friend"})
    own = [one["name"] for one in listed if not one["builtIn"]]
    assert (own, started.status_code) == (["from a friend", "of the editor"], 201)
    assert [one["id"] for one in listed if one["builtIn"]][:3] == ["sd15", "sdxl", "sd3"]


async def test_it_is_renamed_changed_put_away_and_had_back(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.post("/workflows", json=KEPT)
        renamed = await visitor.patch("/workflows/Two places", json={"name": "Noon: a/b?"})
        workflow_id = renamed.json()["id"]
        assert files(tmp_path) == ["Noon- a-b-.json"]
        await visitor.patch(f"/workflows/{workflow_id}", json={"fields": {}})
        whole = (await visitor.get(f"/workflows/{workflow_id}/file")).json()
        gone = await visitor.delete(f"/workflows/{workflow_id}")
        assert files(tmp_path) == []
        back = await visitor.post(f"/workflows/{workflow_id}/restore")
    assert (gone.json(), back.json()["name"]) == ({"deleted": True}, "Noon: a/b?")
    assert whole == {**KEPT, "name": "Noon: a/b?", "fields": {}}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "", KEPT, 409),
        ("POST", "", {**KEPT, "workflow": {"1": 2}, "name": "x"}, 400),
        ("POST", "", {**KEPT, "more": 1, "name": "x"}, 400),
        ("POST", "", {**KEPT, "name": "flux"}, 409),
        ("PATCH", "/Two places", {"name": "flux"}, 409),
        ("PATCH", "/Two places", {"name": ""}, 400),
        ("PATCH", "/Two places", {"more": 1}, 400),
        ("PATCH", "/flux", {"name": "mine"}, 409),
        ("DELETE", "/flux", None, 409),
        ("DELETE", "/nobody", None, 404),
        ("GET", "/..%2Fsettings", None, 404),
        ("GET", "/nobody/file", None, 404),
    ],
)
async def test_what_cannot_be_done_is_said(
    method: str, path: str, body: JsonObject | None, status: int, tmp_path: Path
) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.post("/workflows", json=KEPT)
        answer = await visitor.request(method, f"/workflows{path}", json=body)
        assert (answer.status_code, files(tmp_path)) == (status, ["Two places.json"]), answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"workflowId": "nobody"}, "workflowId"),
        ({"workflowId": "Two places", "workflow": plain()}, "workflowId"),
        ({"workflowId": "sdxl"}, "model"),
    ],
)
async def test_a_batch_by_the_wrong_id_is_refused(
    changes: dict[str, Any], field: str, tmp_path: Path
) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.post("/workflows", json=KEPT)
        answer = await visitor.post("/batches", json={**SMALL, **changes})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
