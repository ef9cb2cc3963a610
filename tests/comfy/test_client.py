"""ComfyClient against real servers that answer rightly, wrongly, late or not at all."""

import asyncio
from typing import Any

import pytest

from batchgen_app.comfy.client import ComfyClient, SubmitAnswer
from batchgen_app.comfy.transport import ANSWER_LIMIT
from batchgen_app.core.errors import InvalidRequest, PromptRefused, ServerFault, ServerUnreachable
from tests.comfy.endless_server import CHUNKED, CRUMB, endless
from tests.comfy.http_server import Reply, ScriptedServer, Silence, as_json
from tests.comfy.recorded import answers
from tests.comfy.talking import always, talking
from tests.studio import until

GRAPH = {"1": {"class_type": "EmptyImage", "inputs": {}}}


async def submit(client: ComfyClient, **changes: Any) -> SubmitAnswer:
    given = {"prompt_id": "p", "client_id": "c", **changes}
    return await client.submit(GRAPH, **given)


class TestStats:
    async def test_the_server_tells_its_version_its_memory_and_that_it_sends_previews(self) -> None:
        recorded = answers("l_get_endpoints", "GET /system_stats")[0]["resp"]
        async with talking(always(recorded)) as (client, _):
            stats = await client.stats()
        assert (stats.version, stats.device) == ("0.3.64", recorded["devices"][0]["name"])
        assert stats.vram_free == recorded["devices"][0]["vram_free"]
        assert stats.ram_total == recorded["system"]["ram_total"]
        assert stats.is_demo is False
        assert stats.raw == recorded

    @pytest.mark.parametrize(
        ("argv", "previews"),
        [
            (["main.py", "--preview-method", "latent2rgb"], True),
            (["main.py", "--preview-method=auto", "--cpu"], True),
            (["main.py", "--preview-method", "none"], False),
            (["main.py"], False),
            (None, None),
        ],
    )
    async def test_previews_are_off_unless_the_command_line_says_otherwise(
        self, argv: list[str] | None, previews: bool | None
    ) -> None:
        async with talking(always({"system": {"argv": argv}})) as (client, _):
            assert (await client.stats()).previews is previews

    async def test_a_server_that_tells_nothing_is_no_trouble(self) -> None:
        async with talking(always({"devices": [], "system": None})) as (client, _):
            stats = await client.stats()
        assert (stats.version, stats.previews, stats.device) == (None, None, None)

    async def test_the_demo_engine_is_known_by_its_mark(self) -> None:
        async with talking(always({"system": {"batchgen_demo": True}})) as (client, _):
            assert (await client.stats()).is_demo


class TestEveryRequest:
    async def test_goes_below_the_prefix_with_our_headers_and_no_origin(self) -> None:
        recorded = {"exec_info": {"queue_remaining": 3}}
        options = {"headers": {"X-API-Key": "secret"}}
        async with talking(always(recorded), "/some/prefix/", **options) as (client, server):
            assert await client.queue_remaining() == 3
        request = server.requests[0]
        assert request.path == "/some/prefix/prompt"
        assert request.headers["x-api-key"] == "secret"
        assert "origin" not in request.headers

    async def test_is_not_sent_elsewhere_by_a_redirect(self) -> None:
        async with talking(always({})) as (_, elsewhere):
            away = Reply(302, headers={"Location": elsewhere.url + "/prompt"})
            async with talking(always(away)) as (client, _):
                with pytest.raises(ServerFault, match=f"sends visitors on to {elsewhere.url}"):
                    await client.queue_remaining()
            assert elsewhere.requests == []

    @pytest.mark.parametrize("nowhere", ["javascript:alert(1)", "//h:abc/", "http://xn--\xe4/"])
    async def test_is_not_upset_by_a_redirect_to_what_is_no_address(self, nowhere: str) -> None:
        away = Reply(302, headers={"Location": nowhere})
        async with talking(always(away)) as (client, _):
            with pytest.raises((ServerFault, ServerUnreachable)):
                await client.queue_remaining()

    @pytest.mark.parametrize("head", [b"", CHUNKED], ids=["before the answer", "within it"])
    async def test_that_is_abandoned_is_hung_up_on(self, head: bytes) -> None:
        async with (
            endless(head, CRUMB if head else b"", pause=0.01) as server,
            ComfyClient(server.url) as client,
        ):
            asking = asyncio.create_task(client.queue_remaining())
            await until(lambda: bool(server.sent if head else server.talks))
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            async with asyncio.timeout(20):
                await asyncio.gather(*server.talks)

    async def test_does_not_go_through_a_proxy_of_the_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        async with talking(always({"exec_info": {"queue_remaining": 0}})) as (client, _):
            assert await client.queue_remaining() == 0

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Reply(500, b"500 Internal Server Error"), ServerFault),
            (Reply(404), ServerFault),
            (Reply(401), ServerFault),
            (Reply(403), ServerFault),
            (Reply(200, b"<html>a router's page"), ServerFault),
            (Reply(200, b"[" * 100_000), ServerFault),
            (Reply(200, b"[]"), ServerFault),
            (Reply(200, b"{}"), ServerFault),
            (Reply(200, b"x", {"Content-Encoding": "gzip"}), ServerFault),
            (Reply(502), ServerUnreachable),
            (Reply(503), ServerUnreachable),
            (Reply(200, b'{"exec_info"', cut=5), ServerUnreachable),
            (Silence(), ServerUnreachable),
        ],
    )
    async def test_that_is_answered_wrongly_says_so_in_our_words(
        self, answer: object, error: type[Exception]
    ) -> None:
        async with talking(always(answer), timeout=1.0) as (client, _):
            with pytest.raises(error):
                await client.queue_remaining()

    async def test_to_nobody_names_the_address_that_was_tried(self) -> None:
        async with ScriptedServer(always({})) as server:
            address = server.url
        async with ComfyClient(address) as client:
            with pytest.raises(ServerUnreachable, match="Cannot connect to server") as raised:
                await client.queue_remaining()
        assert address in str(raised.value)

    async def test_to_a_host_that_is_not_there_finds_nobody(self) -> None:
        async with ComfyClient("http://nobody.invalid") as client:
            with pytest.raises(ServerUnreachable, match=r"nobody\.invalid"):
                await client.queue_remaining()

    @pytest.mark.parametrize("host", ["x" * 300, "a..b"])
    def test_to_a_host_that_cannot_be_is_not_even_begun(self, host: str) -> None:
        with pytest.raises(InvalidRequest) as raised:
            ComfyClient(f"http://{host}")
        assert raised.value.problems[0].code == "bad_address"

    async def test_has_an_answer_that_is_not_read_beyond_its_limit(
        self,
    ) -> None:
        async with talking(always({"system": "x" * ANSWER_LIMIT})) as (client, _):
            with pytest.raises(ServerFault, match=f"more than {ANSWER_LIMIT} bytes"):
                await client.stats()

    async def test_may_be_answered_with_words_that_are_not_strict_json(self) -> None:
        body = b'{"system": {"comfyui_version": "1 \\ud83d\\ude00 \\ud800", "ram_total": NaN}}'
        async with talking(always(Reply(200, body))) as (client, _):
            stats = await client.stats()
        assert (stats.version, stats.ram_total) == ("1 😀 ?", None)


