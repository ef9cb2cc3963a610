"""Starlette 1.10.0 leaves to the application around it what has a line break in its path."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from batchgen_app.adapters.starlette import OpenFileResponse, mount_whole


async def answer(web: ASGIApp, path: str) -> int:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(web)) as client:
        return (await client.get(f"http://here{path}")).status_code


@pytest.mark.parametrize(
    ("mounting", "status"), [(Starlette.mount, 404), (mount_whole, 200)], ids=["plain", "whole"]
)
async def test_a_line_break_is_below_the_mount_like_any_other(
    mounting: Callable[[Starlette, str, ASGIApp], None], status: int
) -> None:
    web = Starlette()
    mounting(web, "/api", PlainTextResponse("found"))
    assert await answer(web, "/api/batches/one") == 200
    assert await answer(web, "/api/batches/o%0Ae") == status


async def test_a_file_that_is_open_is_answered_though_its_name_leads_elsewhere_by_now(
    tmp_path: Path,
) -> None:
    place = tmp_path / "001_42.png"
    place.write_bytes(b"a red fox")
    with place.open("rb") as file:
        answer = OpenFileResponse(place.name, file, stat_result=place.stat())
        place.unlink()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(answer)) as client:
            part = await client.get("http://here/", headers={"range": "bytes=2-4"})
    assert (part.status_code, part.content) == (206, b"red")
