"""Workflows that people keep: files that can be read and copied, chosen like a model."""

import json
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.wire import JsonObject
from tests.api.test_workflows import plain, regional
from tests.api.visitor import Visitor, visit
from tests.workflows.editor.whole import WHOLE
from tests.workflows.graphs import flux, node, text_to_image

KEPT = {"name": "Two places", "workflow": regional(), "roles": {"prompt": ["day.text"]},
        "fields": {"sampler.denoise": 0.9}}  # fmt: skip
SMALL = {"prompt": "a red fox", "batchCount": 2, "seedMode": "random"}


def unknown() -> JsonObject:
    """Nothing says what its model is."""
    return text_to_image(checkpoint=node("CheckpointLoaderSimple", ckpt_name="my own.safetensors"))


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
    lying = json.loads((tmp_path / "data/workflows/Two places.json").read_text())
    assert lying == {**KEPT, "key": lying["key"]}
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
        before = (await visitor.get("/workflows/Two places/file")).json()
        renamed = await visitor.patch("/workflows/Two places", json={"name": "Noon: a/b?"})
        workflow_id = renamed.json()["id"]
        assert files(tmp_path) == ["Noon- a-b-.json"]
        await visitor.patch(f"/workflows/{workflow_id}", json={"fields": {}})
        whole = (await visitor.get(f"/workflows/{workflow_id}/file")).json()
        gone = await visitor.delete(f"/workflows/{workflow_id}")
        assert files(tmp_path) == []
        back = await visitor.post(f"/workflows/{workflow_id}/restore")
    assert (gone.json(), back.json()["name"]) == ({"deleted": True}, "Noon: a/b?")
    assert whole == {**KEPT, "name": "Noon: a/b?", "fields": {}, "key": before["key"]}


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


