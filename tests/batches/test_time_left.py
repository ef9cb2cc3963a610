"""The time left is never invented (line 10): whatever a batch says about it, on a server ten times
slower and one ten times faster than the default believes, is compared with what came.
"""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from batchgen_app.core.events import Event, Passing, StepDone, TimePassed
from batchgen_app.core.report import progress_of
from batchgen_app.core.state import BatchState
from batchgen_app.demo import Hold, Moment
from tests.studio import Studio, studio, until

SIDE, STEPS, COUNT = 256, 5, 3
GUESSED_STEP = 0.5 * (SIDE / 1024) ** 2
"""Seconds that the default believes a step of this size takes."""
KIND = {"steps": STEPS, "width": SIDE, "height": SIDE}


@dataclass
class Told:
    """What was said at a moment: seconds left, and after how many steps."""

    at: float
    left: float | None
    basis: str | None
    steps: int


@dataclass
class Listening(BatchState):
    """Remembers all that it ever said."""

    steps: int = 0
    told: list[Told] = field(default_factory=list, compare=False)

    def apply(self, event: Event | Passing) -> None:
        super().apply(event)
        self.steps += isinstance(event, StepDone)
        said = progress_of(self)
        left, basis = said.estimated_seconds_remaining, said.estimate_basis
        self.told.append(Told(time.monotonic(), left, basis, self.steps))


async def what_it_said(here: Studio) -> list[Told]:
    batch = await here.make(batchCount=COUNT, baseParameters=KIND)
    assert isinstance(batch, Listening)
    assert batch.completed_images == COUNT
    return batch.told


@pytest.mark.parametrize("times", [10.0, 0.1], ids=["ten times slower", "ten times faster"])
async def test_every_number_shown_is_near_to_what_came(tmp_path: Path, times: float) -> None:
    slow = times * GUESSED_STEP
    async with studio(tmp_path, new_state=Listening, step_delay=slow, load_delay=0.5) as here:
        told = await what_it_said(here)
        again = await what_it_said(here)
    for run in (told, again):
        end = run[-1].at
        numbers = [said for said in run if said.left is not None]
        assert numbers
        for said in numbers:
            came, left = end - said.at, said.left or 0.0
            assert came / 2 - 1.5 <= left <= 2 * came + 1.5, (said, came)
    assert not [said for said in told if said.steps < 2 and said.left is not None]
    assert {said.basis for said in told if said.left is not None} == {"observed"}
    assert {said.basis for said in again if said.left is not None} == {"measured", "observed"}


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
