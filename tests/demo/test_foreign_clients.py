"""Clients that others wrote for ComfyUI work against the engine: comfy-cli, and comfy-sdk.

They live in an environment of their own, made from packaging/requirements-clients.lock. The tests
fail when it is missing: that these clients work is part of what the engine promises.
"""

import asyncio
import hashlib
import json
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.demo import DemoEngine, DemoSettings
from tests.demo.graphs import Graph, txt2img
from tests.faulty_engine import FaultPlan, HangWhileSampling
from tests.workflows.editor.infos import converted
from tests.workflows.editor.whole import WHOLE

ROOT = Path(__file__).parents[2]
VARIABLE = "BATCHGEN_CLIENTS_PYTHON"
DEFAULT = (
    ROOT / ".venv-clients" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
)
VISIT = Path(__file__).with_name("sdk_visit.py")
TIMEOUT = 120.0
"""Seconds for one client, its start on a busy machine included."""


@pytest.fixture(scope="session")
def python() -> Path:
    """The interpreter of the environment that holds the clients."""
    found = Path(os.environ.get(VARIABLE, DEFAULT))
    if not found.is_file():
        pytest.fail(
            f"The foreign clients are not installed: there is no {found}. Make a virtual "
            "environment from packaging/requirements-clients.lock at .venv-clients, or set "
            f"{VARIABLE} to the Python of another one."
        )
    return found


@pytest.fixture
def surroundings(tmp_path: Path) -> dict[str, str]:
    """A home of its own, telemetry off, and no way out: every proxy is a closed door."""
    home = tmp_path / "home"
    home.mkdir()
    closed = "http://127.0.0.1:9"
    return {
        **{name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ},
        **dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(home)),
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), closed),
        "NO_PROXY": "127.0.0.1",
        "DO_NOT_TRACK": "1",
        "COMFY_NO_TELEMETRY": "1",
        "COMFY_NO_WATCH": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }


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


@asynccontextmanager
async def proxy(python: Path, surroundings: dict[str, str], comfyui: str) -> AsyncIterator[str]:
    """comfy-api-proxy in front of the engine, as a process on a free port; gives its address."""
    process = await asyncio.create_subprocess_exec(
        python,
        *("-m", "comfy_api_proxy.cli", "run", "--comfyui", comfyui),
        *("--host", "127.0.0.1", "--port", "0"),
        env=surroundings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(TIMEOUT):
            line = (await process.stdout.readline()).decode()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line
        yield found[0]
    finally:
        process.kill()
        await process.communicate()


async def test_comfy_sdk_submits_follows_and_fetches(
    engine: DemoEngine, python: Path, surroundings: dict[str, str], graph: Path
) -> None:
    async with proxy(python, surroundings, engine.url) as address:
        surroundings["COMFY_BASE_URL"] = address
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
    async with DemoEngine(settings) as engine, proxy(python, surroundings, engine.url) as address:
        surroundings["COMFY_BASE_URL"] = address
        answer = await told(surroundings, python, VISIT, "cancel", graph)
        assert answer == {"status": "canceled"}
        assert not pictures(engine)
