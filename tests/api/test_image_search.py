"""Pictures of all batches, found over HTTP as a person types."""

from pathlib import Path
from typing import Any

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, visit

SORTS = "newest, oldest, rating, prompt, model, seed, steps, size, sampler, workflow"
SENSELESS = [
    ("limit=0", "limit", "Limit must be a whole number from 1 to 500"),
    ("limit=501", "limit", "Limit must be a whole number from 1 to 500"),
    ("sort=best", "sort", f"Sort must be one of {SORTS}"),
    (
        "cursor=nonsense",
        "cursor",
        "Cursor must be the `next` of a page in the same order; leave it out to begin",
    ),
]


async def found(visitor: Visitor, q: str = "", **wanted: Any) -> JsonObject:
    answer = await visitor.get("/images", params={"q": q, **wanted})
    assert answer.status_code == 200, answer.text
    page: JsonObject = answer.json()
    return page


def ids(page: JsonObject) -> list[str]:
    return [image["id"] for image in page["images"]]


async def test_pictures_of_all_batches_come_page_by_page(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        fox = await visitor.make(prompt="a red fox", batchCount=2, negativePrompt="blur")
        sea = await visitor.make(prompt="a calm sea", batchCount=3)
        expected = [f"{sea}-003", f"{sea}-002", f"{sea}-001", f"{fox}-002", f"{fox}-001"]
        whole = await found(visitor)
        assert (ids(whole), whole["next"], whole["total"]) == (expected, None, 5)
        assert whole["totalBytes"] == sum(image["bytes"] for image in whole["images"])
        first = await found(visitor, limit=3)
        second = await found(visitor, limit=3, cursor=first["next"])
        assert (ids(first) + ids(second), second["next"]) == (expected, None)
        assert ids(await found(visitor, sort="oldest")) == expected[::-1]
        info = (await visitor.get(f"/images/{fox}-001/info")).json()
        image = whole["images"][-1]
        assert image.items() >= info.items()
        assert (image["prompt"], image["negativePrompt"]) == ("a red fox", "blur")
        made = (await visitor.look(fox))["batch"]["parameters"]
        assert image["model"] == made["model"]
        assert image["samplerName"] == made["samplerName"]


async def test_what_is_typed_finds_pictures_and_their_batches(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        fox = await visitor.make(prompt="a red Fox", batchCount=2)
        sea = await visitor.make(prompt="a red sea", batchCount=2)
        marks = {"rating": 4, "favourite": True, "tags": ["To Anna"]}
        await visitor.patch(f"/images/{sea}-002", json=marks)
        await visitor.patch(f"/images/{fox}-001", json={"rejected": True})
        for q, images in {
            "RED fo": [f"{fox}-002", f"{fox}-001"],
            "red -is:rejected fox": [f"{fox}-002"],
            "rating:>=3": [f"{sea}-002"],
            'fav:yes tag:"to anna" model:demo': [f"{sea}-002"],
            "tag:nobody": [],
        }.items():
            page = await found(visitor, q)
            assert (ids(page), page["total"]) == (images, len(images)), q
            batches = (await visitor.get("/batches", params={"q": q})).json()
            made = list(dict.fromkeys(image.rpartition("-")[0] for image in images))
            assert [batch["batchId"] for batch in batches["batches"]] == made, q
        seed = (await visitor.look(sea))["images"][0]["seed"]
        assert ids(await found(visitor, f"seed:{seed}")) == [f"{sea}-001"]


async def test_a_workflow_is_found_by_the_name_that_it_has_now(tmp_path: Path) -> None:
    from tests.api.test_library import KEPT, SMALL  # noqa: PLC0415

    async with visit(tmp_path) as (here, visitor):
        kept = (await visitor.post("/workflows", json=KEPT)).json()["id"]
        body = {**SMALL, "workflowId": kept}
        batch_id = (await visitor.post("/batches", json=body)).json()["batchId"]
        await here.app.queue.ended(batch_id)
        assert (await found(visitor, "workflow:two"))["total"] == 2
        assert (await found(visitor, "places"))["total"] == 2
        await visitor.patch(f"/workflows/{kept}", json={"name": "Portrait"})
        assert (await found(visitor, "workflow:two"))["total"] == 0
        assert (await found(visitor, 'workflow:"portrait"'))["total"] == 2


async def test_a_built_in_workflow_is_found_by_its_name(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        dreams = await visitor.make(model="demo-dreams-xl.safetensors", batchCount=2)
        ink = await visitor.make(model="painters/demo-ink.safetensors", batchCount=2)
        for q in ("workflow:sdxl", 'workflow:"SDXL"', "sdxl"):
            assert ids(await found(visitor, q)) == [f"{dreams}-002", f"{dreams}-001"], q
        assert (await found(visitor, "workflow:stable"))["total"] == 0
        await visitor.patch(
            "/models", json={"name": "painters/demo-ink.safetensors", "family": "sd15"}
        )
        assert ids(await found(visitor, "workflow:stable")) == [f"{ink}-002", f"{ink}-001"]


async def test_what_is_half_typed_is_passed_over_and_the_answer_says_so(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        await visitor.make(prompt="a red fox", batchCount=2)
        q = 'Fox rating:>= -"calm sea" after:2026-13 model:'
        told = {
            "understood": ["Fox", '-"calm sea"'],
            "passedOver": ["rating:>=", "after:2026-13", "model:"],
        }
        for address, count in (("/images", "images"), ("/batches", "batches")):
            answer = (await visitor.get(address, params={"q": q})).json()
            assert answer["search"] == told
            assert answer[count], "it is no error"
            everything = (await visitor.get(address)).json()
            assert everything["search"] == {"understood": [], "passedOver": []}


HARD = [
    *("fox " * 2_500, f"{'a' * 10_000} b", '"' * 10_000, "-" * 10_000, "(" * 5_000),
    *("🦊🔥", "e\u0301\u0301\u0301", "\u0301", '"fox', 'tag:"', "-", "--", '-"', '-tag:"'),
    *("rating:>=", "seed:1e9", "before:2026-13-45", "after:9999-99-99", "size:xx", "steps:.."),
    *("\u202eثعلب", "fox\0sea", "NEAR(", "NEAR(fox sea, 2)", "*", "fox*", "^fox", "AND", "OR"),
    *("fox AND", "NOT", "prompt : fox", "{prompt} : fox", "'; DROP TABLE events; --", "\\"),
]


async def test_whatever_is_typed_is_answered(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for q in HARD:
            for address in ("/images", "/batches"):
                answer = await visitor.get(address, params={"q": q})
                assert (answer.status_code, answer.json()["total"]) == (200, 0), (q[:40], address)
        await visitor.make(model="demo-dreams-xl.safetensors", batchCount=2)
        for q in (*HARD, '"', "%", "(", "fox !"):
            answer = await visitor.get("/images", params={"q": q})
            assert answer.status_code == 200, f"{q[:40]}, where built-in workflows are known"


async def test_what_cannot_be_looked_for_is_told(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        for wanted, field, message in SENSELESS:
            answer = await visitor.get(f"/images?{wanted}")
            error = answer.json()["error"]
            assert (answer.status_code, error["field"], error["message"]) == (400, field, message)
        assert (await found(visitor, 'rating:> "fo -'))["total"] == 0
