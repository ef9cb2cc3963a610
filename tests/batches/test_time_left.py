"""The time left is never invented (line 10), from the server's messages to what a batch says. The
rule itself is told with a clock of its own in tests/core/test_pace.py; nothing here depends on how
fast a machine is.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from batchgen_app.batches.prompt_tracker import (
    PromptNews,
    PromptTracker,
    QueuePlace,
    SentPictures,
    passing_of,
)
from batchgen_app.comfy.messages import (
    Executing,
    ExecutionCached,
    ExecutionStarted,
    ExecutionSucceeded,
    Message,
    Progress,
)
from batchgen_app.core.events import Event
from batchgen_app.core.passing import Passing, StepDone, TimePassed
from batchgen_app.core.state import BatchState
from tests.demo.graphs import Graph, node, txt2img
from tests.faulty_engine import Hold, Moment
from tests.studio import studio, until

COUNT = 3
KIND = {"steps": 5, "width": 256, "height": 256}
LOADING = 1.5
"""Seconds that the model takes, once."""


@dataclass
class Told:
    """What was said at a moment: seconds left, for how many images, after how many steps."""

    left: float | None
    basis: str | None
    images: int
    steps: int


@dataclass
class Listening(BatchState):
    """Remembers all that it ever said."""

    steps: int = 0
    told: list[Told] = field(default_factory=list, compare=False)

    def apply(self, event: Event | Passing) -> None:
        super().apply(event)
        self.steps += isinstance(event, StepDone)
        left, basis = self.estimated_seconds_remaining, self.estimate_basis
        self.told.append(Told(left, basis, len(self.unfinished), self.steps))

    @property
    def numbers(self) -> list[Told]:
        return [said for said in self.told if said.left is not None]


async def test_a_batch_goes_by_what_it_has_seen_and_does_not_load_the_model_twice(
    tmp_path: Path,
) -> None:
    delays: dict[str, Any] = {"step_delay": 0.02, "load_delay": LOADING}
    hold = Hold(prompt=2, moment=Moment.ARRIVED)
    async with studio(tmp_path, hold, new_state=Listening, **delays) as here:
        first = await here.start(batchCount=COUNT, baseParameters=KIND)
        await until(lambda: first.completed_images == 1)
        hold.released.set()  # so the second image has told nothing of itself before that
        await here.end(first)
        again = await here.make(batchCount=COUNT, baseParameters=KIND)
    assert isinstance(first, Listening)
    assert isinstance(again, Listening)
    assert not [said for said in first.numbers if said.steps < 2]
    assert {said.basis for said in first.numbers} == {"observed"}
    assert {said.basis for said in again.numbers} == {"measured", "observed"}
    took = first.image(1).seconds or 0.0
    behind_first = next(said for said in first.numbers if said.images == COUNT - 1)
    # Loaded for only one of them, it would be half of LOADING for each.
    assert behind_first.steps == KIND["steps"]
    assert (behind_first.left or 0.0) <= (COUNT - 1) * (took - 0.75 * LOADING)


async def test_an_image_that_the_server_only_recalls_says_nothing_of_others(tmp_path: Path) -> None:
    seeds = {"seedMode": "incremental", "batchCount": 2}
    async with studio(tmp_path, new_state=Listening) as here:
        await here.make(**seeds, baseSeed=5)
        batch = await here.make(**seeds, baseSeed=6)
    assert isinstance(batch, Listening)
    assert batch.completed_images == 2
    assert batch.image(1).seconds is None
    assert batch.image(2).seconds is not None


@pytest.mark.parametrize(
    ("heard", "is_recalled"),
    [
        ([ExecutionCached("p", tuple(txt2img()))], True),
        ([ExecutionCached("p", ("3", "8")), Executing("p", "9")], True),
        ([ExecutionCached("p", ("4", "6", "7")), Executing("p", "3")], False),
        ([ExecutionCached("p", ())], True),
        ([], True),
        ([Progress("p", "3", 1, 2)], False),
    ],
)
def test_a_prompt_for_which_nothing_was_sampled_is_recalled(
    heard: list[Message], *, is_recalled: bool
) -> None:
    watch = PromptTracker(lambda _: None, SentPictures(()))
    for message in [ExecutionStarted("p"), *heard, ExecutionSucceeded("p")]:
        watch.hear(message)
    assert watch.is_recalled(txt2img()) is is_recalled


def test_what_was_missed_is_not_taken_for_recalled() -> None:
    watch = PromptTracker(lambda _: None, SentPictures(()))
    watch.lose_connection()
    watch.hear(ExecutionSucceeded("p"))
    assert not watch.is_recalled(txt2img())


def test_only_the_steps_of_a_sampler_are_a_pace() -> None:
    graph: Graph = {**txt2img(), "1": node("UltimateSDUpscale", steps=20, positive=["6", 0])}

    def step_of(node_id: str) -> Passing | None:
        return passing_of(Progress("p", node_id, 3, 100), "b", 1, graph)

    assert step_of("3") == step_of("1") == step_of("3.0.2") == StepDone("b", 1, 3, 100)
    assert [step_of(node_id) for node_id in ("4", "8", "9", "not there")] == [None] * 4


def test_that_a_prompt_has_begun_is_told_once_also_where_nobody_waited() -> None:
    told: list[PromptNews] = []
    watch = PromptTracker(told.append, SentPictures(()))
    watch.hear(ExecutionStarted("p"))
    watch.begin()
    assert told == [QueuePlace(None), ExecutionStarted("p")]


async def test_an_image_that_hangs_behind_its_last_step_is_not_promised_for_ever(
    tmp_path: Path,
) -> None:
    hold = Hold(moment=Moment.SUCCEEDED, prompt=COUNT)
    async with studio(tmp_path, hold, new_state=Listening, step_delay=0.01) as here:
        batch = await here.start(batchCount=COUNT, baseParameters=KIND)
        await until(hold.reached.is_set)
        await until(lambda: batch.completed_images == COUNT - 1)
        await until(lambda: batch.estimated_seconds_remaining is None)
        for _ in range(60):
            batch.apply(TimePassed(batch.batch_id, at=batch.pace.now + 1.0))
            assert batch.estimated_seconds_remaining is None
        hold.released.set()
        await here.end(batch)
