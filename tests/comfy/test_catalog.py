"""What a server offers: asked for once a minute, in every form in which it may be told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from batchgen_app.comfy import catalog as catalog_module
from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import ComfyClient
from batchgen_app.core.errors import InvalidRequest, ServerFault, ServerUnreachable
from batchgen_app.workflows.node_types import choices
from tests.comfy.http_server import Reply, Request, ScriptedServer, Silence
from tests.comfy.recorded import rows

CHECKPOINTS = [
    "zebra.safetensors",
    "Apple.ckpt",
    "user_models/mine.safetensors",
    "user_models\\merged\\both.safetensors",
    "Merges/two.safetensors",
]


def node(**inputs: object) -> dict[str, Any]:
    return {"input": {"required": inputs}}


OFFER = {
    "CheckpointLoaderSimple": node(ckpt_name=[CHECKPOINTS, {}]),
    "LoraLoader": node(lora_name=["COMBO", {"options": ["fine.safetensors"]}], model=["MODEL"]),
    "UNETLoader": node(unet_name=[["flow.safetensors"]]),
    "CLIPLoader": node(clip_name=["COMBO", {"remote": {"route": "/internal/clips"}}]),
    "KSampler": node(sampler_name=[["euler", "ddim"]], scheduler=[["normal"], {}]),
}


class Shop:
    """A server that offers ``offer``; a clock that stands still until it is set."""

    def __init__(self, offer: dict[str, Any]) -> None:
        self.offer = offer
        self.now = 1000.0
        self.fault: object = None

    def answer(self, request: Request) -> object:
        kind = request.path.removeprefix("/object_info/")
        known = {kind: self.offer[kind]} if kind in self.offer else {}
        return self.fault or known

    def clock(self) -> float:
        return self.now


@asynccontextmanager
async def shopping(
    offer: dict[str, Any] = OFFER,
) -> AsyncIterator[tuple[Catalog, Shop, ScriptedServer]]:
    shop = Shop(offer)
    async with ScriptedServer(shop.answer) as server, ComfyClient(server.url) as client:
        yield Catalog(client, shop.clock), shop, server


async def test_models_are_grouped_by_loader_and_folder_and_sorted_as_people_read_them() -> None:
    async with shopping() as (catalog, _, _):
        models = await catalog.models()
    assert [(m.category.value, m.display_name, m.name) for m in models] == [
        ("checkpoints", "Apple.ckpt", "Apple.ckpt"),
        ("checkpoints", "mine", "user_models/mine.safetensors"),
        ("checkpoints", "zebra", "zebra.safetensors"),
        ("checkpoints", "merged/both", "user_models\\merged\\both.safetensors"),
        ("checkpoints", "Merges/two", "Merges/two.safetensors"),
        ("loras", "fine", "fine.safetensors"),
        ("diffusion_models", "flow", "flow.safetensors"),
    ]
    assert [model.is_merged for model in models] == [False] * 3 + [True] * 2 + [False] * 2


async def test_what_a_loader_lists_beside_its_files_is_no_model() -> None:
    offer = {"VAELoader": node(vae_name=[["fine.safetensors", "pixel_space"]])}
    async with shopping(offer) as (catalog, _, _):
        assert [model.name for model in await catalog.models()] == ["fine.safetensors"]


async def test_a_model_on_the_wire_has_the_names_of_the_interface() -> None:
    async with shopping() as (catalog, _, _):
        first = (await catalog.models())[0]
    assert first.to_json() == {
        "name": "Apple.ckpt",
        "displayName": "Apple.ckpt",
        "category": "checkpoints",
    }


def lists(server: ScriptedServer) -> int:
    """How often one was asked for."""
    return sum(path.startswith("/object_info/") for path in server.asked())


async def test_samplers_and_schedulers_come_in_the_servers_order_for_one_question() -> None:
    async with shopping() as (catalog, _, server):
        assert await catalog.samplers() == ("euler", "ddim")
        assert await catalog.schedulers() == ("normal",)
    assert server.asked() == ["/object_info/KSampler"]


async def test_a_server_that_knows_none_of_the_loaders_has_no_models() -> None:
    async with shopping({}) as (catalog, _, _):
        assert await catalog.models() == ()
        assert await catalog.samplers() == ()


async def test_an_answer_serves_for_a_minute_and_no_longer() -> None:
    async with shopping() as (catalog, shop, server):
        await catalog.models()
        asked = lists(server)
        shop.now += 59
        await catalog.models()
        assert lists(server) == asked
        shop.now += 1
        await catalog.models()
        assert lists(server) == 2 * asked


async def test_refresh_shows_what_has_come_meanwhile() -> None:
    async with shopping(dict(OFFER)) as (catalog, shop, _):
        before = await catalog.models()
        shop.offer["VAELoader"] = node(vae_name=[["new.safetensors"]])
        assert await catalog.models() == before
        assert len(await catalog.models(refresh=True)) == len(before) + 1


async def test_many_who_ask_at_a_time_ask_the_server_once() -> None:
    async with shopping() as (catalog, _, server):
        await asyncio.gather(*(catalog.samplers() for _ in range(10)))
        assert len(server.requests) == 1


async def test_a_failure_is_told_and_not_remembered() -> None:
    async with shopping() as (catalog, shop, _):
        shop.fault = Reply(500)
        with pytest.raises(ServerFault):
            await catalog.models()
        shop.fault = None
        assert await catalog.models()


async def test_a_server_that_does_not_answer_in_time_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(catalog_module, "TIMEOUT", 0.1)
    async with shopping() as (catalog, shop, _):
        shop.fault = Silence()
        async with asyncio.timeout(5):
            with pytest.raises(ServerUnreachable):
                await catalog.samplers()


class TestRequire:
    async def test_gives_the_model_that_the_server_has(self) -> None:
        async with shopping() as (catalog, _, _):
            assert (await catalog.require("flow.safetensors")).display_name == "flow"

    async def test_asks_now_because_a_model_may_have_vanished(self) -> None:
        async with shopping(dict(OFFER)) as (catalog, shop, _):
            await catalog.models()
            shop.offer["UNETLoader"] = node(unet_name=[[]])
            with pytest.raises(InvalidRequest):
                await catalog.require("flow.safetensors")

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("zebra", 'The server has no model "zebra". Did you mean zebra.safetensors?'),
            ("Fine.safetensors", 'The server has no model "Fine.safetensors". Did you mean'),
            (
                "?",
                (
                    'The server has no model "?". Choose one that it has: Apple.ckpt, '
                    "user_models/mine.safetensors, zebra.safetensors, …"
                ),
            ),
        ],
    )
    async def test_names_what_is_near_to_a_model_that_is_not_there(
        self, name: str, message: str
    ) -> None:
        async with shopping() as (catalog, _, _):
            with pytest.raises(InvalidRequest) as raised:
                await catalog.require(name)
        problem = raised.value.problems[0]
        assert (problem.field, problem.code) == ("model", "unknown_model")
        assert problem.message.startswith(message)

    async def test_says_what_to_do_when_there_are_no_models_at_all(self) -> None:
        async with shopping({}) as (catalog, _, _):
            with pytest.raises(InvalidRequest, match=r"Add \.safetensors files"):
                await catalog.require("a")


class TestChoices:
    @pytest.mark.parametrize(
        "told",
        [
            [["a", "b"]],
            [["a", "b"], {"tooltip": "x"}],
            ["COMBO", {"options": ["a", "b"]}],
            [["a", None, "b", 3]],
            [["a", "b", "c\0", "\x1b[2J"]],
        ],
    )
    def test_come_in_every_form(self, told: object) -> None:
        assert choices(node(x=told), "x") == ("a", "b")
        assert choices({"input": {"optional": {"x": told}}}, "x") == ("a", "b")

    def test_that_only_the_servers_page_can_fetch_are_none(self) -> None:
        probe = next(row for row in rows("l2_probes") if "example" in row)
        assert choices(node(image=probe["example"]), "image") == ()

    @pytest.mark.parametrize("told", [None, [], ["INT", {}], {"options": 1}, "COMBO", ["COMBO"]])
    def test_of_what_is_no_list_are_none(self, told: object) -> None:
        assert choices(node(x=told), "x") == ()
        assert choices({"input": told}, "x") == ()
        assert choices({}, "x") == ()
