"""The request that one picture of a batch can be made again with."""

from batchgen_app.core.request import AnyRequest, SeedMode
from batchgen_app.core.state import BatchState


def like_image(batch: BatchState, index: int, *, fresh: bool = False) -> AnyRequest:
    """The batch's request, counting from the seed of image ``index`` on, or with ``fresh`` random
    seeds, in the words that were chosen for it. As it is shown in a form, it is not checked here:
    no room may be left for as many seeds.
    """
    image = batch.image(index)
    changes = {"seed_mode": SeedMode.INCREMENTAL, "base_seed": image.seed, "seeds": None}
    if fresh:
        changes |= {"seed_mode": SeedMode.RANDOM, "base_seed": None}
    if image.prompt is not None:
        words = batch.words(index).model_dump()
        changes |= {**words, "dynamic_prompt": None}
    return batch.request.model_copy(update=changes)
