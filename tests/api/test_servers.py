"""The list of servers, asked about and changed over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from batchgen_app.app import build
from batchgen_app.batches import server as one_server
from batchgen_app.batches import servers as all_servers
from batchgen_app.core.wire import JsonObject
from batchgen_app.demo import DemoEngine, DemoSettings
from batchgen_app.settings import Settings, load_settings, save_settings
from tests.api.visitor import Visitor, served
from tests.faulty_engine import AnswerSlowly, Fault, Hold, Moment
from tests.several import Several, several
from tests.studio import QUICK, TIMEOUT_OF_THE_TEST, until

NOBODY = "http://127.0.0.1:1"


@asynccontextmanager
async def visiting(
    folder: Path, *plans: tuple[Fault, ...], models: tuple[list[str] | None, ...] = ()
) -> AsyncIterator[tuple[Several, Visitor]]:
    """Somebody who uses the API of an app with several servers."""
    async with (
        several(folder, *plans, models=models) as here,
        served(here.app) as address,
        Visitor(address, here.app.queue) as visitor,
    ):
        yield here, visitor


async def listed(visitor: Visitor) -> list[JsonObject]:
    """All servers, as they are told."""
    answer = await visitor.get("/servers")
    assert answer.status_code == 200, answer.text
    servers: list[JsonObject] = answer.json()["servers"]
    return servers


async def states(visitor: Visitor) -> list[str]:
    """Those of all servers, in order."""
    return [server["state"] for server in await listed(visitor)]


def remembered(folder: Path) -> list[str]:
    """The addresses of the next start."""
    settings = load_settings(data_dir=folder / "data", environment={})
    return [server.address for server in settings.listed]


async def test_each_says_what_it_is_and_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(all_servers, "ASK_EVERY", 0.0)
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with visiting(tmp_path, (hold,), (), ()) as (here, visitor):
        batch_id = await visitor.start()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await hold.reached.wait()
        await here.engines[2].stop()
        busy, idle, away = await listed(visitor)
        assert (busy["name"], busy["kind"], busy["address"]) == (
            "attic",
            "comfyui",
            here.engines[0].url,
        )
        assert (busy["state"], busy["batchId"]) == ("busy", batch_id)
        assert busy["queue"] >= 1
        assert (idle["state"], idle["batchId"], idle["queue"]) == ("idle", None, 0)
        assert idle["version"] == DemoSettings().comfyui_version
        assert idle["gpu"]
        assert idle["freeVram"] is not None
        assert away["state"] == "away"
        answer = await visitor.patch(f"/servers/{idle['id']}", json={"enabled": False})
        assert answer.json()["state"] == "paused"
        progress = (await visitor.look(batch_id))["progress"]
        assert (progress["server"], progress["waitsBecause"]) == (busy["id"], None)
        hold.released.set()
        await visitor.end(batch_id)


async def test_one_that_is_added_is_used_at_once_and_at_the_next_start(tmp_path: Path) -> None:
    async with (
        visiting(tmp_path, ()) as (here, visitor),
        DemoEngine(here.engine.settings) as other,
    ):
        asked = {"name": "cellar", "address": f"{other.url}/", "note": "under the stairs"}
        answer = await visitor.post("/servers", json=asked)
        assert answer.status_code == 201, answer.text
        added = answer.json()
        assert (added["address"], added["note"], added["state"]) == (
            other.url,
            "under the stairs",
            "idle",
        )
        assert remembered(tmp_path) == [here.engine.url, other.url]
        batch_id = await visitor.make(server=added["id"])
        assert (await visitor.look(batch_id))["progress"]["server"] == added["id"]
        await visitor.patch(f"/servers/{added['id']}", json={"place": 0, "name": "best"})
        assert [server["name"] for server in await listed(visitor)] == ["best", "attic"]
        assert remembered(tmp_path) == [other.url, here.engine.url]
        assert (await visitor.get("/health")).json()["server"] == other.url
        assert (await visitor.delete(f"/servers/{added['id']}")).json() == {"deleted": True}
        assert remembered(tmp_path) == [here.engine.url]
        assert [server["name"] for server in await listed(visitor)] == ["attic"]


async def test_what_cannot_be_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    hold = Hold(prompt=1, moment=Moment.SAMPLING)
    async with visiting(tmp_path, (hold,), ()) as (_, visitor):
        attic, cellar = await listed(visitor)
        here_already = {"address": attic["address"]}
        for path, body, status, code in (
            ("/servers", {"address": "ftp://attic"}, 400, "bad_address"),
            ("/servers", {"address": NOBODY, "kind": "warp"}, 400, "literal_error"),
            ("/servers", {"address": NOBODY, "id": "../up"}, 400, "string_pattern_mismatch"),
            ("/servers", {"name": "nowhere"}, 400, "missing"),
            ("/servers", here_already, 409, "conflict"),
        ):
            answer = await visitor.post(path, json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        same = {"address": attic["address"].replace("127.0.0.1", "LocalHost") + "/"}
        assert (await visitor.post("/servers", json=same)).status_code == 409
        one = f"/servers/{cellar['id']}"
        assert (await visitor.patch(one, json=same)).status_code == 409
        assert (await visitor.patch(one, json=here_already)).status_code == 409
        assert (await visitor.patch(one, json={"kind": "comfyui"})).status_code == 400
        assert (await visitor.patch("/servers/none", json={})).status_code == 404
        assert (await visitor.delete("/servers/none")).status_code == 404
        batch_id = await visitor.start()
        async with asyncio.timeout(TIMEOUT_OF_THE_TEST):
            await hold.reached.wait()
        busy = f"/servers/{attic['id']}"
        assert (await visitor.delete(busy)).status_code == 409
        assert (await visitor.patch(busy, json={"address": NOBODY})).status_code == 409
        assert [server["id"] for server in await listed(visitor)] == [attic["id"], cellar["id"]]
        assert not (tmp_path / "data" / "settings.json").exists()
        assert (await visitor.delete(one)).status_code == 200
        assert (await visitor.delete(busy)).status_code == 409
        hold.released.set()
        await visitor.end(batch_id)
        assert "only server" in (await visitor.delete(busy)).json()["error"]["message"]


async def test_none_is_taken_for_the_demo_engine_by_its_id(tmp_path: Path) -> None:
    async with visiting(tmp_path, ()) as (here, visitor):
        answer = await visitor.post("/servers", json={"address": NOBODY, "id": "demo"})
        assert answer.json()["id"] not in {"", "demo"}
        assert remembered(tmp_path) == [here.engine.url, NOBODY]


async def test_one_at_another_address_keeps_its_id(tmp_path: Path) -> None:
    async with visiting(tmp_path, (), ()) as (here, visitor):
        _, cellar = await listed(visitor)
        answer = await visitor.patch(f"/servers/{cellar['id']}", json={"address": NOBODY})
        assert (answer.json()["id"], answer.json()["address"]) == (cellar["id"], NOBODY)
        assert remembered(tmp_path) == [here.engine.url, NOBODY]
        changes = {"address": NOBODY.replace("127.0.0.1", "localhost"), "place": 10**30}
        answer = await visitor.patch(f"/servers/{cellar['id']}", json=changes)
        assert (answer.status_code, answer.json()["address"]) == (200, changes["address"])
        settings = load_settings(data_dir=tmp_path / "data", environment={})
        assert settings.listed[1].key == cellar["id"]


async def test_one_that_has_frozen_is_away_although_its_websocket_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with visiting(tmp_path, (), ()) as (here, visitor):
        assert await states(visitor) == ["idle", "idle"]
        here.faults.add(AnswerSlowly(path="/system_stats", seconds=3600.0))
        monkeypatch.setattr(one_server, "ASK_SECONDS", 0.2)
        monkeypatch.setattr(all_servers, "ASK_EVERY", 0.0)
        assert await states(visitor) == ["away", "idle"]
        assert here.servers[0].is_connected


async def test_the_models_are_those_of_all_that_answer(tmp_path: Path) -> None:
    models = (["both.safetensors", "first.safetensors"], ["both.safetensors", "second.safetensors"])
    async with visiting(tmp_path, (), (), models=models) as (here, visitor):

        async def checkpoints() -> list[str]:
            told = (await visitor.get("/models")).json()["models"]
            return [model["name"] for model in told if model["category"] == "checkpoints"]

        assert await checkpoints() == [
            f"{name}.safetensors" for name in ("both", "first", "second")
        ]
        said = {"name": "second.safetensors", "family": "sd15"}
        assert (await visitor.patch("/models", json=said)).json()["family"] == "sd15"
        await here.engines[0].stop()
        await until(lambda: here.servers[0].is_away)
        assert await checkpoints() == ["both.safetensors", "second.safetensors"]


async def test_the_demo_engine_gives_way_to_the_first_that_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_server, "USUAL_ADDRESSES", (NOBODY,))
    settings = Settings(data_dir=tmp_path / "data", output_dir=tmp_path / "images")
    async with (
        DemoEngine(DemoSettings()) as engine,
        build(settings, timeouts=QUICK) as app,
        served(app) as address,
        Visitor(address, app.queue) as visitor,
    ):
        (stopgap,) = await listed(visitor)
        assert (stopgap["id"], stopgap["name"]) == ("demo", "Demo engine")
        await visitor.post("/servers", json={"address": engine.url})
        (only,) = await listed(visitor)
        assert only["address"] == engine.url
        assert remembered(tmp_path) == [engine.url]


async def test_a_start_with_other_servers_forgets_none_of_those_that_are_saved(
    tmp_path: Path,
) -> None:
    saved = [{"address": "http://studio:8188"}, {"address": "http://den:8188", "name": "den"}]
    save_settings(tmp_path / "data", servers=saved)
    async with visiting(tmp_path, ()) as (here, visitor):
        (only,) = await listed(visitor)
        await visitor.patch(f"/servers/{only['id']}", json={"name": "new"})
        assert remembered(tmp_path) == [here.engine.url, "http://studio:8188", "http://den:8188"]
