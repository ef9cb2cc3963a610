"""Links that lead nowhere: what a server refuses for them is refused before a batch starts, by the
node's title and with what to do, and what it runs all the same is not.
"""

from typing import Any

import pytest

from batchgen_app.comfy.catalog import Catalog
from batchgen_app.comfy.client import Outcome
from batchgen_app.comfy.validation import require_runnable
from batchgen_app.core.errors import InvalidRequest, PromptRefused
from batchgen_app.core.wire import JsonObject
from tests.contract.graphs import PREFIX, any_colour, node
from tests.contract.visitor import Visitor


def colour(**more: Any) -> JsonObject:
    """A picture of one colour."""
    return node("EmptyImage", width=64, height=64, batch_size=1, color=any_colour(), **more)


def repeated(image: object) -> JsonObject:
    """A node that makes one picture of another, called "Make it more"."""
    made = node("RepeatImageBatch", image=image, amount=1)
    return {**made, "_meta": {"title": "Make it more"}}


def saved(images: object) -> JsonObject:
    """An output, called "My end"."""
    made = node("SaveImage", images=images, filename_prefix=PREFIX)
    return {**made, "_meta": {"title": "My end"}}


async def refusal(visitor: Visitor, graph: JsonObject) -> str:
    """What is said before the start; empty if nothing is."""
    kinds = {node["class_type"] for node in graph.values()}
    try:
        require_runnable(graph, await Catalog(visitor.client).node_types(kinds))
    except InvalidRequest as error:
        return str(error)
    return ""


ENOUGH = {"1": colour(), "2": saved(["1", 0])}
MORE = '"Make it more" (RepeatImageBatch, node 1)'
END = '"My end" (SaveImage, node 2)'
REFUSED = {
    "itself": (
        {"1": repeated(["1", 0]), "2": saved(["1", 0])},
        (
            f'{MORE} is linked to itself at "image", a cycle: it would wait for its own result. '
            "Link it to another node."
        ),
    ),
    "circle": (
        {"1": repeated(["3", 0]), "3": repeated(["1", 0]), "2": saved(["1", 0])},
        (
            f"These nodes wait for each other, in a cycle: {MORE} → "
            f'"Make it more" (RepeatImageBatch, node 3) → {MORE}. '
            "Remove one of the links between them."
        ),
    ),
    "no such node": (
        {"1": repeated(["77", 0]), "2": saved(["1", 0])},
        (
            f'{MORE} is linked at "image" to node 77, which the workflow does not have. '
            "Link it to another node, then export the workflow again."
        ),
    ),
    "no such node at the end": (
        {"2": saved(["77", 0])},
        f'{END} is linked at "images" to node 77, which',
    ),
    "no such output": (
        {"1": colour(), "2": saved(["1", 3])},
        (
            f'{END} is linked at "images" to output 3 (counted from 0) of EmptyImage (node 1), '
            "which has 1. Link it to another output, then export the workflow again."
        ),
    ),
    "too far from the last output": (
        {"1": colour(), "2": saved(["1", -2])},
        f'{END} is linked at "images" to output -2',
    ),
    "a fraction of an output": (
        {"1": colour(), "2": saved(["1", 0.0])},
        f'{END} has a list at "images" that is no link',
    ),
    "a number for a node": (
        {"1": colour(), "2": saved([1, 0])},
        f'{END} has a list at "images" that is no link',
    ),
    "too long": (
        {"1": colour(), "2": saved(["1", 0, 0])},
        f'{END} has a list at "images" that is no link',
    ),
    "nothing": (
        {"1": colour(), "2": saved([])},
        f'{END} has a list at "images" that is no link',
    ),
    "two ends, two faults": (
        {"1": repeated(["1", 0]), "2": saved(["1", 0]), "3": saved(["77", 0])},
        f"{MORE} is linked to itself",
    ),
}
RUN = {
    "a circle that nothing needs": {**ENOUGH, "5": repeated(["6", 0]), "6": repeated(["5", 0])},
    "itself, unneeded": {**ENOUGH, "5": repeated(["5", 0])},
    "no such node, unneeded": {**ENOUGH, "5": repeated(["77", 0])},
    "no such output, unneeded": {**ENOUGH, "5": repeated(["1", 7])},
    "another end in a circle": {**ENOUGH, "5": repeated(["5", 0]), "6": saved(["5", 0])},
    "another end from nowhere": {**ENOUGH, "6": saved(["77", 0])},
    "another end at no output": {**ENOUGH, "6": saved(["1", 9])},
    "the last output": {"1": colour(), "2": saved(["1", -1])},
    "a list where no input is": {"1": colour(extra=[77, 0], more=["a", "b"]), "2": saved(["1", 0])},
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_link_that_the_server_refuses_is_refused_before_the_start(
    visitor: Visitor, case: str
) -> None:
    graph, message = REFUSED[case]
    with pytest.raises(PromptRefused):
        await visitor.post(graph)
    assert (await refusal(visitor, graph)).startswith(message)


@pytest.mark.parametrize("case", RUN)
async def test_a_link_that_does_no_harm_is_left_alone(visitor: Visitor, case: str) -> None:
    graph = RUN[case]
    graph["1"]["inputs"]["color"] = any_colour()
    assert await refusal(visitor, graph) == ""
    entry = await visitor.make(graph)
    assert entry.outcome is Outcome.SUCCEEDED
    assert "2" in [file.node_id for file in entry.files]