async def test_the_family_is_told_where_the_graph_says_enough(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for name, graph in {"a": flux(), "b": plain(), "c": unknown()}.items():
            await visitor.post("/workflows", json={"name": name, "workflow": graph})
        listed = (await visitor.get("/workflows")).json()["workflows"]
    own = [one.get("family") for one in listed if not one["builtIn"]]
    assert own == ["flux", "sdxl", None]


async def picture(visitor: Visitor, told: JsonObject) -> bytes:
    """What a workflow's thumbnail shows."""
    assert told["thumbnailUrl"].startswith("/api/")
    answer = await visitor.get(told["thumbnailUrl"].removeprefix("/api"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/webp")
    assert answer.headers["cache-control"] == "private, no-cache"
    return answer.content


async def test_its_thumbnail_is_the_newest_picture_made_with_it_whatever_it_is_called(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (here, visitor):
        kept = (await visitor.post("/workflows", json={"name": "A", "workflow": plain()})).json()
        nothing = await picture(visitor, kept)
        by_id: JsonObject = {"workflowId": "A", "model": None, "baseParameters": {}}
        first = await visitor.make(**by_id)
        # As a browser gives it back, which kept it while somebody looked at the gallery.
        turned = json.loads(json.dumps(plain()).replace("7.0", "7"))
        key = (await visitor.get("/workflows/A/file")).json()["key"]
        given = {"workflow": turned, "workflowKey": key}
        last = await visitor.make(**given, model=None, baseParameters={})
        newest = (await visitor.get(f"/images/{last}-003/thumbnail")).content
        renamed = (await visitor.patch("/workflows/A", json={"name": "B #2"})).json()
        assert await picture(visitor, renamed) == newest != nothing
        await here.app.storage.gallery.clear()
        await here.app.storage.gallery.catch_up(here.app.storage.log)
        assert await picture(visitor, renamed) == newest
        for index in (3, 2, 1):
            assert (await visitor.delete(f"/images/{last}-{index:03d}")).status_code == 200
        before = (await visitor.get(f"/images/{first}-003/thumbnail")).content
        assert await picture(visitor, renamed) == before


async def test_one_that_has_made_nothing_shows_no_picture_of_another_with_the_same_graph(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (here, visitor):
        asked = {"name": "A", "workflow": plain()}
        first = (await visitor.post("/workflows", json=asked)).json()
        nothing = await picture(visitor, first)
        chosen: JsonObject = {"model": None, "baseParameters": {}, "seedMode": "incremental"}
        await visitor.make(workflowId="A", baseSeed=1, **chosen)
        whole = (await visitor.get("/workflows/A/file")).json()
        second = (await visitor.post("/workflows", json={**whole, "name": "B"})).json()
        assert await picture(visitor, second) == nothing
        batch_id = await visitor.make(workflowId="B", baseSeed=1000, **chosen)
        newest = (await visitor.get(f"/images/{batch_id}-003/thumbnail")).content
        assert await picture(visitor, second) == newest
        assert await picture(visitor, first) not in {nothing, newest}
        # Somebody put it there, as one did before each had a key: it is known by its graph.
        file = here.folder / "data" / "workflows" / "by hand.json"
        file.write_text(json.dumps(plain()), encoding="utf-8")
        by_hand = (await visitor.get("/workflows/by%20hand")).json()
        assert await picture(visitor, by_hand) == nothing
        last = await visitor.make(workflow=plain(), model=None, baseParameters={})
        newest = (await visitor.get(f"/images/{last}-003/thumbnail")).content
        assert await picture(visitor, by_hand) == newest


async def test_a_built_in_one_shows_what_its_models_made_without_a_workflow(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        told = {one["id"]: one for one in (await visitor.get("/workflows")).json()["workflows"]}
        nothing = await picture(visitor, told["sdxl"])
        batch_id = await visitor.make()
        shown = (await visitor.get(f"/images/{batch_id}-003/thumbnail")).content
        assert await picture(visitor, told["sdxl"]) == shown
        assert await picture(visitor, told["flux"]) == nothing
        missing = await visitor.get("/workflows/nobody/thumbnail")
    assert missing.status_code == 404


async def test_a_built_in_one_can_be_had_as_a_file_for_the_models_that_are_here(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        whole = (await visitor.get("/workflows/sdxl/file")).json()
        lacking = await visitor.get("/workflows/hidream/file")
        kept = await visitor.post("/workflows", json={**whole, "name": "my XL"})
        made = await visitor.make(workflowId="my XL", model=None, baseParameters={})
        batch = await visitor.look(made)
    assert (kept.status_code, batch["progress"]["completedImages"]) == (201, 3)
    assert (lacking.status_code, "HiDream" in lacking.text) == (404, True)


async def test_of_two_who_change_one_the_second_is_told_and_overwrites_nothing(
    tmp_path: Path,
) -> None:
    one: JsonObject = {"roles": {"prompt": ["good.text"]}}
    other: JsonObject = {"roles": {"prompt": []}}
    async with visit(tmp_path) as (_, visitor):
        seen = (await visitor.post("/workflows", json=KEPT)).headers["etag"]
        first = await visitor.patch("/workflows/Two places", json=one, headers={"if-match": seen})
        late = await visitor.patch("/workflows/Two places", json=other, headers={"if-match": seen})
        after = await visitor.get("/workflows/Two places")
        again = {"if-match": f'"another, one", {after.headers["etag"]}, "x"'}
        second = await visitor.patch("/workflows/Two places", json=other, headers=again)
        whatever = await visitor.patch("/workflows/Two places", json=one)
    assert [a.status_code for a in (first, late, second, whatever)] == [200, 409, 200, 200]
    assert "changed by somebody else" in late.json()["error"]["message"]
    assert after.json()["roles"]["prompt"] == ["good.text"]
    assert after.headers["etag"] == first.headers["etag"] != seen


async def test_one_may_be_called_like_a_device_and_in_any_script(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for name in ("aux.v2", "😀" * 100):
            kept = await visitor.post("/workflows", json={**KEPT, "name": name})
            assert (kept.status_code, kept.json()["name"]) == (201, name), kept.text
        renamed = await visitor.patch("/workflows/aux-.v2", json={"name": "漢" * 90})
        misleading = await visitor.patch(
            f"/workflows/{renamed.json()['id']}", json={"name": "\u202egnp.exe"}
        )
    assert (renamed.status_code, misleading.status_code) == (200, 400), renamed.text
    assert misleading.json()["error"]["field"] == "name"


async def test_a_file_without_a_workflow_is_told_by_its_reason(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "workflows"
    async with visit(tmp_path) as (_, visitor):
        folder.mkdir(parents=True)
        (folder / "broken.json").write_text("{")
        answer = await visitor.get("/workflows/broken")
    assert answer.status_code == 404
    assert 'The file "broken.json" cannot be used.' in answer.json()["error"]["message"]