class TestSubmit:
    async def test_sends_the_graph_under_our_id_and_gives_the_servers(self) -> None:
        answer = {"prompt_id": "theirs", "number": 7, "node_errors": {}}
        async with talking(always(answer)) as (client, server):
            extra = {"extra_pnginfo": {"a": 1}}
            assert await submit(client, extra_data=extra) == SubmitAnswer("theirs", 7, {}, "")
        assert server.requests[0].json == {
            "prompt": GRAPH,
            "prompt_id": "p",
            "client_id": "c",
            "extra_data": extra,
        }

    async def test_leaves_out_what_there_is_not_instead_of_sending_null(self) -> None:
        answer = {"prompt_id": "p", "number": 7, "node_errors": {}}
        async with talking(always(answer)) as (client, server):
            await submit(client, client_id=None)
        assert server.requests[0].json.keys() == {"prompt", "prompt_id"}

    async def test_that_is_taken_in_part_says_what_will_not_run(self) -> None:
        recorded = [r for r in answers("d_prompt", "POST /prompt") if r["status"] == 200]
        partly = next(r["resp"] for r in recorded if r["resp"]["node_errors"])
        async with talking(always(partly)) as (client, _):
            answer = await submit(client)
        assert answer.node_errors == partly["node_errors"]
        assert answer.complaint.startswith("SaveImage (node 3) is linked to")

    async def test_that_is_refused_says_why(self) -> None:
        refused = as_json({"error": {"type": "prompt_no_outputs"}, "node_errors": {}}, 400)
        async with talking(always(refused)) as (client, _):
            with pytest.raises(PromptRefused, match="Add a Save Image node"):
                await submit(client)

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (Reply(500, b"500 Internal Server Error"), ServerFault),
            (Reply(400, b"not ComfyUI"), ServerFault),
            (as_json({"number": 1}), ServerFault),
            (as_json(["p"]), ServerFault),
            (Silence(), ServerUnreachable),
        ],
    )
    async def test_whose_answer_is_no_answer_leaves_open_whether_it_was_queued(
        self, answer: object, error: type[Exception]
    ) -> None:
        async with talking(always(answer), timeout=0.2) as (client, _):
            with pytest.raises(error):
                await submit(client)


class TestUpload:
    async def test_gives_the_server_every_byte_of_a_large_picture(self) -> None:
        picture = bytes(range(256)) * 8000
        answer = {"name": "fox.png", "subfolder": "batchgen", "type": "input"}
        async with talking(always(answer)) as (client, server):
            assert await client.upload("fox.png", picture) == "batchgen/fox.png"
        (request,) = server.requests
        assert request.path == "/upload/image"
        assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
        assert picture in request.body


class TestObjectInfo:
    async def test_is_empty_for_a_type_that_the_server_does_not_know(self) -> None:
        async with talking(always({})) as (client, server):
            assert await client.object_info("No/Such Node") == {}
        assert server.asked() == ["/object_info/No%2FSuch%20Node"]

    async def test_is_the_description_of_the_type(self) -> None:
        recorded = answers("l_get_endpoints", "GET /object_info/")[0]
        kind = recorded["req"].rpartition("/")[2]
        async with talking(always(recorded["resp"])) as (client, _):
            assert await client.object_info(kind) == recorded["resp"][kind]
