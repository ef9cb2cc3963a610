"""Prompts that vary from image to image, as a script asks for them."""

import os
import sys
from pathlib import Path

import pytest

from tests.api.visitor import asked, visit

TEMPLATE = "a {red|blue|green} fox {a|b|c|d|e|f}"


async def test_each_image_tells_its_words_and_the_batch_all_of_them(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, api):
        batch_id = await api.make(
            prompt=TEMPLATE, negativePrompt="{blurry|dark}", dynamicPrompt=True, batchCount=4
        )
        shown = await api.look(batch_id)
        batch, images = shown["batch"], shown["images"]
        assert (batch["prompt"], batch["request"]["dynamicPrompt"]) == (TEMPLATE, True)
        assert [image["prompt"] for image in images] == [w["prompt"] for w in batch["prompts"]]
        assert {image["negativePrompt"] for image in images} <= {"blurry", "dark"}
        info = (await api.get(f"/images/{images[0]['id']}/info")).json()
        assert info == images[0]
        (queued, *_rest) = (await api.get("/events")).json()["events"]
        assert queued["prompts"] == batch["prompts"]


async def test_a_batch_without_tells_nothing_of_it(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, api):
        shown = await api.look(await api.make(prompt=TEMPLATE))
        assert "prompts" not in shown["batch"]
        assert "dynamicPrompt" not in shown["batch"]["request"]
        assert {"prompt", "negativePrompt"}.isdisjoint(shown["images"][0])


async def test_what_cannot_be_understood_is_bad_input_with_its_place(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, api):
        request = asked(prompt="a {red|blue fox", dynamicPrompt=True)
        answer = await api.post("/batches", json=request)
        assert answer.status_code == 400
        error = answer.json()["error"]
        assert (error["code"], error["field"]) == ("unclosed_choice", "prompt")
        assert error["details"] == {"position": 2}
        refused = await api.post("/batches", json=asked(dynamicPrompt="perhaps"))
        assert refused.json()["error"]["message"] == "dynamicPrompt must be true or false"


async def test_the_description_says_what_may_vary(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, api):
        schemas = (await api.get("/openapi.json")).json()["components"]["schemas"]
        described = schemas["BatchRequest"]["properties"]["dynamicPrompt"]["description"]
        assert "__wildcards__" in described
        assert "prompts" in schemas["CompletedBatch"]["properties"]


async def test_the_wildcards_are_listed_with_their_folder(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, api):
        folder = tmp_path / "data" / "wildcards"
        assert (await api.get("/wildcards")).json() == {"wildcards": [], "folder": str(folder)}
        (folder / "animals").mkdir(parents=True)
        (folder / "animals" / "cat.txt").write_text("lynx")
        (folder / "colour.yml").write_text("[red, blue]")
        listed = (await api.get("/wildcards")).json()
        assert listed["wildcards"] == ["animals/cat", "colour"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
async def test_no_wildcard_file_breaks_an_answer(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "wildcards"
    folder.mkdir(parents=True)
    (folder / "ok.txt").write_text("red")
    (folder / os.fsdecode(b"ok\xff.txt")).write_text("red")
    (folder / "tl.yaml").write_text("tl:\n - text: [x]")
    async with visit(tmp_path) as (_, api):
        assert (await api.get("/wildcards")).json()["wildcards"] == ["ok", "tl"]
        for name, code in {"okk": "unknown_wildcard", "tl": "wildcard_unreadable"}.items():
            request = asked(prompt=f"__{name}__", dynamicPrompt=True)
            answer = await api.post("/batches", json=request)
            assert answer.status_code == 400
            assert answer.json()["error"]["code"] == code
