"""Batches over HTTP: started, watched, stopped, resumed, repeated."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, asked, visit
from tests.demo.graphs import node, txt2img
from tests.faulty_engine import FailAtNode, HangWhileSampling
from tests.studio import MODEL, SERVER_GONE, until

CANNOT_CONNECT = "Cannot connect to server"

BAD_INPUT: list[tuple[dict[str, Any], str, str]] = [
    ({"batchCount": 1}, "batchCount", "Minimum 2 images required for batch"),
    ({"batchCount": 21}, "batchCount", "Maximum 20 images allowed per batch"),
    ({"batchCount": "3"}, "batchCount", "Batch count must be a whole number"),
    ({"batchCount": 10**200}, "batchCount", "Maximum 20 images allowed per batch"),
    ({"keep": 0}, "keep", "Keep must be a whole number between 1-20"),
    ({"prompt": ""}, "prompt", "Prompt cannot be empty"),
    ({"prompt": " \n"}, "prompt", "Prompt cannot be empty"),
    ({"prompt": "x" * 501}, "prompt", "Prompt exceeds 500 character limit"),
    ({"prompt": "\0"}, "prompt", "Prompt contains a character that cannot be stored"),
    ({"model": None}, "model", "Please select a model"),
    ({"seedMode": "lucky"}, "seedMode", 'Seed mode must be "random" or "incremental"'),
    ({"colour": "red"}, "colour", 'Unknown field "colour"'),
    ({"batch_count": 3}, "batch_count", 'Unknown field "batch_count"'),
    ({"baseParameters": {"steps": 0}}, "baseParameters.steps", "Steps must be between 1-150"),
    ({"baseParameters": {"cfg": 31}}, "baseParameters.cfg", "CFG must be between 1.0-30.0"),
]


async def test_a_workflow_that_gives_nothing_is_400_and_names_node_and_lack(tmp_path: Path) -> None:
    graph = {**txt2img(), "4": node("CheckpointLoaderSimple", ckpt_name="gone.ckpt")}
    async with visit(tmp_path) as (here, visitor):
        answer = await visitor.post("/batches", json=asked(workflow=graph, model=None))
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert (error["code"], error["field"]) == ("missing_model", "workflow")
        assert 'CheckpointLoaderSimple (node 4) needs the model "gone.ckpt"' in error["message"]
        assert not here.app.queue.is_busy


async def test_a_batch_is_started_watched_and_complete(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=asked())
        started = answer.json()
        assert answer.status_code == 201
        named = {"batchId", "queuedImages", "estimatedTime", "estimateBasis", "remarks"}
        assert started.keys() == named
        assert (started["queuedImages"], started["estimateBasis"]) == (3, "default")
        assert started["estimatedTime"] > 0
        batch_id = started["batchId"]
        assert answer.headers["location"] == f"/api/batches/{batch_id}"
        shown = await visitor.end(batch_id)
        assert shown.keys() == {"progress", "thumbnails", "images", "batch", "remarks"}
        assert shown["thumbnails"] == shown["progress"]["thumbnails"]
        assert [image["thumbnailUrl"] for image in shown["images"]] == shown["thumbnails"]
        assert [image["id"] for image in shown["images"]] == shown["batch"]["images"]
        assert [image["seed"] for image in shown["images"]] == shown["batch"]["seeds"]
        assert shown["progress"]["status"] == shown["batch"]["status"] == "complete"
        assert shown["batch"]["request"]["prompt"] == "a red fox"


async def test_the_second_batch_of_a_kind_is_estimated_from_the_first(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.make()
        answer = await visitor.post("/batches", json=asked())
        assert answer.json()["estimateBasis"] == "measured"


async def test_while_it_runs_two_clients_see_the_same_progress(tmp_path: Path) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=2)) as (here, one):
        batch_id = await one.start()
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.current_image == 2 and batch.current_step == 1)
        shown = await one.look(batch_id)
        progress = shown["progress"]
        assert (progress["completedImages"], progress["currentImage"]) == (1, 2)
        assert (progress["currentStep"], progress["totalSteps"]) == (1, 2)
        assert (progress["status"], shown["batch"]) == ("generating", None)
        assert len(shown["thumbnails"]) == 1
        async with Visitor(str(one.base_url), here.app.queue) as other:
            seen = (await other.look(batch_id))["progress"]
        by_the_clock = {"estimatedSecondsRemaining": progress["estimatedSecondsRemaining"]}
        assert {**seen, **by_the_clock} == progress


async def test_a_failed_image_is_told_and_the_others_finish(tmp_path: Path) -> None:
    async with visit(tmp_path, FailAtNode(prompt=2, message="no luck")) as (_, visitor):
        shown = await visitor.end(await visitor.start())
        assert shown["progress"]["failedImages"] == [2]
        (problem,) = shown["batch"]["imageErrors"]
        assert problem["index"] == 2
        assert "no luck" in problem["message"]
        assert [image["index"] for image in shown["images"]] == [1, 3]


async def test_bad_input_is_400_with_its_field_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for changes, field, message in BAD_INPUT:
            answer = await visitor.post("/batches", json=asked(**changes))
            error = answer.json()["error"]
            assert (answer.status_code, error["field"], error["message"]) == (400, field, message)
            assert "details" not in error
        assert (await visitor.get("/events")).json() == {"events": [], "last": 0, "end": 0}


async def test_a_workflow_with_odd_values_is_refused_or_run_but_never_a_mistake(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        odd_values: list[Any] = [10**299, -(10**299), 1e308, "\U0001f98a\0", [[]], {"a": None}]
        for odd in odd_values:
            graph = {"1": {"class_type": "KSampler", "inputs": {"seed": odd, "steps": odd}}}
            answer = await visitor.post("/batches", json=asked(workflow=graph, model=None))
            assert answer.status_code in {201, 400}, answer.text
        assert (await visitor.get("/events")).status_code == 200


async def test_of_several_problems_the_first_one_speaks_and_all_are_listed(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=asked(prompt="", batchCount=1, colour=0))
        error = answer.json()["error"]
        assert (error["field"], error["message"]) == ("prompt", "Prompt cannot be empty")
        fields = [problem["field"] for problem in error["details"]]
        assert fields == ["prompt", "batchCount", "colour"]
        assert error["details"][0] == {key: error[key] for key in ("field", "code", "message")}


async def test_a_model_that_the_server_does_not_have_is_bad_input(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        answer = await visitor.post("/batches", json=asked(model="demo-dreams.safetensors"))
        error = answer.json()["error"]
        assert (answer.status_code, error["field"]) == (400, "model")
        assert f"Did you mean {MODEL}" in error["message"]


async def test_without_the_server_nothing_starts_whatever_is_cached(tmp_path: Path) -> None:
    async with visit(tmp_path, FailAtNode(prompt=2)) as (here, visitor):
        batch_id = await visitor.make()
        await visitor.get("/models")
        before = (await visitor.get("/events")).json()["end"]
        await here.engine.stop()
        for path in ("/batches", f"/batches/{batch_id}/regenerate", f"/batches/{batch_id}/resume"):
            answer = await visitor.post(path, json=asked())
            error = answer.json()["error"]
            assert (answer.status_code, error["message"]) == (503, CANNOT_CONNECT)
            assert here.engine.url in error["details"]["hint"]
        assert (await visitor.get("/events")).json()["end"] == before
        await here.engine.start()
        assert (await visitor.post("/batches", json=asked())).status_code == 201


async def test_a_server_that_goes_away_in_mid_batch_is_told_and_cancel_works(
    tmp_path: Path,
) -> None:
    hang = HangWhileSampling(prompt=1)
    async with visit(tmp_path, hang, timeouts=SERVER_GONE) as (here, visitor):
        batch_id = await visitor.start()
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.current_step == 1)
        await here.engine.stop()
        await until(lambda: batch.server_trouble is not None)
        progress = (await visitor.look(batch_id))["progress"]
        assert "not answering" in progress["serverTrouble"]
        assert progress["status"] == "generating"
        assert (await visitor.post(f"/batches/{batch_id}/cancel")).status_code == 200
        assert (await visitor.end(batch_id))["batch"]["status"] == "cancelled"


async def test_a_cancel_keeps_what_is_finished_and_a_second_one_is_harmless(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=2)) as (here, visitor):
        batch_id = await visitor.start()
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.current_image == 2 and batch.current_step == 1)
        at_once = [visitor.post(f"/batches/{batch_id}/cancel") for _ in range(2)]
        answers = await asyncio.gather(*at_once)
        for answer in (*answers, await visitor.post(f"/batches/{batch_id}/cancel")):
            assert answer.status_code == 200
            assert answer.json() == {"cancelled": True, "completedImages": 1}
        shown = await visitor.look(batch_id)
        assert shown["batch"]["status"] == "cancelled"
        assert (await visitor.events(batch_id)).count("batch_cancelled") == 1


async def test_a_resume_after_a_cancel_makes_the_rest_with_the_planned_seeds(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=2)) as (here, visitor):
        batch_id = await visitor.start(batchCount=4)
        batch = await here.app.batch_service.batch(batch_id)
        await until(lambda: batch.current_image == 2 and batch.current_step == 1)
        planned = (await visitor.look(batch_id))["progress"]["seeds"]
        await visitor.post(f"/batches/{batch_id}/cancel")
        answer = await visitor.post(f"/batches/{batch_id}/resume")
        assert answer.status_code == 201
        assert (answer.json()["batchId"], answer.json()["queuedImages"]) == (batch_id, 3)
        shown = await visitor.end(batch_id)
        assert shown["batch"]["status"] == "complete"
        assert [image["seed"] for image in shown["images"]] == planned


async def test_what_runs_or_lacks_nothing_cannot_be_resumed(tmp_path: Path) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=4)) as (_, visitor):
        whole, running = await visitor.make(), await visitor.start()
        for batch_id, words in ((running, "still running"), (whole, "missing")):
            answer = await visitor.post(f"/batches/{batch_id}/resume")
            assert answer.status_code == 409
            assert words in answer.json()["error"]["message"]


async def test_of_two_clients_that_resume_at_once_one_is_told_that_it_runs(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path, FailAtNode(prompt=2)) as (_, visitor):
        batch_id = await visitor.make()
        calls = [visitor.post(f"/batches/{batch_id}/resume") for _ in range(5)]
        statuses = sorted(answer.status_code for answer in await asyncio.gather(*calls))
        assert statuses == [201, 409, 409, 409, 409]
        assert (await visitor.end(batch_id))["batch"]["status"] == "complete"
        assert (await visitor.events(batch_id)).count("batch_resumed") == 1


async def test_seeds_that_are_given_are_used_and_others_when_it_is_made_again(
    tmp_path: Path,
) -> None:
    async with visit(tmp_path) as (_, visitor):
        first = await visitor.make(batchCount=2, seeds=[9, 4])
        images = (await visitor.look(first))["images"]
        assert [image["seed"] for image in images] == [9, 4]
        answer = await visitor.post(f"/batches/{first}/regenerate")
        second = (await visitor.look(answer.json()["batchId"]))["progress"]
        assert not {9, 4} & set(second["seeds"])
        refused = await visitor.post("/batches", json=asked(batchCount=3, seeds=[9, 4]))
        error = refused.json()["error"]
        assert (refused.status_code, error["field"]) == (400, "seeds")
        assert error["message"] == "Give as many seeds as images"


async def test_regenerate_repeats_the_request_with_other_seeds(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        first = await visitor.make(seedMode="incremental", baseSeed=7)
        answer = await visitor.post(f"/batches/{first}/regenerate")
        assert (answer.status_code, answer.json()["queuedImages"]) == (201, 3)
        second = (await visitor.end(answer.json()["batchId"]))["batch"]
        assert second["batchId"] != first
        assert second["seeds"] == [10, 11, 12]
        before = (await visitor.look(first))["batch"]["request"]
        origin = {"batchId": first, "how": "regenerated"}
        assert second["request"] == {**before, "baseSeed": 10, "basedOn": origin}
        assert second["basedOn"] == origin
        third = await visitor.post(f"/batches/{second['batchId']}/regenerate")
        assert "basedOn" not in (await visitor.look(first))["batch"]
        third_batch = (await visitor.end(third.json()["batchId"]))["batch"]
        assert third_batch["basedOn"] == {"batchId": second["batchId"], "how": "regenerated"}


@pytest.mark.parametrize(
    ("origin", "code"),
    [
        ({"batchId": "20261122-141500-123456-9f3a", "how": "changed"}, "unknown_batch"),
        ({"batchId": "{}", "how": "stolen"}, "literal_error"),
        ({"how": "changed"}, "missing"),
        ("{}", "model_type"),
    ],
)
async def test_a_batch_is_based_on_one_that_there_is(
    tmp_path: Path, origin: JsonObject | str, code: str
) -> None:
    async with visit(tmp_path) as (_, visitor):
        first = await visitor.make()
        based_on = json.loads(json.dumps(origin).replace("{}", first))
        answer = await visitor.post("/batches", json=asked(basedOn=based_on))
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert (error["field"], error["code"]) == ("basedOn", code)


async def test_a_batch_can_be_based_on_one_in_the_trash(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        first = await visitor.make()
        await visitor.delete(f"/batches/{first}")
        origin = {"batchId": first, "how": "changed"}
        second = await visitor.make(basedOn=origin)
        assert (await visitor.look(second))["batch"]["basedOn"] == origin


async def test_longer_prompts_are_taken_where_somebody_has_allowed_them(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        here.app.batch_service.prompt_limit = 10_000
        batch = await visitor.end(await visitor.start(prompt="x" * 10_000))
        assert batch["batch"]["prompt"] == "x" * 10_000
        refused = await visitor.post("/batches", json=asked(prompt="x" * 10_001))
        assert refused.status_code == 400
        assert "Prompt exceeds 10000 character limit" in refused.text
