"""Keep N: a picture that is rejected while its batch runs gives its place to a further image.

``batch_count`` images are made in any case, and further ones as long as fewer than ``keep`` would
be left of those that nobody rejected: failed and skipped ones count, they can be resumed.
"""

import random

from batchgen_app.core import seeds
from batchgen_app.core.limits import MAX_BATCH_COUNT
from batchgen_app.core.request import SeedMode
from batchgen_app.core.state import BatchState


def wants_further_image(batch: BatchState) -> bool:
    """Whether a further image takes the place of a rejected one."""
    keep = batch.request.keep
    if keep is None or batch.finishing or batch.total_images >= MAX_BATCH_COUNT:
        return False
    return batch.total_images - len(rejected_images(batch)) < keep


def rejected_images(batch: BatchState) -> list[int]:
    """The images that nobody wants."""
    return [picture.index for picture in batch.pictures if picture.rejected]


def further_seed(batch: BatchState, rng: random.Random) -> int | None:
    """The next one of the batch's plan; None where a counted plan has no more."""
    if batch.request.seed_mode is SeedMode.RANDOM:
        return seeds.random_seeds(1, rng, batch.seeds)[0]
    following = max(batch.seeds) + 1
    return following if seeds.fits(following, 1) else None
