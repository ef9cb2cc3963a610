"""Time goes forward for batches, whatever the machine's clock does."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from batchgen_app.batches.timeouts import Clock
from batchgen_app.core.ids import new_batch_id
from tests.studio import studio

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Machine:
    """A clock on the wall, which can be put forward and back, and one that counts seconds."""

    wall: datetime = NOON
    seconds: float = 0.0

    def clock(self, last: datetime | None = None) -> Clock:
        return Clock(last, now=lambda: self.wall, ticks=lambda: self.seconds)

    def wait(self, seconds: float) -> None:
        self.seconds += seconds
        self.wall += timedelta(seconds=seconds)


def test_while_nobody_touches_it_it_is_the_machine_s_time() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wait(5)
    assert clock() == NOON + timedelta(seconds=5)


def test_when_the_clock_is_put_back_time_passes_as_it_does() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wait(1)
    before = clock()
    machine.wall -= HOUR
    machine.wait(20)
    assert clock() - before == timedelta(seconds=20)


def test_when_the_clock_is_put_forward_it_is_believed() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wall += 8 * HOUR
    assert clock() == NOON + 8 * HOUR


def test_ids_made_at_the_same_moment_or_an_hour_earlier_still_sort_in_their_order() -> None:
    machine = Machine()
    clock, rng = machine.clock(), Random(1)
    ids = [new_batch_id(clock(), rng) for _ in range(100)]
    machine.wall -= HOUR
    ids += [new_batch_id(clock(), rng) for _ in range(100)]
    assert ids == sorted(set(ids))


def test_a_start_goes_on_behind_the_last_one_unless_that_was_far_in_the_future() -> None:
    machine = Machine()
    assert machine.clock(last=NOON + HOUR)() > NOON + HOUR
    assert machine.clock(last=NOON - HOUR)() > NOON - HOUR
    assert machine.clock(last=NOON + 1000 * HOUR)() < NOON + HOUR


async def test_batches_of_a_start_with_a_clock_that_is_behind_come_after_the_earlier_ones(
    tmp_path: Path,
) -> None:
    async with studio(tmp_path) as here:
        first = await here.make()
        here.app.batch_service._recorder.now = Clock(datetime.now(UTC) + HOUR)
        ahead = await here.make()
    async with studio(tmp_path) as here:
        last = await here.make()
        assert first.batch_id < ahead.batch_id < last.batch_id
        for batch in (first, ahead, last):
            logged = await here.app.storage.log.of_batch(batch.batch_id)
            times = [entry.event.at for entry in logged]
            assert times == sorted(times)
        seconds = [image.seconds for image in last.images]
        assert all(second is not None and 0 <= second < 60 for second in seconds)
