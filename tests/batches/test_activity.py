"""Before the first step and behind the last one a batch says what the server does (line 11)."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import pytest

from batchgen_app.batches.activity import activity_of
from batchgen_app.batches.prompt_tracker import passing_of
from batchgen_app.comfy.messages import Executing
from batchgen_app.comfy.parsing import read_message
from batchgen_app.core.batch import Activity
from batchgen_app.core.events import Event
from batchgen_app.core.passing import NodeBegun, Passing
from batchgen_app.core.serializers import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.ui.batch_progress import words
from batchgen_app.workflows.node_types import node_label, node_title
from tests.core.stories import BATCH_ID, batch_after, started
from tests.demo.graphs import node, txt2img
from tests.faulty_engine import HangWhileSampling, Hold, Moment
from tests.studio import studio, until

ALONE: dict[str, Any] = {"model": None, "baseParameters": {}}


@dataclass
class Listening(BatchState):
    """Remembers what it said of its first image."""

    said: list[Activity] = field(default_factory=list, compare=False)

    def apply(self, event: Event | Passing) -> None:
        super().apply(event)
        if isinstance(event, NodeBegun) and (activity := progress_of(self).activity):
            self.said.append(activity)


async def test_every_node_is_told_by_its_title_and_what_it_is_for(tmp_path: Path) -> None:
    graph = txt2img()
    graph["4"]["_meta"] = {"title": "My model"}
    async with studio(tmp_path, HangWhileSampling(prompt=2), new_state=Listening) as here:
        batch = await here.start(workflow=graph, **ALONE)
        assert isinstance(batch, Listening)
        await until(lambda: batch.completed_images == 1)
        told = [(said.phase, said.node) for said in batch.said]
        assert told[:2] == [("sending", ""), ("loading", "My model")]
        phases = list(dict.fromkeys(phase for phase, _ in told))
        wanted = ["loading", "encoding", "sampling", "decoding", "saving"]
        assert [phase for phase in phases if phase in wanted] == wanted
        assert ("sampling", "KSampler") in told
        await here.app.batch_service.cancel(batch.batch_id, because="test")
        await here.end(batch)


async def test_waiting_behind_others_is_told_instead(tmp_path: Path) -> None:
    other = "00000000-0000-4000-8000-000000000000"
    async with studio(tmp_path, HangWhileSampling(prompt=1)) as here:
        await here.app.server.client.submit(txt2img(), prompt_id=other, client_id=None)
        batch = await here.start(workflow=txt2img(), **ALONE)
        await until(lambda: bool(batch.prompts_ahead))
        assert progress_of(batch).activity is None
        await here.app.batch_service.cancel(batch.batch_id, because="test")
        await here.end(batch)


@pytest.mark.parametrize("moment", [Moment.ARRIVED, Moment.ACCEPTED], ids=lambda m: m.name)
async def test_an_image_is_said_to_be_sent_until_the_server_answers_or_begins_with_it(
    tmp_path: Path, moment: Moment
) -> None:
    hold = Hold(prompt=3, moment=moment)
    async with studio(tmp_path, HangWhileSampling(prompt=3), hold) as here:
        await here.make(batchCount=2, workflow=txt2img(), **ALONE)
        batch = await here.start(batchCount=2, workflow=txt2img(), **ALONE)
        await hold.reached.wait()
        if moment is Moment.ARRIVED:
            assert batch.expected_seconds, "there is something to go by"
            progress = progress_of(batch)
            assert progress.activity == Activity(phase="sending", node="")
            assert progress.estimated_seconds_remaining is None
        else:
            await until(lambda: batch.current_step == 1)
        hold.released.set()
        await until(lambda: batch.current_step == 1)
        await until(lambda: batch.activity == Activity(phase="sampling", node="KSampler"))
        await here.app.batch_service.cancel(batch.batch_id, because="test")
        await here.end(batch)


async def test_an_image_that_could_not_be_sent_is_not_said_to_be_sent_any_more(
    tmp_path: Path,
) -> None:
    hold = Hold(prompt=1, moment=Moment.ARRIVED)
    async with studio(tmp_path, hold) as here:
        batch = await here.start(workflow=txt2img(), **ALONE)
        await hold.reached.wait()
        await here.app.batch_service.cancel(batch.batch_id, because="test")
        await here.end(batch)
        assert not any(batch.activities.values())
        hold.released.set()


def test_newer_servers_say_themselves_that_a_node_loads_its_model() -> None:
    states = {
        "4": {"value": 1, "max": 1, "state": "finished"},
        "3": {"value": 0, "max": 1, "state": "running", "activity": "loading"},
    }
    message = read_message("progress_state", {"prompt_id": "p", "nodes": states})
    assert activity_of(message, txt2img()) == Activity(phase="loading", node="KSampler")  # type: ignore[arg-type]
    states["3"]["activity"] = "a newer word"
    message = read_message("progress_state", {"prompt_id": "p", "nodes": states})
    assert activity_of(message, txt2img()) == Activity(phase="sampling", node="KSampler")  # type: ignore[arg-type]


def test_a_model_that_is_loaded_is_not_said_to_load_any_more() -> None:
    batch = batch_after(started())
    for loading in ({"activity": "loading"}, {}):
        states = {"3": {"value": 0, "max": 1, "state": "running", **loading}}
        message = read_message("progress_state", {"prompt_id": "p", "nodes": states})
        passing = passing_of(message, BATCH_ID, 1, txt2img())  # type: ignore[arg-type]
        assert passing
        batch.apply(passing)
    assert batch.activity == Activity(phase="sampling", node="KSampler")


@pytest.mark.parametrize(
    ("kind", "phase"),
    [
        ("UNETLoader", "loading"),
        ("LoadImage", "working"),
        ("SamplerCustomAdvanced", "sampling"),
        ("CLIPTextEncodeFlux", "encoding"),
        ("VAEDecodeTiled", "decoding"),
        ("SaveImage", "saving"),
        ("Something new", "working"),
    ],
)
def test_what_a_node_is_for_is_seen_by_its_type(kind: str, phase: str) -> None:
    found = activity_of(Executing("p", "7"), {"7": node(kind)})
    assert found == Activity.model_validate({"phase": phase, "node": kind})


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("My\u202e model\u2066", "My model"),
        ("My\u200e model\u061c", "My model"),
        ("\u200b\u2060 \ufeff", "CheckpointLoaderSimple"),
        ("two\u2028lines\nand\ttabs", "two lines and tabs"),
        ("   ", "CheckpointLoaderSimple"),
        ("\u202e \n", "CheckpointLoaderSimple"),
        ("مدل من", "مدل من"),
        ("A" * 5000, "A" * 100 + " …"),
    ],
)
def test_a_title_is_one_line_that_turns_no_other_text_around(title: str, said: str) -> None:
    graph = txt2img()
    graph["4"]["_meta"] = {"title": title}
    assert node_title(graph, "4") == said
    assert "\u202e" not in node_label(graph, "4")


def test_a_node_that_another_one_made_goes_by_its_maker() -> None:
    found = activity_of(Executing("p", "7.0.0.3"), {"7": node("VAEDecode")})
    assert found == Activity(phase="decoding", node="VAEDecode")


def test_there_are_words_for_all_that_a_server_does_and_before_that() -> None:
    phases = {*get_args(Activity.model_fields["phase"].annotation)}
    nodeless = {phase for phase in phases if "{node}" not in str(words.PROGRESS[phase])}
    assert nodeless == {"sending"}
