"""Clients that others wrote for ComfyUI work against the engine: comfy-cli, and comfy-sdk.

They live in an environment of their own, made from packaging/requirements-clients.lock. The tests
fail when it is missing: that these clients work is part of what the engine promises.
"""

import asyncio
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.demo.graphs import Graph, txt2img
from tests.faulty_engine import FaultPlan, HangWhileSampling
from tests.foreign_clients import TIMEOUT, api_proxy, clients_python, closed_surroundings
from tests.workflows.editor.infos import converted
from tests.workflows.editor.whole import WHOLE

VISIT = Path(__file__).with_name("sdk_visit.py")


@pytest.fixture(scope="session")
def python() -> Path:
    """The interpreter of the environment that holds the clients."""
    return clients_python()


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """Theirs."""
    return closed_surroundings(tmp_path)


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    return saved(tmp_path, txt2img(size=128))


def saved(folder: Path, graph: Graph) -> Path:
    """The graph as a file in API format."""
    path = folder / "workflow.json"
    path.write_text(json.dumps(graph), encoding="utf-8")
    return path


async def told(surroundings: dict[str, str], *command: str | Path) -> Any:
    """Runs a client to its end; gives the JSON that it printed last."""
    client = await asyncio.create_subprocess_exec(
        *command,
        env=surroundings,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(TIMEOUT):
        said, complaints = await client.communicate()
    assert client.returncode == 0, said.decode() + complaints.decode()
    return json.loads(said.decode().splitlines()[-1])


def pictures(engine: DemoEngine) -> list[Path]:
    return sorted(engine.folders.output.rglob("*.png"))


async def test_comfy_cli_runs_a_workflow_to_its_end(
    engine: DemoEngine, python: Path, surroundings: dict[str, str], graph: Path
) -> None:
    host, port = engine.url.removeprefix("http://").split(":")
    options = ("--workflow", graph, "--wait", "--host", host, "--port", port)
    answer = await told(surroundings, python, "-m", "comfy_cli", "run", *options)
    assert answer["ok"] is True
    assert answer["data"]["status"] == "completed"
    assert set(answer["data"]["executed_node_ids"]) == {"3", "4", "5", "6", "7", "8", "9"}
    (picture,) = pictures(engine)
    (address,) = answer["data"]["outputs"]
    assert f"filename={picture.name}" in address


@pytest.mark.parametrize("name", WHOLE)
async def test_comfy_cli_converts_the_editor_s_format_as_we_do(
    name: str, engine: DemoEngine, python: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    document = WHOLE[name]()
    file = saved(tmp_path, document)
    host, port = engine.url.removeprefix("http://").split(":")
    options = ("--workflow", file, "--print-prompt", "--host", host, "--port", port)
    answer = await told(surroundings, python, "-m", "comfy_cli", "run", *options)
    assert answer["data"]["prompt"] == converted(document)


async def test_comfy_sdk_submits_follows_and_fetches(
    engine: DemoEngine, python: Path, surroundings: dict[str, str], graph: Path
) -> None:
    async with api_proxy(python, surroundings, engine.url) as proxy:
        surroundings["COMFY_BASE_URL"] = proxy.address
        answer = await told(surroundings, python, VISIT, "run", graph)
    contents = [picture.read_bytes() for picture in pictures(engine)]
    assert answer["status"] == "succeeded"
    assert "StatusChange" in answer["events"]
    assert answer["names"] == [picture.name for picture in pictures(engine)]
    assert answer["hashes"] == [hashlib.sha256(content).hexdigest() for content in contents]


async def test_comfy_sdk_cancels_what_runs(
    python: Path, surroundings: dict[str, str], graph: Path
) -> None:
    hanging = FaultPlan(HangWhileSampling())
    settings = DemoSettings(step_delay=0.0, load_delay=0.0, hooks=hanging)
    async with (
        DemoEngine(settings) as engine,
        api_proxy(python, surroundings, engine.url) as proxy,
    ):
        surroundings["COMFY_BASE_URL"] = proxy.address
        answer = await told(surroundings, python, VISIT, "cancel", graph)
        assert answer == {"status": "canceled"}
        assert not pictures(engine)
