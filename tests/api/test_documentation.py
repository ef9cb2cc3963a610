"""The API describes itself truly, and without the internet."""

import re
from pathlib import Path

from batchgen_app.core.wire import JsonObject
from tests.api.visitor import Visitor, visit

VERBS = ("get", "post", "patch", "delete")


async def description(visitor: Visitor) -> JsonObject:
    shown: JsonObject = (await visitor.get("/openapi.json")).json()
    return shown


async def test_every_call_is_described_with_its_errors_and_never_with_422(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        shown = await description(visitor)
        assert shown["servers"] == [{"url": "/api"}]
        assert "HTTPValidationError" not in shown["components"]["schemas"]
        calls = [call for path in shown["paths"].values() for call in path.values()]
        assert len({call["operationId"] for call in calls}) == len(calls) == 53
        for call in calls:
            for status, answer in call["responses"].items():
                assert status != "422"
                if int(status) >= 400:
                    (content,) = answer["content"].values()
                    assert content["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}


async def test_what_a_batch_request_takes_is_described(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        shown = await description(visitor)
        body = shown["paths"]["/batches"]["post"]["requestBody"]
        assert body["content"]["application/json"]["schema"]["$ref"].endswith("/BatchRequest")
        request = shown["components"]["schemas"]["BatchRequest"]
        assert request["required"] == ["prompt", "batchCount", "seedMode"]
        assert request["properties"]["batchCount"]["minimum"] == 2
        assert request["additionalProperties"] is False


async def test_the_page_is_complete_in_itself(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        page = (await visitor.get("/docs")).text
        assert "://" not in page
        files = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert [file.startswith("/api/docs/files/") for file in files] == [True] * 3
        for file in [*files, *re.findall(r"url: '([^']+)'", page)]:
            answer = await visitor.get(file.removeprefix("/api"))
            assert answer.status_code == 200, file
            assert answer.content
