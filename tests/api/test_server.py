"""What the API tells about the server and about itself."""

from pathlib import Path

from batchgen_app import __version__
from batchgen_app.services import HERE, Services
from tests.api.visitor import visit
from tests.comfy.http_server import ScriptedServer
from tests.comfy_api.deployment import Deployment
from tests.faulty_engine import HangWhileSampling
from tests.studio import MODEL, until


async def test_the_models_of_the_server(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        models = (await visitor.get("/models")).json()["models"]
        assert models[0] == {
            "name": MODEL,
            "displayName": "demo-dreams-xl",
            "category": "checkpoints",
            "family": "sdxl",
        }
        assert {"loras", "vae"} <= {model["category"] for model in models}


async def test_without_the_server_there_are_no_models(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        await here.engine.stop()
        answer = await visitor.get("/models")
        assert answer.status_code == 503
        assert answer.json()["error"]["message"] == "Cannot connect to server"


async def test_health_tells_which_server_and_which_batch(tmp_path: Path) -> None:
    async with visit(tmp_path, HangWhileSampling(prompt=1)) as (here, visitor):
        well = {
            "status": "ok",
            "engine": "demo",
            "server": here.engine.url,
            "version": __version__,
            "activeBatchId": None,
        }
        assert (await visitor.get("/health")).json() == well
        batch = await here.app.batch_service.batch(await visitor.start())
        await until(lambda: batch.current_step == 1)
        running = (await visitor.get("/health")).json()
        assert running == {**well, "activeBatchId": batch.batch_id}


async def test_a_fleet_is_added_and_told_from_a_comfyui(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor), ScriptedServer(Deployment()) as fleet:
        about = {"name": "Fleet", "kind": "comfy-api", "address": fleet.url}
        added = (await visitor.post("/servers", json=about)).json()
        assert (added["kind"], added["address"]) == ("comfy-api", fleet.url)
        await until(lambda: here.app.servers.get(added["id"]).queue_length == 0)
        (_, told) = (await visitor.get("/servers")).json()["servers"]
        assert (told["state"], told["queue"], told["version"]) == ("idle", 0, None)
        assert here.app.server.about.kind == "comfyui"
        assert not Services(here.app).queries(HERE).server.tells_models
        await visitor.patch(f"/servers/{added['id']}", json={"place": 0})
        health = (await visitor.get("/health")).json()
        assert (health["status"], health["engine"]) == ("ok", "comfy-api")
        named = await Services(here.app).queries(HERE).server.named("theirs.safetensors")
        models = (await visitor.get("/models")).json()["models"]
        assert {named.name, MODEL} <= {model["name"] for model in models}


async def test_health_tells_that_the_server_is_away_and_back(tmp_path: Path) -> None:
    async with visit(tmp_path) as (here, visitor):
        await here.engine.stop()
        await until(lambda: here.app.server.fault is not None)
        answer = await visitor.get("/health")
        assert (answer.status_code, answer.json()["status"]) == (200, "server_unreachable")
        await here.engine.start()
        await until(lambda: here.app.server.fault is None)
        assert (await visitor.get("/health")).json()["status"] == "ok"
