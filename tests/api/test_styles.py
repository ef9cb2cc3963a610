"""Styles over HTTP, and batches that are made with them."""

import os
from pathlib import Path

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import asked, visit

FILM: JsonObject = {
    "name": "film/1",
    "prompt": "film still of {prompt}, grain",
    "negativePrompt": "drawing",
}


async def test_one_is_kept_listed_changed_and_deleted(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        kept = await visitor.post("/styles", json=FILM)
        assert (kept.status_code, kept.json()) == (201, FILM)
        assert (await visitor.post("/styles", json=FILM)).status_code == 409
        changed = await visitor.patch("/styles/film/1", json={"name": "film", "prompt": "x"})
        assert changed.json() == {**FILM, "name": "film", "prompt": "x"}
        listed = (await visitor.get("/styles")).json()
        assert listed == {"styles": [changed.json()], "notice": ""}
        assert (await visitor.delete("/styles/film")).json() == {"deleted": True}
        assert (await visitor.delete("/styles/film")).status_code == 404
        assert (await visitor.patch("/styles/film", json={})).status_code == 404


async def test_bad_input_is_told_in_words(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for given, field in (
            ({"prompt": "x"}, "name"),
            ({"name": " "}, "name"),
            ({"name": "a\nb"}, "name"),
            ({"name": ".."}, "name"),
            ({"name": "x", "prompt": "x" * 10_001}, "prompt"),
            ({"name": "x", "colour": "red"}, "colour"),
        ):
            answer = await visitor.post("/styles", json=given)
            assert answer.status_code == 400
            assert answer.json()["error"]["field"] == field
        assert (await visitor.get("/styles")).json()["styles"] == []


async def test_a_batch_has_their_words_everywhere_and_not_their_names(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        await visitor.post("/styles", json=FILM)
        await visitor.post("/styles", json={"name": "fine", "prompt": "8k"})
        batch_id = await visitor.start(prompt="a fox", styles=["film/1", "fine"])
        batch = (await visitor.end(batch_id))["batch"]
        whole = "film still of a fox, grain, 8k"
        assert (batch["prompt"], batch["request"]["negativePrompt"]) == (whole, "drawing")
        assert "styles" not in batch["request"]
        state = await here.app.batch_service.batch(batch_id)
        assert here.batch_file(state)["request"]["prompt"] == whole
        assert state.workflow["positive"]["inputs"]["text"] == whole
        again = await visitor.post(f"/batches/{batch_id}/regenerate")
        assert (await visitor.end(again.json()["batchId"]))["batch"]["prompt"] == whole


async def test_an_unknown_one_and_words_beyond_the_limit_are_refused(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        await visitor.post("/styles", json={"name": "long", "prompt": "y" * 300})
        unknown = await visitor.post("/batches", json=asked(styles=["short"]))
        error = unknown.json()["error"]
        assert (unknown.status_code, error["field"]) == (400, "styles")
        assert error["message"] == 'There is no style "short". There are: long'
        beyond = await visitor.post("/batches", json=asked(prompt="x" * 300, styles=["long"]))
        error = beyond.json()["error"]
        assert (beyond.status_code, error["field"], error["code"]) == (400, "prompt", "too_long")
        assert error["message"] == (
            'With the style "long", the prompt has 602 characters; it exceeds 500 character limit'
        )
        assert not here.app.queue.is_busy


async def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        (here.folder / "data" / "styles.json").write_text("{")
        answer = (await visitor.get("/styles")).json()
        assert answer["styles"] == []
        assert "Not all of styles.json made sense" in answer["notice"]


async def test_damage_from_before_the_start_is_a_notice(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "styles.json").write_text("{")
    async with visit(tmp_path) as (here, _):
        assert any("styles.json" in notice for notice in here.app.notices)


async def test_a_file_of_the_other_web_ui_is_imported(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        file = {"file": ("styles.csv", b"name,prompt,negative_prompt\nink,ink drawing,photo\n")}
        answer = await visitor.post("/import/styles", files=file)
        assert answer.status_code == 201
        ink = {"name": "ink", "prompt": "ink drawing", "negativePrompt": "photo"}
        assert answer.json()["styles"] == [ink]
        refused = await visitor.post("/import/styles", files={"file": ("x", b"x")})
        assert refused.status_code == 400


async def test_a_name_that_no_address_can_have_is_refused(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.post("/styles", json=FILM)
        for name in ("a\nb", "a\x00b", "a\x85b", ".", "..", "a/../b"):
            made = await visitor.post("/styles", json={"name": name})
            renamed = await visitor.patch("/styles/film/1", json={"name": name})
            for answer in (made, renamed):
                assert answer.status_code == 400
                message = answer.json()["error"]["message"]
                assert message == 'Name must have no line breaks, and cannot be "." or ".."'
        assert (await visitor.get("/styles")).json()["styles"] == [FILM]


async def test_what_a_kill_has_left_half_written_is_gone_after_a_start(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "workflows").mkdir(parents=True)
    left = [data / ".styles.json.0a1b2c3d.partial", data / "workflows" / ".x.json.ffffffff.partial"]
    others = [data / ".mine.partial", data / "styles.json.0a1b2c3d.partial", data / ".notes"]
    being_written = data / ".styles.json.00000000.partial"
    for path in (*left, *others, being_written):
        path.write_text("{")
    for path in (*left, *others):
        os.utime(path, (1, 1))
    a_folder = data / ".styles.json.11111111.partial"
    a_folder.mkdir()
    os.utime(a_folder, (1, 1))
    async with visit(tmp_path):
        assert not any(path.exists() for path in left)
        assert all(path.exists() for path in (*others, being_written, a_folder))
