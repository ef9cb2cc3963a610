"""A batch of which nothing can come is refused before it starts: no prompt is sent, nothing is left
behind, and the server is asked once about each node type (line 9).
"""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.comfy.transport import Transport
from batchgen_app.core.batch import BatchStatus
from batchgen_app.core.errors import Conflict, InvalidRequest
from batchgen_app.demo import demo_models
from tests.demo.graphs import MODEL, Graph, node, txt2img
from tests.faulty_engine import BreakAnswers
from tests.studio import Studio, studio

ALONE: dict[str, Any] = {"model": None, "baseParameters": {}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, str]]:
    """What goes to the server, counted."""
    counted: Counter[tuple[str, str]] = Counter()
    ask = Transport.ask

    async def counting(transport: Transport, method: str, path: str, *rest: Any, **how: Any) -> Any:
        counted[method, path] += 1
        return await ask(transport, method, path, *rest, **how)

    monkeypatch.setattr(Transport, "ask", counting)
    return counted


def with_model(name: str) -> Graph:
    return {**txt2img(), "4": node("CheckpointLoaderSimple", ckpt_name=name)}


def without_output() -> Graph:
    return {node_id: kept for node_id, kept in txt2img().items() if node_id != "9"}


def linked(node_id: str, **links: list[object]) -> Graph:
    """The usual graph with other links into one node."""
    graph = txt2img()
    graph[node_id]["inputs"].update(links)
    return graph


def harm_workflow(batch_file: Path) -> None:
    told = json.loads(batch_file.read_text())
    batch_file.write_text(
        json.dumps({**told, "workflow": {**told["workflow"], "9": {"inputs": {}}}})
    )


async def nothing_is_left(here: Studio) -> None:
    assert not here.app.queue.is_busy
    assert not await here.app.storage.log.read()
    assert not list(here.folder.glob("images/batches/*"))


@pytest.mark.parametrize(
    ("graph", "code"),
    [
        (without_output(), "no_output"),
        ({**without_output(), "9": node("PreviewAny", source=["8", 0])}, "no_output"),
        ({**txt2img(), "9": node("Image Save", images=["8", 0])}, "missing_node"),
        (with_model("gone.safetensors"), "missing_model"),
        (linked("8", samples=["8", 0]), "cycle"),
        (linked("3", latent_image=["8", 0]), "cycle"),
        (linked("9", images=["77", 0]), "broken_link"),
        (linked("8", vae=["4", 3]), "broken_link"),
        (linked("9", extra=["77", 0]), "broken_link"),
    ],
    ids=[
        "no output",
        "only a text",
        "unknown node",
        "unknown model",
        "linked to itself",
        "linked in a circle",
        "linked to no node",
        "linked to no output",
        "linked to no node where no input is",
    ],
)
async def test_a_batch_that_cannot_give_anything_is_refused_before_it_starts(
    tmp_path: Path, asked: Counter[tuple[str, str]], graph: Graph, code: str
) -> None:
    async with studio(tmp_path) as here:
        with pytest.raises(InvalidRequest) as refused:
            await here.start(workflow=graph, **ALONE)
        assert [problem.code for problem in refused.value.problems] == [code]
        await nothing_is_left(here)
    assert asked["POST", "/prompt"] == 0
    kinds = {kept["class_type"] for kept in graph.values()}
    once = {kind: asked["GET", f"/object_info/{kind.replace(' ', '%20')}"] for kind in kinds}
    assert all(count == 1 for kind, count in once.items() if kind != "KSampler"), once


@pytest.mark.parametrize("kind", ["SaveImage", "PreviewImage"])
async def test_a_picture_that_is_saved_or_shown_is_enough(tmp_path: Path, kind: str) -> None:
    async with studio(tmp_path) as here:
        end = node(kind, images=["8", 0], filename_prefix="mine")
        batch = await here.make(workflow={**txt2img(), "9": end}, **ALONE)
        assert batch.status is BatchStatus.COMPLETE


async def test_a_model_goes_by_the_name_that_a_windows_server_has_for_it(tmp_path: Path) -> None:
    models = {**demo_models(), "checkpoints": ["SDXL\\Dreams.safetensors"]}
    async with studio(tmp_path, models=models) as here:
        batch = await here.make(workflow=with_model("SDXL/dreams.safetensors"), **ALONE)
        assert batch.status is BatchStatus.COMPLETE
        assert batch.parameters.model == "SDXL\\Dreams.safetensors"


async def test_a_server_that_tells_nothing_about_its_nodes_is_given_the_batch(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, BreakAnswers(path="/object_info")) as here:
        batch = await here.make(workflow=txt2img(), **ALONE)
        assert batch.status is BatchStatus.COMPLETE


async def test_the_models_of_the_request_must_fit_the_loader_of_the_workflow(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        with pytest.raises(InvalidRequest, match='needs the model "demo-flow'):
            await here.start(workflow=txt2img(), model="demo-flow.safetensors")


async def test_a_batch_whose_model_has_gone_is_not_resumed_in_vain(tmp_path: Path) -> None:
    models = {**demo_models(), "checkpoints": [MODEL, "other.safetensors"]}
    async with studio(tmp_path, step_delay=0.05, models=models) as here:
        batch = await here.start(workflow=txt2img(), **ALONE)
        await here.app.batch_service.cancel(batch.batch_id, because="test")
        await here.end(batch)
        models["checkpoints"] = ["other.safetensors"]
        with pytest.raises(Conflict, match=f'needs the model "{MODEL}"'):
            await here.app.batch_service.resume(batch.batch_id)
        models["checkpoints"] = [MODEL]
        await here.app.batch_service.resume(batch.batch_id)
        assert (await here.end(batch)).status is BatchStatus.COMPLETE


async def test_what_is_no_workflow_though_a_folder_says_so_is_refused_in_words(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path, step_delay=0.05) as here:
        batch = await here.start(workflow=txt2img(), **ALONE)
        await here.app.batch_service.cancel(batch.batch_id, because="test")
        await here.end(batch)
    shutil.rmtree(tmp_path / "data")
    harm_workflow(tmp_path / "images" / "batches" / batch.batch_id / "batch.json")
    async with studio(tmp_path) as here:
        with pytest.raises(Conflict, match=r'Node "9".*no class_type'):
            await here.app.batch_service.resume(batch.batch_id)
