"""The seed plan: one seed per image, distinct, exact in every JSON reader, fixed beforehand."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from batchgen_app.core.errors import InvalidRequest
from batchgen_app.core.request import BatchRequest
from batchgen_app.core.seeds import MAX_SEED, fits, incremental_seeds, random_seeds
from tests.core.asking import asked

counts = st.integers(2, 20)
chances = st.integers().map(random.Random)
quick = settings(max_examples=50, deadline=None)


def incremental(base: int | None, count: int) -> BatchRequest:
    return asked(seedMode="incremental", baseSeed=base, batchCount=count)


class LoadedDice(random.Random):
    """Rolls what it is told to."""

    def __init__(self, *rolls: int) -> None:
        super().__init__(0)
        self._rolls = list(rolls)

    def randint(self, a: int, b: int) -> int:
        assert (a, b) == (0, MAX_SEED)
        return self._rolls.pop(0)


@quick
@given(counts, chances)
def test_random_seeds_are_distinct_and_in_range(count: int, rng: random.Random) -> None:
    seeds = random_seeds(count, rng)
    assert len(set(seeds)) == len(seeds) == count
    assert all(0 <= seed <= MAX_SEED for seed in seeds)


def test_a_seed_that_comes_up_twice_is_rolled_again() -> None:
    assert random_seeds(3, LoadedDice(5, 5, 7, 5, 9)) == (5, 7, 9)


def test_seeds_to_avoid_are_avoided() -> None:
    assert random_seeds(2, LoadedDice(5, 6, 7, 8), avoid=(5, 7)) == (6, 8)


@quick
@given(st.integers(0, MAX_SEED - 19), counts)
def test_image_i_of_an_incremental_batch_has_base_plus_i_minus_1(base: int, count: int) -> None:
    seeds = incremental(base, count).plan_seeds(random.Random(0))
    assert seeds == incremental_seeds(base, count)
    assert [seed - base for seed in seeds] == list(range(count))


@quick
@given(counts, st.integers(0, 40))
def test_a_plan_fits_exactly_as_long_as_its_last_seed_does(count: int, before_end: int) -> None:
    base = MAX_SEED - before_end
    assert fits(base, count) == (incremental_seeds(base, count)[-1] <= MAX_SEED)


@quick
@given(st.sampled_from([-1, None]), counts, chances)
def test_without_a_base_seed_one_is_picked_that_fits(
    base: int | None, count: int, rng: random.Random
) -> None:
    seeds = incremental(base, count).plan_seeds(rng)
    assert seeds == incremental_seeds(seeds[0], count)
    assert 0 <= seeds[0] <= seeds[-1] <= MAX_SEED


@quick
@given(counts, st.sampled_from([None, -1, 0, MAX_SEED]), st.integers())
def test_the_same_chance_gives_the_same_plan(count: int, base: int | None, chance: int) -> None:
    request = asked(seedMode="random", batchCount=count, baseSeed=base)
    first, again = (request.plan_seeds(random.Random(chance)) for _ in range(2))
    assert first == again
    assert len(set(first)) == count


@quick
@given(st.integers(0, MAX_SEED - 40), counts)
def test_regenerating_an_incremental_batch_goes_on_after_its_last_seed(
    base: int, count: int
) -> None:
    request = incremental(base, count)
    used = request.plan_seeds(random.Random(0))
    fresh = request.after(used).plan_seeds(random.Random(0))
    assert fresh == incremental_seeds(used[-1] + 1, count)


def test_regenerating_changes_nothing_but_the_seeds() -> None:
    request = incremental(3, 4)
    assert request.after((3, 4, 5, 6)) == request.model_copy(update={"base_seed": 7})


def test_regenerating_a_random_batch_rolls_anew_and_avoids_the_seeds_it_had() -> None:
    request = asked(seedMode="random", batchCount=2)
    used = request.plan_seeds(LoadedDice(5, 6))
    assert request.after(used) == request
    assert request.after(used).plan_seeds(LoadedDice(6, 7, 5, 8), avoid=used) == (7, 8)


@pytest.mark.parametrize("last", [MAX_SEED, MAX_SEED - 1])
def test_regenerating_past_the_largest_seed_is_refused(last: int) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        incremental(last - 1, 2).after((last - 1, last))
    assert refusal.value.problems[0].field == "baseSeed"


def test_regenerating_may_reach_the_largest_seed() -> None:
    request = incremental(MAX_SEED - 3, 2).after((MAX_SEED - 3, MAX_SEED - 2))
    assert request.plan_seeds(random.Random(0)) == (MAX_SEED - 1, MAX_SEED)


def test_regenerating_given_seeds_finds_others_as_the_seed_mode_says() -> None:
    rolled = asked(seeds=[9, 4]).after((9, 4))
    assert rolled.plan_seeds(LoadedDice(4, 6, 8), avoid=(9, 4)) == (6, 8)
    counted = asked(seeds=[9, 4], seedMode="incremental").after((9, 4))
    assert counted.plan_seeds(random.Random(0)) == (10, 11)
