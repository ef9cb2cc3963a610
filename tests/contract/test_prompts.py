"""One prompt from its submission to its picture."""

import io
import json
from uuid import uuid4

import pytest
from PIL import Image

from batchgen_app.comfy.client import HistoryEntry, Outcome, OutputFile
from batchgen_app.comfy.messages import (
    Executing,
    ExecutionCached,
    ExecutionStarted,
    ExecutionSucceeded,
    NodeExecuted,
    ProgressState,
    PromptEnded,
)
from batchgen_app.core.errors import PictureMissing
from tests.contract.graphs import any_colour, node, plain
from tests.contract.visitor import Visitor


async def test_the_messages_of_a_prompt_come_in_their_order(visitor: Visitor) -> None:
    prompt_id = await visitor.post(plain(any_colour()))
    await visitor.end_of(prompt_id)
    about = [m for m in visitor.about(prompt_id) if not isinstance(m, ProgressState)]
    executed = about[4]
    assert isinstance(executed, NodeExecuted)
    assert executed.output["images"][0]["type"] == "output"
    assert about == [
        ExecutionStarted(prompt_id),
        ExecutionCached(prompt_id, ()),
        Executing(prompt_id, "1"),
        Executing(prompt_id, "2"),
        executed,
        ExecutionSucceeded(prompt_id),
        PromptEnded(prompt_id),
    ]


async def test_the_state_of_the_nodes_is_told_until_all_are_finished(visitor: Visitor) -> None:
    prompt_id = await visitor.post(plain(any_colour()))
    await visitor.end_of(prompt_id)
    states = [m for m in visitor.about(prompt_id) if isinstance(m, ProgressState)]
    assert {(n.node, n.state) for n in states[-1].nodes} == {("1", "finished"), ("2", "finished")}


async def test_an_id_that_the_client_chose_is_the_prompts_id(visitor: Visitor) -> None:
    chosen = str(uuid4())
    assert await visitor.post(plain(any_colour()), prompt_id=chosen) == chosen
    assert (await visitor.end_of(chosen)).outcome is Outcome.SUCCEEDED


async def test_at_the_end_signal_the_history_is_always_there(visitor: Visitor) -> None:
    for _ in range(20):
        assert (await visitor.make(plain(any_colour()))).files


async def test_the_picture_comes_byte_for_byte_with_its_graph_in_it(visitor: Visitor) -> None:
    colour = any_colour()
    graph = {**plain(colour), "2": {**plain(colour)["2"], "_meta": {"title": "Über"}}}
    prompt_id = await visitor.post(graph, extra_data={"extra_pnginfo": {"batchgen": {"index": 3}}})
    entry = await visitor.end_of(prompt_id)
    content = await visitor.client.picture(entry.files[0])
    assert content == await visitor.client.picture(entry.files[0])
    with Image.open(io.BytesIO(content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (64, 64))
        assert picture.getpixel((0, 0)) == (colour >> 16, colour >> 8 & 255, colour & 255)
        assert json.loads(picture.info["prompt"]) == graph
        assert json.loads(picture.info["batchgen"]) == {"index": 3}


async def test_the_history_tells_files_and_time(visitor: Visitor) -> None:
    entry = await visitor.make(plain(any_colour()))
    assert entry.outcome is Outcome.SUCCEEDED
    assert entry.error is None
    assert entry.seconds is not None
    (file,) = entry.files
    assert (file.subfolder, file.type, file.node_id) == ("batchgen-contract", "output", "2")
    assert file.filename.startswith("picture_")


async def test_several_pictures_of_one_prompt_come_in_their_order(visitor: Visitor) -> None:
    entry = await visitor.make(plain(any_colour(), count=3))
    names = [file.filename for file in entry.files]
    assert len(set(names)) == 3
    assert names == sorted(names)


async def test_a_picture_only_to_look_at_is_a_temporary_file(visitor: Visitor) -> None:
    entry = await visitor.make(plain(any_colour(), end="PreviewImage"))
    assert [file.type for file in entry.files] == ["temp"]
    assert await visitor.client.picture(entry.files[0])


async def test_the_same_prompt_again_gives_the_old_file_and_makes_none(visitor: Visitor) -> None:
    graph = plain(any_colour())
    first, again = await visitor.post(graph), await visitor.post(graph)
    entry: HistoryEntry = await visitor.end_of(first)
    assert (await visitor.end_of(again)).files == entry.files
    about = visitor.about(again)
    assert {n for m in about if isinstance(m, ExecutionCached) for n in m.nodes} == {"1", "2"}
    assert [m.node for m in about if isinstance(m, NodeExecuted)] == ["2"]
    assert not [m for m in about if isinstance(m, Executing)]


async def test_a_failure_in_a_node_is_told_in_the_end_with_its_reason(visitor: Visitor) -> None:
    graph = plain(any_colour())
    graph["2"]["inputs"]["filename_prefix"] = "../../outside"
    entry = await visitor.make(graph)
    assert entry.outcome is Outcome.FAILED
    assert "SaveImage (node 2) failed: " in str(entry.error)
    assert (await visitor.make(plain(any_colour()))).outcome is Outcome.SUCCEEDED


async def test_what_was_finished_before_a_failure_stays(visitor: Visitor) -> None:
    graph = plain(any_colour())
    graph["3"] = node("SaveImage", images=["1", 0], filename_prefix="../../outside")
    entry = await visitor.make(graph)
    assert entry.outcome is Outcome.FAILED
    for file in entry.files:
        assert file.node_id == "2"
        assert await visitor.client.picture(file)


@pytest.mark.parametrize(
    "file",
    [
        OutputFile("no-such-file_00001_.png", "", "output", "9"),
        OutputFile("../up.png", "", "output", "9"),
        OutputFile("a.png", "../..", "output", "9"),
        OutputFile("a.png", "", "nowhere", "9"),
    ],
)
async def test_a_file_that_is_not_to_be_had_is_missing(visitor: Visitor, file: OutputFile) -> None:
    with pytest.raises(PictureMissing):
        await visitor.client.picture(file)
