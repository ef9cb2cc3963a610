"""The seed plan: one seed per image, fixed before the first image is submitted."""

import random
from collections.abc import Sequence

MAX_SEED = 2**53 - 1
"""Largest seed: the largest integer that every JSON reader gets exactly."""


def random_seeds(count: int, rng: random.Random, avoid: Sequence[int] = ()) -> tuple[int, ...]:
    """``count`` distinct seeds, none of them in ``avoid``."""
    seeds: dict[int, None] = {}
    while len(seeds) < count:
        seed = rng.randint(0, MAX_SEED)
        if seed not in avoid:
            seeds[seed] = None
    return tuple(seeds)


def incremental_seeds(base: int, count: int) -> tuple[int, ...]:
    """``base``, ``base + 1``, … : image i has ``base + i - 1``."""
    return tuple(range(base, base + count))


def fits(base: int, count: int) -> bool:
    """Whether an incremental plan stays within 0 … ``MAX_SEED``."""
    return base >= 0 and base + count - 1 <= MAX_SEED
