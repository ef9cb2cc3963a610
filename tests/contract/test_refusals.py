"""What a server does not take, and how it says so."""

from uuid import uuid4

import httpx
import pytest

from batchgen_app.comfy.client import Outcome
from batchgen_app.core.errors import PromptRefused
from batchgen_app.core.wire import JsonObject
from tests.contract.graphs import any_colour, node, plain
from tests.contract.visitor import Visitor

SAVE = node("SaveImage", filename_prefix="never", images=["8", 0])
EMPTY = {"width": 64, "height": 64, "batch_size": 1, "color": 0}


def ending_in(made: JsonObject) -> JsonObject:
    return {"8": made, "9": SAVE}


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        (ending_in(node("NoSuchNode")), "NoSuchNode"),
        (
            ending_in(node("EmptyImage", **{**EMPTY, "width": -5})),
            "EmptyImage (node 8) refuses width",
        ),
        (ending_in(node("EmptyImage", **{**EMPTY, "width": "wide"})), "refuses width"),
        (ending_in(node("EmptyImage", width=64)), "needs the input 'height', which is missing"),
        (ending_in(node("LoadImage", image="no such file.png")), "LoadImage (node 8) refuses"),
        (ending_in(node("CheckpointLoaderSimple", ckpt_name="none")), "wrong link at 'images'"),
        ({"9": SAVE}, "is linked to a node or an output that does not exist"),
        ({"8": node("EmptyImage", **EMPTY)}, "Add a Save Image node"),
        ({}, "Add a Save Image node"),
    ],
)
async def test_a_workflow_that_cannot_run_is_refused_with_its_reason(
    visitor: Visitor, graph: JsonObject, reason: str
) -> None:
    with pytest.raises(PromptRefused) as raised:
        await visitor.post(graph)
    assert reason in str(raised.value)


async def test_a_name_that_is_not_offered_is_named_with_those_that_are(visitor: Visitor) -> None:
    latent = node("EmptyLatentImage", width=64, height=64, batch_size=1)
    loader = node("CheckpointLoaderSimple", ckpt_name="no-such.safetensors")
    graph = {"4": loader, "5": latent, "8": node("VAEDecode", samples=["5", 0], vae=["4", 2])}
    with pytest.raises(PromptRefused, match=r"does not know the ckpt_name 'no-such\.safetensors'"):
        await visitor.post({**graph, "9": SAVE})


async def test_an_output_that_cannot_run_does_not_stop_the_others(visitor: Visitor) -> None:
    graph = {**plain(any_colour()), "9": {**SAVE, "inputs": {"images": ["1", 0]}}}
    answer = await visitor.client.submit(
        graph, prompt_id=str(uuid4()), client_id=visitor.listener.client_id
    )
    assert list(answer.node_errors) == ["9"]
    assert "filename_prefix" in answer.complaint
    entry = await visitor.end_of(answer.prompt_id)
    assert entry.outcome is Outcome.SUCCEEDED
    assert [file.node_id for file in entry.files] == ["2"]


async def test_a_page_of_another_origin_is_refused(engine: str) -> None:
    async with httpx.AsyncClient(base_url=engine, trust_env=False) as browser:
        answer = await browser.get("/queue", headers={"Origin": "http://127.0.0.1:1"})
    assert answer.status_code == 403
