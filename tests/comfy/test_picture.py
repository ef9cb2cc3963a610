"""Fetching a picture whole, or saying why it cannot be had."""

import asyncio
from dataclasses import replace

import pytest

from batchgen_app.comfy.client import OutputFile
from batchgen_app.core.errors import PictureBroken, PictureMissing, ServerFault, ServerUnreachable
from tests.comfy.http_server import Reply, Silence
from tests.comfy.talking import always, talking

FILE = OutputFile("fox_00001_.png", "BatchGen/a b", "output", "9")


class TestPicture:
    async def test_comes_byte_for_byte(self) -> None:
        picture = bytes(range(256)) * 5000
        async with talking(always(Reply(200, picture))) as (client, server):
            assert await client.picture(FILE) == picture
        request = server.requests[0]
        assert request.path == "/view"
        assert request.query == {
            "filename": FILE.filename,
            "subfolder": FILE.subfolder,
            "type": FILE.type,
        }
        assert request.headers["accept-encoding"] == "identity"

    @pytest.mark.parametrize(
        "name", ["a+b c.png", "50%25&x=1#2?.png", "..\\ü/é\u0301 ☃.png", "%2F;.png"]
    )
    async def test_is_asked_for_by_the_name_that_it_has(self, name: str) -> None:
        async with talking(always(Reply(200, b"x"))) as (client, server):
            await client.picture(replace(FILE, filename=name, subfolder=f"in {name}"))
        assert server.requests[0].query == {
            "filename": name,
            "subfolder": f"in {name}",
            "type": FILE.type,
        }

    @pytest.mark.parametrize("status", [400, 403, 404])
    async def test_that_is_not_there_any_more_is_missing(self, status: int) -> None:
        async with talking(always(Reply(status))) as (client, _):
            with pytest.raises(PictureMissing, match=FILE.filename):
                await client.picture(FILE)

    async def test_that_is_cut_short_is_no_picture(self) -> None:
        async with talking(always(Reply(200, b"x" * 5000, cut=4999))) as (client, _):
            with pytest.raises(ServerUnreachable) as raised:
                await client.picture(FILE)
        assert raised.value.reason == "the answer ends too early"

    async def test_that_is_cut_short_in_chunks_is_no_picture(self) -> None:
        chunked = Reply(200, b"5\r\nabcde\r\n", {"Transfer-Encoding": "chunked"}, cut=10)
        async with talking(always(chunked)) as (client, _):
            with pytest.raises(ServerUnreachable):
                await client.picture(FILE)

    async def test_that_the_server_stumbles_over_is_its_fault(self) -> None:
        async with talking(always(Reply(500))) as (client, _):
            with pytest.raises(ServerFault):
                await client.picture(FILE)

    async def test_that_is_larger_than_the_limit_is_not_taken(self) -> None:
        async with talking(always(Reply(200, b"x" * 5000))) as (client, _):
            with pytest.raises(PictureBroken, match="larger than 4999 bytes"):
                await client.picture(FILE, limit=4999)

    async def test_is_given_up_when_the_server_falls_silent(self) -> None:
        async with talking(always(Silence()), timeout=0.2) as (client, _):
            async with asyncio.timeout(10):
                with pytest.raises(ServerUnreachable):
                    await client.picture(FILE)
