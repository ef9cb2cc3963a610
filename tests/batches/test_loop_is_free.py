"""Nothing from outside holds the event loop: large is refused, or read beside it, and in time that
grows no faster than the size. The tight figures stand in ``dev.py bench``.
"""

import gc
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.comfy import catalog as catalogs
from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.models import LOADERS
from batchgen_app.core.errors import InvalidRequest, ServerFault
from batchgen_app.core.limits import MAX_GRAPH_NODES
from batchgen_app.workflows.node_types import MOST_CHOICES
from batchgen_app.workflows.workflow import Workflow
from tests.api.visitor import asked, visit
from tests.bench.loop_lag import loop_lag
from tests.comfy.http_server import Reply
from tests.comfy.talking import always, talking

LATE = 1_500.0
"""Milliseconds; what holds the loop holds it for ten seconds here."""
TIMEOUT = 15.0
"""Seconds for work that takes one when it is linear, and minutes when it is not."""
IMAGE = {
    "0": {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1}},
    "1": {"class_type": "SaveImage", "inputs": {"images": ["0", 0], "filename_prefix": "b"}},
}


@pytest.fixture(autouse=True)
def _frozen() -> Iterator[None]:
    """As the web server does: what is there by now is not looked through again."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def rows(nodes: int) -> dict[str, Any]:
    """Samplers in a row, each of which gives a picture."""
    graph: dict[str, Any] = {"s": {"class_type": "EmptyLatentImage", "inputs": {"width": 64}}}
    for number in range(nodes // 2):
        behind = str(number - 1) if number else "s"
        links = {"positive": ["p", 0], "negative": ["p", 0], "latent_image": [behind, 0]}
        graph[str(number)] = {"class_type": "KSampler", "inputs": {"seed": 1, **links}}
        graph[f"o{number}"] = {"class_type": "SaveImage", "inputs": {"images": [str(number), 0]}}
    return graph


def detours(nodes: int) -> dict[str, Any]:
    """One long way of reroutes, from whose end all others read."""
    graph: dict[str, Any] = {"0": {"class_type": "PrimitiveInt", "inputs": {"value": 1}}}
    for number in range(1, nodes // 2):
        link = [str(number - 1), 0]
        graph[str(number)] = {"class_type": "Reroute", "inputs": {"": link}}
    end = [str(nodes // 2 - 1), 0]
    links = {"seed": end, "positive": end, "latent_image": end, "model": end}
    for number in range(nodes // 2, nodes):
        graph[str(number)] = {"class_type": "KSampler", "inputs": links}
    return graph


def texts(nodes: int) -> dict[str, Any]:
    """As many prompts, for both sides of one sampler each."""
    graph: dict[str, Any] = {}
    for number in range(nodes // 3):
        text = f"t{number}"
        graph[text] = {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox"}}
        links = {"positive": [text, 0], "negative": [text, 0], "latent_image": [text, 0]}
        graph[f"s{number}"] = {"class_type": "KSampler", "inputs": links}
        graph[f"o{number}"] = {"class_type": "SaveImage", "inputs": {"images": [f"s{number}", 0]}}
    return graph


@pytest.mark.parametrize("shape", [rows, detours, texts], ids=lambda shape: shape.__name__)
def test_the_roles_of_the_largest_workflow_are_found_in_linear_time(shape: Any) -> None:
    graph = shape(MAX_GRAPH_NODES - 10)
    began = time.process_time()
    Workflow.parse(graph).for_seed(5)
    assert time.process_time() - began < TIMEOUT


def test_a_larger_workflow_is_refused_in_words() -> None:
    with pytest.raises(InvalidRequest, match=f"more than {MAX_GRAPH_NODES} nodes.*Split it"):
        Workflow.parse(rows(MAX_GRAPH_NODES + 10))


async def test_a_workflow_that_is_too_large_is_refused_and_others_go_on(tmp_path: Path) -> None:
    async with visit(tmp_path) as (_, visitor):
        too_many = asked(workflow={**IMAGE, **rows(50_000)})
        body = json.dumps(too_many).encode()
        async with loop_lag() as lag:
            answer = await visitor.post(
                "/batches", content=body, headers={"Content-Type": "application/json"}
            )
        assert answer.status_code == 400
        assert "values" in answer.json()["error"]["message"]
        assert lag.worst < LATE


async def test_a_large_workflow_holds_nobody_up(tmp_path: Path) -> None:
    graph = {**IMAGE, **{str(number): IMAGE["0"] for number in range(2, MAX_GRAPH_NODES)}}
    async with visit(tmp_path) as (_, visitor):
        body = json.dumps(asked(workflow=graph, model=None, promptAsIs=True)).encode()
        async with loop_lag() as lag:
            answer = await visitor.post(
                "/batches", content=body, headers={"Content-Type": "application/json"}
            )
            page = await visitor.get("/batches")
        assert answer.status_code == 201, answer.text
        (shown,) = page.json()["batches"]
        assert shown["batchId"] == answer.json()["batchId"]
        assert lag.worst < LATE


@pytest.mark.parametrize("files", [10_000, 30_000])
async def test_a_history_of_very_many_files_is_read_in_linear_time(files: int) -> None:
    names = [{"filename": f"{n}.png", "type": "output", "subfolder": ""} for n in range(files)]
    entry = {"outputs": {"1": {"images": names}, "2": {"gifs": [{"filename": "film.mp4"}]}}}
    body = json.dumps({"p": entry}).encode()
    async with talking(always(Reply(200, body)), timeout=60) as (client, _):
        async with loop_lag() as lag:
            found = await client.history("p")
        assert found is not None
        assert (len(found.saved), len(found.results)) == (files, files + 1)
        assert lag.worst < LATE


async def test_a_history_that_names_more_than_anybody_makes_is_refused() -> None:
    names = [{"filename": f"{n}.png", "type": "output", "subfolder": ""} for n in range(60_000)]
    body = json.dumps({"p": {"outputs": {"1": {"images": names}}}}).encode()
    async with talking(always(Reply(200, body)), timeout=60) as (client, _):
        with pytest.raises(ServerFault):
            await client.history("p")


async def test_very_many_models_hold_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does the search for one that is called almost like it, however long it takes here."""
    monkeypatch.setattr(catalogs, "TIMEOUT", 60.0)
    names = [f"folder/{number:05}-a-model-of-mine.safetensors" for number in range(MOST_CHOICES)]
    asks = {loader.class_type: loader.input_name for loader in LOADERS}
    infos = {
        kind: Reply(200, json.dumps({kind: {"input": {"required": {name: [names]}}}}).encode())
        for kind, name in asks.items()
    }
    async with talking(lambda r: infos[r.path.rpartition("/")[2]], timeout=60) as (client, _):
        catalog = Catalog(client)
        async with loop_lag() as lag:
            with pytest.raises(InvalidRequest, match="Did you mean"):
                await catalog.require("folder/00001-a-model-of-min.safetensors")
        assert len(await catalog.models()) == len(LOADERS) * MOST_CHOICES
        assert lag.worst < LATE


async def test_a_queue_of_whole_graphs_is_read_to_its_end_and_not_kept() -> None:
    node = {"class_type": "KSampler", "inputs": {"text": "x" * 1000, "model": ["4", 0]}}
    theirs = [0, "theirs", {str(number): node for number in range(100)}, {}, ["1"]]
    pending = [theirs] * 199 + [[1, "ours", {}, {}, []]]
    body = json.dumps({"queue_running": [theirs], "queue_pending": pending}).encode()
    assert len(body) > 20_000_000
    replies = {"/queue": Reply(200, body)}
    async with talking(lambda r: replies.get(r.path, {}), timeout=60) as (client, _):
        async with loop_lag() as lag:
            place = await client.prompt_status("ours")
        assert getattr(place, "position", None) == 200
        assert lag.worst < LATE
